"""The archive as Python code asks it."""

import asyncio
import tracemalloc

import pytest

import newscrawl
from newscrawl.errors import InputError, QueryError, StoreError
from newscrawl.identify.exact import target_id
from newscrawl.models import Result, Run
from newscrawl.reprints import Cluster, Compared, Copy, Regrouping
from newscrawl.store import open_store
from tests.store.records import START, article, holding, hours, revision, target, visited

SHORT = "https://gazette.example/go/ferry"  # leads there

FERRY = article("ferry", "The ferry stays in port.", authors=("Ann Lee",), section="City", language="en")
COPY = article("copy", "The ferry stays in port!", site="herald", first_seen=hours(26), language="en", gone=hours(30))


async def fill(uri, *articles, then=()):
    store = open_store(uri)
    await store.prepare()
    await store.open()
    await store.settle(holding(*articles))
    await store.settle([visited("ferry", revision=revision("ferry", replaced=START)), *then])
    await store.add_targets([target(id=target_id("gazette", SHORT), url=SHORT, result=Result.REDIRECT, detail=f"301 {FERRY.url}")])
    await store.add_targets([target(f"lost {listed}", site="herald", result=Result.BUSY, listed=listed) for listed in ("", "2026-08-01")])
    await store.save_run(Run("r1", "gazette", START, START, "finished"))
    cluster = Cluster("c1", START, START, FERRY.id, (Copy(FERRY.id, 1.0), Copy(COPY.id, 0.9)))
    compared = tuple(Compared(one.id, one.text_search, ()) for one in (FERRY, COPY))
    await store.regroup(Regrouping(compared, labels={FERRY.id: "c1", COPY.id: "c1"}, clusters=(cluster,)))
    await store.close()


@pytest.fixture(params=["sqlite", "mongodb"])
def archive(request, tmp_path):
    uri = f"sqlite:///{tmp_path}/store.db" if request.param == "sqlite" else request.getfixturevalue("mongodb_uri")
    asyncio.run(fill(uri, FERRY, COPY))
    with newscrawl.open_archive(uri) as opened:
        yield opened


def test_every_question_has_its_answer(archive):
    assert [one.url for one in archive.search("ferry", limit=1)] == [COPY.url]
    assert [one.url for one in archive.search("ferry", offset=1, order="relevance")] == [FERRY.url]
    assert archive.count('"in port" author:lee') == 1
    assert [one.url for one in archive.articles()] == [FERRY.url, COPY.url]
    assert archive.article(FERRY.url).id == FERRY.id
    assert archive.article("nothing") is None
    assert archive.article(SHORT).id == FERRY.id
    assert [one.number for one in archive.revisions(archive.article(FERRY.id))] == [1]
    assert [sorted(found.articles) for found in archive.clusters("ferry")] == [sorted((FERRY.id, COPY.id))]
    assert archive.facets("ferry")["authors"] == [("Ann Lee", 1)]
    assert [(bar.count, bar.of) for bar in archive.timeline("site:gazette", by="month", zone="Asia/Shanghai")] == [(1, 2)]


def test_what_is_found_can_be_taken_over_into_data_frames(archive):
    assert archive.search("ferry").to_pandas()["url"].tolist() == [COPY.url, FERRY.url]
    found = archive.articles("ferry")
    assert found.to_polars(columns=["site", "authors"]).rows() == [("gazette", ["Ann Lee"]), ("herald", [])]
    assert found.to_arrow(columns=["id"])["id"].to_pylist() == [FERRY.id, COPY.id]  # asked anew each time
    assert archive.revisions(FERRY).to_arrow(columns=["number", "title"]).to_pylist() == [{"number": 1, "title": "Former title"}]
    assert archive.clusters().to_pandas()[["article", "original", "share"]].values.tolist() == [
        [FERRY.id, True, 1.0],
        [COPY.id, False, 0.9],
    ]
    assert archive.timeline("ferry", by="month").to_pandas()["count"].tolist() == [2]
    assert [batch.num_rows for batch in found.batches(1, columns=["id"])] == [1, 1]
    assert "text" in found.columns
    with pytest.raises(InputError, match="no column 'author'"):
        found.to_arrow(columns=["author"])


def test_what_many_articles_have_in_common(archive):
    (edit,) = archive.edits("ferry")
    assert (edit.article.id, edit.number, edit.title) == (FERRY.id, 1, "Former title")
    assert [one.id for one in archive.gone()] == [COPY.id]
    assert list(archive.gone("site:gazette")) == list(archive.edits("site:herald")) == []
    assert archive.edits().to_pandas()[["article", "title_before", "title_now"]].values.tolist() == [
        [FERRY.id, "Former title", FERRY.title]
    ]
    assert archive.gone().to_arrow(columns=["id", "gone"]).to_pylist() == [{"id": COPY.id, "gone": hours(30)}]
    flows = archive.flows()
    assert [(flow.source, flow.taker, flow.articles) for flow in flows] == [("gazette", "herald", 1)]
    assert (flows.whole.clusters, flows.whole.capped) == (1, False)
    assert flows.to_arrow(columns=["source", "hours", "example"]).to_pylist() == [{"source": "gazette", "hours": 26.0, "example": COPY.id}]
    covered = archive.coverage("herald", days=2)
    assert [(day.day, day.read, day.missed) for day in covered] == [(hours(26).date(), 1, 0), (hours(2).date(), 0, 1)]
    assert (covered.whole.undated_captured, covered.whole.undated_missed) == (0, 1)
    assert covered.to_pandas()["listed"].tolist() == [1, 1]
    with pytest.raises(InputError, match="nothing of a site 'nothing' is known"):
        archive.coverage("nothing")


