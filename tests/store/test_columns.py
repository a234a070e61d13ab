"""Columns of numbers: who is known, in which order, of which day."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.models import Moment
from newscrawl.store.columns import Card, Columns, card, milliseconds
from newscrawl.store.conditions import Field
from tests.store.records import START, article, digest


def told(n: int, **other: object) -> Card:
    plain = Card(n, f"id{n}", 0, 0, None, "gazette", "", "", "", ())
    return plain._replace(**other)


def filled(*cards: Card) -> Columns:
    columns = Columns()
    columns.put(cards)
    return columns


def test_a_card_tells_what_searches_ask_of_an_article() -> None:
    one = article(section="City", language="en", authors=("Ann",), cluster="c", published=Moment(START, "day", "+08:00"))
    at = milliseconds(START)
    assert card(one, 7) == Card(7, digest("article a"), at, at, "+08:00", "gazette", "City", "en", "c", ("Ann",))
    assert card(article(published=Moment(START, "minute", "+08:00")), 7).day_zone is None


def test_what_is_told_again_takes_the_place_of_the_former() -> None:
    columns = filled(told(0, section="City"), told(3, section="Sport"))
    columns.put([told(3, section="City", authors=("Ann", "Ann"))])
    assert columns.counted(Field.SECTION, columns.alive) == [("City", 2)]
    assert columns.counted(Field.AUTHOR, columns.alive) == [("Ann", 1)]
    columns.remove([0, 99])
    assert columns.counted(Field.SECTION, columns.alive) == [("City", 1)]
    columns.put([told(0, section="Later")])
    assert columns.counted(Field.SECTION, columns.alive, 1) == [("City", 1)]


def test_numbers_that_are_not_known_are_left_out() -> None:
    columns = filled(told(1), told(4))
    assert np.flatnonzero(columns.mask(np.array([0, 1, 4, 5000]))).tolist() == [1, 4]
    assert not columns.mask(np.zeros(0, np.int64)).any()


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abcd")), max_size=12))
def test_equal_ones_are_sorted_by_id(rows: list[tuple[int, str]]) -> None:
    columns = filled(*(told(n, at=at, id=f"{id_}{n}") for n, (at, id_) in enumerate(rows)))
    order = np.argsort(columns.at[: len(rows)], kind="stable")
    settled = columns.settled(order, columns.at[order])
    assert settled.tolist() == sorted(range(len(rows)), key=lambda n: (rows[n][0], columns.ids[n]))


TIMES = st.datetimes(datetime(1905, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds take none


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Lima", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"])
@given(times=st.lists(TIMES, max_size=8))
def test_days_are_those_of_the_zone(name: str, times: list[datetime]) -> None:
    zone = ZoneInfo(name)
    # The day on which a zone skipped a day or changed its clocks, and the ones around it.
    times = [*times, *(datetime(2011, 12, 29, tzinfo=UTC) + timedelta(hours=hour) for hour in range(48))]
    columns = filled(*(told(n, at=milliseconds(time)) for n, time in enumerate(times)))
    assert columns.days(columns.alive, zone) == Counter(
        time.replace(microsecond=time.microsecond // 1000 * 1000).astimezone(zone).date() for time in times
    )


def test_days_that_are_all_that_is_known_stay() -> None:
    at = milliseconds(datetime(2026, 8, 1, 23, tzinfo=UTC))
    columns = filled(told(0, at=at, day_zone="+08:00"), told(1, at=at, day_zone=""), told(2, at=at))
    assert columns.days(columns.alive, ZoneInfo("America/Lima")) == {date(2026, 8, 1): 2, date(2026, 8, 2): 1}
