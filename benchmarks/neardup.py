"""Reprint clusters of any documents, found as a crawl finds them, without a store on a disk.

`cluster` takes documents as dicts with "id", "text" and, if known, "site", and gives a label for each id. `python -m benchmarks.neardup`
measures it on texts of its own making; see benchmarks/alike.py.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newscrawl.clean.text import search_form
from newscrawl.crawl.clustering import Comparer
from newscrawl.models import Article, Cluster, Known, Link, Regrouping

START = datetime(2026, 8, 1, tzinfo=UTC)


class Memory:
    """What comparing needs of a store, in dictionaries."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = dict(articles)
        self._waiting = dict.fromkeys(articles)
        self._keys: dict[int, list[str]] = defaultdict(list)
        self._links: dict[str, dict[str, Link]] = defaultdict(dict)
        self._clusters: dict[str, Cluster] = {}

    async def uncompared(self, limit: int) -> list[Article]:
        """The next in their order."""
        return [self._articles[id_] for id_ in itertools.islice(self._waiting, limit)]

    async def holders(self, keys: Collection[int], limit: int) -> dict[int, list[str]]:
        """The first with each key."""
        return {key: self._keys[key][:limit] for key in keys if key in self._keys}

    async def known(self, ids: Collection[str], contents: Collection[tuple[str, str]]) -> Known:  # noqa: ARG002
        """Articles by id."""
        return Known({id_: self._articles[id_] for id_ in ids}, {})

    async def labels(self, articles: Collection[str]) -> dict[str, str]:
        """As the articles have them."""
        return {id_: self._articles[id_].cluster for id_ in articles}

    async def links(self, articles: Collection[str]) -> list[Link]:
        """Each once."""
        return list({link: None for id_ in articles if id_ in self._links for link in self._links[id_].values()})

    async def clusters(self, labels: Collection[str]) -> list[Cluster]:
        """Those there are."""
        return [self._clusters[label] for label in labels if label in self._clusters]

    async def regroup(self, change: Regrouping) -> None:
        """Nothing is compared twice here, so nothing has to be taken back."""
        for one in change.compared:
            del self._waiting[one.article]
            for key in one.keys:
                self._keys[key].append(one.article)
        for link in change.links:
            self._links[link.a][link.b] = self._links[link.b][link.a] = link
        for id_, label in change.labels.items():
            self._articles[id_] = replace(self._articles[id_], cluster=label)
        self._clusters |= {one.id: one for one in change.clusters}

    @property
    def by_id(self) -> dict[str, str]:
        """A label for each article: its own id for one without copies."""
        return {id_: article.cluster or id_ for id_, article in self._articles.items()}


def cluster(docs: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """A label for each document, which are taken in the order in which they are given."""
    memory = Memory({doc["id"]: _article(doc, number) for number, doc in enumerate(docs)})
    asyncio.run(_compare_all(memory))
    return memory.by_id


async def _compare_all(memory: Memory) -> None:
    comparer = Comparer(memory)
    while await comparer.compare():
        pass


def _article(doc: Mapping[str, str], number: int) -> Article:
    seen = START + timedelta(minutes=number)
    return Article(
        id=doc["id"],
        site=doc.get("site", ""),
        url=f"https://{doc.get('site') or 'no-site'}.example/{doc['id']}",
        title="",
        text=doc["text"],
        text_published=doc["text"],
        text_search=search_form(doc["text"]),
        first_seen=seen,
        last_seen=seen,
        capture="",
        content_hash="",
        reader="",
    )
