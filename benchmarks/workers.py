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
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import pymongo
from pymongo.database import Database
from pymongo.errors import PyMongoError

from benchmarks.cluster import DATABASE, MEMBERS, Cluster, started
from benchmarks.machines import inside
from newscrawl.archive.warc import read_exchange
from newscrawl.store import open_store

CUT, REDIS_AWAY, PRIMARY_AWAY = 60.0, 5.0, 30.0  # seconds
TOGETHER = 10.0  # delays in which requests to a site are counted
DELAY = 1.0  # seconds between two requests to a site, as shipped
OPEN = ("", "shutdown", "deferred", "could not begin", "lease lost", "memory", "incomplete", "failed")  # so begin outcomes of what goes on


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
    """What is done to the machines, and what is seen of it from outside."""

    cluster: Cluster
    faults: list[Fault] = field(default_factory=list)

    def counts(self, database: Database[Any], what: str) -> dict[str, int]:
        """How many of a collection each site has."""
        return {one["_id"]: one["n"] for one in database[what].aggregate([{"$group": {"_id": "$site", "n": {"$sum": 1}}}])}

    def done(self, database: Database[Any]) -> set[str]:
        """Sites whose latest crawl has ended by itself."""
        latest: dict[str, str] = {}
        for run in database["runs"].find({}, {"site": 1, "outcome": 1}).sort("started", 1):
            latest[run["site"]] = run["outcome"]
        return {site for site, outcome in latest.items() if outcome and not outcome.startswith(OPEN[1:])}

    def held(self, database: Database[Any], host: str = "") -> list[str]:
        """Sites that are being crawled, on this machine or on any."""
        leases = database["sites"].find({"lease_holder": {"$regex": f"^{host}."}}, {"lease_until": 1})
        return [one["_id"] for one in leases if one["lease_until"].timestamp() > time.time()]

    # faults

    def strike(self, kind: str, database: Database[Any], after: Callable[[float, Callable[[], None]], None]) -> bool:
        """Let something die, and have it come back `after` a while; False if too little is under way there to tell anything."""
        machines, cluster = self.cluster.by_name, self.cluster
        per_worker = {name: self.held(database, name) for name in cluster.workers}
        busiest = max(per_worker, key=lambda name: len(per_worker[name]))
        held = per_worker[busiest] if kind in ("machine", "cut") else self.held(database)
        if len(per_worker[busiest]) <= cluster.options.at_once / 2:
            return False
        captures = self.counts(database, "captures")
        if kind == "machine":
            machines[busiest].kill()
        elif kind == "cut":
            machines[busiest].cut()
            after(CUT, lambda: machines[busiest].cut(off=False))
        elif kind == "redis":
            machines["redis"].kill()
            after(REDIS_AWAY, cluster.start_redis)
        elif kind == "primary" and database.client.primary:
            name = next(name for name in MEMBERS if machines[name].address == database.client.primary[0])
            machines[name].kill()
            after(PRIMARY_AWAY, lambda: cluster.start_mongod(name))
        self.faults.append(Fault(kind, time.time(), {site: captures.get(site, 0) for site in held}))
        print(f"{time.strftime('%H:%M:%S')} {kind}", flush=True)
        return True


def watch(trial: Trial) -> tuple[float, int]:
    """Strike when it is time, and look each second, until every site is done; seconds from the first article on, and how many articles."""
    options = trial.cluster.options
    kinds = [kind for kind in options.faults.split(",") if kind]
    later: list[tuple[float, Callable[[], None]]] = []
    begun, first, articles, sites = time.time(), 0.0, 0, options.sites
    with pymongo.MongoClient[Any](trial.cluster.store, serverSelectionTimeoutMS=2_000, tz_aware=True) as client:
        database, struck = client[DATABASE], 0
        while time.time() - begun < options.limit:
            time.sleep(1)
            for due in [one for one in later if one[0] <= time.time()]:
                later.remove(due)
                due[1]()
            try:
                done, captures = trial.done(database), trial.counts(database, "captures")
                articles = sum(trial.counts(database, "articles").values())
                _follow(trial, captures, database)
                if struck < len(kinds) and not later and len(done) >= sites * (struck + 1) / (len(kinds) + 2):
                    struck += trial.strike(kinds[struck], database, lambda wait, act: later.append((time.time() + wait, act)))
            except PyMongoError:
                continue
            first = first or (time.time() if articles else 0.0)
            if len(done) >= sites and struck == len(kinds) and not later:
                return time.time() - first, articles
    print(f"the limit of {options.limit} s is over; done: {len(done)} of {sites}")
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


def politeness(log: Path, sites: Path) -> tuple[int, float]:
    """What servers saw: requests to all sites, and the most that one site had in the time of ten delays; two crawls at once would be 20.

    Single pauses tell nothing on a machine that is busy: a request that is held up comes just before the next.
    """
    delays = {}
    for site in json.loads(sites.read_text()):
        asked = [line.split(":")[1] for line in site["robots"].splitlines() if line.startswith("Crawl-delay:")]
        delays[_site(site["host"])] = max(DELAY, *(float(value) for value in asked)) if asked else DELAY
    times: dict[str, list[float]] = defaultdict(list)
    for line in log.read_text().splitlines():
        when, host = line.split("\t")[:2]
        times[_site(host)].append(float(when) / delays.get(_site(host), DELAY))
    most = max(bisect_left(seen, first + TOGETHER) - at for seen in times.values() for at, first in enumerate(seen))
    return sum(len(seen) for seen in times.values()), most


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


def judged(cluster: Cluster) -> dict[str, Any]:
    """What newsbench says of it."""
    out, bench, environment = cluster.folder / "out.jsonl", cluster.bench, {**os.environ, "NEWSCRAWL_STORE": cluster.store}
    subprocess.run([sys.executable, "-m", "benchmarks.newsbench_records", str(out)], env=environment, check=True)
    command = [sys.executable, "-m", "newsbench", "judge", str(out), "--log", str(bench / "request.log"), "--work", str(bench)]
    environment["PYTHONPATH"] = str(cluster.options.newsbench)
    verdict: dict[str, Any] = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
    return verdict


def main() -> None:
    """Run the trial and print what came of it; exit code 1 if an article is missing or there twice, or a site was asked too fast."""
    options = _options()
    inside()
    options.newsbench = options.newsbench.resolve()
    with tempfile.TemporaryDirectory() as thrown_away:
        folder = options.keep or Path(thrown_away)
        folder.mkdir(exist_ok=True)
        with started(options, folder) as cluster:
            trial = Trial(cluster)
            seconds, articles = watch(trial)
            for name in ("schedule", *cluster.workers):
                cluster.by_name[name].terminate()
            verdict = judged(cluster)
            captures = asyncio.run(read_back(cluster.store, list(folder.glob("warc-*"))))
            requests, most = politeness(cluster.bench / "request.log", cluster.bench / "sites.json")
    for fault in trial.faults:
        print(fault.told())
    print(f"{options.workers} workers, {options.at_once} sites at once each: {articles} articles in {seconds:.0f} s")
    print(f"{articles * 60 / seconds:.0f} articles a minute, {requests * 60 / seconds:.0f} requests a minute")
    print(f"recall {verdict['recall']}, stored twice {verdict['duplicates']}, captures read back {captures}")
    print(f"a site had {most} requests at most in the time of {TOGETHER:.0f} delays")
    sys.exit(verdict["recall"] < 1 or verdict["duplicates"] > 0 or most > TOGETHER + 2)


def _options() -> argparse.Namespace:
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
    return options


if __name__ == "__main__":
    main()
