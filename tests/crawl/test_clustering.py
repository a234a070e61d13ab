"""Reprints found while crawling, in real stores."""

import asyncio
import random
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.alike import Writer, documents
from benchmarks.neardup import cluster, pairs
from newscrawl.crawl import clustering
from newscrawl.crawl.clustering import ReprintFinder
from newscrawl.errors import StoreError
from newscrawl.models import Article
from newscrawl.reprints import Cluster, Copy
from newscrawl.store import open_store
from newscrawl.store.protocol import Search, Store
from tests.crawl.finder import COPIES, STORIES, changed, settled, stories
from tests.identify.test_near import words
from tests.store.records import article, hours


@pytest.fixture(params=["sqlite", "mongodb"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    uri = f"sqlite:///{tmp_path}/store.db" if request.param == "sqlite" else request.getfixturevalue("mongodb_uri")
    opened = open_store(uri)
    await opened.prepare()
    await opened.open()
    yield opened
    await opened.close()


async def add(store: Store, *articles: Article) -> None:
    """As a crawl does that ends after these."""
    await store.settle([settled(one) for one in articles])
    await ReprintFinder(store).close()


async def members(store: Store) -> dict[str, set[str]]:
    """Ids by label."""
    found: dict[str, set[str]] = defaultdict(set)
    async for one in store.articles(Search()):
        found[one.cluster].add(one.id)
    return found


def copy(name: str, story: int, hour: int = 0, own: int = 20) -> Article:
    text = f"{words(120, seed=story)} {words(own, seed=sum(map(ord, name)))}" if own else words(120, seed=story)
    return article(name, text, site=f"site {name}", url=f"https://{name}.example/", first_seen=hours(hour))


async def test_a_reprint_joins_its_original(store: Store) -> None:
    first, second, other = copy("first", 1), copy("second", 1, 1), copy("other", 2)
    await add(store, first, other)
    assert await members(store) == {"": {first.id, other.id}}
    await add(store, second)
    assert await members(store) == {"": {other.id}, first.id: {first.id, second.id}}
    [found] = await store.clusters([first.id])
    assert (found.original, found.merged_into) == (first.id, "")
    assert found.copies == (Copy(first.id, 1.0), Copy(second.id, pytest.approx(0.85, abs=0.05)))
    assert await store.uncompared(9) == []


async def test_an_edit_that_makes_it_another_text_lets_it_leave(store: Store) -> None:
    copies = [copy(name, 1, hour) for hour, name in enumerate(("first", "second", "third"))]
    await add(store, *copies)
    label = copies[0].id
    assert await members(store) == {label: {one.id for one in copies}}
    await add(store, changed(copies[0], words(120, seed=9)))
    assert await members(store) == {"": {copies[0].id}, label: {copies[1].id, copies[2].id}}
    [found] = await store.clusters([label])
    assert [one.article for one in found.copies] == [copies[1].id, copies[2].id]
    assert found.original == copies[1].id
    await add(store, changed(copies[1], words(120, seed=8)))
    assert set(await members(store)) == {""}
    [found] = await store.clusters([label])
    assert (found.copies, found.original, found.merged_into) == ((), "", "")


async def test_two_clusters_that_merge_keep_the_older_label_and_say_so(store: Store) -> None:
    whole = words(200, seed=1).split(" ")
    pieces = [" ".join(whole[:75]), " ".join(whole[125:])]
    halves = [
        article(f"{part} {number}", piece, site=f"{part} {number}", url=f"https://{part}{number}.example/", first_seen=hours(part))
        for part, piece in enumerate(pieces)
        for number in range(2)
    ]
    await add(store, *halves[:2])
    await add(store, *halves[2:])
    older, newer = (min(one.id for one in pair) for pair in (halves[:2], halves[2:]))
    assert set(await members(store)) == {older, newer}
    rest = [changed(one, " ".join(whole)) for one in halves[2:]]
    await add(store, *[changed(one, " ".join(whole)) for one in halves[:2]], *rest)
    assert set(await members(store)) == {older}
    records = {found.id: found for found in await store.clusters([older, newer])}
    assert records[newer].merged_into == older
    assert records[newer].copies == ()
    assert len(records[older].copies) == 4
    assert records[older].since < records[newer].since


async def test_what_was_cut_short_is_done_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = copy("first", 1), copy("second", 1, 1)

    async def away(change: Any) -> None:
        raise StoreError("the store is away")

    with monkeypatch.context() as patch:
        patch.setattr(store, "regroup", away)
        await add(store, first, second)
    assert len(await store.uncompared(9)) == 2
    await add(store)
    assert await members(store) == {first.id: {first.id, second.id}}


async def test_who_holds_the_lease_compares(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "_PATIENCE", 0.0)
    at = clustering.now()
    await store.take_lease("(reprints)", "elsewhere:1/0123456789ab", at, at + clustering._LENGTH)
    await add(store, copy("first", 1), copy("second", 1))
    assert len(await store.uncompared(9)) == 2
    await store.free_lease("(reprints)", "elsewhere:1/0123456789ab")
    await add(store)
    assert await store.uncompared(9) == []
    assert await store.lease("(reprints)") is None


async def test_two_processes_that_add_at_once_come_to_the_same_clusters(
    store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    uri = f"sqlite:///{tmp_path}/store.db" if store.uri.startswith("sqlite") else request.getfixturevalue("mongodb_uri")
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.crawl.finder", uri, str(first), stderr=asyncio.subprocess.PIPE)
        for first in range(2)
    ]
    for process in processes:
        _, said = await process.communicate()
        assert process.returncode == 0, said.decode()
    assert await store.uncompared(9) == []
    found = await members(store)
    assert {frozenset(ids) for ids in found.values()} == expected_groups()
    assert "" not in found


def expected_groups() -> set[frozenset[str]]:
    by_story: dict[str, set[str]] = defaultdict(set)
    for one in stories():
        by_story[one.title].add(one.id)
    assert len(by_story) == STORIES
    assert all(len(ids) == COPIES for ids in by_story.values())
    return {frozenset(ids) for ids in by_story.values()}


async def test_a_batch_without_news_asks_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "take_lease", None)
    await ReprintFinder(store).catch_up([])


async def test_the_record_of_a_cluster_follows_its_articles(store: Store) -> None:
    """Every label on an article has a record that names it, and no record names anybody else."""
    chance = random.Random(4)
    articles = list(stories())
    chance.shuffle(articles)
    for at in range(0, len(articles), 7):
        await add(store, *articles[at : at + 7])
    found = await members(store)
    records: list[Cluster] = await store.clusters(found)
    assert {record.id: {one.article for one in record.copies} for record in records} == found


def test_documents_that_look_alike_are_told_apart() -> None:
    """Boilerplate, roundups, follow-ups, forms; in any order the same."""
    docs = documents(7, of_each=12)
    true = pairs({doc["id"]: doc["story"] for doc in docs})
    found = pairs(cluster(docs))
    assert len(found & true) / len(found) >= 0.98
    assert len(found & true) / len(true) >= 0.9
    assert pairs(cluster(docs[::-1])) == found


def test_a_story_that_hundreds_print_is_one_cluster() -> None:
    """None is compared with all the others, and every key stands in more articles than are looked at."""
    writer = Writer("hundreds")
    story = writer.paragraphs(8, 8)
    docs = []
    for number in range(280):
        kept = [paragraph for paragraph in story if writer.chance.random() > 0.2] or story
        docs.append(
            {"id": f"copy {number}", "site": f"site {number}", "text": "\n".join([writer.sentence(), *kept, *writer.paragraphs(1, 1)])}
        )
    others = [{"id": f"other {number}", "site": f"site {number}", "text": "\n".join(writer.paragraphs(4, 8))} for number in range(40)]
    labels = cluster([*docs, *others])
    sizes = Counter(labels[doc["id"]] for doc in docs)
    assert max(sizes.values()) >= 0.9 * len(docs)
    assert len({labels[doc["id"]] for doc in others} - set(sizes)) == len(others)
