"""Collections, validators and indexes of the MongoDB store, and the steps that make them.

Migrations are only ever added: what stands here has been run on somebody's archive. A change of models.py that the validators
notice (a type, a new field without default) needs a migration that runs `_make_collections` again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from pymongo import ASCENDING, DESCENDING, TEXT, IndexModel, UpdateOne
from pymongo.asynchronous.database import AsyncDatabase

from newscrawl.errors import SchemaError, StoreError
from newscrawl.models import now
from newscrawl.store.mongodb.documents import COLLECTIONS, title_terms

Database = AsyncDatabase[dict[str, Any]]

OLDEST = (5, 1)  # MongoDB

INDEXES: Mapping[str, tuple[IndexModel, ...]] = {
    "articles": (
        IndexModel([("at", DESCENDING), ("_id", ASCENDING)]),
        IndexModel([("site", ASCENDING), ("at", DESCENDING), ("_id", ASCENDING)]),
        IndexModel([("first_seen", ASCENDING), ("_id", ASCENDING)]),
        IndexModel([("site", ASCENDING), ("content_hash", ASCENDING), ("first_seen", ASCENDING), ("_id", ASCENDING)]),
        IndexModel([("url", ASCENDING)]),
        IndexModel([("aliases", ASCENDING)]),
        IndexModel(
            [("uncompared", ASCENDING), ("first_seen", DESCENDING), ("_id", ASCENDING)], partialFilterExpression={"uncompared": True}
        ),
        # MongoDB would take the field `language` for the name of a stemmer.
        IndexModel([("terms", TEXT)], default_language="none", language_override="stemmer"),
    ),
    "revisions": (IndexModel([("article", ASCENDING), ("number", ASCENDING)]),),
    "captures": (
        IndexModel([("time", ASCENDING), ("_id", ASCENDING)]),
        IndexModel([("site", ASCENDING), ("time", ASCENDING), ("_id", ASCENDING)]),
        IndexModel([("digest", ASCENDING), ("time", ASCENDING), ("_id", ASCENDING)]),
    ),
    "frontier": (
        # `state` is in the key so that counting what waits reads nothing but the index.
        IndexModel(
            [("site", ASCENDING), ("state", ASCENDING), ("priority", ASCENDING), ("due", ASCENDING), ("_id", ASCENDING)],
            partialFilterExpression={"state": "due"},
        ),
        IndexModel([("site", ASCENDING), ("kind", ASCENDING)]),
        IndexModel([("site", ASCENDING), ("again", ASCENDING)], partialFilterExpression={"again": {"$type": "date"}}),
    ),
    "near": (IndexModel([("keys", ASCENDING), ("_id", ASCENDING)]),),
    "links": (IndexModel([("a", ASCENDING)]), IndexModel([("b", ASCENDING)])),
    "runs": (
        IndexModel([("started", DESCENDING), ("_id", ASCENDING)]),
        IndexModel([("site", ASCENDING), ("started", DESCENDING), ("_id", ASCENDING)]),
    ),
}

_BSON_TYPES: Mapping[Any, Any] = {
    int: ["int", "long"],
    float: ["double", "int", "long"],
    datetime: "date",
    bool: "bool",
    type(None): "null",
    tuple: "array",
    Mapping: "object",
}


def validator(kind: type[Any]) -> dict[str, Any]:
    """The `$jsonSchema` of a record's documents: fields without default must be there, and every field must have its type."""
    hints = get_type_hints(kind)
    stored = {("_id" if field.name == "id" else field.name): field for field in dataclasses.fields(kind)}
    return {
        "bsonType": "object",
        "required": [name for name, field in stored.items() if _has_no_default(field)],
        "properties": {name: _property(hints[field.name]) for name, field in stored.items()},
    }


