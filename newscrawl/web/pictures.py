"""Pictures of many articles, as numbers that a template draws as SVG. Across, they are in percent: text keeps its size on any screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from newscrawl.models import Article
from newscrawl.query.coverage import Coverage, Day
from newscrawl.query.flows import Flow
from newscrawl.query.overview_page import later
from newscrawl.query.reprints import Reprints

LANE = 62  # pixels of a copy in the picture of a cluster
NODE = 34  # pixels of a site in the picture of flows
SITES = 10  # of each side that are drawn
DAYS = 120  # pixels of the highest bar
_WIDEST = 14  # pixels of the largest flow


@dataclass(frozen=True, slots=True)
class Lane:
    """A copy on its line of time."""

    article: Article
    share: float  # of its text that stands in the original
    original: bool
    this: bool
    x: float  # percent
    start: float  # percent; where the original stands
    y: int
    told: str  # how much later than the original


@dataclass(frozen=True, slots=True)
class Lanes:
    """A cluster: who published when."""

    lanes: tuple[Lane, ...]
    first: datetime
    last: datetime
    height: int


def lanes(found: Reprints, shown: Article) -> Lanes | None:
    """The copies of a cluster by time; None if no two of them are known."""
    copies = [(found.articles[copy.article], copy.share) for copy in found.cluster.copies if copy.article in found.articles]
    if len(copies) < 2:
        return None
    copies.sort(key=lambda pair: (_time(pair[0]), pair[0].id))
    first, last = _time(copies[0][0]), _time(copies[-1][0])
    whole = (last - first).total_seconds() or 1
    source = found.articles.get(found.cluster.original, copies[0][0])
    start = _across((_time(source) - first).total_seconds() / whole)
    made = tuple(
        Lane(
            article,
            share,
            original=article.id == found.cluster.original,
            this=article.id == shown.id,
            x=_across((_time(article) - first).total_seconds() / whole),
            start=start,
            y=at * LANE,
            told=later((_time(article) - _time(source)).total_seconds() / 3600),
        )
        for at, (article, share) in enumerate(copies)
    )
    return Lanes(made, first, last, len(made) * LANE)


def _time(article: Article) -> datetime:
    return article.published.time if article.published else article.first_seen


def _across(share: float) -> float:
    return round(1 + 98 * share, 2)  # a dot at the edge is drawn whole


@dataclass(frozen=True, slots=True)
class Stream:
    """A flow as a curve between two columns of sites."""

    flow: Flow
    y: int
    to: int
    width: float  # pixels


@dataclass(frozen=True, slots=True)
class FlowPicture:
    """Sources at the left, takers at the right."""

    streams: tuple[Stream, ...]
    sources: tuple[tuple[str, int, int], ...]  # site, y, articles
    takers: tuple[tuple[str, int, int], ...]
    height: int
    left_out: int  # flows between sites that are not drawn


def drawn_flows(flows: Sequence[Flow]) -> FlowPicture | None:
    """The flows between the sites that give and take most; None if there are none."""
    if not flows:
        return None
    given, taken = Counter[str](), Counter[str]()
    for flow in flows:
        given[flow.source] += flow.articles
        taken[flow.taker] += flow.articles
    sources, takers = _column(given), _column(taken)
    left, right = ({site: y for site, y, _ in column} for column in (sources, takers))
    drawn = [flow for flow in flows if flow.source in left and flow.taker in right]
    most = max((flow.articles for flow in drawn), default=1)
    streams = tuple(
        Stream(flow, left[flow.source], right[flow.taker], round(1 + (_WIDEST - 1) * sqrt(flow.articles / most), 1)) for flow in drawn
    )
    return FlowPicture(streams, sources, takers, NODE * max(len(sources), len(takers)), len(flows) - len(drawn))


def _column(counts: Counter[str]) -> tuple[tuple[str, int, int], ...]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:SITES]
    return tuple((site, at * NODE + NODE // 2, count) for at, (site, count) in enumerate(ranked))


@dataclass(frozen=True, slots=True)
class CoveredDay:
    """A day's bar: what was read at the bottom, then what was captured, then what was missed."""

    day: Day
    x: float  # percent
    width: float  # percent
    read: float  # pixels
    captured: float
    missed: float


def covered(found: Coverage) -> tuple[CoveredDay, ...]:
    """The days as bars, the latest at the right."""
    most = max((day.listed for day in found.days), default=0)
    room = 100 / max(len(found.days), 14)

    def pixels(count: int) -> float:
        return round(count / most * DAYS, 1)

    return tuple(
        CoveredDay(day, round(at * room, 3), round(room * 0.8, 3), pixels(day.read), pixels(day.captured), pixels(day.missed))
        for at, day in enumerate(reversed(found.days))
    )
