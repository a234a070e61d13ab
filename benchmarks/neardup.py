"""Reprint clusters of any documents, found as a crawl finds them, without a store on a disk.

`cluster` takes documents as dicts with "id", "text" and, if known, "site", and gives a label for each id.
`python -m benchmarks.neardup [FILE.jsonl[.xz]]` measures it on documents that also name their "cluster" or, without a file, on texts
of its own making (benchmarks/alike.py): as given and in three other orders.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import lzma
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.alike import documents
from newscrawl.clean.text import search_form
from newscrawl.crawl.clustering import Comparer
from newscrawl.known import Known
from newscrawl.models import Article
from newscrawl.reprints import Cluster, Link, Regrouping

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


Pairs = set[tuple[str, str]]


def pairs(labels: Mapping[str, str]) -> Pairs:
    """All pairs of ids that have one label."""
    groups: dict[str, list[str]] = defaultdict(list)
    for id_, label in sorted(labels.items()):
        groups[label].append(id_)
    return {pair for group in groups.values() for pair in itertools.combinations(group, 2)}


def measure(docs: list[dict[str, str]], true: Pairs) -> None:
    """Print what clusters are worth, and how like each other they are in several orders."""
    said = []
    for order in range(4):
        shuffled = random.Random(order).sample(docs, len(docs)) if order else docs
        start = time.process_time()
        found = pairs(cluster(shuffled))
        rate = len(docs) / (time.process_time() - start)
        right = len(found & true)
        print(f"order {order}: precision {right / (len(found) or 1):.4f} recall {right / len(true):.4f}, {rate:.0f} documents a CPU-second")
        said.append(found)
    print("pairs that two orders share, at least:", round(min(len(a & b) / len(a | b) for a, b in itertools.combinations(said, 2)), 4))
    kinds = {doc["id"]: doc.get("kind", "") for doc in docs}
    wrong = Counter(" + ".join(sorted(kinds[id_] for id_ in pair)) for pair in said[0] - true)
    print("wrong pairs:", dict(wrong.most_common(9)))


def read(path: Path) -> list[dict[str, str]]:
    """The documents of a file."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main() -> None:
    """As told at the top."""
    if len(sys.argv) > 1:
        docs = read(Path(sys.argv[1]))
        measure(docs, pairs({doc["id"]: doc["cluster"] for doc in docs}))
    else:
        docs = documents(1)
        measure(docs, pairs({doc["id"]: doc["story"] for doc in docs}))


if __name__ == "__main__":
    main()
