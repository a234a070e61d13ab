"""Where a page ended, in and out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import InputError
from newscrawl.models import Moment
from newscrawl.store.protocol import Order, Search
from newscrawl.web.cursor import FURTHEST, continued, edits_behind, following, losses_behind, written_place
from tests.store.records import article

NEWEST, RELEVANT = Search(limit=1), Search(limit=1, order=Order.RELEVANCE)
TWO = [article(), article("y")]
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  # bounds take none


@given(TIMES, st.booleans())
def test_by_time_the_next_page_begins_behind_the_last_article(time: datetime, dated: bool) -> None:  # noqa: FBT001  # hypothesis gives it
    last = article("x", first_seen=time)
    last = replace(last, first_seen=time - timedelta(days=1) if time.year > 1 else time, published=Moment(time, "day")) if dated else last
    when, id_ = continued(NEWEST, following(NEWEST, [last, article()])).after
    assert (id_, when) == (last.id, time.replace(microsecond=time.microsecond // 1000 * 1000))


def test_by_relevance_the_next_page_has_a_rank() -> None:
    second = continued(RELEVANT, following(RELEVANT, TWO))
    assert (second.offset, second.after) == (1, None)
    assert continued(RELEVANT, following(second, TWO)).offset == 2
    assert following(replace(RELEVANT, offset=2), [article()]) == ""


def test_the_last_page_has_none() -> None:
    assert following(replace(NEWEST, limit=2), [article()]) == ""
    assert following(NEWEST, [article()]) == "", "exactly full"
    assert following(NEWEST, []) == following(RELEVANT, []) == ""


@pytest.mark.parametrize("query", [NEWEST, RELEVANT])
@given(cursor=st.text() | st.binary().map(lambda raw: raw.hex()) | st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_what_is_no_cursor_is_told(query: Search, cursor: str) -> None:
    try:
        told = continued(query, cursor)
    except InputError:
        return
    assert told.after or told.offset < FURTHEST


@given(TIMES, st.integers(0, 999_999_999))
def test_a_page_of_edits_begins_behind_the_last_one_and_so_of_losses(time: datetime, number: int) -> None:
    cut = time.replace(microsecond=time.microsecond // 1000 * 1000)
    id_ = article().id
    assert edits_behind(written_place(time, id_, number)) == (cut, id_, number)
    assert losses_behind(written_place(time, id_)) == (cut, id_)
    assert edits_behind("") is losses_behind("") is None
    with pytest.raises(InputError, match="this question and order"):
        edits_behind(written_place(time, id_))
    with pytest.raises(InputError, match="this question and order"):
        losses_behind(written_place(time, id_, number))


def test_a_cursor_of_another_order_is_refused_and_so_is_one_too_far() -> None:
    with pytest.raises(InputError, match="this question and order"):
        continued(RELEVANT, following(NEWEST, TWO))
    with pytest.raises(InputError, match="this question and order"):
        continued(NEWEST, following(RELEVANT, TWO))
    with pytest.raises(InputError, match="by relevance 10,000 articles"):
        continued(RELEVANT, following(replace(RELEVANT, offset=FURTHEST - 1), TWO))
