"""What reading the archive again costs, and whether it survives being killed: `python -m benchmarks.reextract FOLDER [--kills 10]`.

FOLDER holds `store.db` and `warc` of a finished crawl in SQLite; it is copied, not changed. The extractor's own speed is that of one
process with the captures' bytes in memory and the learned templates at hand: decoded, parsed, read, cleaned, identified. Beside it the
CPU of the whole command, of all of its processes. The last line compares the least of all rounds: others on a machine only add.

With `--kills` all titles and texts are altered first, as an older reader might have left them; then `reextract --apply` is killed at
random moments of its reading and writing, and run once more to its end. Exit code 1 if an article was changed twice or missed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.warc import read_exchange
from newscrawl.clean.article import clean
from newscrawl.config import load_config
from newscrawl.crawl.learned import read_learned
from newscrawl.crawl.reading import SiteReader
from newscrawl.identify.article import identified
from newscrawl.jobs.rereading import template_of
from newscrawl.models import Article, Capture, Target
from newscrawl.sites import SiteDefinition
from newscrawl.store import open_store
from newscrawl.store.protocol import Search, Store

OLD = "UPDATE articles SET title = title || ' (old)', text = text || ' old'"
WRITTEN = "SELECT count(*) FROM articles WHERE title NOT LIKE '% (old)'"


@dataclass(frozen=True, slots=True)
class Page:
    """A captured page of an article."""

    site: str
    target: Target
    capture: Capture
    exchange: Exchange


async def pages_of(store: Store, folder: Path) -> tuple[list[Page], dict[str, SiteReader]]:
    """All pages of all articles, and a reader for each site."""
    knobs, pages, readers = load_config({}).crawl, list[Page](), dict[str, SiteReader]()
    async for article in store.articles(Search()):
        if article.site not in readers:
            url = (await store.seeds(article.site))[0].url
            template = template_of(read_learned(await store.learned(article.site)).get("template", ""))
            readers[article.site] = SiteReader(SiteDefinition(slug=article.site, url=url), knobs, template=template)
        for capture in (await store.captures_by_id({article.capture, *(part.capture for part in article.parts)})).values():
            target = (await store.targets([capture.target]))[capture.target]
            pages.append(Page(article.site, target, capture, read_exchange(folder, capture)))
    return pages, readers


async def articles_of(store: Store) -> tuple[dict[str, Article], dict[str, int]]:
    """The articles by id, and how many former states each has."""
    articles = {article.id: article async for article in store.articles(Search())}
    return articles, {identity: len(await store.revisions(identity)) for identity in articles}


async def opened(folder: Path) -> Store:
    """The store of a crawl."""
    store = open_store(f"sqlite:///{folder}/store.db")
    await store.open()
    return store


def extracted(pages: Sequence[Page], readers: dict[str, SiteReader]) -> float:
    """CPU seconds of the extractor alone."""
    begun = time.process_time()
    for page in pages:
        reader = readers[page.site]
        if reading := reader.reread(page.target, page.exchange):
            identified(clean(reading, repeats=reader.template.repeats), page.capture)
    return time.process_time() - begun


def command(folder: Path, *options: str) -> list[str]:
    """The command line that reads a folder again."""
    places = ("--store", f"sqlite:///{folder}/store.db", "--archive", str(folder / "warc"))
    return [sys.executable, "-m", "newscrawl", "reextract", *places, *options]


def commanded(folder: Path, processes: int) -> tuple[float, float]:
    """CPU and wall seconds of the whole command."""
    shutil.rmtree(folder / "warc" / "reextract", ignore_errors=True)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command(folder, "--processes", str(processes)), check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - begun


def measure(folder: Path, rounds: int) -> None:
    """Print the extractor's own speed and the command's, taking turns."""

    async def read() -> tuple[list[Page], dict[str, SiteReader]]:
        store = await opened(folder)
        try:
            return await pages_of(store, folder / "warc")
        finally:
            await store.close()

    pages, readers = asyncio.run(read())
    extracted(pages[:200], readers)
    least = [float("inf")] * 3
    for number in range(1, rounds + 1):
        alone = extracted(pages, readers)
        told = [f"round {number}: {len(pages)} captures, the extractor alone {alone:.2f} s CPU ({len(pages) / alone:.0f} a CPU second)"]
        least[0] = min(least[0], alone)
        for processes in (1, 2):
            cpu, wall = commanded(folder, processes)
            least[processes] = min(least[processes], cpu)
            told.append(f"{processes} processes {cpu:.2f} s CPU, {wall:.1f} s, {alone / cpu:.0%} of its speed")
        print("; ".join(told), flush=True)
    shares = f"{least[0] / least[1]:.1%} of its speed with 1 process, {least[0] / least[2]:.1%} with 2"
    print(f"least of {rounds}: the extractor alone {least[0]:.2f} s CPU; {shares}")


def done(folder: Path) -> tuple[int, int]:
    """How many articles stand in the journal, and how many are written."""
    was_read = sum(file.read_bytes().count(b"\n") for file in (folder / "warc" / "reextract").glob("*.jsonl"))
    with contextlib.closing(sqlite3.connect(folder / "store.db")) as db:
        return was_read, db.execute(WRITTEN).fetchone()[0]


def kill(folder: Path, kills: int, seed: int) -> bool:
    """Whether everything was changed once after all that."""

    async def read() -> tuple[dict[str, Article], dict[str, int]]:
        store = await opened(folder)
        try:
            return await articles_of(store)
        finally:
            await store.close()

    shutil.rmtree(folder / "warc" / "reextract", ignore_errors=True)
    subprocess.run(command(folder, "--apply"), check=True, capture_output=True)  # what was stored may be an older reader's
    right, before = asyncio.run(read())
    with contextlib.closing(sqlite3.connect(folder / "store.db")) as db, db:
        db.execute(OLD)
    environment, moments = {**os.environ, "NEWSCRAWL_STORE_BATCH_SIZE": "20"}, random.Random(seed)
    for number, moment in enumerate(sorted(moments.uniform(0, 2) for _ in range(kills)), 1):
        process = subprocess.Popen(command(folder, "--apply"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        while process.poll() is None and sum(done(folder)) < moment * len(right):
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        code = process.wait()
        was_read, written = done(folder)
        print(
            f"kill {number}: {'killed' if code else 'it had ended'} with {was_read} articles read and {written} of {len(right)} written",
            flush=True,
        )
    subprocess.run(command(folder, "--apply"), check=True, capture_output=True, env=environment)
    after, revisions = asyncio.run(read())
    missed = [
        identity for identity in right if (after[identity].title, after[identity].text) != (right[identity].title, right[identity].text)
    ]
    twice = [identity for identity in right if revisions[identity] != before[identity] + 1]
    print(f"{len(right)} articles: {len(missed)} missed, {len(twice)} not changed exactly once")
    return not (missed or twice)


def main() -> None:
    """Measure, or kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    if not (options.folder / "store.db").is_file():
        sys.exit(f"{options.folder}: no store.db is there; name the folder of a crawl, with store.db and warc in it")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "copy"
        shutil.copytree(options.folder, folder)
        if options.kills:
            sys.exit(not kill(folder, options.kills, options.seed))
        measure(folder, options.rounds)


if __name__ == "__main__":
    main()
