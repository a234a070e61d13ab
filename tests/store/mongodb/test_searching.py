"""What only MongoDB has to do so that searches are answered."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pymongo import AsyncMongoClient

from newscrawl.models import now
from newscrawl.store import open_store
from newscrawl.store.conditions import Among, Field, Holds
from newscrawl.store.mongodb import documents, searching
from newscrawl.store.mongodb.adapter import MongodbStore
from newscrawl.store.mongodb.schema import CARDS
from newscrawl.store.protocol import Search
from newscrawl.store.terms import LONGEST_KEY
from tests.store.records import article, digest, holding


@pytest.fixture
async def store(mongodb_uri: str) -> AsyncIterator[MongodbStore]:
    prepared = MongodbStore(mongodb_uri)
    await prepared.prepare()
    yield prepared
    await prepared.close()


TITLED = Search(conditions=(Holds("港口", title=True),))


async def test_articles_of_an_older_database_are_found(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    await store.prepare()
    count = 1100  # more than are written at a time
    await store.settle(holding(*(replace(article(str(at)), text_search="港口 opens\nPlain.") for at in range(count))))
    db = store._db
    former = ("title_terms", "keys", "n", "block", "card", "touched")
    await db["articles"].update_many({}, {"$unset": dict.fromkeys(former, ""), "$set": {"at": now()}})
    await db["articles"].create_index([("terms", "text")], default_language="none", language_override="stemmer")
    await db["counters"].drop()
    await db["migrations"].delete_many({"_id": {"$in": ["0007-titles", "0010-columns"]}})
    await store.close()
    again = open_store(mongodb_uri)
    assert await again.prepare() == ["0007-titles", "0010-columns"]
    await again.open()
    assert await again.count(TITLED) == await again.count(Search(words=("plain",))) == count
    assert "terms_text" not in await db_indexes(again)
    await again.settle(holding(article("new", "Plain, too.")))
    assert await again.count(Search(words=("plain",))) == count + 1
    assert not await again._db["articles"].find_one({"at": {"$exists": True}})
    await again.close()


async def db_indexes(store: object) -> set[str]:
    return set(await store._db["articles"].index_information())


async def test_the_indexes_cover_what_searches_ask(store: MongodbStore) -> None:
    await store.settle(holding(*(article(str(at), "Ferry 港口", authors=("A", "B")) for at in range(20))))
    db = store._db
    for wanted, shown, hint in (
        ({"block": {"$in": [0, 1]}, "keys": "港口"}, {"_id": 0, "n": 1}, "block_1_keys_1_n_1"),
        ({}, searching._SHOWN, CARDS),
    ):
        plan = await db["articles"].find(wanted, shown).hint(hint).explain()
        assert plan["executionStats"]["totalDocsExamined"] == 0
        assert plan["executionStats"]["nReturned"] == 20


async def test_a_long_word_is_told_from_one_that_begins_alike(store: MongodbStore) -> None:
    long = "a" * LONGEST_KEY
    await store.settle(holding(article("x", f"{long}x"), article("y", f"{long}y"), article("none", long)))
    for word, name in ((f"{long}x", "x"), (f"{long}y", "y"), (long, "none")):
        assert [hit.url[-len(name) :] for hit in await store.search(Search(words=(word,)))] == [name]


@pytest.mark.parametrize("at_once", [1, 7, 500_000])
@pytest.mark.parametrize("block", [1, 3, 4_096])
async def test_many_numbers_come_in_several_answers(store: MongodbStore, monkeypatch: pytest.MonkeyPatch, at_once: int, block: int) -> None:
    monkeypatch.setattr(searching, "_AT_ONCE", at_once)
    monkeypatch.setattr(documents, "BLOCK", block)
    await store.settle(holding(*(article(str(at), "Ferry" if at % 5 else "Ferry bridge") for at in range(20))))
    assert len({one["block"] async for one in store._db["articles"].find({})}) == -(-20 // block)
    assert await store.count(Search(words=("ferry",))) == 20
    assert await store.count(Search(words=("ferry bridge",))) == 4


async def test_what_a_program_without_blocks_wrote_after_the_upgrade_is_found_after_the_next(store: MongodbStore) -> None:
    await store.settle(holding(*(article(str(at), "Ferry") for at in range(10))))
    articles = store._db["articles"]
    await articles.update_many({"n": {"$gt": 5}}, [{"$unset": "block"}, {"$set": {"n": {"$add": ["$n", 5_000]}}}])
    fresh = MongodbStore(store.uri)
    assert await fresh.prepare() == []
    assert {one["n"]: one["block"] async for one in articles.find({}) if one["n"] > 4} == {5: 0} | dict.fromkeys(range(5_006, 5_010), 1)
    assert {type(one["block"]) async for one in articles.find({})} == {int}
    await fresh.open()
    assert await fresh.count(Search(words=("ferry",))) == 10
    await fresh.close()


async def test_what_a_slow_writer_stamped_a_while_ago_is_still_seen(
    store: MongodbStore, mongodb_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = AsyncMongoClient(mongodb_uri)
    await store.settle(holding(article("a", "Ferry", section="City"), article("b", "Ferry")))
    assert await store.count(Search(words=("ferry",))) == 2
    stamp = now() - timedelta(seconds=100)
    articles = client.get_default_database()["articles"]
    monkeypatch.setattr(searching, "_FRESH", 0)
    store._searching.expire()
    held = await articles.find_one({"_id": digest("article a")})
    await articles.update_one({"_id": held["_id"]}, {"$set": {"cluster": "c1", "touched": stamp}})
    assert [hit.url[-1] for hit in await store.search(Search(conditions=(Among(Field.CLUSTER, ("c1",)),)))] == ["a"]
    await client.close()


async def test_what_an_older_program_wrote_after_the_upgrade_is_numbered_by_the_next(store: MongodbStore) -> None:
    await store.settle(holding(article("a", "Ferry"), article("b", "Ferry")))
    former = dict.fromkeys(("keys", "n", "block", "card", "touched"), "")
    await store._db["articles"].update_one({"_id": digest("article b")}, {"$unset": former})  # as it would write it
    fresh = MongodbStore(store.uri)
    await fresh.open()
    assert await fresh.count(Search(words=("ferry",))) == 1
    assert await fresh.prepare() == []
    await fresh.close()
    again = MongodbStore(store.uri)
    await again.open()
    assert await again.count(Search(words=("ferry",))) == 2
    await again.close()


async def test_an_article_that_is_being_taken_down_does_not_come_back(store: MongodbStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.settle(holding(article("a", "Ferry"), article("b", "Ferry")))
    monkeypatch.setattr(searching, "_FRESH", 0)
    going = await store._db["articles"].find_one({"_id": digest("article b")})
    await store._db["removed"].insert_one({"_id": going["n"], "touched": now()})  # told, but not removed yet
    assert await store.count(Search(words=("ferry",))) == 1
    await store._db["articles"].delete_one({"_id": going["_id"]})
    assert await store.count(Search(words=("ferry",))) == 1
