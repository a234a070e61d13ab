"""Search in MongoDB: how it looks phrases up, and how it tells what has changed. The rest is store.catalogue's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import reduce

import msgspec
import numpy as np

from newscrawl.models import now
from newscrawl.store.catalogue import Catalogue, Holders, is_vain, needed, wants_texts
from newscrawl.store.columns import Card, Numbers
from newscrawl.store.conditions import Field, Holds
from newscrawl.store.mongodb import documents
from newscrawl.store.mongodb.documents import TITLE, Document
from newscrawl.store.mongodb.schema import CARDS, LONG_AGO, Database
from newscrawl.store.protocol import Search
from newscrawl.store.ranking import WINDOW
from newscrawl.store.terms import gram_pattern, needed_keys

# Who writes stamps by its own clock, and a batch takes its time: what came that long before the last look is looked at again.
_OVERLAP = timedelta(seconds=150)
_FRESH = 0.2  # seconds for which others' changes may go unseen: a page asks eight times
_AT_ONCE = 500_000  # numbers of one answer: a document of MongoDB has 16 MB
_TOGETHER = 8  # phrases looked up at once
_CARD = msgspec.json.Decoder(Card)
_SHOWN: Document = {"_id": 0, "n": 1, "card": 1, "cluster": 1, "touched": 1}
_NOBODY: Numbers = np.zeros(0, np.int64)


class Searching:
    """Searches of one client."""

    def __init__(self) -> None:
        self._catalogue = Catalogue()
        self._looked: datetime | None = None  # when; None before there are columns
        self._recent: dict[int, datetime] = {}  # what was found touched then, and removed
        self._next_look = 0.0  # by the monotonic clock
        self._looking = asyncio.Lock()

    async def search(self, db: Database, query: Search) -> list[str]:
        """The ids of what is found, in order."""
        holders = await self._holders(db, query)
        first = self._catalogue.first(query, holders)
        if wants_texts(query) and query.offset < WINDOW:
            texts = await _texts(db, first[:WINDOW])
            first = self._catalogue.reordered(query, holders, first, texts)
        return self.ids(first[query.offset : query.offset + query.limit])

    async def oldest_first(self, db: Database, query: Search, after: tuple[datetime, str] | None = None) -> list[str]:
        """The ids of all articles found, those first seen earliest first; `after` as in Store.articles."""
        holders = await self._holders(db, query)
        return self.ids(self._catalogue.oldest_first(query, holders, after))

    async def count(self, db: Database, query: Search) -> int:
        """As Store.count."""
        return self._catalogue.count(query, await self._holders(db, query))

    async def facet(self, db: Database, query: Search, field: Field, limit: int) -> list[tuple[str, int]]:
        """As Store.facet."""
        return self._catalogue.facet(query, await self._holders(db, query), field, limit)

    async def days(self, db: Database, query: Search, zone: tzinfo) -> dict[date, int]:
        """As Store.days."""
        return self._catalogue.days(query, await self._holders(db, query), zone)

    def ids(self, numbers: Numbers) -> list[str]:
        """The ids of numbers."""
        return [self._catalogue.columns.ids[number] for number in numbers]

    async def _holders(self, db: Database, query: Search) -> Holders:
        """Who holds the phrases of a query, once the columns are what the database says."""
        async with self._looking:
            await self._refresh(db)
        holders: dict[Holds, Numbers] = {}
        for some in _some(needed(query)):
            holders |= zip(some, await asyncio.gather(*(self._holding(db, one) for one in some)), strict=True)
            if is_vain(query, holders):
                break
        return holders

    def expire(self) -> None:
        """Look at once for what has changed, as this client has written."""
        self._next_look = 0.0

    async def _refresh(self, db: Database) -> None:
        if time.monotonic() < self._next_look:
            return
        begun, looked = time.monotonic(), now()
        since: Document = {"touched": {"$gte": self._looked - _OVERLAP if self._looked else LONG_AGO}}
        touched = db["articles"].find(since, _SHOWN).hint(CARDS).batch_size(50_000)
        rows, removed = await asyncio.gather(touched.to_list(), db["removed"].find(since).to_list())
        gone = {row["_id"]: row["touched"] for row in removed}
        fresh = [_card(row) for row in rows if row["n"] not in gone and self._recent.get(row["n"]) != row["touched"]]
        self._catalogue.take(fresh, [number for number, when in gone.items() if self._recent.get(number) != when])
        edge = looked - _OVERLAP
        self._recent = {n: when for n, when in ({row["n"]: row["touched"] for row in rows} | gone).items() if when >= edge}
        self._looked, self._next_look = looked, begun + _FRESH

    async def _holding(self, db: Database, wanted: Holds) -> Numbers:
        found = self._catalogue.known(wanted)
        if found is None:
            changes = self._catalogue.changes
            found = await _holding(db, wanted, len(self._catalogue.columns.alive))
            self._catalogue.keep(wanted, found, changes)
        return found


def _some(wanted: Sequence[Holds]) -> Iterator[Sequence[Holds]]:
    return (wanted[start : start + _TOGETHER] for start in range(0, len(wanted), _TOGETHER))


async def _texts(db: Database, numbers: Numbers) -> Mapping[int, str]:
    found = db["articles"].find({"n": {"$in": numbers.tolist()}}, {"_id": 0, "n": 1, "text_search": 1})
    return {row["n"]: row["text_search"] async for row in found}


async def _holding(db: Database, wanted: Holds, many: int) -> Numbers:
    """Whoever has all keys of the phrase; where these prove too little, those of them in which it stands."""
    keys, sure = needed_keys(wanted.phrase)
    each = await asyncio.gather(*(_having(db, TITLE + key if wanted.title else key, many) for key in keys))
    found = reduce(np.intersect1d, each)
    if sure or not len(found):
        return found
    field = "title_terms" if wanted.title else "terms"
    stands = {"$gte": [{"$indexOfBytes": [f"${field}", {"$literal": gram_pattern(wanted.phrase)}]}, 0]}
    rows = db["articles"].find({"n": {"$in": found.tolist()}, "$expr": stands}, {"_id": 0, "n": 1})
    return np.array(sorted([row["n"] async for row in rows]), np.int64)


async def _having(db: Database, key: str, many: int) -> Numbers:
    """Nothing a user wrote stands where MongoDB looks for an operator or a pattern: a key is text that is compared whole."""
    parts = []
    for start in range(0, many, _AT_ONCE):
        end = min(start + _AT_ONCE, many)
        blocks = list(range(start // documents.BLOCK, (end - 1) // documents.BLOCK + 1))
        match = {"block": {"$in": blocks}, "keys": {"$eq": key}, "n": {"$gte": start, "$lt": end}}
        stages: list[Document] = [{"$match": match}, {"$group": {"_id": None, "all": {"$push": "$n"}}}]
        parts += [np.array(row["all"], np.int64) async for row in await db["articles"].aggregate(stages)]
    return np.concatenate(parts) if parts else _NOBODY


def _card(row: Document) -> Card:
    return _CARD.decode(row["card"])._replace(n=row["n"], cluster=row["cluster"])
