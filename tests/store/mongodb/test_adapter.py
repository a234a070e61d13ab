import asyncio
import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest

from newscrawl.errors import InputError, SchemaError, StoreError
from newscrawl.store import open_store
from newscrawl.store.mongodb import schema
from newscrawl.store.mongodb.adapter import MongodbStore
from newscrawl.store.mongodb.documents import COLLECTIONS
from newscrawl.store.mongodb.schema import INDEXES, MIGRATIONS
from newscrawl.store.protocol import Counts, Search
from tests.daemons import free_port
from tests.mongod import mongod_in
from tests.store.records import article, holding, target, visited

AWAY = f"mongodb://me:secret@127.0.0.1:{free_port()}/news?serverSelectionTimeoutMS=200"

# pymongo leaves the socket of an attempt to connect that it cancels to the garbage collector.
leaves_sockets = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def collected() -> Iterator[None]:
    """What the test left to the garbage collector is complained of within the test."""
    yield
    gc.collect()


async def test_a_database_that_was_never_prepared_is_refused(mongodb_uri: str) -> None:
    with pytest.raises(SchemaError, match="newscrawl db init"):
        await open_store(mongodb_uri).open()


async def test_preparing_makes_all_and_says_so(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    assert await store.prepare() == list(MIGRATIONS)
    await store.close()
    with pymongo.MongoClient(mongodb_uri) as client:
        db = client.get_default_database()
        for name, indexes in INDEXES.items():
            assert name not in COLLECTIONS or "$jsonSchema" in db[name].options()["validator"]
            assert len(db[name].index_information()) == len(indexes) + 1 + (name == "articles")  # and that of _id, and of keys


async def test_preparing_goes_on_where_it_was_cut_short(mongodb_uri: str) -> None:
    with pymongo.MongoClient(mongodb_uri) as client:
        client.get_default_database().create_collection("articles")
        store = open_store(mongodb_uri)
        await store.prepare()
        client.get_default_database()["migrations"].delete_one({"_id": "0001-collections"})
        with pytest.raises(SchemaError, match="lacks 0001-collections"):
            await store.open()
        assert await store.prepare() == ["0001-collections"]
        assert "$jsonSchema" in client.get_default_database()["articles"].options()["validator"]
    await store.close()


async def test_a_newer_database_is_refused(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    await store.prepare()
    with pymongo.MongoClient(mongodb_uri) as client:
        client.get_default_database()["migrations"].insert_one({"_id": "9999-from-the-future"})
    with pytest.raises(SchemaError, match=r"9999-from-the-future.*upgrade newscrawl"):
        await store.open()
    await store.close()


async def test_preparing_ends_in_time(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    with pytest.raises(StoreError, match="in time"):
        await store.prepare(within=0.0005)
    await store.close()


@leaves_sockets
@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize("work", [lambda store: store.open(), lambda store: store.prepare()], ids=["open", "prepare"])
async def test_a_server_that_is_away_is_named_without_its_password(work) -> None:
    store = open_store(AWAY)
    start = time.monotonic()
    with pytest.raises(StoreError, match="check that it is running") as refusal:
        await work(store)
    assert time.monotonic() - start < 5
    assert "127.0.0.1" in str(refusal.value)
    assert "secret" not in str(refusal.value)
    await store.close()


@pytest.mark.parametrize("uri", ["mongodb://me:sec ret@host:port/news", "mongodb://me:sec:ret@host/news"])
async def test_an_address_that_the_driver_refuses_is_not_quoted(uri: str) -> None:
    with pytest.raises(InputError, match="can't read") as refusal:
        await open_store(uri).open()
    assert "sec" not in str(refusal.value)


async def test_the_validator_refuses_what_no_record_is(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    await store.prepare()
    with pytest.raises(StoreError, match="validator"):
        await store.settle([visited(article=article(title=7))])
    # The page is not done: that is written last.
    assert await store.counts() == Counts(articles=0, revisions=0, captures=1, targets=0, sites=0)
    await store.close()


async def test_too_large_a_document_is_named(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    await store.prepare()
    with pytest.raises(StoreError, match="larger than the 16 MB"):
        await store.settle(holding(article(text="w" * 9_000_000)))
    await store.close()


async def test_two_crawlers_that_find_the_same_do_not_disturb_each_other(mongodb_uri: str) -> None:
    stores = [open_store(mongodb_uri) for _ in range(2)]
    for store in stores:
        await store.prepare()
    targets = [target(str(number)) for number in range(300)]
    new = await asyncio.gather(*[store.add_targets(targets) for store in stores for _ in range(3)])
    assert sum(new) == 300
    for store in stores:
        await store.close()


async def test_what_waits_is_counted_from_the_index(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    await store.prepare()
    await store.add_targets([target(str(number)) for number in range(50)])
    with pymongo.MongoClient(mongodb_uri) as client:
        stages = [{"$match": {"site": "gazette", "state": "due"}}, {"$group": {"_id": None, "next_due": {"$min": "$due"}}}]
        command = {"aggregate": "frontier", "pipeline": stages, "cursor": {}}
        plan = client.get_default_database().command("explain", command, verbosity="executionStats")
    assert "'totalDocsExamined': 0" in str(plan)
    await store.close()


@leaves_sockets
@pytest.mark.usefixtures("collected")
async def test_kill_9_of_the_server_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with mongod_in(tmp_path) as server:
        store = open_store(server.uri.replace("/?", "/news?"))
        await store.prepare()
        acknowledged: list[str] = []
        await settle_until(store, acknowledged, 50)
        settling = asyncio.create_task(settle_until(store, acknowledged, 400))
        await asyncio.sleep(0.05)
        server.kill()
        assert not settling.done()
        await asyncio.to_thread(server.start)
        await settling
        kept = {one.id async for one in store.articles(Search())}
        assert set(acknowledged) <= kept
        done = await store.counts()
        assert done.targets == done.captures == done.articles == len(acknowledged)
        await store.close()


async def settle_until(store, acknowledged: list[str], enough: int) -> None:
    while len(acknowledged) < enough:
        names = [str(len(acknowledged) + page) for page in range(5)]
        batch = [visited(name, article=article(name)) for name in names]
        try:
            await store.settle(batch)
        except StoreError:
            continue  # the page is still due: a crawler would come again
        acknowledged += [settlement.article.id for settlement in batch]


@pytest.mark.parametrize("can_pack", [True, False])
async def test_the_index_of_keys_is_packed_where_the_server_can(mongodb_uri: str, monkeypatch: pytest.MonkeyPatch, can_pack: bool) -> None:  # noqa: FBT001  # pytest gives it
    store = MongodbStore(mongodb_uri)
    await store.prepare()
    await store.settle(holding(article("a")))
    articles = store._db["articles"]
    name = "block_1_keys_1_n_1"
    assert "block_compressor=zstd" in str((await articles.index_information())[name])
    await articles.drop_index(name)
    await articles.create_index([("keys", 1), ("n", 1)])  # as it was before
    await articles.update_many({}, {"$unset": {"block": ""}})
    await store._db["migrations"].delete_one({"_id": "0012-packed-keys"})
    if not can_pack:
        monkeypatch.setitem(schema.PACKED, "storageEngine", {"wiredTiger": {"configString": "block_compressor=none-such"}})
    for _ in range(2):
        assert await store.prepare() == ["0012-packed-keys"]
        held = await articles.index_information()
        assert ("zstd" in str(held[name])) is can_pack
        assert "keys_1_n_1" not in held
        await store._db["migrations"].delete_one({"_id": "0012-packed-keys"})
    assert [one.id for one in await store.search(Search(("plain words",)))] == [article("a").id]
    await store.close()


async def test_articles_of_an_older_database_wait_to_be_compared(mongodb_uri: str) -> None:
    store = MongodbStore(mongodb_uri)
    await store.prepare()
    await store.settle(holding(article("a")))
    await store._db["articles"].update_many({}, {"$unset": {"uncompared": ""}})
    await store._db["migrations"].delete_one({"_id": "0004-reprints"})
    assert await store.uncompared(9) == []
    assert await store.prepare() == ["0004-reprints"]
    assert await store.uncompared(9) == [article("a")]
    await store.close()
