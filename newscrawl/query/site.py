"""Everything that is known of a site: where it stands, and why pages were left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newscrawl.models import Kind, Result, Run, State, Target
from newscrawl.query.reasons import EXPECTED, MEANINGS
from newscrawl.store.protocol import Counts, Lease, Store, Tally

EXAMPLES = 3  # addresses for each reason
RUNS = 5
WAYS = 10  # of each kind that are told
_NO_WAY = frozenset({Result.MISSING, Result.OTHER, Result.REDIRECT, Result.NOT_HTML})  # what turned out to be none, as most guesses do


@dataclass(frozen=True, slots=True)
class Example:
    """An address that something came of."""

    url: str
    detail: str  # status code, exception, rule


@dataclass(frozen=True, slots=True)
class Reason:
    """Why addresses have brought no article and no way to one."""

    result: Result
    meaning: str
    count: int
    waiting: int  # of them, to be tried again
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """An address that is looked at for new articles."""

    url: str
    kind: Kind
    told: str  # how many entries a feed or sitemap has, what a section is called; what went wrong the last time
    again: datetime | None  # from when on a new visit asks for it; None: each does


@dataclass(frozen=True, slots=True)
class SiteReport:
    """A site in figures and reasons."""

    site: str
    at: datetime  # of this report
    addresses: tuple[str, ...]  # where its crawls begin
    configured: bool
    lease: Lease | None  # of a crawl that is going on
    runs: tuple[Run, ...]  # latest first
    counts: Counts
    plan: tuple[Way, ...]  # front page, feeds, sitemaps, sections, of each kind the first due first
    standing: Mapping[Kind, Mapping[State, int]]  # how many addresses, those of no count left out
    reasons: tuple[Reason, ...]  # the most frequent first


async def site_report(store: Store, slug: str, *, url: str, at: datetime) -> SiteReport | None:
    """What the store knows of a site at the time `at`; None if nothing and it isn't configured. `url` is its configured address or ""."""
    tally, runs, lease = await store.tally(slug), await store.runs(slug, RUNS), await store.lease(slug)
    if not (tally or runs or url):
        return None
    seeds = await store.seeds(slug)
    return SiteReport(
        site=slug,
        at=at,
        addresses=(url,) if url else tuple(target.url for target in seeds),
        configured=bool(url),
        lease=lease if lease and lease.until > at else None,
        runs=tuple(runs),
        counts=await store.counts(slug),
        plan=tuple(await _plan(store, slug, seeds)),
        standing=_standing(tally),
        reasons=tuple([await _reason(store, slug, result, alike) for result, alike in _unexpected(tally)]),
    )


async def _plan(store: Store, slug: str, seeds: Sequence[Target]) -> list[Way]:
    lists = [await store.regulars(slug, kind, WAYS) for kind in (Kind.FEED, Kind.SITEMAP, Kind.LISTING)]
    regulars = [target for targets in lists for target in targets if target.result not in _NO_WAY]
    return [
        *(Way(target.url, target.kind, _told(target), None) for target in seeds),
        *(Way(target.url, target.kind, _told(target), target.again) for target in regulars),
    ]


def _told(target: Target) -> str:
    if target.result not in EXPECTED:
        return f"{target.result} ({target.detail})"
    read = target.result is Result.LISTING and target.kind in (Kind.FEED, Kind.SITEMAP)
    return target.detail if read else target.link_text


def _standing(tally: Iterable[Tally]) -> Mapping[Kind, Mapping[State, int]]:
    standing: dict[Kind, Counter[State]] = {}
    for one in tally:
        standing.setdefault(one.kind, Counter())[one.state] += one.count
    return {kind: standing[kind] for kind in Kind if kind in standing}


def _unexpected(tally: Iterable[Tally]) -> list[tuple[Result, list[Tally]]]:
    """The results to be explained, the most frequent first."""
    by_result: dict[Result, list[Tally]] = {}
    for one in tally:
        if one.result not in EXPECTED:
            by_result.setdefault(one.result, []).append(one)
    return sorted(by_result.items(), key=lambda pair: (-_total(pair[1]), pair[0]))


async def _reason(store: Store, slug: str, result: Result, alike: Sequence[Tally]) -> Reason:
    targets = await store.examples(slug, result, EXAMPLES)
    examples = tuple(Example(target.url, target.detail) for target in targets)
    waiting = _total(one for one in alike if one.state is State.DUE)
    return Reason(result, MEANINGS[result], _total(alike), waiting, examples)


def _total(tally: Iterable[Tally]) -> int:
    return sum(one.count for one in tally)
