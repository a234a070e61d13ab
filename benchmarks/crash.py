"""Crawls of the demo that are killed at random moments, each then run once more: `python -m benchmarks.crash --store sqlite --kills 20`.

`--program schedule` kills a schedule instead, whose crawls are left to themselves; `--how term` and `--how twice` end it by signals.
MongoDB is the one at NEWSCRAWL_TEST_MONGODB_URI, or else started from PATH or the wheel of the `test` extra.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.crawl.crashes import Whole, after_requests, brisk_demo, looked_through
from tests.crawl.crawls import Place, ended
from tests.mongod import mongod_in

LAST_REQUEST = 60  # of about 65 that a whole crawl needs
HELD_TRIES = 10
PROGRAMS = {"crawl": ("-m", "newscrawl", "crawl"), "schedule": ("-m", "newscrawl", "schedule")}
SIGNALS = {"kill": (signal.SIGKILL,), "term": (signal.SIGTERM,), "twice": (signal.SIGTERM, signal.SIGTERM)}
COLUMNS = ("kill", "after requests", "articles then", "articles after", "missing", "twice", "digests checked", "WARC records", "torn tails")


def main() -> None:
    """Kill, run once more, look; exit code 1 if anything was lost or is there twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=["sqlite", "mongodb"], default="sqlite")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", choices=list(PROGRAMS), default="crawl")
    parser.add_argument("--how", choices=list(SIGNALS), default="kill")
    options = parser.parse_args()
    moments, unsound = random.Random(options.seed), 0
    print(" | ".join(COLUMNS), flush=True)
    with tempfile.TemporaryDirectory() as folder, stores(options.store, Path(folder)) as uri:
        for number in range(1, options.kills + 1):
            place = Place(Path(folder) / str(number), uri.replace("DATABASE", f"newscrawl_crash_{os.getpid()}_{number}"))
            requests, then, whole = killed_once(place, moments, options.program, SIGNALS[options.how])
            unsound += not whole.sound
            cells = (number, requests, then, whole.articles, whole.missing, whole.twice, whole.captures, whole.records, whole.torn)
            print(" | ".join(f"{cell:>{len(name)}}" for cell, name in zip(cells, COLUMNS, strict=True)), flush=True)
    print(f"{options.kills - unsound} of {options.kills} whole")
    sys.exit(unsound > 0)


@contextmanager
def stores(kind: str, folder: Path) -> Iterator[str]:
    """The address of a store, DATABASE standing for its name; "" for one file a place."""
    if kind == "sqlite":
        yield ""
    elif given := os.environ.get("NEWSCRAWL_TEST_MONGODB_URI"):
        server, _, query = given.partition("?")
        scheme, _, rest = server.partition("://")
        yield f"{scheme}://{rest.partition('/')[0]}/DATABASE?{query}"
    else:
        with mongod_in(folder) as started:
            yield started.uri.replace("/?", "/DATABASE?")


def killed_once(place: Place, moments: random.Random, program: str, signals: Sequence[int]) -> tuple[int, int, Whole]:
    """Requests and articles when a crawl was killed, and what one more run made of it. Between two signals are .2 s at most."""
    place.folder.mkdir()
    place.prepare()
    with brisk_demo() as demo:
        process = place.start(*demo.homes, program=PROGRAMS[program])
        after_requests(demo, process, moments.randrange(LAST_REQUEST))
        time.sleep(moments.uniform(0, 0.3))
        for number in signals:
            process.send_signal(number)
            time.sleep(moments.uniform(0, 0.2))
        ended(process)
        requests, then = len(demo.requests), len(place.holding().articles)
        again = place.crawl(*demo.homes, program=PROGRAMS["crawl"])
        for _ in range(HELD_TRIES):  # crawls of a schedule that was killed notice that within a second, and finish what is in flight
            if not again.code:
                break
            time.sleep(1)
            again = place.crawl(*demo.homes, program=PROGRAMS["crawl"])
        else:
            sys.exit(again.stderr)
        return requests, then, looked_through(place, demo.expected())


if __name__ == "__main__":
    main()
