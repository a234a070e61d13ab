"""How long it takes to tell what many articles have in common: `python -m benchmarks.overviews URI... [--rounds 5]`.

Each store holds invented articles already (`python -m benchmarks.asking URI --sizes 10000 --fill`). What they lack is added once: an edit
of every fourth, the loss of every 25th, clusters of three, and 20,000 headlines of one site that came to nothing. Then it is served by
`newscrawl serve` on loopback, and words, flows, edits, losses and coverage are asked for over HTTP, as a program asks. Printed of each
question: milliseconds of the first time ("new") and the middle of the others ("again"), the server's CPU for one, and how much it told.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import time
from datetime import datetime, timedelta
from itertools import islice
from statistics import median
from urllib.parse import quote, unquote

from benchmarks.asking import BATCH, served
from benchmarks.stories import digest, story
from newscrawl.models import Kind, Result, Revision, Settlement, State, Target
from newscrawl.reprints import Cluster, Copy, Regrouping
from newscrawl.store import open_store
from newscrawl.store.protocol import Search, Store

SITE, HEADLINES = "paper0", 20_000
QUERIES = ("", "the", "工作", "council", '"city council"', "section:sport since:2026")
TARGETS = (
    *(f"/api/{view}?limit=1000&q={quote(query)}" for view in ("words", "flows", "edits", "gone") for query in QUERIES),
    f"/api/coverage/{SITE}?days=1000",
)


async def completed(uri: str) -> int:
    """How many articles the store has, once it has edits, losses, clusters and headlines."""
    store = open_store(uri)
    await store.prepare()
    await store.open()
    try:
        many = (await store.counts()).articles
        if not await store.edits(Search(limit=1)):
            await _complete(store, many)
        return many
    finally:
        await store.close()


async def _complete(store: Store, many: int) -> None:
    last = story(many - 1).first_seen
    edits = (_edited(number, last + timedelta(minutes=number // 3)) for number in range(0, many, 4))
    losses = (_gone(number) for number in range(0, many, 25))
    for settlements in (edits, losses):
        while some := list(islice(settlements, BATCH)):
            await store.settle(some)
    labels: dict[str, str] = {}
    clusters = []
    for number in range(0, many - 2, 15):
        copies = [digest(f"story {at}") for at in range(number, number + 3)]
        label = digest(f"cluster {number}")
        clusters.append(Cluster(label, last, last, copies[0], tuple(Copy(one, 0.9) for one in copies)))
        labels |= dict.fromkeys(copies, label)
    await store.regroup(Regrouping((), labels=labels, clusters=tuple(clusters)))
    await store.add_targets([_headline(number) for number in range(HEADLINES)])


def _edited(number: int, when: datetime) -> Settlement:
    """A page that tells of an edit and brings nothing else."""
    article = digest(f"story {number}")
    former = Revision(
        article, 1, when - timedelta(hours=1), ("title", "text"), f"Former title {number}", "Former text.", digest("none"), replaced=when
    )
    return Settlement(_page(f"edit {number}", when), revision=former)


def _gone(number: int) -> Settlement:
    one = story(number)
    when = one.first_seen + timedelta(days=number % 50)
    return Settlement(_page(one.url, when), article=dataclasses.replace(one, gone=when))


def _page(url: str, when: datetime) -> Target:
    return Target(digest(url), SITE, url, Kind.PAGE, when, State.DONE, result=Result.UNCHANGED)


def _headline(number: int) -> Target:
    url, listed = f"https://{SITE}.example/missed/{number}", f"2022-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
    result = (Result.BUSY, Result.OTHER)[number % 2]
    return Target(digest(url), SITE, url, Kind.ARTICLE, story(0).first_seen, State.FAILED, result=result, listed=listed)


def asked(uri: str, rounds: int) -> None:
    """Print a row for each question."""
    with served(uri) as (process, connection):
        for target in TARGETS:
            times, start = [], sum(process.cpu_times()[:2])
            for _ in range(rounds + 1):
                began = time.perf_counter()
                connection.request("GET", target)
                answer = connection.getresponse()
                body = answer.read()
                times.append((time.perf_counter() - began) * 1000)
            cpu = (sum(process.cpu_times()[:2]) - start) * 1000 / (rounds + 1)
            size = f"{len(body) / 1000:.1f} kB" if answer.status == 200 else f"{answer.status}: {body[:60]!r}"
            print(
                f"| {uri.partition(':')[0]} | {unquote(target)} | {times[0]:.0f} | {median(times[1:]):.0f} | {cpu:.0f} | {size} |",
                flush=True,
            )


def main() -> None:
    """As told at the top."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print("| store | question | new, ms | again, ms | CPU, ms | told |\n" + "|---" * 6 + "|")
    for uri in arguments.uri:
        asyncio.run(completed(uri))
        asked(uri, arguments.rounds)


if __name__ == "__main__":
    main()
