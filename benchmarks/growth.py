"""How finding reprints grows with what a store holds: `python -m benchmarks.growth URI... [--sizes 10000 100000] [--svg FILE]`.

Each store must be empty. Documents are keys alone (32, spread as the smallest hashes of a text of 150 to 1,500 grams are; every tenth
document shares half of them with an earlier one) behind a line of text, written straight into the tables; 200 real texts among them are
looked for. Printed: what one look-up takes (the holders of a new article's keys), what comparing a new article takes from mark to
cluster, bytes a document in the index, and how the look-up has grown beside the logarithm of the documents. Rows of several calls are
gathered in the file of `--rows`, JSON lines, and plotted together (benchmarks/growth_plot.py). Ends with 1 if a look-up grew faster than
the logarithm.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pymongo
from pymongo import WriteConcern

from benchmarks.alike import Writer
from benchmarks.growth_plot import Measured, svg
from benchmarks.store import article, digest, moment
from newscrawl.crawl.clustering import HOLDERS, Comparer
from newscrawl.identify.near import KEYS, fingerprint
from newscrawl.models import Article, Kind, Result, Settlement, State, Target
from newscrawl.store import open_store
from newscrawl.store.mongodb.adapter import MongodbStore
from newscrawl.store.mongodb.documents import Near, document
from newscrawl.store.mongodb.schema import INDEXES
from newscrawl.store.protocol import Store
from newscrawl.store.sqlite.adapter import SqliteStore
from newscrawl.store.sqlite.rows import ARTICLES

PROBES = 200
ROUNDS = 5  # of look-ups; the quickest counts, as other work on the machine only ever slows them down
GRAMS = (150, 1500)  # of a text
PIECE = 100_000  # documents written at a time
BUILT_WITHIN = 900.0  # seconds, for the index of a million documents
PLAIN = article(0, random.Random(0))


def named(name: str, text: str, number: int = 0) -> Article:
    """An article with this text."""
    seen = moment(number)
    id_ = digest(name)[:24]
    return replace(PLAIN, id=id_, title="", text=text, text_published=text, text_search=text, first_seen=seen, last_seen=seen)


def filler(first: int, many: int) -> tuple[list[Article], np.ndarray[Any, np.dtype[np.int64]]]:
    """Documents from this number on, and a row of keys for each."""
    chance = np.random.default_rng(first)
    gaps = chance.exponential(size=(many, KEYS)) / chance.integers(*GRAMS, (many, 1))
    keys = (np.minimum(gaps.cumsum(axis=1), 0.999) * 2.0**64).astype(np.uint64).view(np.int64)
    for at in range(10, many, 10):
        keys[at, : KEYS // 2] = keys[int(chance.integers(0, at)), : KEYS // 2]
    return [named(f"document {first + at}", f"document {first + at}", first + at) for at in range(many)], keys


def probes(first: int) -> list[Article]:
    """New articles with real texts; every second one is a copy of the one before it, with a word of its own."""
    writer = Writer(f"probes {first}")
    texts: list[str] = []
    for number in range(PROBES):
        texts.append(f"{texts[-1]} {number}" if number % 2 else "\n".join(writer.paragraphs(4, 8)).lower())
    return [replace(named(f"probe {first} {number}", text), site=f"site{number % 2}") for number, text in enumerate(texts)]


async def fill_sqlite(store: SqliteStore, start: int, end: int) -> None:
    """Straight into the tables, sorted, so that it takes seconds."""

    def write(db: Any) -> None:
        db.execute("PRAGMA cache_size = -400000")
        for first in range(start, end, PIECE):
            articles, keys = filler(first, min(PIECE, end - first))
            db.execute("BEGIN")
            db.executemany(ARTICLES.put, [ARTICLES.row(one, first) for one in articles])
            numbers = [db.execute("SELECT n FROM articles WHERE id = ?", (one.id,)).fetchone()[0] for one in articles]
            order = np.argsort(keys, axis=None)
            rows = zip(keys.ravel()[order].tolist(), np.repeat(numbers, KEYS)[order].tolist(), strict=True)
            db.executemany("INSERT INTO near_keys VALUES (?, ?)", rows)
            db.execute("COMMIT")
        db.execute("PRAGMA cache_size = -8000")

    await store._call(write)  # noqa: SLF001  # beside the Protocol on purpose


async def fill_mongodb(store: MongodbStore, start: int, end: int) -> None:
    """Keys alone; the index is made anew afterwards, which is faster than adding to it."""
    near = store._db.get_collection("near", write_concern=WriteConcern(w=1, j=False))  # noqa: SLF001
    await near.drop_indexes()
    for first in range(start, end, PIECE):
        articles, keys = filler(first, min(PIECE, end - first))
        for at in range(0, len(articles), 5000):
            pairs = zip(articles[at : at + 5000], keys[at : at + 5000].tolist(), strict=True)
            await near.insert_many([document(Near(one.id, tuple(row))) for one, row in pairs])
    with pymongo.timeout(BUILT_WITHIN):
        await near.create_indexes(list(INDEXES["near"]))


async def size_of(store: Store, many: int) -> float:
    """Bytes a document that keys and their index take."""
    if isinstance(store, SqliteStore):
        used = await store._call(lambda db: db.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'near_keys'").fetchone()[0])  # noqa: SLF001
        return float(used) / many
    assert isinstance(store, MongodbStore)
    stats = await store._db.command("collStats", "near")  # noqa: SLF001
    return float(stats["storageSize"] + stats["totalIndexSize"]) / many


async def measured(store: Store, many: int) -> Measured:
    """Look-ups among as many documents, then comparing the same articles."""
    new = probes(many)
    keys = [fingerprint(one.text_search).keys for one in new]
    lookup = min([await looked_up(store, keys) for _ in range(ROUNDS)])
    await store.settle([Settlement(target(one.id), article=one) for one in new])
    comparer, compares, found = Comparer(store), [], 1
    while found:
        start = time.perf_counter()
        found = await comparer.compare()
        compares.append((time.perf_counter() - start) / max(1, found))
    labels = await store.labels([one.id for one in new])
    assert sum(map(bool, labels.values())) == PROBES, "a copy was not found"
    compare = statistics.median(compares[:-1]) * 1000
    return Measured(store.uri.partition(":")[0], many, lookup, compare, await size_of(store, many))


async def looked_up(store: Store, keys: Sequence[Sequence[int]]) -> float:
    """Milliseconds of the middle look-up."""
    times = []
    for some in keys:
        start = time.perf_counter()
        await store.holders(some, HOLDERS)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def target(name: str) -> Target:
    """A page that was read."""
    return Target(digest(name), "gazette", f"https://gazette.example/{name}", Kind.PAGE, moment(0), State.DONE, result=Result.ARTICLE)


async def grow(uri: str, sizes: Sequence[int]) -> list[Measured]:
    """Fill one store step by step."""
    store = open_store(uri)
    await store.prepare()
    await store.open()
    rows, held = [], 0
    fill: Any = fill_sqlite if isinstance(store, SqliteStore) else fill_mongodb
    for size in sizes:
        await fill(store, held, size)
        held = size
        rows.append(await measured(store, size))
        print(rows[-1], flush=True)
    await store.close()
    return rows


def slow_enough(store: str, rows: Sequence[Measured]) -> bool:
    """Whether a store's look-ups grew no faster than the logarithm of what it holds, from the first size to the last; told as well."""
    mine = sorted((row for row in rows if row.store == store), key=lambda row: row.documents)
    grown = mine[-1].lookup / mine[0].lookup
    allowed = math.log(mine[-1].documents) / math.log(mine[0].documents)
    sizes = f"from {mine[0].documents:,} to {mine[-1].documents:,} documents"
    print(f"{store}, {sizes}: a look-up takes {grown:.2f} times as long; the logarithm is {allowed:.2f} times as large")
    return grown <= allowed


def main() -> None:
    """As told at the top."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri", nargs="*", help="none: what `--rows` holds is plotted once more")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000])
    parser.add_argument("--rows", type=Path, help="JSON lines: those of earlier calls are plotted too, those of this one added")
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    print("| store | documents | look-up, ms | compare, ms | bytes a document |\n|---|---|---|---|---|")
    rows = [row for uri in arguments.uri for row in asyncio.run(grow(uri, arguments.sizes))]
    if arguments.rows:
        with arguments.rows.open("ab") as file:
            file.writelines(msgspec.json.encode(row) + b"\n" for row in rows)
        rows = msgspec.json.Decoder(Measured).decode_lines(arguments.rows.read_bytes())
    if arguments.svg:
        arguments.svg.write_text(svg(rows))
    told = [slow_enough(name, rows) for name in sorted({row.store for row in rows})]
    sys.exit(not all(told))


if __name__ == "__main__":
    main()
