"""`--since`: how far a crawl walks back, and what a later one without it fetches."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from newscrawl.models import Result, State
from tests.crawl.crawls import NEWSCRAWL, SCRAPY, Place, Ran
from tests.crawl.pages import headline, publish, story

# Four pages of a listing, newest first: name and day of each story.
SHEETS = (
    {"Aal": "2026-08-09", "Bern": "2026-08-05", "Cork": "2026-08-02"},
    {"Delft": "2026-07-30", "Eden": "2026-07-21", "Faro": "2026-07-09"},
    {"Gent": "2026-06-30", "Hull": "2026-06-20", "Ivry": "2026-06-10"},
    {"Jena": "2026-05-30", "Kiel": "2026-05-20", "Lund": "2026-05-10"},
)
DAYS = {name: day for sheet in SHEETS for name, day in sheet.items()}
# What has come six weeks later, and has pushed all the rest two pages further.
LATER = (
    {"Nizza": "2026-09-20", "Oslo": "2026-09-19", "Porto": "2026-09-18"},
    {"Quito": "2026-09-17", "Riga": "2026-09-16", "Split": "2026-09-15"},
)
Sheets = Sequence[Mapping[str, str]]


def sheet(number: int, sheets: Sheets = SHEETS) -> Page:
    rows = "".join(f'<li><a href="/news/{name}">{headline(name)}</a> <span>{day}</span></li>' for name, day in sheets[number - 1].items())
    more = f'<a href="/?page={number + 1}">{number + 1}</a>' if number < len(sheets) else ""
    return Page(f"<html><head><title>Gazette</title></head><body><ul>{rows}</ul>{more}</body></html>".encode())


def undated(pages: Mapping[str, Page]) -> dict[str, Page]:
    """The same site, whose lists show no dates."""
    return {path: replace(page, body=re.sub(rb"<span>.*?</span>", b"", page.body)) for path, page in pages.items()}


def site(origin: str, sheets: Sheets = SHEETS) -> dict[str, Page]:
    days = {name: day for sheet in sheets for name, day in sheet.items()}
    stories = {f"/news/{name}": story(name, published=f"{day}T10:00:00Z") for name, day in days.items()}
    return {
        "/robots.txt": Page(f"Sitemap: {origin}/sitemap.xml\n".encode(), "text/plain"),
        "/sitemap.xml": Page(f"<urlset><url><loc>{origin}/old/Metz</loc><lastmod>2026-04-01</lastmod></url></urlset>".encode(), "text/xml"),
        "/old/Metz": story("Metz", published="2026-04-01T10:00:00Z"),
        **stories,
        "/": sheet(1, sheets),
        **{f"/?page={number}": sheet(number, sheets) for number in range(2, len(sheets) + 1)},
    }


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        publish(served, site(served.origins[0]))
        yield served


def crawl(place: Place, server: Server, *, since: str = "", program: tuple[str, ...] = SCRAPY) -> Ran:
    server.requests.clear()
    arguments = ["-a", f"url={server.origins[0]}"] if program is SCRAPY else [server.origins[0]]
    bound = [f"since={since}"] if program is SCRAPY else [since]
    ran = place.crawl(*arguments, *(["-a" if program is SCRAPY else "--since", *bound] if since else []), program=program)
    assert ran.code == 0, ran.stderr
    return ran


def asked(server: Server) -> set[str]:
    return {exchange.target for exchange in server.requests}


def kept(place: Place) -> set[str]:
    return {article.url.rpartition("/")[2] for article in place.holding().articles}


def from_(day: str) -> set[str]:
    return {name for name, shown in DAYS.items() if shown >= day}


@pytest.mark.parametrize("program", [SCRAPY, NEWSCRAWL], ids=["scrapy", "newscrawl"])
@pytest.mark.parametrize(("since", "day"), [("2026-08", "2026-08-01"), ("2026-07-21", "2026-07-21")])
def test_nothing_older_is_fetched(server: Server, place: Place, program: tuple[str, ...], since: str, day: str) -> None:
    crawl(place, server, since=since, program=program)
    assert kept(place) == from_(day)
    assert {target for target in asked(server) if target.startswith(("/news/", "/old/"))} == {f"/news/{name}" for name in from_(day)}
    assert place.holding().runs[0].outcome == "finished"


@pytest.mark.parametrize(("since", "last"), [("2026-08", 2), ("2026-07-21", 3), ("2026-05", 4), ("2026-08-06", 1)])
def test_no_further_pages_are_walked_than_hold_something_new_enough(server: Server, place: Place, since: str, last: int) -> None:
    """One more than that: what is behind a page is no newer than most of what it lists."""
    crawl(place, server, since=since)
    assert {target for target in asked(server) if "page" in target} == {f"/?page={number}" for number in range(2, last + 1)}


def test_what_was_left_says_why(server: Server, place: Place) -> None:
    crawl(place, server, since="2026-08")
    left = {url: answered for url, answered in place.frontier().items() if answered.result is Result.OLD}
    assert server.origins[0] + "/?page=3" in left
    assert server.origins[0] + "/old/Metz" in left
    assert {(answered.state, answered.detail) for answered in left.values()} == {(State.SKIPPED, "before 2026-08-01")}


def test_a_later_crawl_without_it_fetches_the_rest_and_nothing_twice(server: Server, place: Place) -> None:
    crawl(place, server, since="2026-08")
    first = asked(server)
    crawl(place, server)
    assert kept(place) == {*DAYS, "Metz"}
    assert {target for target in asked(server) & first if target.startswith("/news/")} == set()


def test_a_later_one_with_an_earlier_bound_fetches_up_to_that(server: Server, place: Place) -> None:
    crawl(place, server, since="2026-08")
    crawl(place, server, since="2026-07")
    assert kept(place) == from_("2026-07-01")


def test_the_same_again_fetches_nothing_more(server: Server, place: Place) -> None:
    crawl(place, server, since="2026-08")
    crawl(place, server, since="2026-08")
    assert asked(server) == {"/"}


# lists without dates


def test_where_no_dates_are_shown_those_of_the_articles_bound_the_walk(server: Server, place: Place) -> None:
    """Page 2 holds nothing new enough any more, which only its articles can tell."""
    publish(server, undated(site(server.origins[0])))
    crawl(place, server, since="2026-08")
    assert kept(place) == from_("2026-08-01")
    assert {target for target in asked(server) if "page" in target} == {"/?page=2"}
    assert place.holding().runs[0].outcome == "finished"


def test_what_proved_older_is_told_and_not_asked_for_again_with_the_same_bound(server: Server, place: Place) -> None:
    publish(server, undated(site(server.origins[0])))
    crawl(place, server, since="2026-08")
    answered = place.frontier()[server.origins[0] + "/news/Delft"]
    assert (answered.state, answered.result, answered.detail) == (State.SKIPPED, Result.OLD, "published 2026-07-30")
    crawl(place, server, since="2026-08")
    assert not {target for target in asked(server) if "page" in target or target.startswith("/news/")} - {
        f"/news/{name}" for name in from_("2026-08-01")
    }


def test_and_is_fetched_once_more_and_kept_without_it(server: Server, place: Place) -> None:
    publish(server, undated(site(server.origins[0])))
    crawl(place, server, since="2026-08")
    crawl(place, server)
    assert kept(place) == {*DAYS, "Metz"}


# a bound that moves


@pytest.mark.parametrize("shown", [dict, undated], ids=["dated", "undated"])
def test_a_later_bound_is_not_held_against_what_a_page_shows_by_now(
    server: Server, place: Place, shown: Callable[[Mapping[str, Page]], dict[str, Page]]
) -> None:
    """Page 2 was too old when it was first seen, page 1 showing it."""
    publish(server, shown(site(server.origins[0], SHEETS[1:])))
    crawl(place, server, since="2026-08")
    assert kept(place) == set()
    publish(server, shown(site(server.origins[0], (*LATER, *SHEETS))))
    crawl(place, server, since="2026-09")
    assert kept(place) == {name for page in LATER for name in page}
