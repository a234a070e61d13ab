"""Workers on machines of their own crawl newsbench's sites through a real Redis into a MongoDB of three members, while things die.

`python -m benchmarks.workers NEWSBENCH --faults machine,primary,redis,cut` pulls the plug of a worker's machine, of the primary, of Redis
(started again after five seconds) and takes a worker's cable out for a minute, each once a share of the sites is done. Without --faults
it measures articles a minute. NEWSBENCH is that program's folder. Linux, as root (benchmarks/machines.py).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import pymongo
from pymongo.database import Database
from pymongo.errors import PyMongoError

from benchmarks.machines import Machine, inside, machines
from newscrawl.archive.warc import read_exchange
from newscrawl.store import open_store
from tests.mongod import mongod_binary
from tests.redis_server import redis_binary

MEMBERS = ("mongo1", "mongo2", "mongo3")
DATABASE, MONGO_PORT, REDIS_PORT, BENCH_PORT = "newscrawl", 27017, 6379, 8900
CUT, REDIS_AWAY, PRIMARY_AWAY = 60.0, 5.0, 30.0  # seconds
DELAY = 1.0  # seconds between two requests to a site, as shipped
OPEN = ("", "shutdown", "deferred", "could not begin", "lease lost", "memory", "incomplete", "failed")  # so begin outcomes of what goes on
# Lets the other machines in to newsbench, which listens to its own alone.
FORWARD = """
import asyncio, sys
host, port = sys.argv[1], int(sys.argv[2])
async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
async def taken(reader, writer):
    there, back = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(pump(reader, back), pump(there, writer), return_exceptions=True)
async def main():
    async with await asyncio.start_server(taken, host, port) as server:
        await server.serve_forever()
