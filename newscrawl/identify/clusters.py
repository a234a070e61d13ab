"""Who belongs together: from links between pairs of articles to groups that agree as a whole.

Average linkage (UPGMA; Sokal & Michener 1958) instead of connected components: what joins a group must be like its members on
the whole, so one short text that is like many never ties together what has nothing in common. The result depends on the links alone,
not on the order in which articles came.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from newscrawl.clean.urls import host_of
from newscrawl.identify.likeness import COPY, weight
from newscrawl.models import Article
from newscrawl.reprints import Cluster, Copy, Likeness, Link

AGREEMENT = 0.3  # mean weight of the links between two groups, from which on they are one; two copies of 35 % noise have that
COMPARED = 24  # articles that a new one is compared with at most, so that a missing link to a larger group says nothing


@dataclass(slots=True)
class _Between:
    """The links between two groups."""

    total: float = 0.0
    links: int = 0
    best: float = 0.0

    def add(self, other: _Between) -> None:
        self.total, self.links, self.best = self.total + other.total, self.links + other.links, max(self.best, other.best)


def groups(articles: Collection[str], links: Iterable[Link], settled: Mapping[str, str] = MappingProxyType({})) -> list[tuple[str, ...]]:
    """The articles that are copies of each other, each group sorted, those without copies left out.

    Links to others tell a roundup, and that is all. `settled`: labels of articles that stay together, since they are
    part of a cluster too large to be weighed anew.
    """
    first: dict[str, str] = {}
    names = {article: first.setdefault(settled.get(article, article), article) for article in sorted(articles)}
    members: dict[str, list[str]] = defaultdict(list)
    for article, name in names.items():
        members[name].append(article)
    links = [one for one in _without_roundups(list(links)) if one.a in names and one.b in names]
    joined = _Linkage(members, names, links, settled).joined()
    return [tuple(sorted(group)) for group in joined if len(group) > 1 or group[0] in settled]


class _Linkage:
    """Groups, by the name of one member, and what is between them."""

    def __init__(self, members: dict[str, list[str]], names: Mapping[str, str], links: Sequence[Link], settled: Collection[str]) -> None:
        self._members = members
        self._settled = {names[article] for article in settled if article in names}
        self._between: dict[str, dict[str, _Between]] = defaultdict(dict)
        degrees: Counter[str] = Counter()
        for one in links:
            degrees.update((one.a, one.b))
            a, b, value = names[one.a], names[one.b], weight(one)
            if a != b and value:
                found = self._between[a].setdefault(b, _Between())
                found.add(_Between(value, 1, value))
                self._between[b][a] = found
        others = max(1, len(names) - 1)
        # Of the others, how many an article was compared with. One that may have had more candidates has links to all it was compared with;
        # of those that are settled, links to others are not at hand.
        sampled = {article for article in names if degrees[article] >= COMPARED or article in settled}
        known = {article: min(1.0, degrees[article] / others) if article in sampled else 1.0 for article in names}
        self._compared = {name: sum(known[article] for article in group) for name, group in members.items()}

    def joined(self) -> Iterable[list[str]]:
        """The groups, when no two of them agree any more."""
        heap = [entry for a in self._between for b in self._between[a] if a < b and (entry := self._entry(a, b))]
        heapq.heapify(heap)
        while heap:
            entry = heapq.heappop(heap)
            _, a, b = entry
            if a not in self._members or b not in self._members or entry != self._entry(a, b):
                continue  # one of them has grown meanwhile
            self._join(a, b)
            for other in self._between[a]:
                if grown := self._entry(min(a, other), max(a, other)):
                    heapq.heappush(heap, grown)
        return self._members.values()

    def _join(self, a: str, b: str) -> None:
        self._members[a] += self._members.pop(b)
        self._compared[a] += self._compared.pop(b)
        for other, theirs in self._between.pop(b).items():
            del self._between[other][b]
            if other != a:
                mine = self._between[a].setdefault(other, _Between())
                mine.add(theirs)
                self._between[other][a] = mine

    def _entry(self, a: str, b: str) -> tuple[float, str, str] | None:
        """What two groups are in the queue of those to be joined: the most alike come first, then by name. None: not to be joined."""
        found = self._between[a].get(b)
        if found is None or found.best < COPY:
            return None
        one, other = len(self._members[a]), len(self._members[b])
        expected = min(self._compared[a] * other, self._compared[b] * one)  # pairs of theirs that were compared
        agreement = found.total / max(found.links, expected)
        if agreement < AGREEMENT:
            return None
        return (-agreement - bool({a, b} & self._settled), a, b)  # what is large already comes before what its newest copies would make


def _without_roundups(links: Sequence[Link]) -> list[Link]:
    """An article that holds others which have nothing to do with each other is no copy of any of them."""
    related = {(one.a, one.b) for one in links if weight(one)}
    held: dict[str, list[Link]] = defaultdict(list)
    for one in links:
        if weight(one) and min(one.of_a, one.of_b) < 0.5:
            held[one.a if one.of_a < one.of_b else one.b].append(one)
    dropped: set[Link] = set()
    for holder, holding in held.items():
        parts = [(one, one.b if one.a == holder else one.a) for one in holding]
        if any(
            _unrelated(x, y, related) and not first.kind is second.kind is Likeness.REPRINT for first, x in parts for second, y in parts
        ):
            dropped.update(holding)
    return [one for one in links if one not in dropped]


def _unrelated(x: str, y: str, related: Collection[tuple[str, str]]) -> bool:
    return x != y and (min(x, y), max(x, y)) not in related


def labelled(
    found: Sequence[tuple[str, ...]], former: Mapping[str, str], clusters: Mapping[str, Cluster], *, founders: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """A label for each group, by label. `former`: the labels that articles have; `clusters`: at least those and all with an article's id.

    A group keeps the oldest label that most of whose articles are in it. A new one is the id of the first of `founders` in it
    after which no cluster was ever called.
    """
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for number, group in enumerate(found):
        for article in group:
            if label := former.get(article):
                counted[label][number] += 1
    claims: dict[int, list[str]] = defaultdict(list)
    for label, holders in counted.items():
        claims[min(holders, key=lambda number: (-holders[number], found[number]))].append(label)
    labels: dict[str, tuple[str, ...]] = {}
    for number, group in enumerate(found):
        inherited = min(claims[number], key=lambda label: _age(label, clusters), default="")
        labels[inherited or _new_label(group, clusters, founders)] = group
    return labels


def _age(label: str, clusters: Mapping[str, Cluster]) -> tuple[bool, datetime | None, str]:
    """What sorts labels, the oldest first. One without a cluster was put on its articles by a step that was cut short: it is new."""
    found = clusters.get(label)
    return (found is None, found.since if found else None, label)


def _new_label(group: Collection[str], clusters: Collection[str], founders: Sequence[str]) -> str:
    ordered = sorted(group, key=founders.index)
    return next((article for article in ordered if article not in clusters), f"{ordered[0]}-{len(clusters)}")


def copies(group: Collection[Article], shares: Mapping[str, Mapping[str, float]]) -> tuple[Copy, ...]:
    """The articles of a cluster, the likely original first, then by date. `shares`: how much of an article stands in another."""
    ordered = sorted(group, key=lambda article: (_is_taken(article, group), published_by(article), article.id))
    first, *others = (article.id for article in ordered)
    return (Copy(first, 1.0), *(Copy(other, _share(shares[other], first, group)) for other in others))


def _share(of: Mapping[str, float], original: str, group: Iterable[Article]) -> float:
    return of[original] if original in of else max((of[article.id] for article in group if article.id in of), default=0.0)


def shares_of(links: Iterable[Link]) -> dict[str, dict[str, float]]:
    """How much of each article stands in each other."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for one in links:
        shares[one.a][one.b], shares[one.b][one.a] = one.of_a, one.of_b
    return shares


def published_by(article: Article) -> datetime:
    """The latest that an article can have been published: its date to its precision or, lacking that, when it was first seen."""
    if (stated := article.published) is None:
        return article.first_seen
    return stated.time + _SPAN.get(stated.precision, timedelta())


_SPAN = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}


def _is_taken(article: Article, group: Collection[Article]) -> bool:
    """Whether an article says itself that it comes from another of the group: it names that one's host."""
    hosts = {_host(other.url) for other in group if other.site != article.site}
    return any(host in article.text_search or host in article.source.casefold() for host in hosts)


def _host(url: str) -> str:
    return host_of(url).partition(":")[0].removeprefix("www.").casefold()
