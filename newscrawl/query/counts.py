"""How many articles a search finds: of which site, section, author, language, and when."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from newscrawl.store.conditions import Field
from newscrawl.store.protocol import Search, Store

FACETS = (Field.SITE, Field.SECTION, Field.AUTHOR, Field.LANGUAGE)
_MOST_EMPTY = 1_000  # spans between the first and the last up to which those without articles are told too


class Span(StrEnum):
    """What a timeline counts by. Weeks begin on Mondays."""

    DAY, WEEK, MONTH = "day", "week", "month"


@dataclass(frozen=True, slots=True)
class Bar:
    """How many articles a day, week or month has."""

    start: date  # its first day
    count: int
    of: int = 0  # articles of all that the archive has of that span, if that was asked for


async def facets(store: Store, query: Search, limit: int = 10) -> dict[Field, list[tuple[str, int]]]:
    """The most frequent values of each of FACETS, each with its count. The query's names were looked up."""
    found = await asyncio.gather(*(store.facet(query, field, limit) for field in FACETS))
    return dict(zip(FACETS, found, strict=True))


async def timeline(store: Store, query: Search, span: Span | None = None, *, zone: tzinfo = UTC, share: bool = False) -> list[Bar]:
    """The bars from the first to the last article found, in days of this zone; without `span` by what makes a readable number of them.

    An article of which only the day is known counts for that day, wherever the reader is. With `share` each bar tells what it is a part of.
    """
    days = await store.days(query, zone)
    span = span or _readable(days)
    counts = _by_span(days, span)
    everything = _by_span(await store.days(Search(), zone), span) if share else {}
    return [Bar(start, counts.get(start, 0), everything.get(start, 0)) for start in _starts(counts, span)]


def span_of(bars: Sequence[Bar]) -> Span:
    """What bars of a timeline are counted by, as far as they tell."""
    gaps = {(later.start - earlier.start).days for earlier, later in pairwise(bars)}
    if gaps and min(gaps) >= 28:  # days of the shortest month
        return Span.MONTH
    return Span.WEEK if gaps and min(gaps) == 7 else Span.DAY


def after(start: date, span: Span) -> date:
    """The first day of the next span."""
    if span is Span.MONTH:
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if span is Span.WEEK else 1)


def _readable(days: Mapping[date, int]) -> Span:
    length = (max(days) - min(days)).days if days else 0
    return Span.DAY if length <= 92 else Span.WEEK if length <= 731 else Span.MONTH


def _by_span(days: Mapping[date, int], span: Span) -> dict[date, int]:
    counts: Counter[date] = Counter()
    for day, count in days.items():
        counts[_start(day, span)] += count
    return dict(counts)


def _start(day: date, span: Span) -> date:
    if span is Span.MONTH:
        return day.replace(day=1)
    return date.fromordinal(max(day.toordinal() - day.weekday(), 1)) if span is Span.WEEK else day


def _starts(counts: Mapping[date, int], span: Span) -> list[date]:
    """The first days of all spans from the first to the last; if they are very many, of those that have articles."""
    if not counts or max(counts).year >= date.max.year:
        return sorted(counts)
    starts = [min(counts)]
    while starts[-1] < max(counts) and len(starts) <= _MOST_EMPTY:
        starts.append(after(starts[-1], span))
    return starts if len(starts) <= _MOST_EMPTY else sorted(counts)
