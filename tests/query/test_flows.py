"""Who takes what from whom, from the clusters of both stores."""

from collections.abc import AsyncIterator

import pytest

from newscrawl.models import Moment
from newscrawl.query import flows as module
from newscrawl.query.flows import flows
from newscrawl.reprints import Cluster, Compared, Copy, Regrouping
from newscrawl.store import open_store
from newscrawl.store.protocol import Search, Store
from tests.store.records import START, article, holding, hours


def copy(name: str, site: str, hour: float, label: str):
    return article(name, f"{name} text", site=site, cluster=label, published=Moment(hours(hour), "minute"))


ARTICLES = {
    "c1": [copy("a1", "herald", 0, "c1"), copy("b1", "gazette", 2, "c1"), copy("c1", "post", 30, "c1")],
    "c2": [copy("a2", "herald", 5, "c2"), copy("b2", "gazette", 9, "c2"), copy("again", "gazette", 10, "c2")],
    "c3": [copy("a3", "gazette", 1, "c3"), copy("b3", "herald", 4, "c3")],
    "c4": [copy("a4", "post", 1, "c4"), copy("b4", "post", 4, "c4")],
}


@pytest.fixture(params=["sqlite", "mongodb"])
async def store(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[Store]:
    uri = f"sqlite:///{tmp_path}/store.db" if request.param == "sqlite" else request.getfixturevalue("mongodb_uri")
    opened = open_store(uri)
    await opened.prepare()
    await opened.open()
    every = [one for copies in ARTICLES.values() for one in copies]
    await opened.settle(holding(*every))
    clusters = tuple(
        Cluster(label, START, START, copies[0].id, tuple(Copy(one.id, 0.9) for one in copies)) for label, copies in ARTICLES.items()
    )
    compared = tuple(Compared(one.id, one.text_search, ()) for one in every)
    await opened.regroup(Regrouping(compared, labels={one.id: one.cluster for one in every}, clusters=clusters))
    yield opened
    await opened.close()


async def test_copies_are_added_up_from_original_to_taker(store: Store) -> None:
    found = await flows(store, Search())
    told = [(flow.source, flow.taker, flow.articles, flow.hours, flow.cluster) for flow in found.flows]
    assert told == [("herald", "gazette", 2, 3.0, "c2"), ("gazette", "herald", 1, 3.0, "c3"), ("herald", "post", 1, 30.0, "c1")]
    assert (found.clusters, found.capped) == (4, False)
    assert found.flows[0].example.title == "Report b2"


async def test_a_search_narrows_down_to_clusters(store: Store) -> None:
    assert [(flow.source, flow.taker) for flow in (await flows(store, Search(("b3",)))).flows] == [("gazette", "herald")]
    assert (await flows(store, Search(("absent",)))).flows == ()


async def test_the_largest_are_told_if_a_limit_is_set(store: Store) -> None:
    assert [flow.articles for flow in (await flows(store, Search(), 1)).flows] == [2]


async def test_there_is_a_bound(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    found = await flows(store, Search())
    assert (found.clusters, found.capped) == (2, True)


async def test_a_cluster_whose_original_was_taken_down_counts_for_nobody(store: Store) -> None:
    await store.take_down(ARTICLES["c3"][0].id, [], [])
    assert [(flow.source, flow.taker) for flow in (await flows(store, Search())).flows] == [("herald", "gazette"), ("herald", "post")]
