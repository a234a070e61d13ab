"""When an address is looked at again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.revisits import DEEP, LONGEST, SHORTEST, next_look
from newscrawl.models import Kind, Result, Target
from tests.crawl.visits import target

AT = datetime(2026, 8, 1, 12, tzinfo=UTC)
REVIEW = timedelta(days=21)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LISTS = [Kind.LISTING, Kind.FEED, Kind.SITEMAP]
lists = pytest.mark.parametrize("kind", LISTS)


def pause(seen: Target, *, news: bool = False, published: datetime | None = None) -> timedelta | None:
    """Between the visit and the next."""
    again = next_look(seen, at=AT, news=news, published=published, review=REVIEW)
    return None if again is None else again - AT


def lister(kind: Kind = Kind.LISTING, *, waited: timedelta | None = None, **other: object) -> Target:
    """What lists articles, looked at `waited` ago for the second time or more; None: for the first time."""
    seen = target("city", kind=kind, result=Result.LISTING, depth=1, **other)
    return seen if waited is None else replace(seen, visited=AT - waited, again=AT, visits=1)


def story(*, age: timedelta | None = None, visits: int = 1, **other: object) -> timedelta | None:
    """The pause after a visit to an article of this age."""
    seen = target("story", **{"kind": Kind.ARTICLE, "result": Result.ARTICLE, "visits": visits, **other})
    return pause(seen, published=None if age is None else AT - age)


# what lists articles


@pytest.mark.parametrize(("place", "expected"), [("div.top ul.nav", DAY), ("div.side ul.more", None)])
def test_a_section_that_lists_too_little_is_looked_at_again_in_a_day(place, expected):
    assert pause(target("ferries", kind=Kind.PAGE, result=Result.OTHER, place=place)) == expected


@lists
@pytest.mark.parametrize("news", [False, True])
def test_what_lists_articles_is_looked_at_again_in_an_hour(kind, *, news):
    assert pause(lister(kind), news=news) == HOUR


def test_where_the_front_page_once_led_is_part_of_the_visits_it_still_leads_there():
    """Some lead to a new address each day, and the old ones would be listings for ever."""
    edition = target("2026-08-01/", kind=Kind.LISTING, result=Result.LISTING)
    assert pause(edition, news=True) is None
    assert pause(replace(edition, number=2)) == DEEP


def test_a_sitemap_whose_index_tells_when_it_changes_is_looked_at_once_a_week_without_that():
    assert pause(lister(Kind.SITEMAP, listed="2026-08-01"), news=True) == timedelta(days=7)
    assert pause(lister(Kind.LISTING, listed="2026-08-01")) == HOUR


@lists
def test_then_twice_as_soon_after_news_and_twice_as_late_after_none(kind):
    assert pause(lister(kind, waited=2 * HOUR), news=True) == HOUR
    assert pause(lister(kind, waited=2 * HOUR), news=False) == 4 * HOUR


def test_no_sooner_than_in_ten_minutes_and_no_later_than_in_a_day():
    assert pause(lister(waited=timedelta(minutes=11)), news=True) == timedelta(minutes=10)
    assert pause(lister(waited=20 * HOUR), news=False) == DAY


def test_not_modified_is_no_reason_to_give_a_listing_up():
    assert pause(replace(lister(waited=HOUR), result=Result.UNCHANGED)) == 2 * HOUR


def test_the_time_that_was_kept_counts_not_the_time_that_passed():
    """A site that is visited once a day is not looked at ever more rarely for that."""
    seen = target("city", kind=Kind.LISTING, result=Result.LISTING, depth=1, visits=1, visited=AT - 5 * DAY, again=AT - 5 * DAY + HOUR)
    assert pause(seen, news=False) == 2 * HOUR


@lists
@pytest.mark.parametrize("other", [{"number": 2}, {"result": Result.MISSING, "place": "guessed feed"}])
def test_further_pages_and_guesses_that_missed_are_looked_at_once_a_month(kind, other):
    assert pause(replace(lister(kind, waited=HOUR), **other), news=True) == DEEP == 30 * DAY


@pytest.mark.parametrize("result", [Result.OTHER, Result.MISSING, Result.REDIRECT, Result.REFUSED])
def test_a_listing_that_has_a_bad_day_is_not_given_up(result):
    assert pause(replace(lister(waited=HOUR), result=result)) == 2 * HOUR


@pytest.mark.parametrize("result", [Result.MISSING, Result.REFUSED, Result.BLOCKED, Result.UNREACHABLE])
def test_what_could_not_be_had_is_asked_for_by_the_next_visit_and_then_once_a_week(result):
    lost = target("story", kind=Kind.PAGE, result=result)
    assert pause(lost) == timedelta(0)
    assert pause(replace(lost, again=AT)) == 7 * DAY


@pytest.mark.parametrize("result", [Result.TRAP, Result.FORBIDDEN])
def test_what_was_left_is_thought_of_again_in_a_week(result):
    assert pause(target("story", kind=Kind.PAGE, result=result, place="div.side")) == 7 * DAY


def test_a_listing_that_was_empty_and_no_longer_is_is_one_again():
    assert pause(lister(waited=DEEP)) == DAY


# articles


def test_an_article_is_looked_at_again_by_the_next_visit():
    assert story(visits=0, age=3 * HOUR) == timedelta(0)


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(0), HOUR), (timedelta(minutes=30), HOUR), (8 * HOUR, 4 * HOUR), (10 * DAY, 5 * DAY), (21 * DAY, 10.5 * DAY)],
)
def test_then_after_half_its_age(age, expected):
    assert story(age=age) == expected


@pytest.mark.parametrize("visits", [0, 1])
@pytest.mark.parametrize("age", [21 * DAY + timedelta(seconds=1), 4_000 * DAY])
def test_and_an_old_one_when_it_is_twice_as_old(visits, age):
    assert story(age=age, visits=visits) == age


@pytest.mark.parametrize("age", [timedelta(0), HOUR, 4_000 * DAY])
def test_none_is_where_that_is_not_wanted(age):
    seen = target("story", kind=Kind.ARTICLE, result=Result.ARTICLE)
    assert next_look(seen, at=AT, news=False, published=AT - age, review=timedelta(0)) is None


def test_the_looks_of_ten_years_are_few():
    age, looks = timedelta(0), 0
    while age < 3_650 * DAY:
        age += story(age=age)
        looks += 1
    assert looks < 35


@pytest.mark.parametrize("result", [Result.ARTICLE, Result.UNCHANGED, Result.MISSING])
def test_whether_it_changed_or_not_or_is_gone(result):
    assert story(age=8 * HOUR, result=result) == 4 * HOUR


@pytest.mark.parametrize("result", [Result.SAME_CONTENT, Result.VARIANT, Result.REDIRECT, Result.OTHER])
def test_but_no_other_address_of_it_and_nothing_that_is_none(result):
    assert story(age=8 * HOUR, result=result) is None


def test_one_without_a_date_is_as_old_as_what_was_seen_of_it():
    assert story(visited=AT - 8 * HOUR) == 4 * HOUR
    assert story(visited=AT - 30 * DAY) == 30 * DAY
    assert story(visits=0) == timedelta(0)


def test_one_from_the_future_is_as_old_as_what_was_seen_of_it():
    assert story(age=-2 * DAY) == HOUR
    assert story(age=-2 * DAY, visited=AT - 8 * HOUR) == 4 * HOUR


@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.LISTING])
def test_what_scripts_would_have_to_make_is_by_the_next_visit(kind):
    assert pause(target("page", kind=kind, result=Result.SCRIPTED, visits=3, visited=AT - DAY)) == timedelta(0)


@pytest.mark.parametrize("kind", [Kind.SEED, Kind.ROBOTS, Kind.PAGE, Kind.PART])
def test_all_else_is_not_by_itself(kind):
    """Seeds are part of every visit, parts come with their articles."""
    assert pause(target("page", kind=kind, result=Result.LISTING, visits=3, visited=AT - DAY), news=True) is None


MOMENTS = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  bounds are naive


@given(
    kind=st.sampled_from(Kind), result=st.sampled_from(Result), number=st.integers(0, 3), visits=st.integers(0, 9),
    visited=st.none() | st.timedeltas(timedelta(0), 900 * DAY), kept=st.timedeltas(timedelta(0), 60 * DAY),
    news=st.booleans(), published=MOMENTS, days=st.floats(0, 4_000),
)  # fmt: skip
def test_never_before_the_visit_and_within_bounds(  # noqa: PLR0917  hypothesis names them
    kind, result, number, visits, visited, kept, news, published, days
):
    before = None if visited is None else AT - visited
    again = before and before + kept
    seen = target("page", kind=kind, result=result, depth=1, number=number, visits=visits, visited=before, again=again)
    review = timedelta(days=days)
    age = AT - (published if published and published <= AT else before or AT)
    following = next_look(seen, at=AT, news=news, published=published, review=review)
    if result is Result.SCRIPTED:
        assert following == AT
    elif result in (Result.TRAP, Result.FORBIDDEN):
        assert following == AT + 7 * DAY
    elif kind in LISTS:
        assert following is not None
        assert SHORTEST <= following - AT <= LONGEST or following - AT == DEEP
    elif result in (Result.MISSING, Result.REFUSED, Result.BLOCKED, Result.BUSY, Result.UNREACHABLE, Result.LEAKED):
        assert following is None or timedelta(0) <= following - AT <= max(7 * DAY, age)
    elif kind is Kind.ARTICLE and following is not None:
        assert timedelta(0) <= following - AT <= max(HOUR, age)
        assert not visits or following - AT >= HOUR
    else:
        assert following is None
