"""Dates in feeds and sitemaps, for machines."""

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discover.stamps import changed_since, read_stamp

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
TWO = timezone(timedelta(hours=2))
AWARE = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.sampled_from([UTC, TWO]))  # noqa: DTZ001  bounds are naive


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2026-08-01", date(2026, 8, 1)),
        (" 2026-08-01\n", date(2026, 8, 1)),
        ("2026-08-01T12:00:00Z", NOON),
        ("2026-08-01T14:00:00+02:00", NOON),
        ("2026-08-01T14:00+02:00", NOON),
        ("2026-08-01T12:00:00.000Z", NOON),
        ("2026-08-01 12:00:00", NOON),  # no zone: UTC
        ("Sat, 01 Aug 2026 12:00:00 GMT", NOON),
        ("Sat, 01 Aug 2026 14:00:00 +0200", NOON),
        ("01 Aug 2026 12:00:00 -0000", NOON),
    ],
)
def test_dates_as_standards_have_them(text, stamp):
    assert read_stamp(text) == stamp


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026", "2026-13-01", "2026-02-30", "Sat, 45 Aug 2026", "2026-08-01T99:00:00Z", "\0", "٢٠٢٦-٠٨-٠١"]
)
def test_all_else_is_none(text):
    assert read_stamp(text) is None


@given(st.text(max_size=40) | st.text("0123456789-:T+Z ,SatAug", max_size=30))
def test_reading_never_raises_and_times_are_aware(text):
    stamp = read_stamp(text)
    assert not isinstance(stamp, datetime) or stamp.tzinfo is not None


@given(AWARE)
def test_what_was_written_is_read(moment):
    moment = moment.replace(microsecond=0)
    assert read_stamp(moment.isoformat()) == moment
    assert read_stamp(format_datetime(moment)) == moment


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("2026-08-01T12:00:01Z", True),
        ("2026-08-01T12:00:00Z", False),
        ("2026-08-01T13:59:59+02:00", False),
        ("Sat, 01 Aug 2026 12:00:01 GMT", True),
        ("2026-07-31", False),
        ("2026-08-02", True),
        ("", False),
        ("today", False),
    ],
)
def test_what_changed_after_the_last_visit(text, changed):
    assert changed_since(text, NOON, NOON + timedelta(hours=1)) is changed


def test_a_day_may_hold_a_change_after_the_visit_of_that_day_and_counts_when_it_is_over():
    """Until then every visit would find it changed."""
    assert not changed_since("2026-08-01", NOON, NOON + timedelta(hours=11))
    assert changed_since("2026-08-01", NOON, NOON + timedelta(hours=12))
    assert not changed_since("2026-08-01", NOON + timedelta(hours=12), NOON + timedelta(hours=13))
