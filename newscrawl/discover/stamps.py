"""Dates as feeds and sitemaps write them, for machines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

MANY = 10  # entries of a list
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LENGTH_OF_DAY = len("2026-08-01")


def read_stamp(text: str) -> datetime | date | None:
    """The time (aware) or the day that a W3C or RFC 822 date names; None for anything else. Without a zone it is UTC."""
    text = text.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        stamp = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def changed_since(text: str, last: datetime, now: datetime) -> bool:
    """Whether something last changed at the date `text` may have changed after `last` (aware). A day counts once it is over."""
    stamp = read_stamp(text)
    if stamp is None:
        return False
    if isinstance(stamp, datetime):
        return last < stamp <= now
    return stamp > last.date() or (stamp == last.date() and now.date() > stamp)


def changes(stamps: Sequence[tuple[str, str]], last: datetime, now: datetime) -> tuple[str, ...]:
    """Of addresses with their dates in one list, those that have changed after `last`, as far as that can be believed.

    Many systems write the time at which they made the list. Of `MANY` or more, not more than half can have changed, and not so many
    in one minute, or a quarter of the list on one day.
    """
    changed = [(url, _moment(text)) for url, text in stamps if changed_since(text, last, now)]
    if len(stamps) >= MANY and 2 * len(changed) > len(stamps):
        return ()
    together = Counter(moment for _, moment in changed)
    most = {moment: MANY if len(moment) > _LENGTH_OF_DAY else max(MANY, len(stamps) // 4) for moment in together}
    return tuple(url for url, moment in changed if together[moment] < most[moment])


def _moment(text: str) -> str:
    """The minute, or the day, that a date names."""
    stamp = read_stamp(text)
    return f"{stamp:%Y-%m-%d %H:%M}" if isinstance(stamp, datetime) else str(stamp)


def may_have_changed(text: str, last: datetime) -> bool:
    """As `changed_since`, for what is cheap to look at: the day of the last visit counts at once, and so does what can't be read."""
    stamp = read_stamp(text)
    if isinstance(stamp, datetime):
        return stamp > last
    return stamp is None or stamp >= last.date()
