"""How late schedules are and what they cost: invented sites on a fast clock, visited as learned, hourly, and every 15 minutes.

`python -m benchmarks.schedule`. The figures are of the arithmetic in newscrawl/jobs/due.py and newscrawl/crawl/revisits.py, not of
the web: a visit asks for the front page and for those of four sections that are due; each new article is one more request, and is
had once the visit has come to it, a second a request.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles

from newscrawl.crawl.revisits import next_look
from newscrawl.jobs.due import RUNS, Bounds, next_visit
from newscrawl.models import Kind, Result, Run, Target

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
START = datetime(2026, 9, 7, tzinfo=UTC)  # a Monday
BOUNDS = Bounds(timedelta(minutes=10), DAY)
SECTIONS = 4
REVIEW = timedelta(days=19)
Pause = Callable[["Site"], datetime]


@dataclass(slots=True)
class Site:
    """An invented paper: what it publishes when, and what is known of it."""

    published: list[datetime]  # to come, the next one last
    runs: list[Run] = field(default_factory=list)  # latest first
    sections: list[Target] = field(default_factory=list)
    requests: int = 0
    lags: list[timedelta] = field(default_factory=list)

    def visit(self, at: datetime) -> None:
        """One visit: front page, sections that are due, what is new."""
        asked = 1 + self._look_at_sections(at)
        new = 0
        while self.published and self.published[-1] <= at:
            new += 1
            self.lags.append(at + (asked + new) * SECOND - self.published.pop())
        self.requests += asked + new
        counters = {"new": new, "requests": asked + new}
        run = Run(str(len(self.runs)), "", at, ended=at + (asked + new) * SECOND, outcome="finished", counters=counters)
        self.runs = [run, *self.runs[: RUNS - 1]]

    def _look_at_sections(self, at: datetime) -> int:
        due = [number for number, target in enumerate(self.sections) if target.again and target.again <= at]
        for number in due:
            target = self.sections[number]
            news = bool(self.published) and self.published[-1] <= at and random.Random(f"{at}{number}").random() < 1 / SECTIONS
            again = next_look(target, at=at, news=news, published=None, review=REVIEW)
            self.sections[number] = _section(again, at)
        return len(due)


def _section(again: datetime | None, visited: datetime) -> Target:
    return Target("", "", "", Kind.LISTING, visited, result=Result.LISTING, depth=1, visited=visited, visits=1, again=again)


def papers(count: int, days: float, seed: int) -> list[Site]:
    """Papers from one article in three days to 150 a day, most of them small; three quarters come by day, less at weekends."""
    chance, sites = random.Random(seed), []
    for _ in range(count):
        daily, published = min(150.0, max(0.3, chance.lognormvariate(2.0, 1.3))), []
        at = START
        while at < START + days * DAY:
            pace = daily * (1.5 if 6 <= at.hour < 18 else 0.5) * (1.24 if at.weekday() < 5 else 0.4)
            step = chance.expovariate(pace) * DAY
            if step < DAY / 24:
                at += step
                published.append(at)
            else:
                at += DAY / 24  # no news in this hour: the next has a pace of its own
        sites.append(Site(published[::-1], sections=[_section(START, START) for _ in range(SECTIONS)]))
    return sites


def simulated(sites: Sequence[Site], days: float, measured: float, due: Pause) -> tuple[list[timedelta], int]:
    """Lags and requests of the last `measured` of so many days."""
    clock = [(START + number * SECOND * 13, number) for number in range(len(sites))]
    end, before = START + days * DAY, 0
    counted = False
    while clock and clock[0][0] < end:
        at, number = heapq.heappop(clock)
        if not counted and at >= end - measured * DAY:
            counted, before = True, sum(site.requests for site in sites)
            for site in sites:
                site.lags.clear()
        sites[number].visit(at)
        heapq.heappush(clock, (due(sites[number]), number))
    return [lag for site in sites for lag in site.lags], sum(site.requests for site in sites) - before


def learned(site: Site) -> datetime:
    """As newscrawl does it."""
    return next_visit(site.runs, None, BOUNDS, at=site.runs[0].started).at


def fixed(minutes: float) -> Pause:
    """The same for all."""
    return lambda site: site.runs[0].started + timedelta(minutes=minutes)


def main() -> None:
    """A table of schedules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--days", type=float, default=8, help="of which all but the last are for learning")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    schedules = {"learned": learned, "every hour": fixed(60), "every 15 minutes": fixed(15)}
    print("| schedule | articles | median lag, min | 95 % of lags, min | mean lag, min | requests | beside the articles |")
    print("|---|---|---|---|---|---|---|")
    for name, due in schedules.items():
        lags, requests = simulated(papers(options.sites, options.days, options.seed), options.days, 1, due)
        minutes = [lag.total_seconds() / 60 for lag in lags]
        figures = f"{median(minutes):.0f} | {quantiles(minutes, n=20)[-1]:.0f} | {sum(minutes) / len(minutes):.0f}"
        print(f"| {name} | {len(lags)} | {figures} | {requests} | {requests - len(lags)} |", flush=True)


if __name__ == "__main__":
    main()
