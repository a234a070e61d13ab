"""Who took what from whom: the copies of an archive, added up by site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from newscrawl.reprints import Cluster
from newscrawl.store.conditions import Field
from newscrawl.store.overview import Outline
from newscrawl.store.protocol import Search, Store

MOST = 2_000  # clusters that are added up, those with most of the articles found first
_TOGETHER = 200  # clusters asked for at a time


@dataclass(frozen=True, slots=True)
class Flow:
    """Articles that likely went from one site to another."""

    source: str
    taker: str
    articles: int
    hours: float  # between the two publications, the median; negative where dates contradict the likely direction
    cluster: str  # label of the latest, as an example
    example: Outline  # its copy at the taker


@dataclass(frozen=True, slots=True)
class Flows:
    """All flows between sites."""

    flows: tuple[Flow, ...]  # the largest first
    clusters: int  # that were added up
    capped: bool  # whether there are more


async def flows(store: Store, query: Search, limit: int | None = None) -> Flows:
    """The flows of the clusters in which articles found are, up to `limit`. The query's names were looked up. Raises StoreError.

    A copy counts as taken from the likely original of its cluster, whatever lies between; copies within a site don't count.
    """
    labels = [label for label, _ in await store.facet(query, Field.CLUSTER, MOST + 1)]
    taken: dict[tuple[str, str], list[tuple[float, str, Outline]]] = defaultdict(list)
    for at in range(0, min(len(labels), MOST), _TOGETHER):
        clusters = await store.clusters(labels[at : min(at + _TOGETHER, MOST)])
        outlines = await store.outlines({copy.article for cluster in clusters for copy in cluster.copies})
        for cluster in clusters:
            for original, copy in _copied(cluster, outlines):
                taken[original.site, copy.site].append((_hours(original, copy), cluster.id, copy))
    found = sorted((_flow(*pair, copies) for pair, copies in taken.items()), key=lambda one: (-one.articles, one.source, one.taker))
    return Flows(tuple(found[:limit]), min(len(labels), MOST), len(labels) > MOST)


def told_time(article: Outline) -> datetime:
    """When it was published or, lacking that, first seen."""
    return article.published.time if article.published else article.first_seen


def _copied(cluster: Cluster, outlines: Mapping[str, Outline]) -> Iterator[tuple[Outline, Outline]]:
    """The likely original, with the first copy of each other site."""
    original = outlines.get(cluster.original)
    if original is None:
        return
    seen = {original.site}
    for copy in cluster.copies:
        one = outlines.get(copy.article)
        if one is not None and one.site not in seen:
            seen.add(one.site)
            yield original, one


def _hours(original: Outline, copy: Outline) -> float:
    return (told_time(copy) - told_time(original)).total_seconds() / 3600


def _flow(source: str, taker: str, copies: Sequence[tuple[float, str, Outline]]) -> Flow:
    _, label, example = max(copies, key=lambda one: (told_time(one[2]), one[2].id))
    return Flow(source, taker, len(copies), median(hours for hours, _, _ in copies), label, example)