asyncio.run(main())
"""


@dataclass(slots=True)
class Fault:
    """Something that died, and how soon the sites it hit went on."""

    kind: str
    at: float  # time.time()
    hit: dict[str, int]  # by site that was being crawled there: captures then
    back: dict[str, float] = field(default_factory=dict)  # seconds until the next capture
    next_run: float = 0.0  # seconds until the next crawl began anywhere

    def told(self) -> str:
        """One line."""
        times = sorted(self.back.values())
        went_on = f"next page stored after {median(times):.0f} s (median), {times[-1]:.0f} s (all)" if times else "none had more to store"
        return f"{self.kind:8} hit {len(self.hit)} sites: {len(times)} went on, {went_on}; next crawl anywhere after {self.next_run:.0f} s"


@dataclass(slots=True)
class Trial:
    """The machines, and what is seen of them from outside."""

    options: argparse.Namespace
    folder: Path
    by_name: dict[str, Machine]
    faults: list[Fault] = field(default_factory=list)

    @property
    def store(self) -> str:
        hosts = ",".join(f"{self.by_name[name].address}:{MONGO_PORT}" for name in MEMBERS)
        return f"mongodb://{hosts}/{DATABASE}?replicaSet=rs0"

    @property
    def queue(self) -> str:
        return f"redis://{self.by_name['redis'].address}:{REDIS_PORT}/0"

    @property
    def bench(self) -> Path:
        return self.folder / "bench"

    @property
    def workers(self) -> list[str]:
        return [f"w{number}" for number in range(1, self.options.workers + 1)]

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    # beginnings

    def start_mongod(self, name: str) -> None:
        data = self.folder / name
        data.mkdir(exist_ok=True)
        options = ["--dbpath", str(data), "--bind_ip", "0.0.0.0", "--port", str(MONGO_PORT), "--nounixsocket", "--replSet", "rs0"]
        options += ["--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false"]
        self.by_name[name].run([str(mongod_binary()), *options], log=self.log(name))

    def start_redis(self) -> None:
        data = self.folder / "redis"
        data.mkdir(exist_ok=True)
        options = ["--bind", "0.0.0.0", "--protected-mode", "no", "--dir", str(data), "--appendonly", "yes", "--save", ""]
        self.by_name["redis"].run([str(redis_binary()), *options], log=self.log("redis"))

    def start_bench(self) -> None:
        self.bench.mkdir()
        sizes = ["--sites", str(self.options.sites), "--articles", str(self.options.articles), "--port", str(BENCH_PORT)]
        serve = [sys.executable, "-m", "newsbench", "serve", *sizes, "--work", str(self.bench)]
        machine, environment = self.by_name["bench"], {**os.environ, "PYTHONPATH": str(self.options.newsbench)}
        machine.run(serve, log=self.log("bench"), environment=environment)
        until(lambda: "rendered" in self.log("bench").read_text(), "newsbench serves")
        machine.run([sys.executable, "-c", FORWARD, machine.address, str(BENCH_PORT)], log=self.log("bench"))

    def initiate(self) -> None:
        first = self.by_name[MEMBERS[0]].address
        members = [{"_id": n, "host": f"{self.by_name[name].address}:{MONGO_PORT}"} for n, name in enumerate(MEMBERS)]
        with pymongo.MongoClient[Any](f"mongodb://{first}:{MONGO_PORT}/?directConnection=true", serverSelectionTimeoutMS=60_000) as client:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        asyncio.run(_prepared(self.store))

    def newscrawl(self, name: str, *arguments: str) -> None:
        proxy = f"http://{self.by_name['bench'].address}:{BENCH_PORT}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL_")} | {
            "NEWSCRAWL_STORE": self.store,
            "NEWSCRAWL_QUEUE": self.queue,
            "NEWSCRAWL_ARCHIVE": str(self.folder / f"warc-{name}"),
            "NEWSCRAWL_BROWSER_PROGRAMS": "none",
            "NEWSCRAWL_SCHEDULE_SHORTEST_MINUTES": "1000",  # one visit of each site
            "http_proxy": proxy,
            "https_proxy": proxy,
            "SSL_CERT_FILE": str(self.bench / "ca.pem"),
        }
        self.by_name[name].run([sys.executable, "-m", "newscrawl", *arguments], log=self.log(name), environment=environment)

    # what is seen

    def counts(self, database: Database[Any], what: str) -> dict[str, int]:
        return {one["_id"]: one["n"] for one in database[what].aggregate([{"$group": {"_id": "$site", "n": {"$sum": 1}}}])}

    def done(self, database: Database[Any]) -> set[str]:
        latest: dict[str, str] = {}
        for run in database["runs"].find({}, {"site": 1, "outcome": 1}).sort("started", 1):
            latest[run["site"]] = run["outcome"]
        return {site for site, outcome in latest.items() if outcome and not outcome.startswith(OPEN[1:])}

    def held(self, database: Database[Any], host: str = "") -> list[str]:
        leases = database["sites"].find({"lease_holder": {"$regex": f"^{host}."}}, {"lease_until": 1})
        return [one["_id"] for one in leases if one["lease_until"].timestamp() > time.time()]

    # faults

    def strike(self, kind: str, database: Database[Any], after: Callable[[float, Callable[[], None]], None]) -> None:
        victim = self.by_name[self.workers[0 if kind == "machine" else -1]]
        held, captures = self.held(database, victim.name if kind in ("machine", "cut") else ""), self.counts(database, "captures")
        if kind == "machine":
            victim.kill()
        elif kind == "redis":
            self.by_name["redis"].kill()
            after(REDIS_AWAY, self.start_redis)
        elif kind == "cut":
            victim.cut()
            after(CUT, lambda: victim.cut(off=False))
        elif kind == "primary":
            host = str(database.client.primary[0]) if database.client.primary else ""
            name = next(name for name in MEMBERS if self.by_name[name].address == host)
            self.by_name[name].kill()
            after(PRIMARY_AWAY, lambda: self.start_mongod(name))
        self.faults.append(Fault(kind, time.time(), {site: captures.get(site, 0) for site in held}))
        print(f"{time.strftime('%H:%M:%S')} {kind}", flush=True)


async def _prepared(uri: str) -> None:
    store = open_store(uri)
    await store.prepare()
    await store.close()


def until(condition: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    """Wait for it; ends the program if it does not come."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            sys.exit(f"not in {seconds:.0f} s: {what}")
        time.sleep(0.2)


def watch(trial: Trial) -> tuple[float, int]:
    """Strike when it is time, and look each second, until every site is done; seconds from the first article on, and how many articles."""
    kinds = [kind for kind in trial.options.faults.split(",") if kind]
    later: list[tuple[float, Callable[[], None]]] = []
    begun, first, articles, sites = time.time(), 0.0, 0, trial.options.sites
    with pymongo.MongoClient[Any](trial.store, serverSelectionTimeoutMS=2_000, tz_aware=True) as client:
        database, struck = client[DATABASE], 0
        while time.time() - begun < trial.options.limit:
            time.sleep(1)
            for due in [one for one in later if one[0] <= time.time()]:
                later.remove(due)
                due[1]()
            try:
                done, captures = trial.done(database), trial.counts(database, "captures")
                articles = sum(trial.counts(database, "articles").values())
                _follow(trial, captures, database)
                if struck < len(kinds) and not later and len(done) >= sites * (struck + 1) / (len(kinds) + 2):
                    trial.strike(kinds[struck], database, lambda wait, act: later.append((time.time() + wait, act)))
                    struck += 1
            except PyMongoError:
                continue
            first = first or (time.time() if articles else 0.0)
            if len(done) >= sites and struck == len(kinds) and not later:
                return time.time() - first, articles
    print(f"the limit of {trial.options.limit} s is over; done: {len(done)} of {sites}")
    return time.time() - first, articles


