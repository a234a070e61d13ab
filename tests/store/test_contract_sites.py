"""What every store promises about a site as a whole: its lease, what was learned, how its addresses stand."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.crawl.sparing import Sparing
from newscrawl.identify.addresses import Addresses
from newscrawl.models import Kind, Result, Settlement, State
from newscrawl.store import open_store
from newscrawl.store.protocol import Lease, Store, Tally, twin_of
from newscrawl.store.storable import storable
from tests.store.records import AWKWARD, START, hours, target

SECOND = timedelta(seconds=1)


async def take(store: Store, holder: str = "a:1/x", at=START, until=None, site: str = "gazette") -> Lease:
    return await store.take_lease(site, holder, at, until or at + SECOND)


# leases


async def test_a_free_lease_is_taken(store: Store) -> None:
    assert await store.lease("gazette") is None
    assert await take(store) == await store.lease("gazette") == Lease("gazette", "a:1/x", START + SECOND)
    assert await store.lease("herald") is None


async def test_who_holds_it_prolongs_it(store: Store) -> None:
    await take(store)
    assert await take(store, until=hours(2)) == await store.lease("gazette") == Lease("gazette", "a:1/x", hours(2))


async def test_nobody_else_gets_it_before_it_ends(store: Store) -> None:
    first = await take(store)
    assert await take(store, "b:2/y") == first
    assert await take(store, "b:2/y", at=first.until - timedelta(milliseconds=1)) == first
    assert await take(store, "b:2/y", at=first.until) == Lease("gazette", "b:2/y", first.until + SECOND)
    assert (await take(store, at=first.until)).holder == "b:2/y"


async def test_only_ones_own_is_given_up(store: Store) -> None:
    first = await take(store)
    await store.free_lease("gazette", "b:2/y")
    await store.free_lease("herald", "a:1/x")
    assert await store.lease("gazette") == first
    await store.free_lease("gazette", "a:1/x")
    await store.free_lease("gazette", "a:1/x")
    assert await store.lease("gazette") is None
    assert (await take(store, "b:2/y")).holder == "b:2/y"


async def test_sites_have_leases_of_their_own(store: Store) -> None:
    await take(store)
    assert (await take(store, "b:2/y", site="herald")).holder == "b:2/y"


@pytest.mark.parametrize("name", ["$lease_until", "$$ROOT", '{"$ne": ""}', "' OR 1 --", "渡船:1/é"])
async def test_names_are_only_names(store: Store, name: str) -> None:
    assert (await take(store, name, site=name)).holder == name
    assert (await take(store, "b:2/y", site=name)).holder == name
    await store.free_lease(name, name)
    assert await store.lease(name) is None


@pytest.fixture
async def crowd(store: Store, store_uri: str) -> AsyncIterator[list[Store]]:
    """Eight connections to one store, each of its own."""
    stores = [open_store(store_uri) for _ in range(8)]
    for one in stores:
        await one.open()
    yield stores
    for one in stores:
        await one.close()


@pytest.mark.parametrize("before", ["nothing", "learned", "expired"])
async def test_of_eight_at_once_one_gets_it(store: Store, crowd: list[Store], before: str) -> None:
    for number in range(10):
        site = f"site {number}"
        if before == "learned":
            await store.save_learned(site, "{}")
        elif before == "expired":
            await take(store, "gone:9/z", at=hours(-1), site=site)
        got = await asyncio.gather(*[take(one, f"host:{process}/x", site=site) for process, one in enumerate(crowd)])
        assert len({lease.holder for lease in got}) == 1
        assert got[0] == await store.lease(site)
        assert got[0].holder != "gone:9/z"


async def test_a_lease_passed_on_among_eight_is_held_by_one_at_a_time(crowd: list[Store]) -> None:
    """Who gets it looks twice, with a pause between; nobody else may have got it meanwhile."""
    held, times, seen = 0, 0, 0

    async def work(store: Store, holder: str) -> None:
        nonlocal held, times, seen
        for _ in range(1000):
            if times >= 24:
                return
            if (await take(store, holder)).holder == holder:
                held += 1
                seen, times = max(seen, held), times + 1
                await asyncio.sleep(0.001)
                held -= 1
                await store.free_lease("gazette", holder)

    await asyncio.gather(*[work(store, f"host:{number}/x") for number, store in enumerate(crowd)])
    assert (seen, times >= 24) == (1, True)


# what was learned


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=AWKWARD, other=AWKWARD)
async def test_what_was_learned_comes_back_as_it_was(store: Store, text: str, other: str) -> None:
    await store.save_learned("gazette", text)
    await store.save_learned("herald", other)
    assert (await store.learned("gazette"), await store.learned("herald")) == (text, other)


@given(st.text(st.characters()))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_half_a_surrogate_pair_in_it_is_replaced(store: Store, text: str) -> None:
    await store.save_learned("gazette", text + "\ud83d")
    assert await store.learned("gazette") == storable(text + "\ud83d")


async def test_a_megabyte_can_be_learned(store: Store) -> None:
    text = '{"规律": ' * 80_000
    await store.save_learned("gazette", text)
    assert await store.learned("gazette") == text


async def test_learning_and_leases_leave_each_other_alone(store: Store) -> None:
    assert await store.learned("gazette") == ""
    lease = await take(store)
    assert await store.learned("gazette") == ""
    await store.save_learned("gazette", "plan")
    assert await store.lease("gazette") == lease
    await take(store, until=hours(1))
    await store.free_lease("gazette", lease.holder)
    assert await store.learned("gazette") == "plan"


# how its addresses stand


async def test_the_tally_counts_what_stands_alike(store: Store) -> None:
    done = {"state": State.DONE, "result": Result.ARTICLE, "kind": Kind.ARTICLE}
    kept = [target("a", **done), target("b", **done), target("c"), target("d", state=State.SKIPPED, result=Result.TRAP)]
    await store.settle([Settlement(one) for one in [*kept, target("e", site="herald", **done)]])
    assert sorted(await store.tally("gazette"), key=lambda one: one.result) == [
        Tally(Kind.PAGE, State.DUE, Result.NONE, 1),
        Tally(Kind.ARTICLE, State.DONE, Result.ARTICLE, 2),
        Tally(Kind.PAGE, State.SKIPPED, Result.TRAP, 1),
    ]
    assert await store.tally("nowhere") == []
    assert {(one.kind, one.state): one.count for one in await store.tally()}[Kind.ARTICLE, State.DONE] == 3


async def test_every_kind_state_and_result_can_be_tallied(store: Store) -> None:
    kept = [
        target(f"{kind} {state} {result}", kind=kind, state=state, result=result) for kind in Kind for state in State for result in Result
    ]
    await store.settle([Settlement(one) for one in kept])
    assert {(one.kind, one.state, one.result): one.count for one in await store.tally("gazette")} == {
        (one.kind, one.state, one.result): 1 for one in kept
    }


async def test_examples_are_of_one_site_and_result(store: Store) -> None:
    kept = [target(str(number), result=(Result.BUSY, Result.MISSING)[number % 2], detail="503", state=State.DONE) for number in range(8)]
    await store.settle([Settlement(one) for one in [*kept, target("9", site="herald", result=Result.BUSY)]])
    busy = sorted((one for one in kept if one.result is Result.BUSY), key=lambda one: one.id)
    assert await store.examples("gazette", Result.BUSY, 3) == busy[:3]
    assert await store.examples("gazette", Result.BUSY, 99) == busy
    assert await store.examples("gazette", Result.TRAP, 3) == []


async def test_regulars_are_of_one_site_and_kind_and_the_first_due_come_first(store: Store) -> None:
    feeds = [target(name, kind=Kind.FEED, state=State.DONE, again=hours(wait)) for name, wait in (("a", 3), ("b", 1), ("c", 2))]
    others = [
        target("never", kind=Kind.FEED),
        target("second page", kind=Kind.FEED, number=2, again=hours(1)),
        target("list", kind=Kind.LISTING, again=hours(1)),
        target("elsewhere", site="herald", kind=Kind.FEED, again=hours(1)),
    ]
    await store.add_targets([*feeds, *others])
    first, second, third = (feeds[at] for at in (1, 2, 0))
    assert await store.regulars("gazette", Kind.FEED, 2) == [first, second]
    assert await store.regulars("gazette", Kind.FEED, 9) == [first, second, third]
    assert await store.regulars("gazette", Kind.SITEMAP, 9) == []


async def test_regulars_due_at_once_stand_by_id(store: Store) -> None:
    alike = sorted((target(name, kind=Kind.LISTING, again=START) for name in "abcd"), key=lambda one: one.id)
    await store.add_targets(alike)
    assert await store.regulars("gazette", Kind.LISTING, 9) == alike


async def test_seeds_are_where_a_crawl_begins(store: Store) -> None:
    seeds = sorted((target(name, kind=Kind.SEED) for name in "ab"), key=lambda one: one.id)
    await store.add_targets([*seeds, target("c"), target("d", site="herald", kind=Kind.SEED)])
    assert await store.seeds("gazette") == seeds


# other addresses


async def test_what_leads_to_an_address_redirects_names_it_or_is_its_twin(store: Store) -> None:
    one, other = "https://gazette.example/1", "https://gazette.example/2"
    led = [
        target("amp", result=Result.VARIANT, detail=f"200 {one}"),
        target("go", result=Result.REDIRECT, detail=f"301 {one}"),
        target("small", result=Result.TWIN, detail=twin_of(one)),
    ]
    others = [
        target("news", result=Result.ARTICLE, detail=f"200 {one}"),
        target("there", result=Result.TWIN, detail=twin_of(other)),
        target("elsewhere", site="herald", result=Result.TWIN, detail=twin_of(one)),
    ]
    await store.add_targets([*led, *others])
    assert await store.leading_to("gazette", one) == led


async def test_all_that_was_spared_becomes_due_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.crawl.sparing._AT_ONCE", 2)
    spared = [target(name, state=State.SKIPPED, result=Result.TWIN, detail=twin_of("x")) for name in "abcde"]
    left = target("f", state=State.SKIPPED, result=Result.TRAP)
    await store.add_targets([*spared, left])
    assert await Sparing(Addresses("gazette")).undo(store) == len(spared)
    due = await store.due_targets("gazette", hours(999_999), 9)
    assert {(one.id, one.result, one.detail) for one in due} == {(one.id, Result.NONE, "") for one in spared}


# health


async def test_health_is_kept_beside_everything_else_of_a_site(store: Store) -> None:
    assert await store.health("gazette") == ""
    await store.save_health("gazette", '{"site": "渡船"}')
    await store.save_learned("gazette", "{}")
    await take(store, "host:1/x", site="gazette")
    await store.save_health("gazette", '{"site": "渡船 2"}')
    assert (await store.health("gazette"), await store.learned("gazette")) == ('{"site": "渡船 2"}', "{}")
    assert await store.lease("gazette") is not None
    assert await store.health("herald") == ""
