"""What every store promises about reprints: keys, links, clusters, and that no article's comparison is forgotten."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.models import Settlement, State
from newscrawl.reprints import Cluster, Compared, Copy, Likeness, Link, Regrouping
from newscrawl.store.protocol import Store
from tests.store.records import START, anything, article, holding, hours, target

many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
A, B, C = (article(name) for name in "abc")


def compared(one: Any, *keys: int) -> Compared:
    return Compared(one.id, one.text_search, keys)


def link(one: Any, other: Any, **change: Any) -> Link:
    a, b = sorted((one.id, other.id))
    return replace(Link(a, b, 0.9, 0.5, Likeness.REPRINT), **change)


async def waiting(store: Store) -> set[str]:
    return {found.id for found in await store.uncompared(99)}


# what waits


async def test_new_articles_wait_until_they_are_compared(store: Store) -> None:
    assert await store.uncompared(9) == []
    await store.settle(holding(A, B, C))
    assert sorted(await store.uncompared(9), key=lambda found: found.id) == sorted([A, B, C], key=lambda found: found.id)
    assert len(await store.uncompared(2)) == 2
    await store.regroup(Regrouping((compared(A, 1), compared(C))))
    assert await waiting(store) == {B.id}


async def test_seeing_the_same_again_is_no_reason_to_compare(store: Store) -> None:
    await store.settle(holding(A))
    await store.regroup(Regrouping((compared(A),)))
    await store.settle(holding(replace(A, last_seen=hours(2), aliases=("https://m.gazette.example/a",))))
    assert await waiting(store) == set()


async def test_a_changed_text_is(store: Store) -> None:
    await store.settle(holding(A))
    await store.regroup(Regrouping((compared(A),)))
    await store.settle(holding(replace(A, text_search="Other words.", revision=2)))
    assert await waiting(store) == {A.id}


async def test_an_article_that_changed_meanwhile_goes_on_waiting(store: Store) -> None:
    await store.settle(holding(A))
    before = compared(A, 1, 2)
    await store.settle(holding(replace(A, text_search="Other words.", revision=2)))
    await store.regroup(Regrouping((before,)))
    assert await waiting(store) == {A.id}


async def test_settling_twice_asks_for_no_more(store: Store) -> None:
    for _ in range(2):
        await store.settle(holding(A))
    await store.regroup(Regrouping((compared(A),)))
    await store.settle(holding(A))
    assert await waiting(store) == set()


async def test_an_article_that_is_not_there_is_passed_over(store: Store) -> None:
    await store.regroup(Regrouping((compared(A, 1),), labels={A.id: "x"}))
    assert await store.labels([A.id]) == {}


# keys


async def test_holders_are_found_by_key(store: Store) -> None:
    await store.settle(holding(A, B, C))
    smallest, largest = -(2**63), 2**63 - 1
    await store.regroup(Regrouping((compared(A, smallest, 7), compared(B, 7, largest), compared(C))))
    found = await store.holders([smallest, 7, largest, 8], 9)
    assert {key: sorted(ids) for key, ids in found.items() if ids} == {smallest: [A.id], 7: sorted([A.id, B.id]), largest: [B.id]}
    assert await store.holders([], 9) == {}


async def test_of_a_frequent_key_only_so_many_holders_are_told(store: Store) -> None:
    articles = [article(str(number)) for number in range(9)]
    await store.settle(holding(*articles))
    await store.regroup(Regrouping(tuple(compared(one, 7) for one in articles)))
    found = await store.holders([7], 5)
    assert len(set(found[7])) == 5


# links


@many
@given(kept=anything(Link, a=st.just(min(A.id, B.id)), b=st.just(max(A.id, B.id))))
async def test_any_link_comes_back(store: Store, kept: Link) -> None:
    await store.settle(holding(A, B))
    await store.regroup(Regrouping((), (kept,)))
    assert await store.links([kept.a]) == await store.links([kept.b]) == [kept]


async def test_links_are_found_from_both_ends_each_once(store: Store) -> None:
    await store.settle(holding(A, B, C))
    links = (link(A, B), link(B, C, kind=Likeness.QUOTE))
    await store.regroup(Regrouping((compared(A), compared(B), compared(C)), links))
    for ids, expected in (([B.id], links), ([A.id, B.id, C.id], links), ([A.id], links[:1]), ([], ()), (["nobody"], ())):
        assert sorted(await store.links(ids), key=str) == sorted(expected, key=str)


async def test_who_is_compared_again_loses_former_links(store: Store) -> None:
    await store.settle(holding(A, B, C))
    await store.regroup(Regrouping((compared(A), compared(B), compared(C)), (link(A, B), link(B, C))))
    await store.regroup(Regrouping((compared(A),), (link(A, C),)))
    assert sorted(await store.links([A.id, B.id, C.id]), key=str) == sorted([link(A, C), link(B, C)], key=str)


# clusters


@many
@given(
    kept=anything(
        Cluster,
        id=st.from_regex("[0-9a-f]{24}", fullmatch=True),
        copies=st.sampled_from([(), (Copy(A.id, 1.0), Copy(B.id, 0.5)), (Copy(C.id, 0.1), Copy(A.id, 0.2), Copy(B.id, 0.3))]),
    )
)
async def test_any_cluster_comes_back(store: Store, kept: Cluster) -> None:
    await store.settle(holding(A, B, C))
    await store.regroup(Regrouping((), clusters=(kept,)))
    assert await store.clusters([kept.id, "nobody"]) == [kept]


async def test_labels_are_on_the_articles(store: Store) -> None:
    await store.settle(holding(A, B, C))
    await store.regroup(Regrouping((compared(A),), labels={A.id: "x", B.id: "x"}))
    assert await store.labels([A.id, B.id, C.id, "nobody"]) == {A.id: "x", B.id: "x", C.id: ""}
    assert await store.article(A.id) == replace(A, cluster="x")
    await store.regroup(Regrouping((compared(A),), labels={A.id: ""}))
    assert await store.labels([A.id, B.id]) == {A.id: "", B.id: "x"}


async def test_what_is_taken_down_leaves_its_cluster(store: Store) -> None:
    await store.settle(holding(A, B, C))
    whole = Cluster("x", START, hours(1), A.id, tuple(Copy(one.id, 1.0) for one in (A, B, C)))
    everyone = tuple(compared(one, 1) for one in (A, B, C))
    labels = dict.fromkeys((A.id, B.id, C.id), "x")
    change = Regrouping(everyone, (link(A, B), link(B, C), link(A, C)), labels, (whole,))
    await store.regroup(change)
    await store.take_down(A.id, [], [])
    assert await store.clusters(["x"]) == [replace(whole, original=B.id, copies=whole.copies[1:])]
    assert await store.links([A.id, B.id, C.id]) == [link(B, C)]
    assert await waiting(store) == {B.id, C.id}
    await store.regroup(change)  # by somebody who began before
    assert await store.clusters(["x"]) == [replace(whole, original=B.id, copies=whole.copies[1:])]
    assert await store.links([A.id]) == []
    await store.take_down(B.id, [], [])
    assert await store.clusters(["x"]) == [replace(whole, original="", copies=())]
    assert await store.labels([C.id]) == {C.id: ""}


async def test_settling_leaves_the_label_alone(store: Store) -> None:
    """A crawl settles what it read before another process put it into a cluster."""
    await store.settle(holding(A))
    await store.regroup(Regrouping((compared(A),), labels={A.id: "x"}))
    await store.settle([Settlement(target(state=State.DONE), article=replace(A, revision=2, text="New.", text_search="New."))])
    assert await store.labels([A.id]) == {A.id: "x"}


async def test_regrouping_twice_changes_nothing(store: Store) -> None:
    await store.settle(holding(A, B))
    copies = (Copy(A.id, 1.0), Copy(B.id, 0.5))
    clusters = (Cluster("x", START, hours(1), A.id, copies), Cluster("y", START, hours(1), merged_into="x"))
    change = Regrouping((compared(A, 1), compared(B, 1)), (link(A, B),), {A.id: "x", B.id: "x"}, clusters)
    seen = []
    for _ in range(2):
        await store.regroup(change)
        seen.append((await waiting(store), await store.links([A.id]), await store.labels([A.id, B.id]), await store.clusters(["x", "y"])))
    assert seen[0] == seen[1]
    assert sorted(seen[0][3], key=lambda found: found.id) == list(clusters)


@pytest.mark.parametrize("name", ["$set", "a.b", "'; --"])
async def test_labels_are_only_text(store: Store, name: str) -> None:
    await store.settle(holding(A))
    await store.regroup(Regrouping((compared(A),), labels={A.id: name}, clusters=(Cluster(name, START, START),)))
    assert await store.labels([A.id]) == {A.id: name}
    assert [found.id for found in await store.clusters([name])] == [name]
