"""What a frontier hands out by what pages were worth, by their age, and on a second visit."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from typing import Any

import pytest

from newscrawl.crawl.finding import FAR
from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.visit import Visit
from newscrawl.crawl.wishes import Wishes
from newscrawl.discover.worth import Worth, groups
from newscrawl.models import Kind, Result, Settlement, State, Target, now
from tests.crawl.frontiers import CLOCK, Refused, opened, settle, take, urls
from tests.crawl.visits import HOME, article, target
from tests.store.records import capture

SINCE = datetime(2026, 8, 1, tzinfo=UTC)


def settled(frontier: SiteFrontier, done: Target, result: Result = Result.OTHER, **other: Any) -> Worth:
    """What the frontier has learned once this first visit is settled."""
    frontier.settled(Settlement(replace(done, **{"state": State.DONE, "result": result, "visits": 1, **other.pop("then", {})}), **other))
    return frontier.worth


def barren(path: str, place: str = "", *, times: int = 1) -> Worth:
    """That pages like this led nowhere, and nothing else."""
    worth = Worth()
    for _ in range(times):
        worth.record(groups(HOME + path, place, HOME), news=False)
    return worth


def fruitful(path: str, place: str = "") -> Worth:
    worth = Worth()
    worth.record(groups(HOME + path, place, HOME), news=True)
    return worth


# how far back


async def test_what_was_published_too_early_is_refused(frontier: SiteFrontier, refused: Refused) -> None:
    frontier.wishes = Wishes(since=SINCE)
    old, new = target("old", listed="2026-07-31"), target("new", listed="2026-08-01")
    further = target("city?page=9", kind=Kind.LISTING, listed="2026-07-12T12:00:00+00:00", number=2)
    await opened(frontier, old, new, further, target("undated"))
    assert sorted(urls(frontier)) == [f"{HOME}new", f"{HOME}undated"]
    assert sorted(refused.targets) == [(url, Result.OLD, "before 2026-08-01") for url in sorted((old.url, further.url))]


async def test_without_a_bound_nothing_is_too_old(frontier: SiteFrontier, refused: Refused) -> None:
    await opened(frontier, target("old", listed="1996-07-31"))
    assert (urls(frontier), refused.targets) == ([f"{HOME}old"], [])


async def test_what_was_seen_before_is_looked_at_again_however_old(frontier: SiteFrontier) -> None:
    frontier.wishes = Wishes(since=SINCE)
    await opened(frontier, target("old", kind=Kind.ARTICLE, listed="2026-07-31", visits=1))
    assert urls(frontier) == [f"{HOME}old"]


# hunches


async def left_with(frontier: SiteFrontier, *hunches: Target) -> None:
    """Nothing but hunches is left to do."""
    await opened(frontier, target("news/1"), *hunches)
    first = take(frontier)
    assert first is not None
    await settle(frontier, first)
    await frontier.refill()


async def test_hunches_like_those_that_came_true_are_not_tried_one_by_one(frontier: SiteFrontier) -> None:
    for number in range(2):
        frontier.worth.record(groups(f"{HOME}tag/{number}", "div.tags", HOME), news=True)
    await opened(frontier, *(target(path, place="div.tags", priority=5) for path in ("tag/7", "tag/8", "about")))
    assert sorted(one.url for one in frontier.window) == [f"{HOME}tag/7", f"{HOME}tag/8"]
    assert [one.url for one in frontier.hunches] == [f"{HOME}about"]
    assert sorted(urls(frontier)) == [f"{HOME}tag/7", f"{HOME}tag/8"]  # about waits until both have shown what they lead to


async def test_while_the_store_is_asked_hunches_are_nothing_to_go_on_with(frontier: SiteFrontier) -> None:
    """Else Scrapy is woken in a loop until the store answers."""
    await left_with(frontier, target("sport/", place="ul.nav", priority=5))
    assert frontier.next_chance(next(CLOCK)) < inf
    asking = asyncio.ensure_future(frontier.refill())
    await asyncio.sleep(0)
    assert frontier.next_chance(next(CLOCK)) == inf
    await asking


async def test_hunches_that_are_refused_do_not_wait_for_each_other(frontier: SiteFrontier, refused: Refused) -> None:
    hunches = [target(f"about/{number}", place="ul.nav", priority=5) for number in range(3)]
    for _ in range(9):
        frontier.worth.record(groups(f"{HOME}about/1", "ul.nav", HOME), news=False)
    await left_with(frontier, *hunches)
    assert take(frontier) is None
    assert len(refused.targets) == 3


@pytest.mark.parametrize("left", [target("games", place="div.more"), target("rss", kind=Kind.FEED, place="guessed feed")])
async def test_when_all_hunches_have_led_nowhere_the_rest_is_left(frontier: SiteFrontier, refused: Refused, left: Target) -> None:
    for number in range(8):
        frontier.worth.record(groups(f"{HOME}page{'x' * number}", f"div.{'y' * number}", HOME), news=False)
    await opened(frontier, left)
    await frontier.refill()
    assert urls(frontier) == []
    assert refused.targets == [(left.url, Result.TRAP, "hunch")]


async def test_a_feed_that_is_named_is_read_whatever_guesses_were_worth(frontier: SiteFrontier) -> None:
    frontier.worth = barren("feed.xml", "guessed feed", times=9)
    await opened(frontier, target("feed.xml", kind=Kind.FEED), target("news.xml", kind=Kind.SITEMAP))
    assert sorted(urls(frontier)) == [f"{HOME}feed.xml", f"{HOME}news.xml"]


async def test_what_brought_something_before_is_no_trap(frontier: SiteFrontier) -> None:
    frontier.worth = barren("city/1", times=9)
    await opened(frontier, target("city/1", kind=Kind.LISTING, visits=1), target("city/2", kind=Kind.LISTING))
    assert urls(frontier) == [f"{HOME}city/1"]


# what a visit was worth


def test_a_page_without_news_counts_against_its_like(frontier: SiteFrontier) -> None:
    assert settled(frontier, target("tag/1", place="div.tags"), Result.OTHER) == barren("tag/1", "div.tags")


@pytest.mark.parametrize(
    ("result", "found"),
    [(Result.ARTICLE, ()), (Result.LISTING, (target("a"),)), (Result.OTHER, (target("a"), target("b")))],
)
def test_an_article_or_a_headline_that_is_new_counts_for_it(frontier: SiteFrontier, result: Result, found: tuple[Target, ...]) -> None:
    assert settled(frontier, target("tag/1"), result, found=found) == fruitful("tag/1")


@pytest.mark.parametrize(
    "other",
    [
        {"place": "ul.nav"},
        {"state": State.SKIPPED, "result": Result.TOO_DEEP},
        {"kind": Kind.PART, "number": 2},
    ],
)
def test_what_may_be_nothing_does_not(frontier: SiteFrontier, other: dict[str, Any]) -> None:
    assert settled(frontier, target("tag/1"), Result.LISTING, found=(target("a", **other),)) == barren("tag/1")


def test_nor_do_links_that_lead_where_nothing_has_been(frontier: SiteFrontier) -> None:
    """A calendar leads to its next month, and that to its next."""
    frontier.worth = barren("calendar/1", times=3)
    assert settled(frontier, target("months/1"), Result.LISTING, found=(target("calendar/4"),)).left(("shape /months/*",)) == ""
    assert frontier.worth.promise(("shape /months/*",)) == 0.5
    settled(frontier, target("months/2"), Result.LISTING, found=(target("calendar/5"), target("news/5")))
    assert frontier.worth.promise(("shape /months/*",)) == pytest.approx(2 / 3)


def test_a_sitemap_that_was_guessed_was_worth_it_if_it_names_anything(frontier: SiteFrontier) -> None:
    guess = target("sitemap.xml", kind=Kind.SITEMAP, place="guessed sitemap")
    named = target("a", place="sitemap /sitemap.xml")
    assert settled(frontier, guess, Result.LISTING, found=(named,)) == fruitful("sitemap.xml", "guessed sitemap")


@pytest.mark.parametrize(
    ("result", "state"), [(Result.MISSING, State.DONE), (Result.BUSY, State.FAILED), (Result.UNREACHABLE, State.FAILED)]
)
def test_a_guess_that_led_nowhere_counts_however_that_was_said(frontier: SiteFrontier, result: Result, state: State) -> None:
    guess = target("rss", kind=Kind.FEED, place="guessed feed")
    assert settled(frontier, guess, result, then={"state": state, "visits": 0}) == barren("rss", "guessed feed")


@pytest.mark.parametrize("result", [Result.BUSY, Result.UNREACHABLE, Result.REFUSED, Result.TRAP, Result.OLD, Result.FORBIDDEN])
def test_what_tells_nothing_of_the_page_counts_neither_way(frontier: SiteFrontier, result: Result) -> None:
    assert settled(frontier, target("tag/1"), result, then={"state": State.FAILED, "visits": 0}) == Worth()


@pytest.mark.parametrize(("result", "visits"), [(Result.REDIRECT, 0), (Result.VARIANT, 1)])
def test_a_redirect_is_worth_what_it_leads_to(frontier: SiteFrontier, result: Result, visits: int) -> None:
    then = {"visits": visits}
    assert settled(frontier, target("go/1"), result, found=(target("a", hops=1),), then=then) == Worth()
    assert settled(frontier, target("go/2"), result, then=then) == barren("go/2")  # to what is known


def test_a_second_look_does_not_count(frontier: SiteFrontier) -> None:
    """Most second looks find nothing new; that is no reason to leave what is found there for the first time."""
    for number in range(9):
        settled(frontier, target(f"news/{number}", kind=Kind.ARTICLE), Result.UNCHANGED, then={"visits": 2})
        settled(frontier, target(f"city/{number}", kind=Kind.LISTING), Result.LISTING, then={"visits": 2})
    assert frontier.worth == Worth()


def test_links_of_a_variant_of_what_is_known_are_no_news(frontier: SiteFrontier) -> None:
    assert settled(frontier, target("print/1"), Result.VARIANT, found=(target("a"),)) == barren("print/1")


@pytest.mark.parametrize("kind", [Kind.SEED, Kind.ROBOTS, Kind.PART, Kind.FEED, Kind.SITEMAP])
def test_what_was_named_as_what_it_is_does_not_either(frontier: SiteFrontier, kind: Kind) -> None:
    assert settled(frontier, target("x/1", kind=kind), Result.OTHER) == Worth()


# second visits


async def test_what_was_revived_is_handed_out_in_this_very_run(frontier: SiteFrontier) -> None:
    done = target("city?page=2", kind=Kind.LISTING, state=State.DONE, result=Result.LISTING, visits=1)
    await opened(frontier, target("a", kind=Kind.LISTING), done, target("b"))
    one, other = take(frontier), take(frontier)
    assert one
    assert other
    await frontier.refill()
    await settle(frontier, replace(one, visited=now()), Result.LISTING, revived=(done.id,))
    assert frontier.wants_refill
    await frontier.refill()
    assert urls(frontier) == [done.url]


async def test_what_is_settled_teaches_whether_validators_can_be_believed(frontier: SiteFrontier) -> None:
    known = target("city", kind=Kind.LISTING, visits=1, digest="a", etag="1")
    await opened(frontier, known)
    assert urls(frontier) == [known.url]
    await settle(frontier, replace(known, visits=2, digest="b"), Result.LISTING)
    assert frontier.validators.records["etag listing"].lied == 1


def test_second_looks_count_as_changed_or_unchanged_not_as_new(frontier: SiteFrontier) -> None:
    settled(frontier, target("a", kind=Kind.ARTICLE), Result.UNCHANGED, then={"visits": 2}, article=article("a"))
    settled(frontier, target("b", kind=Kind.ARTICLE), Result.MISSING, then={"visits": 1}, article=article("b"))
    assert frontier.counters == {"unchanged": 1, "missing": 1}


@pytest.mark.parametrize("headlines", [(f"{HOME}news/1", f"{HOME}news/2"), ()])
async def test_a_further_page_is_worth_what_no_listing_has_shown(frontier: SiteFrontier, headlines: tuple[str, ...]) -> None:
    """A sitemap may have told all of it; and a pager without an end links to ever new pages of the same."""
    page = target("city?page=2", kind=Kind.LISTING, number=2)
    worth = turned(frontier, page, headlines)
    assert worth == (fruitful("city?page=2") if headlines else barren("city?page=2"))
    assert not frontier.lists.taken(page)


def turned(frontier: SiteFrontier, page: Target, headlines: tuple[str, ...], **other: Any) -> Worth:
    """What the frontier has learned once this further page was read, which shows these headlines, and settled."""
    frontier.heard(page, Visit(page, Result.LISTING, headlines=headlines), next(CLOCK))
    following = target("city?page=3", kind=Kind.LISTING, number=3)
    return settled(frontier, page, Result.LISTING, found=(following,), **other)


def test_headlines_like_those_that_led_nowhere_are_nothing_new(frontier: SiteFrontier) -> None:
    frontier.worth = barren("news/1", times=3)
    before = frontier.worth.promise(groups(f"{HOME}city?page=2", "", HOME))
    turned(frontier, target("city?page=2", kind=Kind.LISTING, number=2), (f"{HOME}news/9",))
    assert frontier.worth.promise(groups(f"{HOME}city?page=2", "", HOME)) < before


# what waits until all else has shown what it led to


@pytest.mark.parametrize("proven", [True, False])
async def test_pages_on_a_host_that_has_brought_nothing_yet_are_tried_one_by_one(frontier: SiteFrontier, *, proven: bool) -> None:
    """Most are the site once more, for other screens."""
    if proven:
        frontier.worth.record(("host m.gazette.example",), news=True)
    await opened(frontier, target("news/1"), *(target(f"https://m.gazette.example/{number}") for number in range(2)))
    assert len(frontier.window) == (3 if proven else 1)
    assert len(frontier.hunches) == (0 if proven else 2)


async def test_what_was_seen_there_before_is_not_nor_what_is_named_as_what_it_is(frontier: SiteFrontier) -> None:
    await opened(frontier, target("https://m.gazette.example/1", visits=1), target("https://m.gazette.example/", kind=Kind.SEED))
    assert len(frontier.window) == 2


async def test_far_pages_of_a_list_wait_for_what_it_led_to(frontier: SiteFrontier) -> None:
    further = target("city?page=21", kind=Kind.LISTING, number=21, priority=FAR)
    await opened(frontier, further, target("news/1"))
    first = take(frontier)
    assert first is not None
    assert first.url == f"{HOME}news/1"
    assert take(frontier) is None
    await settle(frontier, first)
    await frontier.refill()
    assert urls(frontier) == [further.url]


async def test_a_pager_whose_headlines_led_nowhere_is_left(frontier: SiteFrontier, refused: Refused) -> None:
    """Whatever their addresses look like: of twelve shapes, none has led nowhere three times."""
    page = target("city?page=2", kind=Kind.LISTING, number=2)
    turned(frontier, page, ("x",))
    for number in range(8):
        settled(frontier, target(f"{'abcdefghijkl'[number]}-story", found_on=page.id))
    await opened(frontier, target("city?page=3", kind=Kind.LISTING, number=3))
    assert urls(frontier) == []
    assert refused.targets == [(f"{HOME}city?page=3", Result.TRAP, "pager /city?page=0")]


async def test_one_that_led_to_articles_is_given_more_time(frontier: SiteFrontier) -> None:
    page = target("city?page=2", kind=Kind.LISTING, number=2)
    turned(frontier, page, ("x",))
    settled(frontier, target("story", found_on=page.id), Result.ARTICLE)
    for number in range(19):
        settled(frontier, target(f"{chr(97 + number)}-story", found_on=page.id))
    await opened(frontier, target("city?page=3", kind=Kind.LISTING, number=3))
    assert urls(frontier) == [f"{HOME}city?page=3"]


async def test_a_list_whose_articles_are_too_old_is_followed_no_further(frontier: SiteFrontier, refused: Refused) -> None:
    """The date that tells is kept for the next visit."""
    frontier.wishes = Wishes(since=SINCE)
    days = ("2026-07-10T12:00:00+00:00", "2026-07-20T12:00:00+00:00", "2026-08-02T12:00:00+00:00")
    for number, day in enumerate(days):
        asked = target(f"news/{number}", found_on="page 1", listed=day)
        frontier.settled(Settlement(replace(asked, state=State.SKIPPED, result=Result.OLD, visits=1), capture=capture()))
    await opened(frontier, *(target(f"city?page={page}", kind=Kind.LISTING, number=2, found_on=f"page {page}") for page in (1, 2)))
    assert urls(frontier) == [f"{HOME}city?page=2"]
    assert refused.targets == [(f"{HOME}city?page=1", Result.OLD, "before 2026-08-01")]
    assert frontier.out[target("city?page=1").id].listed == days[1]
