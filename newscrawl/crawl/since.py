"""How far back a crawl goes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from newscrawl.errors import InputError
from newscrawl.extract.dates import date_in_url
from newscrawl.extract.moments import read_moment
from newscrawl.models import Moment, Target

_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def is_older(target: Target, since: datetime) -> bool:
    """Whether the date beside the link to a target, or in its address, is before `since`. What shows no date may be new."""
    listed = read_moment(target.listed, at=target.due) if target.listed else None
    moment = listed or date_in_url(target.url, target.due)
    return moment is not None and is_before(moment, since)


def is_before(moment: Moment, since: datetime) -> bool:
    """Whether a time is before `since`; of a day, whether all of it is."""
    return moment.time < since and (moment.precision != "day" or moment.time.date() < since.date())


def read_since(text: str) -> datetime | None:
    """The beginning of the year, month or day that `text` names, such as "2026-08", in UTC; None for "". Raises InputError."""
    if not text:
        return None
    named = _DAY.fullmatch(text)
    try:
        year, month, day = (int(number or 1) for number in named.groups()) if named else (0, 0, 0)
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        raise InputError(f"since {text}: write a year, month or day such as 2026, 2026-08 or 2026-08-31") from None
