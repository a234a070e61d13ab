"""How much of what a site's own lists show an archive holds, day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from newscrawl.extract.moments import read_moment
from newscrawl.query.counts import Span, timeline
from newscrawl.store.overview import Unread
from newscrawl.store.protocol import Search, Store

MOST = 50_000  # groups of headlines that are looked at


@dataclass(frozen=True, slots=True)
class Day:
    """What a day's headlines came to."""

    day: date  # UTC, or the site's own where it tells its zone or no time
    read: int  # articles that the archive holds
    captured: int = 0  # further headlines whose pages were fetched and are none
    missed: int = 0  # further headlines whose pages were never had

    @property
    def listed(self) -> int:
        """All that is known to have been published."""
        return self.read + self.captured + self.missed


@dataclass(frozen=True, slots=True)
class Coverage:
    """A site's days, latest first, and the headlines whose day nobody tells."""

    site: str
    days: tuple[Day, ...]
    undated_captured: int = 0
    undated_missed: int = 0

    @property
    def is_known(self) -> bool:
        """Whether there is anything of such a site."""
        return bool(self.days or self.undated_captured or self.undated_missed)


async def coverage(store: Store, site: str, *, days: int = 60) -> Coverage:
    """Up to `days` days of the calendar, to the last one with anything on it. Raises StoreError.

    An article counts for the day it was published at; a headline that came to none, for the day that the list shows beside it.
    """
    read = {bar.start: bar.count for bar in await timeline(store, Search(site=site), Span.DAY)}
    captured, missed = _dated(await store.unread(site, MOST))
    dated = {day for counts in (read, captured, missed) for day, count in counts.items() if day and count}
    return Coverage(
        site,
        tuple(Day(day, read.get(day, 0), captured[day], missed[day]) for day in _calendar(dated, days)),
        captured[None],
        missed[None],
    )


def unknown(site: str) -> str:
    """What is said of a site of which nothing is known."""
    return f"nothing of a site {site!r} is known; `newscrawl sites` lists the sites"


def _calendar(dated: Collection[date], days: int) -> list[date]:
    """The last days, latest first; days without anything show a gap."""
    if not dated:
        return []
    first = max(min(dated).toordinal(), max(dated).toordinal() - days + 1)
    return [date.fromordinal(day) for day in range(max(dated).toordinal(), first - 1, -1)]


def _dated(groups: Iterable[Unread]) -> tuple[Counter[date | None], Counter[date | None]]:
    """Headlines by day, None for those without: whose pages were fetched, and the others."""
    captured: Counter[date | None] = Counter()
    missed: Counter[date | None] = Counter()
    for group in groups:
        (captured if group.captured else missed)[_day(group.listed, group.due.date())] += group.count
    return captured, missed


@lru_cache(maxsize=1 << 14)
def _day(listed: str, seen: date) -> date | None:
    at = datetime(seen.year, seen.month, seen.day, 12, tzinfo=UTC) + timedelta(hours=12)
    moment = read_moment(listed, at=at) if listed else None
    if moment is None:
        return None
    offset = datetime.strptime(moment.zone, "%z").tzinfo if moment.zone else UTC
    return moment.time.astimezone(offset).date()
