"""Dates as feeds and sitemaps write them, for machines."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


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
