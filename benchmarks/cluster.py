"""What a trial of workers runs on machines of their own: MongoDB of three members, Redis, newsbench, a schedule and workers."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymongo

from benchmarks.machines import Machine, machines
from newscrawl.store import open_store
from tests.mongod import mongod_binary
from tests.redis_server import redis_binary

MEMBERS = ("mongo1", "mongo2", "mongo3")
DATABASE, MONGO_PORT, REDIS_PORT, BENCH_PORT = "newscrawl", 27017, 6379, 8900
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
class Cluster:
    """The machines with what they run; `folder` is for data and logs."""

    options: argparse.Namespace
    folder: Path
    by_name: dict[str, Machine]

    @property
    def store(self) -> str:
        """Address of the store."""
        hosts = ",".join(f"{self.by_name[name].address}:{MONGO_PORT}" for name in MEMBERS)
        return f"mongodb://{hosts}/{DATABASE}?replicaSet=rs0"

    @property
    def queue(self) -> str:
        """Address of the queue."""
        return f"redis://{self.by_name['redis'].address}:{REDIS_PORT}/0"

    @property
    def bench(self) -> Path:
        """Where newsbench keeps truth and logs."""
        return self.folder / "bench"

    @property
    def workers(self) -> list[str]:
        """Names of the workers' machines."""
        return [f"w{number}" for number in range(1, self.options.workers + 1)]

    def log(self, name: str) -> Path:
        """What a machine's programs write."""
        return self.folder / f"{name}.log"

    def start_mongod(self, name: str) -> None:
        """Start a member of the replica set, or start it again."""
        data = self.folder / name
        data.mkdir(exist_ok=True)
        options = ["--dbpath", str(data), "--bind_ip", "0.0.0.0", "--port", str(MONGO_PORT), "--nounixsocket", "--replSet", "rs0"]
        options += ["--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false"]
        self.by_name[name].run([str(mongod_binary()), *options], log=self.log(name))

    def start_redis(self) -> None:
        """Start Redis, or start it again with what it wrote down."""
        data = self.folder / "redis"
        data.mkdir(exist_ok=True)
        options = ["--bind", "0.0.0.0", "--protected-mode", "no", "--dir", str(data), "--appendonly", "yes", "--save", ""]
        self.by_name["redis"].run([str(redis_binary()), *options], log=self.log("redis"))

    def start_bench(self) -> None:
        """Serve newsbench's sites."""
        self.bench.mkdir()
        sizes = ["--sites", str(self.options.sites), "--articles", str(self.options.articles), "--port", str(BENCH_PORT)]
        serve = [sys.executable, "-m", "newsbench", "serve", *sizes, "--work", str(self.bench)]
        machine, environment = self.by_name["bench"], {**os.environ, "PYTHONPATH": str(self.options.newsbench)}
        machine.run(serve, log=self.log("bench"), environment=environment)
        until(lambda: "rendered" in self.log("bench").read_text(), "newsbench serves")
        machine.run([sys.executable, "-c", FORWARD, machine.address, str(BENCH_PORT)], log=self.log("bench"))

    def initiate(self) -> None:
        """Make the members a replica set, and prepare the store."""
        first = self.by_name[MEMBERS[0]].address
        members = [{"_id": n, "host": f"{self.by_name[name].address}:{MONGO_PORT}"} for n, name in enumerate(MEMBERS)]
        with pymongo.MongoClient[Any](f"mongodb://{first}:{MONGO_PORT}/?directConnection=true", serverSelectionTimeoutMS=60_000) as client:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        asyncio.run(_prepared(self.store))

    def newscrawl(self, name: str, *arguments: str) -> None:
        """Start a command of ours on a machine."""
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


@contextmanager
def started(options: argparse.Namespace, folder: Path) -> Iterator[Cluster]:
    """All machines, with what they run; gone afterwards."""
    names = [*MEMBERS, "redis", "bench", "schedule", *(f"w{number}" for number in range(1, options.workers + 1))]
    with machines(names) as by_name:
        cluster = Cluster(options, folder, by_name)
        for name in MEMBERS:
            cluster.start_mongod(name)
        cluster.start_redis()
        cluster.start_bench()
        cluster.initiate()
        for name in cluster.workers:
            cluster.newscrawl(name, "worker", "--at-once", str(options.at_once))
        seeds = (cluster.bench / "seeds.txt").read_text().split()
        cluster.newscrawl("schedule", "schedule", *seeds)
        yield cluster
