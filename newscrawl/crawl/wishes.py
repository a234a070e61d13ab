"""What a crawl is asked for, beside its sites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newscrawl.crawl.since import read_since
from newscrawl.errors import InputError


@dataclass(frozen=True, slots=True)
class Wishes:
    """How much of each site is wanted."""

    limit: int | None = None  # articles
    since: datetime | None = None  # none published before
    survey: int = 0  # requests for a first look, a few pages of each kind; 0: all of the site


ALL = Wishes()


def read_wishes(limit: Any, since: Any) -> Wishes:
    """The wishes that a command line names; None and "" for none. Raises InputError."""
    return Wishes(_limit(limit), read_since(str(since or "")))


def _limit(value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise InputError(f"limit {value}: give a number of articles, 1 or more")
    return number
