"""Runs of a site in, alarms out: what is so far from what it used to be that chance does not explain it. Pure arithmetic.

Every run of every site is looked at, in several ways each: a thousand sites visited hourly are ten million looks a month. So chance must
be ruled out far beyond the usual, and differences must also be large, for articles of a day are more alike than draws from an urn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from math import exp, lgamma, log, sqrt

from newscrawl.crawl.attempts import began, begun
from newscrawl.crawl.figures import HUNDREDTHS
from newscrawl.crawl.slowness import slowness
from newscrawl.health import Alarm, Baseline, Sign
from newscrawl.models import Result, Run

CHANCE = 1e-6  # of seeing as much by chance, below which it is an alarm
FIELDS = ("title", "date", "authors", "body")
_LEAST_KNOWN = 10  # articles that make a baseline
_RECENT = 60  # articles at most that count as recent
_LARGE = 0.3  # difference of shares that matters
_DOUBLE, _FAR = log(2), 6.0  # difference of mean log lengths that matters, and in standard errors
_LEAST_LENGTHS = 5  # texts that tell of a change of length
_DAY = timedelta(days=1)
_WINDOWS = (1, 2, 4, 7)  # days
_WATCHED = timedelta(days=14)  # before anything is said of volume: two of each day of the week
_TIMES = 3.0  # as many articles as ever before, to be many
_FAILED = (Result.REFUSED, Result.BLOCKED, Result.BUSY, Result.UNREACHABLE, Result.UNREADABLE, Result.MISSING)
_LEAST_REQUESTS = 20
_SILENT_RUNS = _ATTEMPTS = 3  # in a row
_OUTCOMES = {"blocked": Sign.BLOCKED, "refused": Sign.BLOCKED, "nothing read": Sign.EMPTY, "no answer": Sign.SILENT}


def alarms(runs: Sequence[Run], *, at: datetime, daily_minimum: int = 0) -> list[Alarm]:
    """What is wrong with a site whose runs, latest first, are these, at the time `at`; without evidence."""
    ended = [run for run in begun(runs) if run.ended]
    if not ended:
        return list(_attempts(runs))
    sums = _Sums(ended)
    found = [*_attempts(runs), *_outcome(ended), *_redesign(ended, sums), *_fields(sums), *_length(sums), *_errors(sums), *_robots(ended)]
    found += slowness(ended, at=at, chance=CHANCE)
    if began(runs[0]) and not any(alarm.sign in _OUTCOMES.values() for alarm in found):  # whose reason that is
        found += _volume(ended, at, daily_minimum)
    return found


def baseline(runs: Sequence[Run]) -> Baseline:
    """What the runs, latest first, were like."""
    runs = begun(runs)
    read, requests = _total(runs, "read"), _total(runs, "requests")
    visits = _visits(runs)
    days = (visits[-1][0] - runs[-1].started) / _DAY if visits else 0.0
    seconds = sum(((run.ended - run.started).total_seconds() for run in runs if run.ended), 0.0)
    return Baseline(
        articles_a_day=round(sum(new for _, new in visits) / days, 2) if days >= 1 else None,
        shares={name: round(_total(runs, f"with-{name}") / read, 3) for name in FIELDS} if read else {},
        characters=round(exp(_total(runs, "log") / HUNDREDTHS / read)) if read else None,
        failing=round(sum(_total(runs, result) for result in _FAILED) / requests, 4) if requests else None,
        seconds=round(seconds / requests, 2) if requests else None,
    )


def tail(few: int, of: int, known: int, of_known: int) -> float:
    """Chance that at most `few` of `of` have what `known` of `of_known` had: beta-binomial, so a short memory proves little."""
    a, b = known + 1, of_known - known + 1
    return min(1.0, sum(exp(_log_choose(of, k) + _log_beta(a + k, b + of - k) - _log_beta(a, b)) for k in range(few + 1)))


def poisson_tail(few: int, expected: float) -> float:
    """Chance of at most `few` where so many are expected."""
    return min(1.0, sum(exp(k * log(expected) - expected - lgamma(k + 1)) for k in range(few + 1))) if expected > 0 else 1.0


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _log_beta(a: int, b: int) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _total(runs: Iterable[Run], counter: str) -> int:
    return sum(run.counters.get(counter, 0) for run in runs)


class _Sums:
    """Sums of counters over the latest runs, and over those before, each run looked at once."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs
        self._known: dict[tuple[str, ...], list[int]] = {}

    def of(self, number: int, *counters: str) -> tuple[int, int]:
        """What the latest `number` runs have together, and what the others have."""
        if counters not in self._known:
            each = (sum(run.counters.get(counter, 0) for counter in counters) for run in self.runs)
            self._known[counters] = list(accumulate(each, initial=0))
        totals = self._known[counters]
        return totals[number], totals[-1] - totals[number]

    def splits(self, counter: str, most: int) -> list[int]:
        """Numbers of latest runs that together have some of what is counted, up to `most`; each half as much again as the one before."""
        splits: list[int] = []
        last = 0
        for number, run in enumerate(self.runs, start=1):
            total = self.of(number, counter)[0] if run.counters.get(counter, 0) else 0
            if splits and total > most:
                break
            if total > 1.5 * last:
                splits.append(number)
                last = total
        return splits


