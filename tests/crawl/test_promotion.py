"""What turns up again, where more can be told of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from newscrawl.crawl.finding import HUNCH
from newscrawl.crawl.promotion import promoted
from newscrawl.crawl.settling import Settler
from newscrawl.crawl.visit import Visit
from newscrawl.models import Kind, Result, State, Target, now
from newscrawl.store.protocol import Store
from tests.crawl.visits import HOME, target, visit

HEADLINE = "Ferry stays in harbour for a third day"
PICTURE = target("news/1", place="div.pictures", priority=HUNCH, depth=3, found_on="a")
FOUND = target("news/1", priority=2, depth=1, found_on="b", link_text=HEADLINE, listed="2026-08-01")
LEFT = {"state": State.SKIPPED, "again": now() + timedelta(days=7)}
FURTHER = target("city?page=2", kind=Kind.LISTING, number=2, listed="2026-07-01T12:00:00+00:00")


def better(known: Target, found: Target = FOUND, *, renewed: bool = False) -> Target | None:
    return promoted(known, found, renewed=renewed)


def test_a_hunch_that_turns_up_as_a_headline_is_one_and_keeps_its_turn():
    made = better(replace(PICTURE, tries=2, due=now() + timedelta(hours=1), result=Result.BUSY, detail="503"))
    assert made == replace(FOUND, tries=2, due=made.due, result=Result.BUSY, detail="503")
    assert made.due > now()


@pytest.mark.parametrize("result", [Result.TRAP, Result.OLD])
def test_one_that_was_left_is_due(result):
    made = better(replace(PICTURE, result=result, detail="place div.pictures", **LEFT))
    assert made == replace(FOUND, due=made.due)
    assert (made.due, made.state, made.result, made.detail, made.again) == (FOUND.due, State.DUE, Result.NONE, "", None)


@pytest.mark.parametrize("result", [Result.FORBIDDEN, Result.BAD_ADDRESS])
def test_what_may_not_be_asked_for_stays_so(result):
    made = better(replace(PICTURE, result=result, **LEFT))
    assert (made.state, made.result, made.place) == (State.SKIPPED, result, "")


def test_what_was_too_deep_and_is_nearer_is_due():
    assert better(replace(FOUND, depth=21, result=Result.TOO_DEEP, **LEFT)) == FOUND


@pytest.mark.parametrize("found", [replace(FOUND, place="div.side"), replace(FOUND, state=State.SKIPPED, result=Result.TOO_DEEP)])
def test_what_is_no_better_tells_nothing(found):
    assert better(PICTURE, found) is None


def test_a_headline_that_is_one_already_is_left_as_it_is():
    assert better(replace(FOUND, listed="")) is None
    assert better(replace(FOUND, result=Result.TRAP, **LEFT)) is None


def test_a_further_page_takes_the_date_that_the_page_before_it_shows_now():
    later = replace(FURTHER, listed="2026-08-01T12:00:00+00:00")
    assert better(FURTHER, later) == later
    assert better(replace(FURTHER, result=Result.OLD, **LEFT), later) == later
    assert better(FURTHER, FURTHER) is None


@pytest.mark.parametrize("renewed", [True, False])
def test_one_that_shows_none_says_nothing_unless_the_list_is_new(*, renewed):
    made = better(FURTHER, replace(FURTHER, listed=""), renewed=renewed)
    assert made == (replace(FURTHER, listed="") if renewed else None)


SHOWN = replace(PICTURE, kind=Kind.IMAGE, place="", parent=HOME)


@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.LISTING])
@pytest.mark.parametrize("known", [SHOWN, replace(SHOWN, state=State.DONE, result=Result.NOT_IMAGE, detail="begins with b'<!doctype'")])
def test_what_was_shown_as_a_picture_and_is_linked_to_is_a_page(known, kind):
    found = replace(FOUND, kind=kind)
    assert better(known, found) == found


def test_no_page_becomes_a_picture():
    assert better(PICTURE, SHOWN) is None
    assert better(replace(FOUND, depth=21, result=Result.TOO_DEEP, **LEFT), SHOWN) is None


# in a batch


async def settled(store: Store, *visits: Visit, settler: Settler | None = None) -> None:
    """As the committer does it."""
    done = await (settler or Settler(store, timedelta())).settlements(visits)
    await store.settle([*(replace(done[0], target=one, found=(), capture=None) for made in visits for one in made.promoted), *done])


async def waiting(store: Store) -> dict[str, Target]:
    return {found.url.removeprefix(HOME): found for found in await store.due_targets("gazette", now() + timedelta(days=1), 99)}


def showing(path: str, *found: Target, **other: Any) -> Visit:
    return visit(path, result=Result.LISTING, found=found, **other)


async def test_it_takes_the_place_of_what_the_frontier_has(store: Store) -> None:
    await store.add_targets([PICTURE])
    await settled(store, showing("city", FOUND, target("news/2")))
    assert (await waiting(store))["news/1"] == replace(FOUND, due=PICTURE.due)
    assert "news/2" in await waiting(store)


async def test_also_if_both_are_found_in_one_batch(store: Store) -> None:
    await settled(store, showing("city", PICTURE), showing("sport", FOUND))
    assert (await waiting(store))["news/1"].place == ""


async def test_what_is_visited_in_that_batch_is_visited(store: Store) -> None:
    await store.add_targets([PICTURE])
    await settled(store, showing("city", FOUND), visit("news/1"))
    assert await waiting(store) == {}


async def test_a_refusal_that_knew_no_better_is_taken_back(store: Store) -> None:
    """It was decided on before, or while, the page was read that shows the headline."""
    await store.add_targets([PICTURE])
    settler = Settler(store, timedelta())
    await settled(store, showing("city", FOUND), settler=settler)
    await settled(store, Visit(PICTURE, Result.TRAP, "place div.pictures"), settler=settler)
    assert (await waiting(store))["news/1"].place == ""
    await settled(store, Visit(replace(FOUND, due=PICTURE.due), Result.TRAP, "shape /news/*"), settler=settler)
    assert await waiting(store) == {}  # this one knew


async def test_a_batch_that_the_store_refused_promotes_the_second_time_too(store: Store) -> None:
    await store.add_targets([PICTURE])
    again = showing("city", FOUND)
    await Settler(store, timedelta()).settlements([again])
    await settled(store, again)
    assert (await waiting(store))["news/1"].place == ""


@pytest.mark.parametrize("result", [Result.NONE, Result.NOT_IMAGE])
async def test_a_page_takes_its_place_from_a_picture(store: Store, result: Result) -> None:
    await store.add_targets([replace(SHOWN, state=State.DONE if result else State.DUE, result=result)])
    await settled(store, showing("city", FOUND))
    assert (await waiting(store))["news/1"] == FOUND


async def test_also_if_both_are_new_in_one_batch_either_way(store: Store) -> None:
    await settled(store, showing("a", SHOWN), showing("city", FOUND))
    assert (await waiting(store))["news/1"].kind is Kind.PAGE
    other, linked = (replace(one, id=target("news/2").id, url=f"{HOME}news/2") for one in (SHOWN, FOUND))
    await settled(store, showing("city", linked), showing("b", other))
    assert (await waiting(store))["news/2"].kind is Kind.PAGE


async def test_and_a_link_that_is_no_headline_does_so_in_the_run_that_found_both(store: Store) -> None:
    settler, hunch = Settler(store, timedelta()), replace(FOUND, place="div.more", priority=HUNCH)
    await settled(store, showing("a", SHOWN), settler=settler)
    await settled(store, showing("city", hunch), settler=settler)
    assert (await waiting(store))["news/1"] == hunch


async def test_what_is_a_picture_after_all_stays_one(store: Store) -> None:
    await store.add_targets([replace(SHOWN, state=State.DONE, result=Result.IMAGE, visits=1)])
    await settled(store, showing("city", FOUND))
    assert await waiting(store) == {}


async def test_a_picture_that_was_under_way_does_not_take_the_page_back(store: Store) -> None:
    await store.add_targets([SHOWN])
    settler = Settler(store, timedelta())
    await settled(store, showing("city", FOUND), settler=settler)
    await settled(store, replace(visit("news/1", result=Result.NOT_IMAGE), target=SHOWN, capture=None), settler=settler)
    assert (await waiting(store))["news/1"].kind is Kind.PAGE
