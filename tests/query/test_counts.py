"""Counts and timelines."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newscrawl.models import Moment
from newscrawl.query.counts import Bar, Span, after, facets, span_of, timeline
from newscrawl.store import open_store
from newscrawl.store.conditions import Field
from newscrawl.store.protocol import Search
from tests.store.records import article, holding


@pytest.fixture
async def store(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path}/store.db")
    await opened.open()
    yield opened
    await opened.close()


def published(name, time, precision="minute", zone="", **other):
    return article(name, published=Moment(time, precision, zone), **other)


LATE = datetime(2026, 8, 1, 23, 30, tzinfo=UTC)


async def test_days_are_the_readers(store):
    await store.settle(holding(published("a", LATE), published("b", LATE + timedelta(days=2))))
    assert await timeline(store, Search(), Span.DAY) == [Bar(date(2026, 8, 1), 1), Bar(date(2026, 8, 2), 0), Bar(date(2026, 8, 3), 1)]
    shanghai = await timeline(store, Search(), Span.DAY, zone=ZoneInfo("Asia/Shanghai"))
    assert [bar.start.day for bar in shanghai if bar.count] == [2, 4]
    kathmandu = await timeline(store, Search(), Span.DAY, zone=ZoneInfo("Asia/Kathmandu"))
    assert [bar.start.day for bar in kathmandu if bar.count] == [2, 4]


async def test_a_day_stays_that_day_for_every_reader(store):
    midnight_in_shanghai = datetime(2026, 7, 31, 16, tzinfo=UTC)
    await store.settle(
        holding(published("a", midnight_in_shanghai, "day", "+08:00"), published("b", datetime(2026, 8, 1, tzinfo=UTC), "day"))
    )
    for zone in ("UTC", "America/Los_Angeles", "Asia/Shanghai"):
        assert await timeline(store, Search(), Span.DAY, zone=ZoneInfo(zone)) == [Bar(date(2026, 8, 1), 2)]


async def test_weeks_begin_on_mondays_and_months_on_the_first(store):
    await store.settle(holding(published("a", LATE), published("b", LATE + timedelta(days=40))))
    assert [bar.start for bar in await timeline(store, Search(), Span.WEEK)][:2] == [date(2026, 7, 27), date(2026, 8, 3)]
    assert await timeline(store, Search(), Span.MONTH) == [Bar(date(2026, 8, 1), 1), Bar(date(2026, 9, 1), 1)]


async def test_a_share_is_of_all_that_the_archive_has(store):
    await store.settle(holding(published("a", LATE, text="ferry"), published("b", LATE, text="bridge")))
    assert await timeline(store, Search(words=("ferry",)), Span.DAY, share=True) == [Bar(LATE.date(), 1, 2)]
    assert await timeline(store, Search(words=("nowhere",)), Span.DAY, share=True) == []


@pytest.mark.parametrize(("days", "span"), [(30, Span.DAY), (300, Span.WEEK), (3000, Span.MONTH)])
async def test_a_readable_span_is_chosen(store, days, span):
    await store.settle(holding(published("a", LATE), published("b", LATE + timedelta(days=days))))
    bars = await timeline(store, Search())
    assert span_of(bars) is span
    assert len(bars) <= 120


async def test_a_wrong_year_does_not_make_a_million_bars(store):
    times = [datetime(1, 1, 1, tzinfo=UTC), LATE, datetime(9999, 12, 31, 23, tzinfo=UTC)]
    await store.settle(holding(*(published(str(at), time) for at, time in enumerate(times))))
    for span in Span:
        for zone in ("UTC", "Asia/Shanghai", "America/Lima"):
            assert sum(bar.count for bar in await timeline(store, Search(), span, zone=ZoneInfo(zone))) == 3


def test_the_span_after():
    assert after(date(2026, 12, 1), Span.MONTH) == date(2027, 1, 1)
    assert after(date(2026, 2, 28), Span.DAY) == date(2026, 3, 1)


async def test_facets_have_the_most_frequent_first(store):
    await store.settle(holding(article("a", section="City"), article("b", section="Sport"), article("c", section="City", authors=("Ann",))))
    found = await facets(store, Search(), limit=1)
    assert found[Field.SECTION] == [("City", 2)]
    assert found[Field.AUTHOR] == [("Ann", 1)]
    assert found[Field.LANGUAGE] == []
