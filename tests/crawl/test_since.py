"""How far back a crawl goes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.since import is_older, read_since
from newscrawl.errors import InputError
from tests.crawl.visits import target

AUGUST = datetime(2026, 8, 1, tzinfo=UTC)
NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026", (2026, 1, 1)), ("2026-08", (2026, 8, 1)), ("2026-08-31", (2026, 8, 31)), ("0001", (1, 1, 1)), ("2024-02-29", (2024, 2, 29))],
)
def test_a_year_a_month_or_a_day_means_its_beginning(text, day):
    assert read_since(text) == datetime(*day, tzinfo=UTC)


def test_nothing_bounds_nothing():
    assert read_since("") is None


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-02-30", "2026-8", "26", "2026-", "0000", "yesterday", "2026-08-31T06:00", "2026/08/31", " 2026", "２０２６"]
)
def test_what_is_no_date_is_refused_and_the_message_shows_how_to_write_one(text):
    with pytest.raises(InputError, match=r"write a year, month or day such as 2026, 2026-08 or 2026-08-31") as refused:
        read_since(text)
    assert str(refused.value).startswith(f"since {text}: ")


@given(st.dates())
def test_every_day_can_be_named(day):
    read = read_since(day.isoformat())
    assert read is not None
    assert (read.date(), read.hour) == (day, 0)


@given(st.text(max_size=12))
def test_all_else_is_input_error(text):
    try:
        read = read_since(text)
    except InputError:
        return
    assert read is None if text == "" else read is not None


def shown(listed: str = "", path: str = "news/flood") -> bool:
    """Whether a link that was found on 20 August, with this date beside it, leads to what was published before August."""
    return is_older(replace(target(path, listed=listed), due=NOW), AUGUST)


@pytest.mark.parametrize(
    ("listed", "older"),
    [
        ("2026-07-31", True),
        ("2026-08-01", False),
        ("31 July 2026, 23:59", True),
        ("2026-08-01T00:00:00Z", False),
        ("2026-07-31T23:59:59Z", True),
        ("2026-08-01T01:00:00+02:00", True),
        ("07-31", True),
        ("08-19", False),
        ("09-24", True),  # of last year
        ("3 hours ago", False),
        ("20 days ago", True),
        ("3小时前", False),
    ],
)
def test_by_the_date_beside_the_link(listed, older):
    assert shown(listed) is older


@pytest.mark.parametrize(("path", "older"), [("2026/07/31/flood", True), ("2026/08/01/flood", False), ("news/flood-20260731.html", True)])
def test_by_the_day_in_the_address(path, older):
    assert shown(path=path) is older


def test_the_date_beside_the_link_is_the_better_one():
    assert not shown("2026-08-02", path="2026/07/31/flood")


@pytest.mark.parametrize("listed", ["", "Sports", "7 comments"])
def test_what_shows_no_date_may_be_new(listed):
    assert not shown(listed)
