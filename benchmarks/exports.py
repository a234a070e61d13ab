"""What Python's front door and the exports take in time and memory, and whether they survive being killed.

    python -m benchmarks.exports memory URI [--query WORDS]
    python -m benchmarks.exports formats URI FOLDER [--formats FORMAT...]
    python -m benchmarks.exports kill FOLDER [--articles 3000] [--kills 20] [--formats FORMAT...]

`memory` goes through all articles of a store and prints the resident memory after each tenth. `formats` writes all of them in each
format, each in a process of its own: CPU seconds, highest resident memory, size. `kill` fills a store of its own in FOLDER, kills exports
of it at random moments, and compares what they come to in the end with what is in the store.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

import newscrawl
from benchmarks.store import article
from newscrawl.models import Kind, Settlement, State, Target
from newscrawl.store import open_store

FORMATS = ("jsonl", "csv", "sqlite", "parquet", "html")


def memory(uri: str, query: str) -> None:
    """Print megabytes after each tenth of the articles."""
    process = psutil.Process()
    with newscrawl.open_archive(uri) as archive:
        count = archive.count(query)
        before = process.memory_info().rss
        print(f"{count:,} articles, {before / 1e6:.0f} MB before the first")
        cpu, step, characters = time.process_time(), max(count // 10, 1), 0
        for number, one in enumerate(archive.articles(query), 1):
            characters += len(one.text)
            if number % step == 0:
                print(f"{number:>10,}  {process.memory_info().rss / 1e6:6.0f} MB")
        seconds = time.process_time() - cpu
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{characters:,} characters in {seconds:.1f} CPU seconds, {count / seconds:,.0f} articles a CPU second")
    print(f"at most {highest / 1e6:.0f} MB")


def exporting(uri: str, form: str, out: Path) -> list[str]:
    """The command that exports everything."""
    return [sys.executable, "-m", "newscrawl", "export", "--store", uri, "--format", form, "--out", str(out)]


def size(out: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    return sum(path.stat().st_size for path in ([out] if out.is_file() else out.rglob("*")) if path.is_file())


def formats(uri: str, folder: Path, wanted: Sequence[str]) -> None:
    """Print a line for each format."""
    for form in wanted:
        out = folder / f"all.{form}"
        with subprocess.Popen(exporting(uri, form, out), stderr=subprocess.DEVNULL) as running:
            _, status, used = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
        files = f"{sum(path.is_file() for path in out.rglob('*')):,} files" if out.is_dir() else "1 file"
        cpu, highest = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
        print(
            f"{form:<8} code {running.returncode}  {cpu:7.1f} CPU s  {highest / 1e6:5.0f} MB at most  {size(out) / 1e6:8.1f} MB, {files}",
            flush=True,
        )
        shutil.rmtree(out) if out.is_dir() else out.unlink(missing_ok=True)


async def fill(uri: str, count: int) -> None:
    """Invented articles, 2,000 characters each."""
    store, chance = open_store(uri), random.Random(1)
    await store.open()
    for start in range(0, count, 500):
        made = [article(number, chance) for number in range(start, min(start + 500, count))]
        await store.settle(
            [Settlement(Target(one.id, one.site, one.url, Kind.PAGE, one.first_seen, State.DONE), article=one) for one in made]
        )
    await store.close()


def kill(folder: Path, count: int, kills: int, wanted: Sequence[str]) -> None:
    """Print for each format how often it was killed, and whether all articles came out, none twice."""
    uri, chance = f"sqlite:///{folder}/store.db", random.Random(2)
    asyncio.run(fill(uri, count))
    with newscrawl.open_archive(uri) as archive:
        stored = sorted(one.url for one in archive.articles())
    for form in wanted:
        out = folder / f"all.{form}"
        began = time.monotonic()
        subprocess.run(exporting(uri, form, out), check=True, capture_output=True)
        whole, seconds = sorted(urls(form, out)), time.monotonic() - began
        shutil.rmtree(out) if out.is_dir() else out.unlink()
        hit, half = 0, 0
        for _ in range(kills):
            with subprocess.Popen(exporting(uri, form, out), stderr=subprocess.DEVNULL) as running:
                try:
                    running.wait(chance.uniform(0.3 * seconds, seconds))
                except subprocess.TimeoutExpired:
                    running.send_signal(signal.SIGKILL)
                    hit += 1
            if out.exists():
                half += sorted(urls(form, out)) != whole
                shutil.rmtree(out) if out.is_dir() else out.unlink()
        subprocess.run(exporting(uri, form, out), check=True, capture_output=True)
        same = sorted(urls(form, out)) == whole == stored
        rest = [path.name for path in folder.iterdir() if path.name.startswith(out.name + ".")]
        print(f"{form:<8} killed {hit} of {kills} times, half under its name {half} times", end="; ")
        print(f"in the end {'the same' if same else 'NOT THE SAME'}; left behind: {rest or 'nothing'}", flush=True)


def urls(form: str, out: Path) -> list[str]:
    """The addresses of the articles in an export."""
    import csv
    import json
    import re
    import sqlite3

    if form == "jsonl":
        return [json.loads(line)["url"] for line in out.read_text("utf-8").splitlines()]
    if form == "csv":
        with out.open(encoding="utf-8", newline="") as file:
            return [row["url"] for row in csv.DictReader(file)]
    if form == "sqlite":
        db = sqlite3.connect(out)
        found = [url for (url,) in db.execute("SELECT url FROM articles")]
        db.close()
        return found
    if form == "parquet":
        from pyarrow import dataset

        return list(dataset.dataset(out, partitioning="hive").to_table(columns=["url"])["url"].to_pylist())
    pages = [path.read_text("utf-8") for path in (out / "articles").rglob("*.html")]
    return [address[1] for page in pages if (address := re.search(r'<dd class="address">([^<]*)</dd>', page))]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.exports", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("memory")
    one.add_argument("uri")
    one.add_argument("--query", default="")
    two = commands.add_parser("formats")
    two.add_argument("uri")
    two.add_argument("folder", type=Path)
    three = commands.add_parser("kill")
    three.add_argument("folder", type=Path)
    three.add_argument("--articles", type=int, default=3_000)
    three.add_argument("--kills", type=int, default=20)
    for command in (two, three):
        command.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS, metavar="FORMAT")
    options = parser.parse_args()
    if options.command == "memory":
        memory(options.uri, options.query)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.command == "formats":
        formats(options.uri, options.folder, options.formats)
    else:
        kill(options.folder, options.articles, options.kills, options.formats)


if __name__ == "__main__":
    main()
