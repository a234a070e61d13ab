"""What an analyst typed, as a Search that stores answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newscrawl.errors import InputError
from newscrawl.models import utc
from newscrawl.query.language import conditions, joined
from newscrawl.store.conditions import Holds, Within
from newscrawl.store.protocol import Order, Search

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def parsed_search(arguments: Iterable[str], *, site: str = "", since: str = "", until: str = "", limit: int = 20, **how: Any) -> Search:
    """The search for the arguments of a command line between two days, months or years, both included; `how` as for `parsed_query`.

    Raises InputError. An argument that holds spaces but no syntax is a phrase.
    """
    query, zone = parsed_query(joined(list(arguments)), limit=limit, **how), how.get("zone", UTC)
    start, end = moment(since, zone=zone) if since else None, moment(until, behind=True, zone=zone) if until else None
    if start and end and start >= end:
        raise InputError(f"since {since} lies after until {until}")
    return replace(query, site=site, since=start, until=end)


def parsed_query(text: str, *, limit: int = 20, offset: int = 0, order: Order = Order.NEWEST, zone: tzinfo = UTC) -> Search:
    """The search for a query in the language of `query.language`; its days are those of the zone.

    Raises InputError; a QueryError points at what can't be read.
    """
    found = conditions(text, lambda day, behind: moment(day, behind=behind, zone=zone))
    if text.strip() and not found:
        raise InputError(f"{text!r} holds no word to search for")
    spans = [one for one in found if isinstance(one, Within)]
    starts, ends = [one.since for one in spans if one.since], [one.until for one in spans if one.until]
    if starts and ends and max(starts) >= min(ends):
        raise InputError(f"in {text!r} since: lies after until:, and nothing lies between")
    words = tuple(one.phrase for one in found if isinstance(one, Holds) and not one.title)
    rest = tuple(one for one in found if not isinstance(one, Holds) or one.title)
    return Search(words, limit=limit, conditions=rest, order=order, offset=offset)


def moment(text: str, *, behind: bool = False, zone: tzinfo = UTC) -> datetime:
    """The first moment of a day, month or year of a zone, or with `behind` the first one after it; a time of day is itself.

    Raises InputError for what is no date.
    """
    try:
        if not (date := _DATE.fullmatch(text.strip())):
            time = datetime.fromisoformat(text.strip())
            return utc(time if time.tzinfo else time.replace(tzinfo=zone))
        year, month, day = (int(part or 0) for part in date.groups())
        start = datetime(year, month or 1, day or 1, tzinfo=zone)
        if not behind:
            return utc(start)
        if day:
            return utc(start + timedelta(days=1))
        return utc((start + timedelta(days=31)).replace(day=1) if month else start.replace(year=year + 1))
    except (ValueError, OverflowError):
        raise InputError(f"{text!r} is no date; write 2026, 2026-08, 2026-08-31 or 2026-08-31T18:30+08:00") from None


def time_zone(name: str) -> tzinfo:
    """The time zone of this name. Raises InputError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"there is no time zone {name!r}; write one such as Asia/Shanghai, America/Lima or UTC") from None
