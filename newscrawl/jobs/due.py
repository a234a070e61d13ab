"""When a site should be visited next: as often as it brings news, sooner or later after runs that did not end well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from newscrawl.config import ScheduleKnobs
from newscrawl.crawl.attempts import begun
from newscrawl.crawl.holder import has_died
from newscrawl.crawl.hosts import DEFERRED
from newscrawl.crawl.learned import left_until, read_learned
from newscrawl.crawl.reception import BLOCKED, NO_ANSWER, REFUSED
from newscrawl.crawl.runs import NOTHING, SOME_FAILED, WHOLE
from newscrawl.models import Result, Run
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store

RUNS = 300  # that are looked back on: two days of visits every ten minutes
HOURLY = 12.0  # articles a day that bring one visit an hour: then 200 sites cost what hourly visits would (benchmarks/schedule.py)
GIVEN_UP = 8  # times in a row that a crawl died, could not begin or got nowhere, in four hours: then it is tried once in the longest pause
_HARDLY_ANY = 1e-6  # articles a day
_GUESS_DAYS = 0.25  # what is taken for granted of a site that nobody knows weighs as much as this time of watching it
_HALF_LIFE = timedelta(days=3)  # in which what was seen loses half its weight: weeks have quiet ends
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_ENDED_WELL = WHOLE | {SOME_FAILED}
# Counters of what is done with, so that the rest of a run does not ask for it again. Requests are none: the same page may end every start.
_DONE = (
    "new",
    Result.ARTICLE,
    Result.PART,
    Result.SAME_CONTENT,
    Result.VARIANT,
    Result.UNCHANGED,
    Result.LISTING,
    Result.OTHER,
    Result.SCRIPTED,
    Result.MISSING,
    Result.IMAGE,
)
_LEFT = frozenset({BLOCKED, NO_ANSWER, REFUSED, NOTHING})  # outcomes of runs whose site would not have us


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which a site is visited again."""

    shortest: timedelta
    longest: timedelta

    def within(self, pause: timedelta) -> timedelta:
        """The pause, or the bound that it is beyond."""
        return min(self.longest, max(self.shortest, pause))