def _has_no_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _property(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is UnionType:
        return {"anyOf": [_property(inner) for inner in get_args(hint)]}
    if get_origin(hint) is tuple:
        return {"bsonType": "array", "items": _property(get_args(hint)[0])}
    if get_origin(hint) is Mapping:
        return {"bsonType": "object", "additionalProperties": _property(get_args(hint)[1])}
    if dataclasses.is_dataclass(hint):
        return validator(hint) if isinstance(hint, type) else {}
    return {"bsonType": _BSON_TYPES.get(hint, "string")}


async def _make_collections(db: Database) -> None:
    existing = await db.list_collection_names()
    for name, kind in COLLECTIONS.items():
        rule = {"$jsonSchema": validator(kind)}
        if name in existing:
            await db.command("collMod", name, validator=rule)
        else:
            await db.create_collection(name, validator=rule)


async def _make_indexes(db: Database) -> None:
    for name, indexes in INDEXES.items():
        await db[name].create_indexes(list(indexes))


async def _look_again(db: Database) -> None:
    """Validators and indexes of the fields that say when an address is asked for once more; listings are, as they were before."""
    await _make_collections(db)
    await _make_indexes(db)
    visited = [{"$set": {"again": {"$ifNull": ["$visited", "$due"]}}}]
    await db["frontier"].update_many({"kind": "listing", "again": None}, visited)


async def _compare(db: Database) -> None:
    """Collections of reprints; the articles there are wait to be compared."""
    await _make_collections(db)
    await _make_indexes(db)
    await db["articles"].update_many({}, {"$set": {"uncompared": True}})


async def _know_payloads(db: Database) -> None:
    """The index that finds a payload again."""
    await _make_collections(db)
    await _make_indexes(db)


async def _tell_titles(db: Database) -> None:
    """What `title:` and the order by relevance look at, for the articles there are."""
    puts = []
    async for found in db["articles"].find({"title_terms": {"$exists": False}}, {"text_search": 1}):
        puts.append(UpdateOne({"_id": found["_id"]}, {"$set": {"title_terms": title_terms(found["text_search"])}}))
        if len(puts) == 1000:
            await db["articles"].bulk_write(puts, ordered=False)
            puts = []
    if puts:
        await db["articles"].bulk_write(puts, ordered=False)


async def _know_health(db: Database) -> None:
    """The field for how a site does, and the index that finds the runs of a site."""
    await _make_collections(db)
    await _make_indexes(db)


async def _order_holders(db: Database) -> None:
    """The index that gives the articles with a key in order, in place of the one that gave them in none."""
    await _make_indexes(db)
    if "keys_1" in await db["near"].index_information():
        await db["near"].drop_index("keys_1")


MIGRATIONS: Mapping[str, Callable[[Database], Awaitable[None]]] = {
    "0001-collections": _make_collections,
    "0002-indexes": _make_indexes,
    "0003-looking-again": _look_again,
    "0004-reprints": _compare,
    "0005-revisions": _make_collections,
    "0006-payloads": _know_payloads,
    "0007-titles": _tell_titles,
    "0008-health": _know_health,
    "0009-holders": _order_holders,
}


async def migrate(db: Database, uri: str) -> list[str]:
    """Take the steps that the database lacks; their names. Each may be repeated, so a step that was cut short is taken again."""
    require_server(await _version(db), uri)
    missing = missing_steps(await applied_steps(db), uri)
    for name in missing:
        await MIGRATIONS[name](db)
        await db["migrations"].update_one({"_id": name}, {"$setOnInsert": {"applied": now()}}, upsert=True)
    return missing


async def check(db: Database, uri: str) -> None:
    """Raises StoreError if the server is too old, SchemaError unless all steps were taken."""
    require_server(await _version(db), uri)
    require(await applied_steps(db), uri)


async def _version(db: Database) -> list[int]:
    found: list[int] = (await db.command("buildInfo"))["versionArray"]
    return found


def require_server(version: Sequence[int], uri: str) -> None:
    """Raises StoreError if the server is older than what is asked of it: $documents, with which reprints are looked for."""
    if tuple(version[:2]) < OLDEST:
        told = ".".join(str(part) for part in version[:3])
        raise StoreError(f"{uri}: the server is MongoDB {told}; {'.'.join(map(str, OLDEST))} or later is needed: upgrade it")


async def applied_steps(db: Database) -> set[str]:
    """The names of the steps taken."""
    return {step["_id"] async for step in db["migrations"].find({}, {"_id": 1})}


def missing_steps(applied: Collection[str], uri: str) -> list[str]:
    """The steps still to be taken. Raises SchemaError if a newer program took some."""
    if unknown := set(applied) - set(MIGRATIONS):
        raise SchemaError(f"{uri} was written by a newer newscrawl (it has {max(unknown)}): upgrade newscrawl, or name another --store")
    return [name for name in MIGRATIONS if name not in applied]


def require(applied: Collection[str], uri: str) -> None:
    """Raises SchemaError unless all steps were taken."""
    if missing := missing_steps(applied, uri):
        raise SchemaError(f"{uri} is not prepared (it lacks {missing[0]}): run `newscrawl db init` once with this store")
