"""Search in MongoDB: which articles, in which order, how many of which kind and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from newscrawl.store.conditions import All, Among, Condition, Field, Holds, Not, Some, Within, best_grams
from newscrawl.store.mongodb.documents import Document
from newscrawl.store.mongodb.schema import Database
from newscrawl.store.protocol import Order, Search, Slot
from newscrawl.store.terms import gram_pattern, phrases

_NOTHING: Document = {"_id": {"$in": []}}


async def search(db: Database, query: Search) -> list[str]:
    """The ids of what is found, in order."""
    wanted = phrases(query.phrases) if query.order is Order.RELEVANCE else []
    score = {"$add": [{"$cond": [_stands("title_terms", phrase), 1, 0]} for phrase in wanted]} if wanted else {"$literal": 0}
    # Sorting whole documents would carry all their texts along.
    stages: list[Document] = [
        {"$match": filter_of(query)},
        {"$project": {"at": 1, "score": score}},
        {"$sort": {**({"score": -1} if wanted else {}), "at": -1, "_id": 1}},
        *([{"$skip": query.offset}] if query.offset else []),
        {"$limit": query.limit},
    ]
    return [found["_id"] async for found in await db["articles"].aggregate(stages, allowDiskUse=True)]


async def facet(db: Database, query: Search, field: Field, limit: int) -> list[tuple[str, int]]:
    """As Store.facet."""
    names = {"$setUnion": [f"${field.value}"]} if field is Field.AUTHOR else f"${field.value}"  # a name that stands twice counts once
    stages: list[Document] = [
        {"$match": filter_of(query)},
        {"$project": {"value": names}},
        {"$unwind": "$value"},
        {"$match": {"value": {"$ne": ""}}},
        {"$group": {"_id": "$value", "count": {"$sum": 1}}},
        {"$sort": {"count": -1, "_id": 1}},
        *([{"$limit": limit}] if limit else []),
    ]
    return [(found["_id"], found["count"]) async for found in await db["articles"].aggregate(stages, allowDiskUse=True)]


async def slots(db: Database, query: Search) -> list[Slot]:
    """As Store.slots."""
    start = {"$dateTrunc": {"date": "$at", "unit": "minute", "binSize": 15}}
    zone = {"$cond": [{"$eq": ["$published.precision", "day"]}, "$published.zone", None]}
    stages: list[Document] = [
        {"$match": filter_of(query)},
        {"$group": {"_id": {"start": start, "zone": zone}, "count": {"$sum": 1}}},
        {"$sort": {"_id.start": 1, "_id.zone": 1}},
    ]
    found = await (await db["articles"].aggregate(stages, allowDiskUse=True)).to_list()
    return [Slot(one["_id"]["start"], one["_id"]["zone"], one["count"]) for one in found]


def filter_of(query: Search, after: tuple[datetime, str] | None = None) -> Document:
    """What an article must fulfil. Nothing a user wrote stands where MongoDB looks for an operator or a pattern.

    `after` as in Store.articles.
    """
    words = [Holds(phrase) for phrase in phrases(query.words)]
    if query.words and not words:
        return _NOTHING  # nothing but "!" and the like: found nowhere
    conditions: list[Condition] = [*words, *query.conditions]
    # The index finds articles by some grams; the exact conditions below judge these.
    parts: list[Document] = [{"$text": {"$search": " ".join(grams)}}] if (grams := best_grams(conditions)) else []
    if after:
        seen, identity = after
        parts += [{"first_seen": {"$gte": seen}}, {"$or": [{"first_seen": {"$gt": seen}}, {"_id": {"$gt": identity}}]}]
    if query.site:
        conditions.append(Among(Field.SITE, (query.site,)))
    if query.since or query.until:
        conditions.append(Within(query.since, query.until))
    return _all([*parts, *map(_filter, conditions)])


def _stands(field: str, phrase: str) -> Document:
    return {"$gte": [{"$indexOfBytes": [f"${field}", {"$literal": gram_pattern(phrase)}]}, 0]}


def _filter(condition: Condition) -> Document:
    match condition:
        case Holds(phrase, title):
            return {"$expr": _stands("title_terms" if title else "terms", phrase)} if phrases((phrase,)) else _NOTHING
        case Among(field, values):
            return {field.value: {"$in": list(values)}}
        case Within(since, until):
            return {"at": {**({"$gte": since} if since else {}), **({"$lt": until} if until else {})}} if since or until else {}
        case Not(inner):
            return {"$nor": [_filter(inner)]}
        case All(several):
            return _all([_filter(one) for one in several])
        case Some(several):
            return {"$or": [_filter(one) for one in several]} if several else _NOTHING
    raise TypeError(f"{condition} has to be looked up first: query.names")


def _all(parts: Sequence[Document]) -> Document:
    return {"$and": list(parts)} if parts else {}