def _outcome(runs: Sequence[Run]) -> Iterator[Alarm]:
    """A site that does not let us in, does not answer, or shows nothing that can be read."""
    row = next((number for number, run in enumerate(runs) if run.outcome != runs[0].outcome), len(runs))
    sign = _OUTCOMES.get(runs[0].outcome)
    if sign and (sign is not Sign.SILENT or row >= _SILENT_RUNS):
        times = "the last run" if row == 1 else f"the last {row} runs"
        yield Alarm(sign, f'{times} ended as "{runs[0].outcome}"', runs[row - 1].started)


def _attempts(runs: Sequence[Run]) -> Iterator[Alarm]:
    """Crawls that could not even begin."""
    row = next((number for number, run in enumerate(runs) if began(run)), len(runs))
    if row >= _ATTEMPTS:
        told = f"the last {row} crawls {runs[0].outcome}"
        yield Alarm(Sign.NOT_BEGUN, told, runs[row - 1].started)


def _redesign(runs: Sequence[Run], sums: _Sums) -> Iterator[Alarm]:
    """The template's version went up in one of the runs in which the last articles were read."""
    recent = sums.splits("read", _RECENT)
    for run, before in list(pairwise(runs))[: max(recent, default=1)]:
        if 0 < before.counters.get("template", 0) < run.counters.get("template", 0):
            yield Alarm(Sign.TEMPLATE, "its pages have next to no lines in common with those before: a redesign", run.started)
            return


def _fields(sums: _Sums) -> Iterator[Alarm]:
    """Fields that the latest articles lack, and earlier ones had; pages that are not even taken for articles."""
    for name in (*FIELDS, "article"):
        counted = "headlines" if name == "article" else "read"
        for split in sums.splits(counted, _RECENT):
            (of, known), (has, had) = sums.of(split, counted), sums.of(split, f"with-{name}")
            if known < _LEAST_KNOWN:
                break
            has, had = min(has, of), min(had, known)
            if had / known - has / of >= _LARGE and tail(has, of, had, known) < CHANCE:
                told = f"{has} of the last {of} {_NAMES[name]}, before that {had} of {known}"
                yield Alarm(Sign.FIELD, told, sums.runs[split - 1].started, field=name)
                break


_NAMES = {
    "title": "articles have a title",
    "date": "articles have a date",
    "authors": "articles have authors or a source",
    "body": "articles have a text of 100 characters",
    "article": "headlines led to what is an article",
}


def _length(sums: _Sums) -> Iterator[Alarm]:
    """Texts that are much longer or shorter than they were: cut off, or with what is not the article."""
    for split in sums.splits("read", _RECENT):
        of, known = sums.of(split, "read")
        if known < _LEAST_KNOWN:
            return
        if of < _LEAST_LENGTHS:
            continue
        now, then = (logs / HUNDREDTHS / count for logs, count in zip(sums.of(split, "log"), (of, known), strict=True))
        spread = max(0.25, sums.of(split, "log-squares")[1] / HUNDREDTHS / known - then * then)
        if abs(now - then) > max(_DOUBLE, _FAR * sqrt(spread * (1 / of + 1 / known))):
            told = f"the last {of} articles have about {exp(now):,.0f} characters, those before {exp(then):,.0f}"
            yield Alarm(Sign.FIELD, told, sums.runs[split - 1].started, field="length")
            return


