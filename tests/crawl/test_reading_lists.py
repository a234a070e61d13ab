"""What a listing tells on a second visit, and how old it is."""

import pytest

from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result
from tests.crawl.readings import BODY, GAZETTE, HOME, page_read, reader_of
from tests.exchanges import AT


def ids(*paths: str) -> tuple[str, ...]:
    return tuple(target_id("gazette.example", HOME + path) for path in paths)


# lists on listings


def rows(*names: str, place: str = "list") -> str:
    return (
        f'<ul class="{place}">'
        + "".join(f'<li><a href="/{name}">Timber burns at the old river port: {name}</a>' for name in names)
        + "</ul>"
    )


TURNS = '<a href="/city?page=2">2</a>'


def test_a_listing_seen_before_tells_its_lists_and_its_further_pages():
    html = rows("a", "b", "c") + rows("d", "e", place="side") + rows("f", "g", "h", "i", place="more") + TURNS
    visit = page_read("city", html, target={"kind": Kind.LISTING, "visits": 1})
    assert visit.lists == (ids("a", "b", "c"), ids("f", "g", "h", "i"))  # two make no list
    assert visit.onward == ids("city?page=2")


def test_one_seen_for_the_first_time_does_not_for_all_behind_it_is_new():
    visit = page_read("city", rows("a", "b", "c") + TURNS, target={"kind": Kind.LISTING})
    assert (visit.lists, visit.onward) == ((), ())


# since


DATED = "".join(f'<li><a href="/{day}">Timber burns at the old river port: {day}</a> <span>2026-07-{day}</span>' for day in range(10, 15))


def test_the_further_pages_of_a_listing_are_as_old_as_what_it_lists():
    since = AT.replace(month=7, day=12)
    visit = page_read("city", f"<ul>{DATED}</ul>{TURNS}", reader=reader_of(GAZETTE, since=since), target={"kind": Kind.LISTING})
    (further,) = [target for target in visit.found if target.kind is Kind.LISTING]
    assert further.listed.startswith("2026-07-12")


@pytest.mark.parametrize("html", [rows("a", "b", "c"), DATED.partition("12")[0]])
def test_unless_it_shows_too_few_dates(html):
    visit = page_read("city", html + TURNS, reader=reader_of(GAZETTE, since=AT), target={"kind": Kind.LISTING})
    assert {target.listed for target in visit.found if target.kind is Kind.LISTING} == {""}


def test_the_age_of_a_listing_does_not_make_it_an_article():
    """Page 2 of a listing that has more to say than to list."""
    headline = "All that happened in the lower town this week"
    html = f"<title>{headline}</title><h1>{headline}</h1>{BODY}{rows('a', 'b', 'c')}"
    target = {"kind": Kind.LISTING, "number": 2}
    assert page_read("city?page=2", html, target=target).result is Result.LISTING
    assert page_read("city?page=2", html, target={**target, "listed": "2026-07-12T12:00:00+00:00"}).result is Result.LISTING


def test_a_listing_shows_what_no_listing_of_this_run_has_shown():
    reader = reader_of(GAZETTE)
    first = page_read("city", rows("a", "b", "c"), reader=reader, target={"kind": Kind.LISTING})
    same = page_read("city?page=2", rows("a", "b", "c"), reader=reader, target={"kind": Kind.LISTING, "number": 2})
    more = page_read("city?page=3", rows("b", "c", "d"), reader=reader, target={"kind": Kind.LISTING, "number": 2})
    assert [bool(visit.headlines) for visit in (first, same, more)] == [True, False, True]
