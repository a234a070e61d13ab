"""A new visit of a site, or the rest of one that was cut short."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from math import inf

import msgspec
import pytest

from newscrawl.crawl.attempts import save_attempt
from newscrawl.crawl.frontier import SAVED_EVERY, SiteFrontier
from newscrawl.crawl.hosts import Refusal
from newscrawl.crawl.pace import Pace
from newscrawl.crawl.robots import read_rules
from newscrawl.crawl.runs import begin_run, check_whole, end_run, save_meanwhile
from newscrawl.discover.worth import Worth, groups
from newscrawl.errors import PartialError
from newscrawl.models import Kind, Result, Run, Settlement, State, now
from newscrawl.store.protocol import Store
from tests.crawl.visits import HOME, SITE, frontier_of, target


@pytest.fixture
def frontier(store: Store) -> SiteFrontier:
    return fresh(store)


def fresh(store: Store) -> SiteFrontier:
    return frontier_of(store, Pace(0.001, 1))


async def due(store: Store) -> list[str]:
    return [found.url for found in await store.due_targets("gazette", now(), 100)]


async def walked(store: Store, outcome: str, *, left: bool = False) -> None:
    """A first run that came to this outcome: a seed, listings and articles, each due again or not yet; `left`: one was not fetched."""
    run = await begin_run(store, SITE, fresh(store))
    soon, later = now(), now() + timedelta(hours=1)
    pages = [target("", kind=Kind.SEED, result=Result.LISTING)]
    pages += [target(path, kind=Kind.LISTING, result=Result.LISTING, again=again) for path, again in (("city", soon), ("sport", later))]
    pages += [target(path, kind=Kind.ARTICLE, result=Result.ARTICLE, again=again) for path, again in (("fresh", soon), ("old", None))]
    found = (target("more"),) if left else ()
    await store.settle([Settlement(replace(page, state=State.DONE), found=found) for page in pages])
    await store.save_run(replace(run, ended=now(), outcome=outcome))


async def test_a_first_run_begins_with_the_front_page(store: Store, frontier: SiteFrontier) -> None:
    run = await begin_run(store, SITE, frontier)
    assert await due(store) == [HOME]
    assert [saved.id for saved in await store.runs("gazette")] == [run.id]
    assert (run.ended, run.outcome) == (None, "")


async def test_and_with_the_listings_that_the_site_file_names(store: Store, frontier: SiteFrontier) -> None:
    site = msgspec.structs.replace(SITE, listing=("/city/", "https://sport.gazette.example/all"))
    await begin_run(store, site, frontier)
    assert set(await due(store)) == {HOME, f"{HOME}city/", "https://sport.gazette.example/all"}


@pytest.mark.parametrize("outcome", ["finished", "some failed", "deferred until 2026-08-01 08:00 UTC: why", "blocked"])
async def test_after_a_whole_one_the_seeds_are_due_again_and_what_its_time_has_come(
    store: Store, frontier: SiteFrontier, outcome: str
) -> None:
    """Also if a page was put off for a day: news of today does not wait for it."""
    await walked(store, outcome)
    assert await due(store) == []
    await begin_run(store, SITE, frontier)
    assert set(await due(store)) == {HOME, f"{HOME}city", f"{HOME}fresh"}


@pytest.mark.parametrize("outcome", ["", "limit", "shutdown", "failed", "memory"])
async def test_one_that_was_cut_short_is_continued(store: Store, frontier: SiteFrontier, outcome: str) -> None:
    await walked(store, outcome, left=True)
    await begin_run(store, SITE, frontier)
    assert await due(store) == [f"{HOME}more"]
    assert frontier.counters["resumed"] == 1


@pytest.mark.parametrize(("outcome", "paths"), [("shutdown", {"more"}), ("finished", {"", "city", "fresh", "more"})])
async def test_crawls_that_could_not_begin_change_nothing_of_that(
    store: Store, frontier: SiteFrontier, outcome: str, paths: set[str]
) -> None:
    await walked(store, outcome, left=True)
    for _ in range(2):
        assert await save_attempt(store, "gazette", "its file is wrong", since=now())
        await asyncio.sleep(0.002)
    await begin_run(store, SITE, frontier)
    assert set(await due(store)) == {f"{HOME}{path}" for path in paths}


async def test_a_crawl_that_began_is_no_attempt(store: Store, frontier: SiteFrontier) -> None:
    since = now()
    run = await begin_run(store, SITE, frontier)
    assert await save_attempt(store, "gazette", "killed by signal 9", since=since) is None
    assert [saved.id for saved in await store.runs("gazette")] == [run.id]


async def test_one_that_was_cut_short_with_nothing_left_counts_as_whole(store: Store, frontier: SiteFrontier) -> None:
    await walked(store, "limit")
    await begin_run(store, SITE, frontier)
    assert set(await due(store)) == {HOME, f"{HOME}city", f"{HOME}fresh"}


@pytest.mark.parametrize(
    ("over", "reason", "outcome"),
    [
        ("finished", "finished", "finished"),
        ("limit", "finished", "limit"),
        ("deferred", "finished", "deferred"),
        ("", "shutdown", "shutdown"),
        ("finished", "shutdown", "finished"),
        ("", "memusage_exceeded", "memory"),
        ("", "finished", "incomplete"),
    ],
)
async def test_what_a_run_came_to(store: Store, frontier: SiteFrontier, over: str, reason: str, outcome: str) -> None:
    frontier.over = over
    frontier.counters["new"] = 3
    ended = await end_run(store, Run(id="r", site="gazette", started=now()), frontier, reason)
    assert (ended.outcome, ended.counters) == (outcome, {"new": 3, "template": 1})
    assert ended.ended is not None
    assert [run.outcome for run in await store.runs("gazette")] == [outcome]


async def test_what_a_run_learned_is_known_to_the_next(store: Store, frontier: SiteFrontier) -> None:
    barren = groups(f"{HOME}tag/1", "div.tags", HOME)
    run = await begin_run(store, SITE, frontier)
    for _ in range(3):
        frontier.worth.record(barren, news=False)
    await end_run(store, run, frontier, "finished")
    following = fresh(store)
    await begin_run(store, SITE, following)
    assert following.worth.left(barren)


@pytest.mark.parametrize("ours", [True, False])
async def test_what_was_learned_is_saved_along_the_way_while_the_site_is_ours(store: Store, frontier: SiteFrontier, *, ours: bool) -> None:
    barren = groups(f"{HOME}tag/1", "div.tags", HOME)
    await begin_run(store, SITE, frontier)
    for _ in range(3):
        frontier.worth.record(barren, news=False)
    frontier.unsaved = SAVED_EVERY

    async def sure(_: str) -> bool:
        return ours

    await save_meanwhile(store, frontier, ours=sure)
    following = fresh(store)
    await begin_run(store, SITE, following)
    assert (bool(following.worth.left(barren)), frontier.unsaved) == (ours, 0)


async def test_what_was_learned_before_there_were_sections_is_still_known(store: Store, frontier: SiteFrontier) -> None:
    barren = groups(f"{HOME}tag/1", "div.tags", HOME)
    old = Worth()
    for _ in range(3):
        old.record(barren, news=False)
    await store.save_learned("gazette", old.as_json())
    await begin_run(store, SITE, frontier)
    assert frontier.worth.left(barren)


async def test_a_robots_txt_is_asked_for_once_a_day(store: Store, frontier: SiteFrontier) -> None:
    run = await begin_run(store, SITE, frontier)
    frontier.hosts.rulebook.learn("gazette.example", read_rules("User-agent: *\nDisallow: /hidden/"), now())
    await end_run(store, run, frontier, "finished")
    following = fresh(store)
    await begin_run(store, SITE, following)
    assert following.hosts.turn(target("hidden/1"), inf) == Refusal(Result.FORBIDDEN, "robots.txt")


async def test_a_pause_that_outlasts_the_run_is_kept_by_the_next(store: Store, frontier: SiteFrontier) -> None:
    run = await begin_run(store, SITE, frontier)
    frontier.hosts.pause(3_600.0, 0.0)
    await end_run(store, run, frontier, "finished")
    for _ in range(2):  # and by the one after that
        following = fresh(store)
        run = await begin_run(store, SITE, following)
        assert (following.over.split(" ")[0], following.has_more) == ("deferred", False)
        await end_run(store, run, following, "finished")


async def test_what_a_host_outside_the_site_asks_for_is_kept_too_and_the_site_goes_on(store: Store, frontier: SiteFrontier) -> None:
    run = await begin_run(store, SITE, frontier)
    frontier.hosts.left = {"pictures.example": now() + timedelta(hours=1), "over.example": now() - timedelta(hours=1)}
    await end_run(store, run, frontier, "finished")
    following = fresh(store)
    await begin_run(store, SITE, following)
    assert (following.over, following.hosts.left.keys()) == ("", {"pictures.example"})
    assert isinstance(following.hosts.turn(target("https://pictures.example/a.png"), 0.0), Refusal)


async def test_one_that_is_over_is_forgotten(store: Store, frontier: SiteFrontier) -> None:
    await store.save_learned("gazette", '{"leave_until": "2026-05-01T08:00:00Z"}')
    await begin_run(store, SITE, frontier)
    assert (frontier.over, frontier.has_more) == ("", True)


async def test_the_delay_holds_from_one_run_to_the_next(store: Store) -> None:
    first = frontier_of(store, Pace(60.0, 1))
    run = await begin_run(store, SITE, first)
    await end_run(store, run, first, "limit")
    following = frontier_of(store, Pace(60.0, 1))
    await begin_run(store, SITE, following)
    assert 50.0 < following.pace.ready_at() - time.monotonic() <= 60.0


@pytest.mark.parametrize("text", ["{", "[]", '{"shape /": 1}', '{"robots": 3}', '{"leave_until": "soon"}', '{"left_hosts": {"a": "soon"}}'])
async def test_what_was_learned_and_can_not_be_read_is_learned_anew(store: Store, frontier: SiteFrontier, text: str) -> None:
    await store.save_learned("gazette", text)
    await begin_run(store, SITE, frontier)
    assert frontier.worth == Worth()


async def test_addresses_that_failed_make_a_run_that_is_not_whole(store: Store, frontier: SiteFrontier) -> None:
    frontier.over = "finished"
    frontier.counters.update({"new": 3, "failed": 2})
    ended = await end_run(store, Run(id="r", site="gazette", started=now()), frontier, "finished")
    with pytest.raises(PartialError, match=r"gazette: some failed \(addresses without an answer: 2\)"):
        check_whole([ended])


async def test_a_run_that_read_nothing_is_not_whole_either(store: Store, frontier: SiteFrontier) -> None:
    frontier.over = "finished"
    frontier.counters["other"] = 1
    ended = await end_run(store, Run(id="r", site="gazette", started=now()), frontier, "finished")
    with pytest.raises(PartialError, match="gazette: nothing read"):
        check_whole([ended])


def test_a_run_that_is_not_whole_is_an_error_that_names_site_and_reason() -> None:
    runs = [Run(id=site, site=site, started=now(), outcome=outcome) for site, outcome in (("a", "finished"), ("b", "limit"))]
    check_whole(runs)
    with pytest.raises(PartialError, match=r"c: shutdown\. .*run the same command again"):
        check_whole([*runs, Run(id="c", site="c", started=now(), outcome="shutdown")])
