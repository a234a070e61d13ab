"""Finding reprints while crawling: what is new is compared with what the store holds, and clusters are mended where that asks for it.

The store knows which articles still wait to be compared; that mark and an article's text become durable together, so none is ever
missed. One process at a time compares, for all: whoever has the lease. Whatever is cut short is done again, to the same end.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from newscrawl.crawl.holder import has_died, holder_name
from newscrawl.errors import StoreError
from newscrawl.identify.clusters import COMPARED, copies, groups, labelled, published_by, shares_of
from newscrawl.identify.likeness import COPY, link, weight
from newscrawl.identify.near import Fingerprint, fingerprint
from newscrawl.known import Known
from newscrawl.models import Article, Result, Settlement, now
from newscrawl.reprints import Cluster, Compared, Copy, Link, Regrouping
from newscrawl.store.protocol import Store

log = logging.getLogger(__name__)

BATCH = 50  # articles compared at a time
HOLDERS = 61  # articles that are looked at of those with one key
_HOT = 20  # clusters; a key that stands in more is boilerplate
_SHARED = 2  # keys that two articles must share to be compared
_MANY = 60  # copies; a cluster of so many, most of which were never compared with each other, is not weighed anew
_LARGEST = 600  # articles whose links are weighed together; 0.1 s
_REMEMBERED = 200  # fingerprints: 5 MB
_LEASE = "(reprints)"  # in the place of a site's slug, which has no brackets
_LENGTH = timedelta(seconds=60)  # many times what a step takes
_STEPS = 2  # after a batch, so that a store full of articles that were never compared does not stop the crawl
_PATIENCE, _PAUSE = 10.0, 0.1  # seconds; for a turn at the end of a crawl
_LAST = 60.0  # seconds at the end of a crawl, for what older programs left; the next crawls go on


class Comparable(Protocol):
    """What comparing needs of a store; see store.protocol."""

    async def uncompared(self, limit: int) -> list[Article]: ...  # noqa: D102
    async def holders(self, keys: Collection[int], limit: int) -> Mapping[int, Sequence[str]]: ...  # noqa: D102
    async def known(self, ids: Collection[str], contents: Collection[tuple[str, str]]) -> Known: ...  # noqa: D102
    async def labels(self, articles: Collection[str]) -> Mapping[str, str]: ...  # noqa: D102
    async def links(self, articles: Collection[str]) -> Sequence[Link]: ...  # noqa: D102
    async def clusters(self, labels: Collection[str]) -> Sequence[Cluster]: ...  # noqa: D102
    async def regroup(self, change: Regrouping) -> None: ...  # noqa: D102


class ReprintFinder:
    """Has what waits in the store compared, one process at a time.

    A store that is away is no reason to end a crawl: what waits goes on waiting.
    """

    def __init__(self, store: Store) -> None:
        self._store, self._holder = store, holder_name()
        self._comparer = Comparer(store)

    async def catch_up(self, batch: Sequence[Settlement]) -> None:
        """After a batch was stored: compare what it brought, and a little of what had been waiting."""
        if any(settlement.target.result in (Result.ARTICLE, Result.PART) for settlement in batch):
            await self._quietly(_STEPS, patience=0.0)

    async def close(self) -> None:
        """Compare what waits, also what other processes left, for up to a minute; new articles come first."""
        await self._quietly(None, patience=_PATIENCE)

    async def _quietly(self, steps: int | None, *, patience: float) -> None:
        try:
            await self._compare(steps, patience)
        except StoreError as error:
            log.warning("reprints are found later: %s", error)

    async def _compare(self, steps: int | None, patience: float) -> None:
        if not await self._have_lease(patience):
            return
        started, done = time.monotonic(), 0
        try:
            while await self._comparer.compare() and (steps is None or (done := done + 1) < steps):
                if time.monotonic() - started > _LAST:
                    log.info("articles that were stored before there were clusters are still to be compared: the next crawl goes on")
                    return
                if not await self._have_lease(0.0):
                    return
        finally:
            await self._store.free_lease(_LEASE, self._holder)

    async def _have_lease(self, patience: float) -> bool:
        """Whether it is our turn, waiting for it up to `patience` seconds."""
        while True:
            at = now()
            lease = await self._store.take_lease(_LEASE, self._holder, at, at + _LENGTH)
            if lease.holder == self._holder:
                return True
            if has_died(lease.holder):
                await self._store.free_lease(_LEASE, lease.holder)
            elif patience <= 0:
                return False
            await asyncio.sleep(_PAUSE)
            patience -= _PAUSE


class Comparer:
    """Compares articles that wait in a store; see the module."""

    def __init__(self, store: Comparable) -> None:
        self._store = store
        self._prints: OrderedDict[str, Fingerprint] = OrderedDict()

    async def compare(self, limit: int = BATCH) -> int:
        """Compare up to `limit` articles that wait, and make durable what comes of it; how many there were. Raises StoreError."""
        fresh = {article.id: article for article in await self._store.uncompared(limit)}
        if not fresh:
            return 0
        prints = {id_: self._print(article) for id_, article in fresh.items()}
        links = await self._linked(fresh, prints)
        compared = tuple(Compared(id_, article.text_search, prints[id_].keys) for id_, article in fresh.items())
        await self._store.regroup(await self._regrouping(compared, links))
        return len(fresh)

    async def _linked(self, fresh: Mapping[str, Article], prints: Mapping[str, Fingerprint]) -> list[Link]:
        """The links of the new articles: to each other and to what the store holds."""
        alike = await self._alike({id_: one.keys for id_, one in prints.items()})
        pairs = {(min(a, b), max(a, b)) for a, others in alike.items() for b in others}
        named = {id_ for pair in pairs for id_ in pair}
        old = await self._store.known(named.difference(fresh), ())
        articles = {id_: one for id_, one in {**old.by_id, **fresh}.items() if id_ in named}
        sides = {id_: (id_, one.site, prints.get(id_) or self._print(one)) for id_, one in articles.items()}
        found = [link(sides[a], sides[b]) for a, b in sorted(pairs) if a in sides and b in sides]
        # Of an article that was compared with some of its candidates only, links without weight tell with which.
        capped = {id_ for id_, others in alike.items() if len(others) == COMPARED}
        return [one for one in found if weight(one) or one.a in capped or one.b in capped]

    async def _alike(self, keys: Mapping[str, Sequence[int]]) -> dict[str, list[str]]:
        """For each new article those that share most of its keys; keys that stand in many clusters don't count."""
        wanted = {key for some in keys.values() for key in some}
        found = await self._store.holders(wanted, HOLDERS)
        holders: dict[int, list[str]] = {key: [id_ for id_ in found.get(key, ()) if id_ not in keys] for key in wanted}
        full = {key for key in wanted if len(found.get(key, ())) >= HOLDERS}
        labels = await self._store.labels({id_ for key in full for id_ in holders[key]}) if full else {}
        hot = {key for key in full if len({labels.get(id_) or id_ for id_ in holders[key]}) > _HOT}
        for id_, some in keys.items():
            for key in some:
                holders[key].append(id_)
        alike: dict[str, list[str]] = {}
        for id_, some in keys.items():
            shared = Counter(other for key in some if key not in hot for other in holders[key] if other != id_)
            candidates = [other for other, count in shared.items() if count >= _SHARED]
            alike[id_] = sorted(candidates, key=lambda other: (-shared[other], other))[:COMPARED]
        return alike

    async def _regrouping(self, compared: tuple[Compared, ...], links: list[Link]) -> Regrouping:
        """What becomes of the clusters that the new links touch, or that the articles were in before."""
        fresh = {one.article for one in compared}
        nodes, linked, settled = await self._neighbourhood(fresh, links)
        former = {id_: label for id_, label in (await self._store.labels(nodes)).items() if label}
        if not linked and not former:
            return Regrouping(compared)
        sizes = Counter(former.values())
        stay = {id_: label for id_, label in former.items() if id_ in settled or (sizes[label] >= _MANY and id_ not in fresh)}
        found = groups(nodes, linked, stay)
        known = {one.id: one for one in await self._store.clusters({*former.values(), *nodes})}
        articles = (await self._store.known({id_ for group in found for id_ in group}, ())).by_id
        founders = sorted(articles, key=lambda id_: (published_by(articles[id_]), id_))
        grouped = labelled(found, former, known, founders=founders)
        labels = dict.fromkeys(nodes, "") | {id_: label for label, group in grouped.items() for id_ in group}
        shares = shares_of(linked)
        now_in = {label: copies([articles[id_] for id_ in group], shares) for label, group in grouped.items()}
        changed = {id_: label for id_, label in labels.items() if former.get(id_, "") != label}
        return Regrouping(compared, tuple(links), changed, tuple(_records(now_in, known, former, labels, at=now())))

    async def _neighbourhood(self, fresh: Collection[str], links: Iterable[Link]) -> tuple[set[str], list[Link], set[str]]:
        """All that may be in one cluster with the new articles, now or before, and the links they have now.

        Last, those of them that stay where they are, since there are too many to weigh them all anew.
        """
        kept = {(one.a, one.b): one for one in links}
        near = set(fresh) | {id_ for pair in kept for id_ in pair}
        nodes: set[str] = set()
        edge = near
        while edge and len(nodes) + len(edge) <= max(_LARGEST, len(near)):
            nodes |= edge
            stored = await self._store.links(edge)
            kept |= {(one.a, one.b): one for one in stored if one.a not in fresh and one.b not in fresh}
            edge = {id_ for one in stored if weight(one) >= COPY for id_ in (one.a, one.b)} - nodes
        if not edge:
            return nodes, list(kept.values()), set()
        return near, [one for one in kept.values() if one.a in near or one.b in near], near.difference(fresh)

    def _print(self, article: Article) -> Fingerprint:
        """The fingerprint of an article, out of memory if it is there."""
        found = self._prints.pop(article.id, None)
        if found is None or found.text != article.text_search:
            found = fingerprint(article.text_search)
        self._prints[article.id] = found
        if len(self._prints) > _REMEMBERED:
            self._prints.popitem(last=False)
        return found


def _records(
    now_in: Mapping[str, tuple[Copy, ...]],
    known: Mapping[str, Cluster],
    former: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    at: datetime,
) -> Iterable[Cluster]:
    """The clusters that are new or have changed, and those that are no more."""
    for label, members in now_in.items():
        before = known.get(label)
        outside = tuple(copy for copy in before.copies if copy.article not in labels) if before else ()  # beyond what was weighed together
        original = before.original if before and any(copy.article == before.original for copy in outside) else members[0].article
        record = Cluster(label, before.since if before else at, at, original, (*members, *outside))
        if before is None or (before.original, before.copies) != (record.original, record.copies):
            yield record
    for label in sorted({label for label in former.values() if label not in now_in and label in known}):
        heirs = Counter(labels[id_] for id_, was in former.items() if was == label and labels[id_])
        yield replace(
            known[label], changed=at, original="", copies=(), merged_into=min(heirs, key=lambda heir: (-heirs[heir], heir), default="")
        )
