"""What MongoDB tells of many articles at once."""
# ruff: noqa: D102  # store.overview documents the methods

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from newscrawl.models import Result
from newscrawl.store.mongodb.documents import Document, record
from newscrawl.store.mongodb.errors import naming
from newscrawl.store.mongodb.schema import Database
from newscrawl.store.mongodb.searching import filter_of
from newscrawl.store.overview import HEADLINES, SETTLED, Edit, Outline, Unread
from newscrawl.store.protocol import Search

_OUTLINE = {field.name: 1 for field in dataclasses.fields(Outline) if field.name != "id"}
_EDITED: Document = {"replaced": {"$type": "date"}, "reader": {"$in": ["", None]}}  # None: was stored before there was the field
_EDIT = {"article": 1, "number": 1, "replaced": 1, "changed": 1, "silent": 1, "title": 1}
_LATEST: Document = {"$sort": {"replaced": -1, "article": 1, "number": 1}}


class Overviews:
    """The part of the store that tells of many articles."""

    uri: str

    @property
    def _db(self) -> Database:
        raise NotImplementedError

    async def outlines(self, ids: Collection[str]) -> dict[str, Outline]:
        with naming(self.uri):
            found = await self._db["articles"].find({"_id": {"$in": list(ids)}}, _OUTLINE).to_list() if ids else []
        return {one["_id"]: record(Outline, one) for one in found}

    async def sample(self, query: Search, size: int) -> list[str]:
        with naming(self.uri):
            chosen = await self._db["articles"].find(filter_of(query), {"_id": 1}, sort=[("_id", 1)], limit=size).to_list()
            wanted = {"_id": {"$in": [one["_id"] for one in chosen]}}
            found = await self._db["articles"].find(wanted, {"text_search": 1}, sort=[("_id", 1)]).to_list()
        return [one["text_search"] for one in found]

    async def edits(self, query: Search) -> list[Edit]:
        page: list[Document] = [_LATEST, *([{"$skip": query.offset}] if query.offset else []), {"$limit": query.limit}]
        wanted = filter_of(query)
        with naming(self.uri):
            if wanted:
                changes = {"from": "revisions", "localField": "_id", "foreignField": "article", "as": "edit"}
                stages: list[Document] = [
                    {"$match": {"$and": [wanted, {"revision": {"$gt": 1}}]}},
                    {"$project": {"_id": 1}},
                    {"$lookup": {**changes, "pipeline": [{"$match": _EDITED}, {"$project": _EDIT}]}},
                    {"$unwind": "$edit"},
                    {"$replaceRoot": {"newRoot": "$edit"}},
                    *page,
                ]
                found = await (await self._db["articles"].aggregate(stages, allowDiskUse=True)).to_list()
            else:
                found = await (await self._db["revisions"].aggregate([{"$match": _EDITED}, *page, {"$project": _EDIT}])).to_list()
        articles = await self.outlines({one["article"] for one in found})
        return [_edit(articles[one["article"]], one) for one in found if one["article"] in articles]

    async def gone(self, query: Search) -> list[Outline]:
        lost = {"$and": [{"gone": {"$type": "date"}}, filter_of(query)]}
        latest = [("gone", -1), ("_id", 1)]
        with naming(self.uri):
            found = self._db["articles"].find(lost, _OUTLINE, sort=latest, skip=query.offset, limit=query.limit, allow_disk_use=True)
            return [record(Outline, one) async for one in found]

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


def _edit(article: Outline, found: Document) -> Edit:
    return Edit(article, found["number"], found["replaced"], tuple(found["changed"]), bool(found.get("silent")), found["title"])


def _names(values: Collection[str]) -> list[str]:
    return [str(value) for value in values]