def test_words_are_told_with_the_sizes_of_their_samples(tmp_path):
    uri = f"sqlite:///{tmp_path}/store.db"
    asyncio.run(fill(uri, *(article(str(at), f"The {'ferry sails' if at % 3 else 'bridge opens'}.", language="en") for at in range(60))))
    with newscrawl.open_archive(uri) as archive:
        found = archive.words("bridge")
        assert found[0].text == "opens"
        assert (found.whole.found, found.whole.known) == (20, 60)
        assert found.to_polars().rows()[0] == ("opens", 20, 20, found[0].weight)
        assert archive.words("ferry", limit=1).columns == ("text", "found", "known", "weight")
        assert len(archive.words("ferry", limit=1)) == 1


def test_all_edits_and_losses_come_however_many_pages_they_make(tmp_path, monkeypatch):
    monkeypatch.setattr("newscrawl.query.archive._PAGE", 2)
    uri = f"sqlite:///{tmp_path}/store.db"
    more = [article(str(at), "The tram stops.", gone=hours(40 + at)) for at in range(6)]
    edits = [visited(str(at), capture=None, revision=revision(str(at), replaced=hours(50 - at))) for at in range(6)]
    asyncio.run(fill(uri, *more, then=edits))
    with newscrawl.open_archive(uri) as archive:
        assert [one.id for one in archive.gone()] == [one.id for one in reversed(more)]
        assert [edit.article.id for edit in archive.edits("tram")] == [one.id for one in more]


def test_what_is_there_already_is_a_sequence(archive):
    found = archive.search("ferry")
    assert (len(found), found[0].url, found[-1].url, [one.url for one in found[:1]]) == (2, COPY.url, FERRY.url, [COPY.url])
    assert FERRY.id in [one.id for one in found]
    assert repr(archive.search("nothing")) == "Found([])"


def test_going_through_can_end_early_and_after_the_archive_was_closed(archive):
    for _ in archive.articles():
        break
    begun = iter(archive.articles())
    next(begun)
    archive.close()
    begun.close()
    with pytest.raises(StoreError, match="was closed"):
        list(archive.articles())


def test_what_can_not_be_asked_is_said(archive):
    with pytest.raises(QueryError, match="never closed"):
        archive.search("(ferry")
    with pytest.raises(InputError, match="no order"):
        archive.search(order="oldest")
    with pytest.raises(InputError, match="a limit of 0 finds nothing"):
        archive.search(limit=0)
    with pytest.raises(InputError, match="a limit of -1 finds nothing"):
        archive.search("ferry", limit=-1)
    for question in (archive.facets, archive.words):
        for limit in (0, -1):
            with pytest.raises(InputError, match=f"a limit of {limit} finds nothing: write 1 or more$"):
                question("ferry", limit=limit)
    with pytest.raises(InputError, match="a limit of 0 finds nothing"):
        archive.coverage("gazette", days=0)
    with pytest.raises(InputError, match="an offset of -2 lies before"):
        archive.search("ferry", offset=-2)
    with pytest.raises(InputError, match="no span"):
        archive.timeline(by="hour")
    with pytest.raises(InputError, match="no time zone"):
        archive.count(zone="Nowhere/../etc")
    archive.close()
    archive.close()
    with pytest.raises(StoreError, match="was closed"):
        archive.count()


async def test_it_works_where_a_loop_runs(archive):
    assert archive.count() == 2


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(StoreError, match="no such file"):
        newscrawl.open_archive(f"sqlite:///{tmp_path}/none.db")
    assert not list(tmp_path.iterdir())


def test_memory_is_bounded_however_many_articles_there_are(tmp_path):
    async def fill_many(uri, count):
        store = open_store(uri)
        await store.open()
        for at in range(0, count, 500):
            await store.settle(holding(*(article(str(number), "ferry " * 1000) for number in range(at, at + 500))))
        await store.close()

    def peak(count):
        uri = f"sqlite:///{tmp_path}/{count}.db"
        asyncio.run(fill_many(uri, count))
        with newscrawl.open_archive(uri) as archive:
            tracemalloc.start()
            assert sum(1 for _ in archive.articles("ferry")) == count
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return highest

    assert peak(2000) < 1.3 * peak(500)
