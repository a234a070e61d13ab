"""Measures settling and searching on a store: `python benchmarks/store.py [URI] [PAGES]`.

Without a URI a new SQLite file in a temporary folder is measured; the store must be empty. Pages are invented: 40 links each, of which
35 are known, and an article of 2,000 characters on every third.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from newscrawl.models import Article, Capture, Kind, Result, Settlement, State, Target
from newscrawl.store import open_store
from newscrawl.store.protocol import Search, Store

START = datetime(2026, 8, 1, tzinfo=UTC)
END = START + timedelta(days=99)
BATCH = 50
WAITING = 100_000
LETTERS = [chr(0x4E00 + 7 * number) for number in range(600)]
SEARCHES = {
    "one character": (LETTERS[3],),
    "two characters": (LETTERS[3] + LETTERS[5],),
    "a rare word": ("page300",),
    "two phrases": (LETTERS[3] + LETTERS[5], LETTERS[8] + LETTERS[2]),
}


def moment(number: int) -> datetime:
    """When a page was found, fetched or published: a second after the one before."""
    return START + timedelta(seconds=number)


def digest(name: str) -> str:
    """An id as long as the real ones."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def pages(many: int) -> Iterator[Settlement]:
    """What a crawl of one site comes to."""
    chance = random.Random(1)
    for number in range(many):
        links = [*range(number * 5 + 1, number * 5 + 6), *(chance.randrange(number * 5 + 1) for _ in range(35))]
        done = target(number, state=State.DONE, result=Result.ARTICLE, visited=moment(number))
        yield Settlement(done, tuple(target(link) for link in links), capture(number), article(number, chance) if number % 3 == 0 else None)


def target(number: int, **other: object) -> Target:
    """A link as a listing shows it; every page shows five new ones."""
    fields: dict[str, Any] = {
        "kind": Kind.PAGE,
        "due": moment(number // 5),
        "found_on": digest("front page"),
        "link_text": "".join(LETTERS[:20]),
    }
    return Target(digest(f"target {number}"), "gazette", f"https://gazette.example/2026/08/{number}.html", **{**fields, **other})


def capture(number: int) -> Capture:
    """Where a page would be in the archive."""
    return Capture(
        id=digest(f"capture {number}"),
        site="gazette",
        target=digest(f"target {number}"),
        url=f"https://gazette.example/2026/08/{number}.html",
        time=moment(number),
        status=200,
        content_type="text/html",
        digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        size=20_000,
        file="gazette-20260801.warc.gz",
        offset=number * 6_000,
        length=6_000,
    )


def article(number: int, chance: random.Random) -> Article:
    """2,000 characters, frequent ones and rare ones, in sentences of twenty."""
    letters = [LETTERS[min(int(chance.expovariate(0.02)), 599)] for _ in range(2_000)]
    text = f"page{number} " + ",".join("".join(letters[at : at + 20]) for at in range(0, 2_000, 20))
    return Article(
        id=digest(f"article {number}"),
        site="gazette",
        url=f"https://gazette.example/2026/08/{number}.html",
        title=text[:20],
        text=text,
        text_published=text,
        text_search=text,
        first_seen=moment(number),
        last_seen=moment(number),
        capture=digest(f"capture {number}"),
        content_hash=digest(text),
        reader="1",
    )


async def clocked(work: Awaitable[object]) -> tuple[float, float]:
    """CPU and real milliseconds that this process takes for it."""
    cpu, real = time.process_time(), time.perf_counter()
    await work
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - real) * 1000


async def median(ask: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """CPU and real milliseconds of the middle one of nine questions."""
    taken = [await clocked(ask()) for _ in range(9)]
    return statistics.median(cpu for cpu, _ in taken), statistics.median(real for _, real in taken)


async def settle_all(store: Store, batches: list[list[Settlement]]) -> None:
    """As a crawl does, one batch after the other."""
    for batch in batches:
        await store.settle(batch)


async def measure(uri: str, many: int) -> None:
    """Print a table."""
    store = open_store(uri)
    await store.prepare()
    await store.open()
    settlements = list(pages(many))
    batches = [settlements[at : at + BATCH] for at in range(0, many, BATCH)]
    print(f"{store.uri}: {many} pages, {many // 3} articles")
    row("", "CPU ms", "real ms")
    cpu, real = await clocked(settle_all(store, batches))
    row(f"settle, a page ({BATCH} in a batch)", cpu / many, real / many)
    row("settle the same again, a page", *(part / many for part in await clocked(settle_all(store, batches))))
    await store.add_targets([target(10**6 + number, priority=number % 3) for number in range(WAITING)])
    held = [found.id for found in await store.due_targets("gazette", END, 64)]
    row(f"32 due targets of {WAITING:,}, 64 held", *await median(lambda: store.due_targets("gazette", END, 32, held)))
    row("backlog", *await median(lambda: store.backlog("gazette")))
    for name, words in SEARCHES.items():
        hits = len(await store.search(Search(words=words, limit=10**6)))
        row(f"search, {name} ({hits:,} hits)", *await median(partial(store.search, Search(words=words))))
    await store.close()


def row(name: str, *cells: float | str) -> None:
    """One line of the table."""
    print(f"{name:<44}", *(f"{cell:>9}" if isinstance(cell, str) else f"{cell:>9.3f}" for cell in cells))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(
            measure(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db", int(sys.argv[2]) if len(sys.argv) > 2 else 3_000)
        )
