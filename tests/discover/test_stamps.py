"""Dates in feeds and sitemaps, for machines."""

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discover.stamps import MANY, changed_since, changes, may_have_changed, read_stamp

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


# of a whole list


def stamps(*texts: str) -> list[tuple[str, str]]:
    return [(str(number), text) for number, text in enumerate(texts)]


OLD, LATER = "2026-07-01T08:00:00Z", NOON + timedelta(days=3)


def changed(*texts: str) -> int:
    return len(changes(stamps(*texts), NOON, LATER))


def test_the_addresses_that_have_changed():
    assert changes([("a", OLD), ("b", "2026-08-01T12:30:00Z"), ("c", ""), ("d", "2026-08-02")], NOON, LATER) == ("b", "d")


@pytest.mark.parametrize("stamp", ["2026-08-02T08:00:{:02}Z", "2026-08-02T08:{:02}:00Z", "2026-08-02"])
def test_a_list_most_of_which_has_changed_was_made_anew(stamp):
    new = [stamp.format(number) for number in range(8)]
    assert changed(*new, *[OLD] * 8) == 8
    assert changed(*new, *[OLD] * 7) == 0
    assert changed(*new[: MANY - 1]) == len(new[: MANY - 1])  # of a few all may have


def test_nor_can_many_pages_have_changed_in_one_minute():
    at_once, one = ["2026-08-02T08:00:30Z"] * MANY, "2026-08-02T09:11:00Z"
    assert changed(*at_once, one, *[OLD] * 500) == 1
    assert changed(*at_once[1:], one, *[OLD] * 500) == MANY


def test_on_one_day_a_quarter_of_the_list_can_not():
    assert changed(*["2026-08-02"] * 25, *[OLD] * 75) == 0
    assert changed(*["2026-08-02"] * 24, *[OLD] * 76) == 24


@pytest.mark.parametrize(
    ("text", "may"),
    [("2026-08-01", True), ("2026-07-31", False), ("2026-08-01T12:00:01Z", True), ("2026-08-01T12:00:00Z", False), ("?", True)],
)
def test_what_is_cheap_to_look_at_may_have_changed_on_the_day_of_the_last_visit(text, may):
    assert may_have_changed(text, NOON) is may
