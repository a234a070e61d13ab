"""The MongoDB adapter."""
# ruff: noqa: D102  # store.protocol documents the methods

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, TypeVar

import pymongo
from pymongo import AsyncMongoClient, ReplaceOne

from newscrawl.errors import StoreError
from newscrawl.known import Known
from newscrawl.models import Article, Capture, Kind, Result, Revision, Run, Settlement, State, Target
from newscrawl.reprints import Cluster, Link, Regrouping
from newscrawl.store.conditions import Field
from newscrawl.store.mongodb import overview, reading, reprints, schema, searching, sites
from newscrawl.store.mongodb.address import database, shown
from newscrawl.store.mongodb.client import client
from newscrawl.store.mongodb.documents import COLLECTIONS, DERIVED, Document, document, record
from newscrawl.store.mongodb.errors import naming
from newscrawl.store.protocol import LEADING, Backlog, Counts, Lease, Search, Tally, leads
from newscrawl.store.storable import mended

T = TypeVar("T")

OPENING = 5.0  # seconds; whoever starts a program wants to hear at once of a wrong address, and may start it again
NAMES = {kind: name for name, kind in COLLECTIONS.items()}
PAGE = 200  # articles read at a time by the iterator


class MongodbStore(overview.Overviews):
    """A store in one MongoDB database. Durable means: on the disks of a majority."""

    def __init__(self, uri: str) -> None:
        self.uri = shown(uri)
        self._database = database(uri)
        self._address = uri
        self._client: AsyncMongoClient[Document] | None = None
        self._searching = searching.Searching()

    async def open(self) -> None:
        try:
            with naming(self.uri):
                async with asyncio.timeout(OPENING):
                    await schema.check(self._connected(), self.uri)
        except BaseException:
            await self.close()
            raise

    async def prepare(self, within: float = 60.0) -> list[str]:
        db = self._connected()
        with naming(self.uri):
            await db.command("ping")  # under a time-out, pymongo would go on asking for a server that is away until it is over
            # Steps that read every article and build its indexes take their time.
            articles = await db["articles"].estimated_document_count()
            with pymongo.timeout(within + articles / 100):
                return await schema.migrate(db, self.uri)

    async def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.close()

    # frontier

    async def add_targets(self, targets: Sequence[Target]) -> int:
        with naming(self.uri):
            return await mended(lambda targets: sites.insert_unknown(self._db, targets), targets)

    async def unknown_targets(self, ids: Collection[str]) -> set[str]:
        with naming(self.uri):
            known = await self._db["frontier"].find({"_id": {"$in": list(ids)}}, {"_id": 1}).to_list() if ids else []
        return set(ids).difference(found["_id"] for found in known)

    async def unvisited_targets(self, ids: Collection[str]) -> list[Target]:
        waits = {"$or": [{"state": {"$in": [State.DUE.value, State.SKIPPED.value]}}, {"kind": Kind.IMAGE.value}]}
        wanted = {"_id": {"$in": list(ids)}, "visits": 0, "result": {"$ne": Result.TAKEN_DOWN.value}, **waits}
        return await self._find(Target, wanted) if ids else []

    async def targets(self, ids: Collection[str]) -> dict[str, Target]:
        return {target.id: target for target in await self._find(Target, {"_id": {"$in": list(ids)}})}

    async def due_targets(self, site: str, at: datetime, limit: int, without: Collection[str] = ()) -> list[Target]:
        wanted = {"site": site, "state": State.DUE.value, "due": {"$lte": at}, "_id": {"$nin": list(without)}}
        return await self._find(Target, wanted, sort=["priority", "due", "_id"], limit=limit)

    async def backlog(self, site: str) -> Backlog:
        with naming(self.uri):
            return await sites.backlog(self._db, site)

    async def revisit(self, site: str, at: datetime) -> int:
        with naming(self.uri):
            return await sites.revisit(self._db, site, at)

    # sites

    async def take_lease(self, site: str, holder: str, at: datetime, until: datetime) -> Lease:
        with naming(self.uri):
            return await sites.take_lease(self._db, site, holder, at=at, until=until)

    async def free_lease(self, site: str, holder: str) -> None:
        with naming(self.uri):
            await sites.free_lease(self._db, site, holder)

    async def lease(self, site: str) -> Lease | None:
        with naming(self.uri):
            return await sites.lease(self._db, site)

    async def learned(self, site: str) -> str:
        with naming(self.uri):
            return await sites.kept(self._db, site, "learned")

    async def save_learned(self, site: str, text: str) -> None:
        with naming(self.uri):
            await sites.keep(self._db, site, "learned", text)

    async def health(self, site: str) -> str:
        with naming(self.uri):
            return await sites.kept(self._db, site, "health")

    async def save_health(self, site: str, text: str) -> None:
        with naming(self.uri):
            await sites.keep(self._db, site, "health", text)

    # what pages came to

    async def known(
        self, ids: Collection[str], contents: Collection[tuple[str, str]], addresses: Collection[tuple[str, str]] = ()
    ) -> Known:
        return await reading.known(self._find, ids, contents, addresses)

    async def payloads(self, digests: Collection[str]) -> dict[str, Capture]:
        wanted = {"digest": {"$in": list(digests)}, "refers_to": {"$in": ["", None]}}  # None: from before there were revisit records
        return {one.digest: one for one in await self._find(Capture, wanted, sort=["-time", "-_id"])}

    async def settle(self, batch: Sequence[Settlement]) -> None:
        with naming(self.uri):
            await mended(self._settle, batch)
        self._searching.expire()

    async def _settle(self, batch: Sequence[Settlement]) -> None:
        """The order matters: an address is done only when all that its page came to is kept."""
        await self._put("captures", [settlement.capture for settlement in batch if settlement.capture])
        await self._put("revisions", [settlement.revision for settlement in batch if settlement.revision])
        await reprints.put_articles(self._db, [settlement.article for settlement in batch if settlement.article])
        await sites.insert_unknown(self._db, [target for settlement in batch for target in settlement.found])
        for settlement in batch:
            if settlement.revived and settlement.target.visited:
                await sites.revive(self._db, settlement.revived, settlement.target.visited)
        await self._put("frontier", [settlement.target for settlement in batch])

    async def take_down(self, article: str, captures: Collection[str], tombstones: Sequence[Target]) -> list[str]:
        with naming(self.uri):
            await self._put("frontier", tombstones)
            await reprints.forget(self._db, article)
            await sites.take_down(self._db, article, captures)
        self._searching.expire()
        return []

    # reprints

    async def uncompared(self, limit: int) -> list[Article]:
        return await self._find(Article, {"uncompared": True}, sort=["-first_seen", "_id"], limit=limit)

    async def holders(self, keys: Collection[int], limit: int) -> Mapping[int, Sequence[str]]:
        with naming(self.uri):
            return await reprints.holders(self._db, keys, limit) if keys else {}

    async def labels(self, articles: Collection[str]) -> Mapping[str, str]:
        with naming(self.uri):
            return await reprints.labels(self._db, articles)

    async def links(self, articles: Collection[str]) -> list[Link]:
        some = {"$in": list(articles)}
        return await self._find(Link, {"$or": [{"a": some}, {"b": some}]})

    async def clusters(self, labels: Collection[str]) -> list[Cluster]:
        return await self._find(Cluster, {"_id": {"$in": list(labels)}})

    async def regroup(self, change: Regrouping) -> None:
        with naming(self.uri):
            await reprints.regroup(self._db, change)
        self._searching.expire()

    async def save_run(self, run: Run) -> None:
        with naming(self.uri):
            await self._put("runs", [run])

    async def runs(self, site: str = "", limit: int = 20) -> list[Run]:
        return await self._find(Run, _of(site), sort=["-started", "_id"], limit=limit)

    # reading

    async def article(self, key: str) -> Article | None:
        return await reading.article(self._find, key)

    async def revisions(self, article: str) -> list[Revision]:
        return await self._find(Revision, {"article": article}, sort=["number"])

    async def capture(self, capture: str) -> Capture | None:
        return (await self.captures_by_id([capture])).get(capture)

    async def captures_by_id(self, ids: Collection[str]) -> dict[str, Capture]:
        return {capture.id: capture for capture in await self._find(Capture, {"_id": {"$in": list(ids)}})}

    def captures(self, site: str = "") -> AsyncIterator[Capture]:
        return self._each(Capture, _of(site), sort=["time", "_id"])

    async def search(self, query: Search) -> list[Article]:
        with naming(self.uri):
            return await self._read(await self._searching.search(self._db, query))

    async def articles(self, query: Search, after: tuple[datetime, str] | None = None) -> AsyncIterator[Article]:
        with naming(self.uri):
            found = await self._searching.oldest_first(self._db, query, after)
        for start in range(0, len(found), PAGE):
            for article in await self._read(found[start : start + PAGE]):
                yield article

    async def count(self, query: Search) -> int:
        with naming(self.uri):
            return await self._searching.count(self._db, query)

    async def facet(self, query: Search, field: Field, limit: int = 0) -> list[tuple[str, int]]:
        with naming(self.uri):
            return await self._searching.facet(self._db, query, field, limit)

    async def days(self, query: Search, zone: tzinfo = UTC) -> dict[date, int]:
        with naming(self.uri):
            return await self._searching.days(self._db, query, zone)

    async def counts(self, site: str = "") -> Counts:
        with naming(self.uri):
            return await sites.counts(self._db, site)

    async def seeds(self, site: str) -> list[Target]:
        return await self._find(Target, {"site": site, "kind": Kind.SEED.value}, sort=["_id"])

    async def leading_to(self, site: str, url: str) -> list[Target]:
        return await self._find(Target, {"site": site, "result": {"$in": [*LEADING]}, "detail": {"$in": leads(url)}}, sort=["url"])

    async def tally(self, site: str = "") -> list[Tally]:
        with naming(self.uri):
            return await sites.tally(self._db, site)

    async def regulars(self, site: str, kind: Kind, limit: int) -> list[Target]:
        chosen = {"site": site, "kind": kind.value, "number": 0, "again": {"$type": "date"}}
        return await self._find(Target, chosen, sort=["again", "_id"], limit=limit)

    async def examples(self, site: str, result: Result, limit: int) -> list[Target]:
        return await self._find(Target, {"site": site, "result": result.value}, sort=["_id"], limit=limit)

    # the driver

    @property
    def _db(self) -> schema.Database:
        if self._client is None:
            raise StoreError(f"{self.uri} is not open")
        return self._client[self._database]

    def _connected(self) -> schema.Database:
        self._client = self._client or client(self._address)
        return self._client[self._database]

    async def _read(self, ids: Sequence[str]) -> list[Article]:
        """These articles, in this order; those that are there no longer are left out."""
        found = {one.id: one for one in await self._find(Article, {"_id": {"$in": ids}})}
        return [found[id_] for id_ in ids if id_ in found]

    async def _find(self, kind: type[T], wanted: Document, *, sort: Sequence[str] = (), limit: int = 0) -> list[T]:
        return [found async for found in self._each(kind, wanted, sort=sort, limit=limit)]

    async def _each(self, kind: type[T], wanted: Document, *, sort: Sequence[str], limit: int = 0) -> AsyncIterator[T]:
        """Records in order; a field with a minus sorts downwards. A limit of 0 is none."""
        cursor = self._db[NAMES[kind]].find(wanted, DERIVED if kind is Article else None, limit=limit, allow_disk_use=True)
        if sort:
            cursor.sort([(field.removeprefix("-"), -1 if field.startswith("-") else 1) for field in sort])
        with naming(self.uri):
            async with cursor:
                async for found in cursor:
                    yield record(kind, found)

    async def _put(self, name: str, records: Sequence[Any]) -> None:
        """Insert or replace by id; of several with one id the last is kept."""
        documents = {found["_id"]: found for found in map(document, records)}
        if documents:
            await self._db[name].bulk_write(
                [ReplaceOne({"_id": id_}, found, upsert=True) for id_, found in documents.items()], ordered=False
            )


def _of(site: str) -> Document:
    return {"site": site} if site else {}
