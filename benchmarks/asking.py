"""How fast an archive answers, and how that grows: `python -m benchmarks.asking URI... [--sizes 10000 100000] [--rounds 10] [--fill]`.

Each store is filled with invented articles (benchmarks.stories) up to each size, unless it holds them already, and served by
`newscrawl serve` on loopback. Ten typical questions are asked over HTTP, as a program asks (`/api/articles`: how many, and
the first twenty) and as a reader does (the whole page: results, excerpts, facets, timeline), and the front page is drawn.
Printed for each size: the time of the first question of all, middle and 95th percentile of the first round ("new", as postings are kept
while nothing changes) and of the others, the server's CPU for each, its memory and the store's size. With `--fill` nothing is asked.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode, urlsplit

import psutil

from benchmarks.stories import settlements
from newscrawl.store import open_store
from newscrawl.store.mongodb.adapter import MongodbStore
from newscrawl.store.protocol import Store
from newscrawl.store.sqlite.adapter import SqliteStore

BATCH = 500
QUESTIONS = (
    {"q": "council"},
    {"q": "工作"},
    {"q": "the", "sort": "relevance"},
    {"q": "storm harbour"},
    {"q": '"city council"'},
    {"q": "工作发展"},
    {"q": "harbour OR 港口 OR puerto", "sort": "relevance"},
    {"q": "gobierno since:2026 -lluvia"},
    {"q": "section:sport lang:zh 台风", "sort": "relevance"},
    {"q": "title:festival site:paper0"},
)


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    median: float
    high: float  # 95th percentile

    @classmethod
    def of(cls, times: Sequence[float]) -> Times:
        """Of at least two."""
        return cls(statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1])

    def __str__(self) -> str:
        return f"{self.median:.0f}, {self.high:.0f}"


async def fill(store: Store, many: int) -> None:
    """Settle what lacks, as a crawl does."""
    held, start = (await store.counts()).articles, time.monotonic()
    stories, done = settlements(held, many), 0
    while batch := list(islice(stories, BATCH)):
        await store.settle(batch)
        done += 1
        if done % 10 == 0:
            rate = done * BATCH / (time.monotonic() - start)
            print(f"{held + done * BATCH:,} of {many:,} articles, {rate:.0f} a second", file=sys.stderr, flush=True)


async def filled(uri: str, many: int) -> float:
    """Bytes of the store once it holds that many."""
    store = open_store(uri)
    await store.prepare()
    await store.open()
    try:
        await fill(store, many)
        if isinstance(store, SqliteStore):
            return float(await store._call(lambda db: db.execute("SELECT sum(pgsize) FROM dbstat").fetchone()[0]))  # noqa: SLF001  # no promise of stores
        assert isinstance(store, MongodbStore)
        stats = await store._db.command("dbStats")  # noqa: SLF001
        return float(stats["storageSize"] + stats["indexSize"])
    finally:
        await store.close()


@contextmanager
def served(uri: str) -> Iterator[tuple[psutil.Process, http.client.HTTPConnection]]:
    """A server of the store, and a connection to it."""
    command = [sys.executable, "-m", "newscrawl", "serve", "--port", "0", "--store", uri]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            place = urlsplit(server.stdout.readline().strip())
            with closing(http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)) as connection:
                yield psutil.Process(server.pid), connection
        finally:
            server.terminate()


@dataclass(frozen=True, slots=True)
class Measured:
    """One size of one store."""

    store: str
    articles: int
    first: float  # milliseconds of the first question of all
    new: Times  # questions of a program that nobody has asked since something changed
    asked: Times  # again
    pages: Times
    front: Times
    cpu: float  # milliseconds of the server a question or page, all rounds
    memory: float  # bytes
    size: float  # bytes

    def __str__(self) -> str:
        numbers = f"{self.first:.0f} | {self.new} | {self.asked} | {self.pages} | {self.front} | {self.cpu:.0f}"
        return f"| {self.store} | {self.articles:,} | {numbers} | {self.memory / 1e6:.0f} | {self.size / 1e9:.2f} |"


HEAD = (
    "| store | articles | first, ms | new, ms (50 %, 95 %) | again, ms | page, ms | front page, ms | CPU, ms | server, MB | GB |\n"
    + "|---" * 10 + "|"
)  # fmt: skip


def measured(uri: str, many: int, rounds: int, size: float, *, each: bool = False) -> Measured:
    """Ask all questions that many times, and once before."""
    with served(uri) as (process, connection):

        def taken(target: str, question: dict[str, str]) -> float:
            start = time.perf_counter()
            connection.request("GET", f"{target}?{urlencode(question)}")
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, (question, answer.status, body[:300])
            return (time.perf_counter() - start) * 1000

        first = taken("/api/articles", {"q": "council"})
        times: dict[tuple[str, str], list[float]] = {}
        start, asked = sum(process.cpu_times()[:2]), 0
        for _ in range(rounds + 1):
            for target in ("/api/articles", "/"):
                for question in QUESTIONS:
                    times.setdefault((target, question["q"]), []).append(taken(target, question))
            times.setdefault(("/", ""), []).append(taken("/", {}))
            asked += 2 * len(QUESTIONS) + 1
        cpu = (sum(process.cpu_times()[:2]) - start) * 1000 / asked
        memory = process.memory_info().rss
    if each:
        for (target, q), all_times in times.items():
            print(f"{target:14} {q:32} first {all_times[0]:6.0f}  then {Times.of(all_times[1:])}", file=sys.stderr)
    new = Times.of([all_times[0] for (target, _), all_times in times.items() if target != "/"])
    kinds: dict[str, list[float]] = {}
    for (target, q), all_times in times.items():
        kinds.setdefault(target if q else "front", []).extend(all_times[1:])
    api, pages, front = (Times.of(kinds[kind]) for kind in ("/api/articles", "/", "front"))
    return Measured(uri.partition(":")[0], many, first, new, api, pages, front, cpu, memory, size)


def main() -> None:
    """As told at the top."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri", nargs="+")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--fill", action="store_true", help="only fill the stores")
    parser.add_argument("--each", action="store_true", help="also print the times of each question")
    arguments = parser.parse_args()
    print("" if arguments.fill else HEAD)
    for uri in arguments.uri:
        for many in arguments.sizes:
            size = asyncio.run(filled(uri, many))
            if not arguments.fill:
                print(measured(uri, many, arguments.rounds, size, each=arguments.each), flush=True)


if __name__ == "__main__":
    main()