def _follow(trial: Trial, captures: dict[str, int], database: Database[Any]) -> None:
    for fault in trial.faults:
        for site, then in fault.hit.items():
            if site not in fault.back and captures.get(site, 0) > then:
                fault.back[site] = time.time() - fault.at
        if not fault.next_run:
            latest = next(iter(database["runs"].find({}, {"started": 1}).sort("started", -1).limit(1)), None)
            if latest and latest["started"].timestamp() > fault.at + 1:
                fault.next_run = latest["started"].timestamp() - fault.at


def politeness(log: Path, sites: Path) -> tuple[int, int, float]:
    """Pauses between requests to one site as its server saw them: how many, how many under nine tenths of what they should be, the shortest."""
    delays = {}
    for site in json.loads(sites.read_text()):
        asked = [line.split(":")[1] for line in site["robots"].splitlines() if line.startswith("Crawl-delay:")]
        delays[_site(site["host"])] = max(DELAY, *(float(value) for value in asked)) if asked else DELAY
    last: dict[str, float] = {}
    pauses: dict[str, list[float]] = defaultdict(list)
    for line in log.read_text().splitlines():
        when, host = line.split("\t")[:2]
        site = _site(host)
        if site in delays:
            if site in last:
                pauses[site].append((float(when) - last[site]) / delays[site])
            last[site] = float(when)
    every = [pause for found in pauses.values() for pause in found]
    return len(every), sum(pause < 0.9 for pause in every), min(every)


def _site(host: str) -> str:
    return host.removeprefix("www.").removeprefix("m.")


async def read_back(uri: str, folders: Sequence[Path]) -> int:
    """How many captures the store names; each is read from its WARC file, its digest checked."""
    store, count = open_store(uri), 0
    await store.open()
    where = {path.name.removesuffix(".open"): folder for folder in folders for path in folder.glob("*.warc.gz*")}
    async for capture in store.captures():
        read_exchange(where[capture.file], capture)
        count += 1
    await store.close()
    return count


def judged(trial: Trial) -> dict[str, Any]:
    """newsbench's verdict."""
    out, environment = trial.folder / "out.jsonl", {**os.environ, "NEWSCRAWL_STORE": trial.store}
    subprocess.run([sys.executable, "-m", "benchmarks.newsbench_records", str(out)], env=environment, check=True)
    command = [sys.executable, "-m", "newsbench", "judge", str(out), "--log", str(trial.bench / "request.log"), "--work", str(trial.bench)]
    environment["PYTHONPATH"] = str(trial.options.newsbench)
    verdict: dict[str, Any] = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
    return verdict


@contextmanager
def started(options: argparse.Namespace, folder: Path) -> Iterator[Trial]:
    """All machines, with what they run."""
    names = [*MEMBERS, "redis", "bench", "schedule", *(f"w{number}" for number in range(1, options.workers + 1))]
    with machines(names) as by_name:
        trial = Trial(options, folder, by_name)
        for name in MEMBERS:
            trial.start_mongod(name)
        trial.start_redis()
        trial.start_bench()
        trial.initiate()
        for name in trial.workers:
            trial.newscrawl(name, "worker", "--at-once", str(options.at_once))
        seeds = (trial.bench / "seeds.txt").read_text().split()
        trial.newscrawl("schedule", "schedule", *seeds)
        yield trial


def main() -> None:
    """Run the trial and print what came of it; exit code 1 if an article is missing or there twice, or a site was asked too fast."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsbench", type=Path)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--sites", type=int, default=30)
    parser.add_argument("--articles", type=int, default=22)
    parser.add_argument("--faults", default="")
    parser.add_argument("--limit", type=float, default=450.0, help="seconds")
    parser.add_argument("--keep", type=Path, help="folder for logs and data, instead of one that is thrown away")
    options = parser.parse_args()
    if not (options.newsbench / "newsbench").is_dir():
        sys.exit(f"{options.newsbench}: newsbench is not there")
    inside()
    options.newsbench = options.newsbench.resolve()
    with tempfile.TemporaryDirectory() as thrown_away:
        folder = options.keep or Path(thrown_away)
        folder.mkdir(exist_ok=True)
        with started(options, folder) as trial:
            seconds, articles = watch(trial)
            for name in ("schedule", *trial.workers):
                trial.by_name[name].terminate()
            verdict = judged(trial)
            captures = asyncio.run(read_back(trial.store, list(folder.glob("warc-*"))))
            pauses, short, least = politeness(trial.bench / "request.log", trial.bench / "sites.json")
    for fault in trial.faults:
        print(fault.told())
    print(f"{options.workers} workers, {options.at_once} sites at once each: {articles} articles in {seconds:.0f} s")
    print(f"{articles * 60 / seconds:.0f} articles a minute, {verdict['requests'] * 60 / seconds:.0f} requests a minute")
    print(f"recall {verdict['recall']}, stored twice {verdict['duplicates']}, captures read back {captures}")
    print(f"{pauses} pauses between requests to a site, {short} too short, the shortest {least:.2f} of what it should be")
    sys.exit(verdict["recall"] < 1 or verdict["duplicates"] > 0 or short > 0)


if __name__ == "__main__":
    main()
