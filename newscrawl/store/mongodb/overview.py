"""What MongoDB tells of many articles at once."""
# ruff: noqa: D102  # store.overview documents the methods

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Collection, Sequence

from newscrawl.models import Result, Run
from newscrawl.store.mongodb.documents import Document, record
from newscrawl.store.mongodb.errors import naming
from newscrawl.store.mongodb.schema import Database
from newscrawl.store.mongodb.searching import Searching
from newscrawl.store.overview import HEADLINES, SETTLED, Edit, EditPlace, LossPlace, Outline, Unread
from newscrawl.store.protocol import Search

_OUTLINE: Document = {field.name: 1 for field in dataclasses.fields(Outline) if field.name != "id"}
_DATE: Document = {"$type": "date"}
_OUTLETS: Document = {"reader": {"$in": ["", None]}}  # None: was stored before there was the field
_EDIT: Document = {"article": 1, "number": 1, "replaced": 1, "changed": 1, "silent": 1, "title": 1}
_NAMED = 10_000  # articles found up to which the server is told which; more are told from others here


class Overviews:
    """The part of the store that tells of many articles."""

    uri: str
    _searching: Searching

    @property
    def _db(self) -> Database:
        raise NotImplementedError

    async def outlines(self, ids: Collection[str]) -> dict[str, Outline]:
        with naming(self.uri):
            found = await self._db["articles"].find({"_id": {"$in": list(ids)}}, _OUTLINE).to_list() if ids else []
        return {one["_id"]: record(Outline, one) for one in found}

    async def sample(self, query: Search, size: int) -> list[str]:
        with naming(self.uri):
            if query.asks:
                chosen = heapq.nsmallest(size, await self._searching.oldest_first(self._db, query))
            else:
                chosen = [one["_id"] async for one in self._db["articles"].find({}, {"_id": 1}, sort=[("_id", 1)], limit=size)]
            found = self._db["articles"].find({"_id": {"$in": chosen}}, {"text_search": 1}, sort=[("_id", 1)])
            return [one["text_search"] async for one in found]

    async def edits(self, query: Search, after: EditPlace | None = None) -> list[Edit]:
        latest = [("replaced", -1), ("article", 1), ("number", 1)]
        wanted: Document = {"replaced": _DATE} | _OUTLETS
        if after:
            time, article, number = after
            behind = [{"replaced": {"$lt": time}}, {"article": {"$gt": article}}, {"article": article, "number": {"$gt": number}}]
            wanted |= {"replaced": _DATE | {"$lte": time}, "$or": behind}
        found = await self._latest("revisions", "article", query, wanted=wanted, shown=_EDIT, order=latest)
        articles = await self.outlines({one["article"] for one in found})
        return [_edit(articles[one["article"]], one) for one in found if one["article"] in articles]

    async def gone(self, query: Search, after: LossPlace | None = None) -> list[Outline]:
        latest = [("gone", -1), ("_id", 1)]
        wanted: Document = {"gone": _DATE}
        if after:
            wanted = {"gone": _DATE | {"$lte": after[0]}, "$or": [{"gone": {"$lt": after[0]}}, {"_id": {"$gt": after[1]}}]}
        found = await self._latest("articles", "_id", query, wanted=wanted, shown=_OUTLINE, order=latest)
        return [record(Outline, one) for one in found]

    async def _latest(
        self, name: str, key: str, query: Search, *, wanted: Document, shown: Document, order: Sequence[tuple[str, int]]
    ) -> list[Document]:
        """A page of documents, in an index's order, whose `key` is the id of an article found."""
        with naming(self.uri):
            ids = set(await self._searching.oldest_first(self._db, query)) if query.asks else None
            if ids is not None and len(ids) <= _NAMED:
                wanted = {**wanted, key: {"$in": list(ids)}}
            many = query.offset + query.limit
            found: list[Document] = []
            async with self._db[name].find(wanted, shown, sort=order, allow_disk_use=True) as cursor:
                async for one in cursor:
                    if ids is None or one[key] in ids:
                        found.append(one)
                    if len(found) == many:
                        break
        return found[query.offset :]

    async def unread(self, site: str, limit: int) -> list[Unread]:
        alike = {"listed": "$listed", "result": "$result", "captured": {"$eq": [{"$type": "$visited"}, "date"]}}
        stages: list[Document] = [
            {"$match": {"site": site, "kind": {"$in": _names(HEADLINES)}, "place": "", "result": {"$nin": _names(SETTLED)}}},
            {"$group": {"_id": alike, "due": {"$min": "$due"}, "count": {"$sum": 1}}},
            {"$sort": {"_id.listed": 1, "_id.result": 1, "_id.captured": 1}},
            {"$limit": limit},
        ]
        with naming(self.uri):
            found = await (await self._db["frontier"].aggregate(stages, allowDiskUse=True)).to_list()
        return [
            Unread(one["_id"]["listed"], one["due"], one["_id"]["captured"], Result(one["_id"]["result"]), one["count"]) for one in found
        ]

    async def latest_runs(self) -> dict[str, Run]:
        latest: list[Document] = [
            {"$sort": {"site": 1, "started": -1, "_id": 1}},  # an index, of which the server then reads an entry a site
            {"$group": {"_id": "$site", "run": {"$first": "$$ROOT"}}},
        ]
        with naming(self.uri):
            found = await (await self._db["runs"].aggregate(latest, allowDiskUse=True)).to_list()
        return {one["_id"]: record(Run, one["run"]) for one in found}


def _edit(article: Outline, found: Document) -> Edit:
    return Edit(article, found["number"], found["replaced"], tuple(found["changed"]), bool(found.get("silent")), found["title"])


def _names(values: Collection[str]) -> list[str]:
    return [str(value) for value in values]