def _errors(sums: _Sums) -> Iterator[Alarm]:
    """Addresses that fail more often than they did. Chance is judged as for a field: not failing is what is had."""
    for split in sums.splits("requests", 10 * _LEAST_REQUESTS):
        of, known = sums.of(split, "requests")
        failed, before = (min(pair) for pair in zip(sums.of(split, *_FAILED), (of, known), strict=True))
        if of < _LEAST_REQUESTS or known < _LEAST_REQUESTS:
            continue
        if failed / of - before / known >= _LARGE and tail(of - failed, of, known - before, known) < CHANCE:
            told = f"{failed} of the last {of} requests failed, before that {before} of {known}"
            yield Alarm(Sign.ERRORS, told, sums.runs[split - 1].started)
            return


def _robots(runs: Sequence[Run]) -> Iterator[Alarm]:
    """A robots.txt that changed, as it never did, with addresses to be left that were not."""
    latest, earlier = runs[0], runs[1:]
    left = latest.counters.get(Result.FORBIDDEN, 0)
    if latest.counters.get("robots-changed") and not _total(earlier, "robots-changed") and earlier and left:
        usual = max(run.counters.get(Result.FORBIDDEN, 0) for run in earlier)
        if left > 2 * usual:
            yield Alarm(Sign.ROBOTS, f"robots.txt has changed: {left} addresses are to be left, before that {usual}", latest.started)


def _visits(runs: Sequence[Run]) -> list[tuple[datetime, int]]:
    """When each visit began, oldest first, and how much was new since the one before. Left out are what the site had at first,
    and what was found when such a run was continued.
    """  # noqa: D205 - one thought
    oldest_first = list(reversed(runs))
    counted = [(run, run.counters.get("new", 0)) for run in oldest_first[1:]]
    while counted and counted[0][0].counters.get("resumed"):
        counted.pop(0)
    return [(run.started, new) for run, new in counted]


def _volume(runs: Sequence[Run], at: datetime, daily_minimum: int) -> Iterator[Alarm]:
    """Fewer or more articles than in any comparable time before, or fewer than the site file asks for."""
    visits = _visits(runs)
    if not visits:
        return
    watched, last_day = at - visits[0][0], sum(new for when, new in visits if when > at - _DAY)
    if daily_minimum and watched >= _DAY and runs[0].started > at - _DAY and last_day < daily_minimum:
        yield Alarm(Sign.MINIMUM, f"{last_day} new articles in a day; the site file asks for {daily_minimum}", at - _DAY)
    if watched < _WATCHED:
        return
    for days in _WINDOWS:
        counts = _counts(visits, timedelta(days=days), at)
        if len(counts) < 3:
            return
        now, ever = counts[0], counts[1:]
        span = "day" if days == 1 else f"{days} days"
        if now < min(ever) / 2 and poisson_tail(now, min(ever)) < CHANCE:
            told = f"{now} new articles in the last {span}, never fewer than {min(ever)} before"
            yield Alarm(Sign.FEW, told, at - timedelta(days=days))
            return
        if now > _TIMES * max(ever) and 1 - poisson_tail(now - 1, max(1.0, *ever)) < CHANCE:
            told = f"{now} new articles in the last {span}, never more than {max(ever)} before"
            yield Alarm(Sign.MANY, told, at - timedelta(days=days))
            return


def _counts(visits: Sequence[tuple[datetime, int]], length: timedelta, at: datetime) -> list[int]:
    """New articles in each whole stretch of this length before `at`, the latest first. It shares nothing with the others; from
    one of those to the next is a quarter of the length.
    """  # noqa: D205 - one thought
    times, totals = [when for when, _ in visits], list(accumulate((new for _, new in visits), initial=0))
    counts, end = [], at
    while end - length >= times[0]:
        counts.append(totals[bisect_right(times, end)] - totals[bisect_right(times, end - length)])
        end -= length / 4 if counts[1:] else length
    return counts
