"""The SQLite adapter: the Protocol on one side, a thread that owns the file on the other."""
# ruff: noqa: D102  # store.protocol documents the methods

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from newscrawl.errors import InputError, StoreError
from newscrawl.known import Known
from newscrawl.models import Article, Capture, Kind, Result, Revision, Run, Settlement, Target
from newscrawl.reprints import Cluster, Link, Regrouping
from newscrawl.store import deadline
from newscrawl.store.conditions import Field
from newscrawl.store.overview import Edit, EditPlace, LossPlace, Outline, Unread
from newscrawl.store.protocol import Backlog, Counts, Lease, Search, Tally
from newscrawl.store.sqlite import frontier, overview, reading, reprints, schema, searching, settling, sites
from newscrawl.store.sqlite.errors import BUSY_SECONDS, reason
from newscrawl.store.storable import storable

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

_STEPS = 20_000  # of SQLite's machine, a millisecond or so, between two looks at the clock


class SqliteStore:
    """A store in one SQLite file, made on opening. All calls run on one thread of its own."""

    def __init__(self, path: Path, uri: str) -> None:
        self.uri = uri
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._searching = searching.Searching()

    async def open(self) -> None:
        try:
            await self.prepare()
        except BaseException:
            await self.close()
            raise

    async def prepare(self, within: float = 60.0) -> list[str]:  # noqa: ARG002  # SQLite waits for nobody but other writers: BUSY_SECONDS
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="newscrawl-store")
        if self._db is None:
            self._db = await self._on_thread(self._connected)
        return await self._call(schema.migrate, self.uri)

    async def close(self) -> None:
        if self._db is not None:
            db, self._db = self._db, None
            await self._on_thread(db.close)
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    # frontier

    async def add_targets(self, targets: Sequence[Target]) -> int:
        return await self._call(_storing(frontier.add_targets), targets)

    async def unknown_targets(self, ids: Collection[str]) -> set[str]:
        return await self._call(frontier.unknown_targets, ids) if ids else set()

    async def unvisited_targets(self, ids: Collection[str]) -> list[Target]:
        return await self._call(frontier.unvisited_targets, ids) if ids else []

    async def targets(self, ids: Collection[str]) -> dict[str, Target]:
        return await self._call(frontier.targets, ids)

    async def due_targets(self, site: str, at: datetime, limit: int, without: Collection[str] = ()) -> list[Target]:
        return await self._call(frontier.due_targets, site, at, limit, without=without)

    async def backlog(self, site: str) -> Backlog:
        return await self._call(frontier.backlog, site)

    async def revisit(self, site: str, at: datetime) -> int:
        return await self._call(frontier.revisit, site, at)

    # sites

    async def take_lease(self, site: str, holder: str, at: datetime, until: datetime) -> Lease:
        return await self._call(sites.take_lease, site, holder, at=at, until=until)

    async def free_lease(self, site: str, holder: str) -> None:
        await self._call(sites.free_lease, site, holder)

    async def lease(self, site: str) -> Lease | None:
        return await self._call(sites.lease, site)

    async def learned(self, site: str) -> str:
        return await self._call(sites.learned, site)

    async def save_learned(self, site: str, text: str) -> None:
        await self._call(sites.save_learned, site, text)

    async def health(self, site: str) -> str:
        return await self._call(sites.health, site)

    async def save_health(self, site: str, text: str) -> None:
        await self._call(sites.save_health, site, text)

    # what pages came to

    async def known(
        self, ids: Collection[str], contents: Collection[tuple[str, str]], addresses: Collection[tuple[str, str]] = ()
    ) -> Known:
        return await self._call(settling.known, ids, contents, addresses)

    async def payloads(self, digests: Collection[str]) -> dict[str, Capture]:
        return await self._call(settling.payloads, digests)

    async def settle(self, batch: Sequence[Settlement]) -> None:
        await self._call(_storing(settling.settle), batch)

    async def take_down(self, article: str, captures: Collection[str], tombstones: Sequence[Target]) -> list[str]:
        return await self._call(settling.take_down, article, captures, tombstones)

    # reprints

    async def uncompared(self, limit: int) -> list[Article]:
        return await self._call(reprints.uncompared, limit)

    async def holders(self, keys: Collection[int], limit: int) -> Mapping[int, Sequence[str]]:
        return await self._call(reprints.holders, keys, limit)

    async def labels(self, articles: Collection[str]) -> Mapping[str, str]:
        return await self._call(reprints.labels, articles)

    async def links(self, articles: Collection[str]) -> list[Link]:
        return await self._call(reprints.links, articles)

    async def clusters(self, labels: Collection[str]) -> list[Cluster]:
        return await self._call(reprints.clusters, labels)

    async def regroup(self, change: Regrouping) -> None:
        await self._call(reprints.regroup, change)

    async def save_run(self, run: Run) -> None:
        await self._call(settling.save_run, run)

    async def runs(self, site: str = "", limit: int = 20) -> list[Run]:
        return await self._call(reading.runs, site, limit)

    # reading

    async def article(self, key: str) -> Article | None:
        return await self._call(reading.article, key)

    async def revisions(self, article: str) -> list[Revision]:
        return await self._call(reading.revisions, article)

    async def capture(self, capture: str) -> Capture | None:
        return await self._call(reading.capture, capture)

    async def captures_by_id(self, ids: Collection[str]) -> dict[str, Capture]:
        return await self._call(reading.captures_by_id, ids)

    async def captures(self, site: str = "") -> AsyncIterator[Capture]:
        page: list[Capture] = []
        while page := await self._call(reading.captures_after, site, page[-1] if page else None):
            for capture in page:
                yield capture

    async def search(self, query: Search) -> list[Article]:
        return await self._call(self._searching.search, query)

    async def articles(self, query: Search, after: tuple[datetime, str] | None = None) -> AsyncIterator[Article]:
        found = await self._call(self._searching.oldest_first, query, after)
        for start in range(0, len(found), searching.PAGE):
            for article in await self._call(searching.read, found[start : start + searching.PAGE]):
                yield article

    async def count(self, query: Search) -> int:
        return await self._call(self._searching.count, query)

    async def facet(self, query: Search, field: Field, limit: int = 0) -> list[tuple[str, int]]:
        return await self._call(self._searching.facet, query, field, limit)

    async def days(self, query: Search, zone: tzinfo = UTC) -> dict[date, int]:
        return await self._call(self._searching.days, query, zone)

    async def counts(self, site: str = "") -> Counts:
        return await self._call(reading.counts, site)

    async def seeds(self, site: str) -> list[Target]:
        return await self._call(reading.seeds, site)

    async def leading_to(self, site: str, url: str) -> list[Target]:
        return await self._call(reading.leading_to, site, url)

    async def tally(self, site: str = "") -> list[Tally]:
        return await self._call(reading.tally, site)

    async def regulars(self, site: str, kind: Kind, limit: int) -> list[Target]:
        return await self._call(reading.regulars, site, kind, limit)

    async def examples(self, site: str, result: Result, limit: int) -> list[Target]:
        return await self._call(reading.examples, site, result, limit)

    # many at once

    async def outlines(self, ids: Collection[str]) -> dict[str, Outline]:
        return await self._call(overview.outlines, ids)

    async def sample(self, query: Search, size: int) -> list[str]:
        return await self._call(overview.sample, self._searching, query, size)

    async def edits(self, query: Search, after: EditPlace | None = None) -> list[Edit]:
        return await self._call(overview.edits, self._searching, query, after)

    async def gone(self, query: Search, after: LossPlace | None = None) -> list[Outline]:
        return await self._call(overview.gone, self._searching, query, after)

    async def unread(self, site: str, limit: int) -> list[Unread]:
        return await self._call(overview.unread, site, limit)

    async def latest_runs(self) -> dict[str, Run]:
        return await self._call(overview.latest_runs)

    # the thread

    def _connected(self) -> sqlite3.Connection:
        """A connection that belongs to the store's thread."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")  # others read while one writes
            db.execute("PRAGMA synchronous = FULL")  # what was committed survives a power cut
            db.execute("PRAGMA cache_size = -8000")  # 8 MB: ids are scattered, and with 2 MB their pages are read again for each batch
            db.execute("PRAGMA wal_autocheckpoint = 4000")  # 16 MB: such a page is then copied once for several batches
        except sqlite3.Error:
            db.close()
            raise
        return db

    async def _call(self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if (db := self._db) is None:
            raise StoreError(f"{self.uri} is not open")
        end = deadline.end()
        return await self._on_thread(
            lambda: work(db, *args, **kwargs) if end is None else _before(end, db, lambda: work(db, *args, **kwargs))
        )

    async def _on_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                raise deadline.over() from error
            raise StoreError(f"{self.uri}: {reason(error)}") from error
        except OSError as error:
            raise StoreError(f"{self.uri}: {error.strerror} ({error.filename})") from error
        except UnicodeEncodeError as error:
            raise InputError("half a surrogate pair is no text, so nothing can be stored under it or looked for with it") from error


def _before(end: float, db: sqlite3.Connection, work: Callable[[], T]) -> T:
    """What `work` returns; SQLite breaks it off when the end has come."""
    db.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        return work()
    finally:
        db.set_progress_handler(None, 0)


def _storing(write: Callable[[sqlite3.Connection, Sequence[T]], R]) -> Callable[[sqlite3.Connection, Sequence[T]], R]:
    """As `write`, but what can't be stored as it is is mended; most never needs to be looked at for that."""

    def written(db: sqlite3.Connection, records: Sequence[T]) -> R:
        try:
            return write(db, records)
        except UnicodeEncodeError:
            return write(db, storable(tuple(records)))

    return written
