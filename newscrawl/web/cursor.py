"""Where a page of results ended, as a program hands it back for the next one."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newscrawl.errors import InputError
from newscrawl.models import Article
from newscrawl.store.overview import EditPlace, LossPlace
from newscrawl.store.protocol import Order, Search

FURTHEST = 10_000  # articles by relevance that can be paged through: what comes then is hardly relevant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"(-?[0-9]{1,18})\.([0-9a-f]{8,64})", re.ASCII)
_EDIT = re.compile(rf"{_PLACE.pattern}\.([0-9]{{1,9}})", re.ASCII)
_RANK = re.compile(r"[0-9]{1,9}", re.ASCII)


def following(query: Search, found: Sequence[Article]) -> str:
    """The cursor of the page behind the first `query.limit` of these; "" if there is nothing more."""
    if len(found) <= query.limit:
        return ""
    if query.order is Order.RELEVANCE:
        return _written(str(query.offset + query.limit))
    last = found[query.limit - 1]
    return written_place(last.published.time if last.published else last.first_seen, last.id)


def written_place(time: datetime, identity: str, *number: int) -> str:
    """The cursor of what comes behind this place."""
    return _written(".".join(map(str, ((time - _EPOCH) // timedelta(milliseconds=1), identity, *number))))


def continued(query: Search, cursor: str) -> Search:
    """The search for the page at a cursor. Raises InputError for what is none, or one of another order, or too far."""
    told = _read(cursor)
    if query.order is Order.RELEVANCE and _RANK.fullmatch(told):
        if int(told) >= FURTHEST:
            raise InputError(f"by relevance {FURTHEST:,} articles can be paged through: ask for less, or sort by newest, which has no end")
        return replace(query, offset=int(told))
    if query.order is Order.NEWEST:
        return replace(query, after=_place(_PLACE, told)[:2])
    raise _foreign()


def edits_behind(cursor: str) -> EditPlace | None:
    """Where a page of edits begins; None for the first. Raises InputError for what is no cursor of edits."""
    if not cursor:
        return None
    time, identity, number = _place(_EDIT, _read(cursor))
    return time, identity, int(number)


def losses_behind(cursor: str) -> LossPlace | None:
    """Where a page of losses begins; None for the first. Raises InputError for what is no cursor of losses."""
    return _place(_PLACE, _read(cursor))[:2] if cursor else None


def _place(form: re.Pattern[str], told: str) -> tuple[datetime, str, str]:
    try:
        if place := form.fullmatch(told):
            return _EPOCH + timedelta(milliseconds=int(place[1])), place[2], place[form.groups]
    except OverflowError:
        pass
    raise _foreign()


def _foreign() -> InputError:
    return InputError("cursor: this is none of this question and order; take the one that `next` or the Link of a page tells")


def _written(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
