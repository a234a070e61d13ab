"""What an analyst typed, as a Search."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import InputError
from newscrawl.query.search import moment, parsed_query, parsed_search


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bridge"], ("bridge",)),
        (["Bridge", "COUNCIL"], ("bridge", "council")),
        (["city council"], ("city council",)),
        (['"city council" budget'], ("city council", "budget")),
        (["“city council” budget"], ("city council", "budget")),
        (["「新大橋」", "开通"], ("新大桥", "开通")),
        (["city council", "budget"], ("city council", "budget")),
        (["bridge council"], ("bridge council",)),
        (["bridge (council)"], ("bridge", "council")),
        (["flood", "!!", "…"], ("flood",)),
        ([], ()),
    ],
)
def test_words_and_phrases(arguments, words):
    assert parsed_search(arguments).words == words


def test_words_without_a_word_are_refused():
    with pytest.raises(InputError, match="'!! …' holds no word"):
        parsed_search(["!!", "…"])


@pytest.mark.parametrize(
    ("text", "first", "behind"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026-08", (2026, 8, 1), (2026, 9, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1)),
        (" 2026-8-1 ", (2026, 8, 1), (2026, 8, 2)),
    ],
)
def test_a_year_month_or_day_is_a_span(text, first, behind):
    assert moment(text) == datetime(*first, tzinfo=UTC)
    assert moment(text, behind=True) == datetime(*behind, tzinfo=UTC)


def test_a_time_of_day_is_itself():
    time = datetime(2026, 8, 31, 18, 30, tzinfo=timezone(timedelta(hours=8)))
    assert moment("2026-08-31T18:30+08:00") == moment("2026-08-31T18:30+08:00", behind=True) == time
    assert moment("2026-08-31 18:30") == datetime(2026, 8, 31, 18, 30, tzinfo=UTC)


@given(st.dates())
def test_every_day_lies_between_its_two_ends(day):
    text = day.isoformat()
    if day.year < 9999:
        assert moment(text) + timedelta(days=1) == moment(text, behind=True)


@given(st.text(max_size=12))
def test_any_text_is_a_moment_or_an_input_error(text):
    with contextlib.suppress(InputError):
        assert moment(text).tzinfo is UTC


@pytest.mark.parametrize("text", ["yesterday", "2026-13", "2026-02-30", "26-1-1", "", "9999-12-31"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(InputError, match="is no date; write"):
        moment(text, behind=True)


def test_a_search_between_two_days():
    query = parsed_search([], site="gazette", since="2026-08-01", until="2026-08-31", limit=5)
    assert (query.site, query.limit) == ("gazette", 5)
    assert (query.since, query.until) == (datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(InputError, match="since: lies after until:"):
        parsed_query("ferry until:2026-07 since:2026-08")
    assert parsed_query("since:2026-08-01 until:2026-08-01").conditions
    assert parsed_query("since:2026-08 OR until:2026-07").conditions
    with pytest.raises(InputError, match="since 2026-09 lies after until 2026-08"):
        parsed_search([], since="2026-09", until="2026-08")