@dataclass(frozen=True, slots=True)
class Due:
    """When a site is visited next, and why then."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class DueSite:
    """A site with its next visit."""

    site: SiteDefinition
    due: Due
    rate: float | None  # articles a day; None as long as nothing is known
    last: Run | None
    failed: int = 0  # how many of its latest crawls died, could not begin or got nowhere, in a row
    held: bool = False  # whether somebody is crawling it

    @property
    def is_cut_short(self) -> bool:
        """Whether its last crawl was not let end as it would have."""
        return self.last is not None and not _ended_by_itself(self.last)

    @property
    def is_given_up(self) -> bool:
        """Whether somebody should look: it is hardly tried any more."""
        return self.failed >= GIVEN_UP


def rate(runs: Sequence[Run]) -> float | None:
    """New articles a day, from the runs of a site, latest first; None before its second visit. What was seen lately weighs more.

    The first visit and what continues it tell what the site had, not what it brings.
    """
    news, days = HOURLY * _GUESS_DAYS, _GUESS_DAYS
    visits = [run for run in begun(runs) if not run.counters.get("resumed")]
    for run, before in pairwise(visits):
        weight = 0.5 ** ((runs[0].started - run.started) / _HALF_LIFE)
        news += weight * run.counters.get("new", 0)
        days += weight * ((run.started - before.started) / _DAY)
    return news / days if len(visits) > 1 else None


def pause(articles_a_day: float | None, bounds: Bounds) -> timedelta:
    """From one visit to the next: an hour where the rate is unknown, else by the square root of the rate.

    Of all ways to share out a number of visits among sites this one leaves articles waiting the shortest on the whole: the sum of
    rate * pause is least where pauses go with 1 / sqrt(rate).
    """
    if articles_a_day is None:
        return bounds.within(_HOUR)
    return bounds.within(_HOUR * (HOURLY / max(articles_a_day, _HARDLY_ANY)) ** 0.5)


def next_visit(runs: Sequence[Run], waiting: datetime | None, bounds: Bounds, *, at: datetime, leave: datetime | None = None) -> Due:
    """When a site is due, given its runs, latest first, and when the earliest of the addresses that wait in its frontier is; `at` is now.

    A run that was cut short, or could not begin, is continued after a minute, then after twice as long each time, and from the eighth time
    on after the longest pause. One that the site would not have is repeated after an hour and then likewise. One that left addresses
    for later goes on when they are due, but not before `leave`: so long the site asked to be left alone.
    """
    if not runs:
        return Due(at, "never crawled")
    last, regular = runs[0], pause(rate(runs), bounds)
    again = last.started + regular
    if last.outcome in _ENDED_WELL:
        return Due(again, f"every {told(regular)}")
    if last.outcome.startswith(DEFERRED):
        resumed = max(waiting or again, (last.ended or last.started) + _MINUTE)
        if leave and leave > min(again, resumed):
            return Due(leave, "the site asks to be left alone until then")
        return Due(resumed, "addresses wait") if resumed < again else Due(again, f"every {told(regular)}")
    left = last.outcome in _LEFT
    tried = _in_a_row(runs, left=left)
    longer = min(bounds.longest, (_HOUR if left else _MINUTE) * 2 ** min(tried - 1, 20))
    if not left and tried >= GIVEN_UP:
        longer = bounds.longest
    if left:
        return Due(last.started + max(regular, longer), f"{last.outcome}, {tried} in a row")
    return Due((last.ended or last.started) + longer, f"{last.outcome or 'cut short'}, {tried} in a row")


def _ended_by_itself(run: Run) -> bool:
    return run.outcome in _ENDED_WELL | _LEFT or run.outcome.startswith(DEFERRED)


def _got_on(run: Run) -> bool:
    """Whether less is left to do after a run than before."""
    return any(run.counters.get(name) for name in _DONE)


def _failed(runs: Sequence[Run]) -> int:
    """How many of the latest runs died, could not begin or were cut short before they got anywhere."""
    if not runs or _ended_by_itself(runs[0]) or _got_on(runs[0]):
        return 0
    return _in_a_row(runs, left=False)


def _in_a_row(runs: Sequence[Run], *, left: bool) -> int:
    """How many of the latest runs ended badly in the same way; of those that were cut short only what had not got anywhere."""
    for number, run in enumerate(runs):
        well = run.outcome in _ENDED_WELL or run.outcome.startswith(DEFERRED) or (run.outcome in _LEFT) != left
        if well or (not left and _got_on(run)):
            return max(1, number)
    return len(runs)


def told(pause: timedelta) -> str:
    """A pause in words, such as "35 min" or "4.5 h"."""
    minutes = pause.total_seconds() / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def bounds_of(site: SiteDefinition, knobs: ScheduleKnobs) -> Bounds:
    """The site's own bounds, else those of all sites. A bound of its own moves the other one along if they would cross."""
    own = site.visits
    shortest = (own and own.shortest_minutes) or knobs.shortest_minutes
    longest = (own and own.longest_minutes) or knobs.longest_minutes
    if own and own.shortest_minutes and not own.longest_minutes:
        longest = max(longest, shortest)
    return Bounds(timedelta(minutes=min(shortest, longest)), timedelta(minutes=longest))


async def due_sites(store: Store, sites: Sequence[SiteDefinition], knobs: ScheduleKnobs, *, at: datetime) -> list[DueSite]:
    """The sites with their next visits, the first due first. Raises StoreError."""
    found = []
    for site in sites:
        runs = await store.runs(site.slug, RUNS)
        deferred = bool(runs) and runs[0].outcome.startswith(DEFERRED)
        waiting = (await store.backlog(site.slug)).next_due if deferred else None
        leave = await _leave(store, site.slug) if deferred else None
        due = next_visit(runs, waiting, bounds_of(site, knobs), at=at, leave=leave)
        lease = await store.lease(site.slug)
        held = lease is not None and lease.until > at and not has_died(lease.holder)
        if lease and held:
            due = Due(max(due.at, lease.until), f"being crawled by {lease.holder}")
        found.append(DueSite(site, due, rate(runs), runs[0] if runs else None, _failed(runs), held))
    return sorted(found, key=lambda one: (one.due.at, one.site.slug))


async def _leave(store: Store, slug: str) -> datetime | None:
    """Until when the site asked to be left alone. Raises StoreError."""
    try:
        return left_until(read_learned(await store.learned(slug)))
    except ValueError:  # the next run tells of it, and learns anew
        return None
