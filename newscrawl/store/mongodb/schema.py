"""Collections, validators and indexes of the MongoDB store, and the steps that make them.

Migrations are only ever added: what stands here has been run on somebody's archive. A change of models.py that the validators
notice (a type, a new field without default) needs a migration that runs `_make_collections` again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from newscrawl.errors import SchemaError, StoreError
from newscrawl.models import Article, now
from newscrawl.store.mongodb.documents import BLOCK, COLLECTIONS, DERIVED, numbered, record, searched, title_terms, told

Database = AsyncDatabase[dict[str, Any]]

OLDEST = (5, 1)  # MongoDB
CARDS = "cards"  # the index that is read for store.columns
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_UNBLOCKED = "keys_1_n_1"  # the index of keys as it was
_FORMER = ("at_-1__id_1", "site_1_at_-1__id_1", "first_seen_1__id_1", "terms_text")  # indexes that nothing asks any more

PHRASES = [("block", ASCENDING), ("keys", ASCENDING), ("n", ASCENDING)]  # the index of keys: by far the largest, so it is packed
PACKED: Mapping[str, Any] = {"storageEngine": {"wiredTiger": {"configString": "block_compressor=zstd"}}}
_REFUSED = (2, 72)  # codes of a server that can't pack, or has another storage engine

INDEXES: Mapping[str, tuple[IndexModel, ...]] = {
    "articles": (
        IndexModel([("site", ASCENDING), ("content_hash", ASCENDING), ("first_seen", ASCENDING), ("_id", ASCENDING)]),
        IndexModel([("url", ASCENDING)]),
        IndexModel([("aliases", ASCENDING)]),
        IndexModel(
            [("uncompared", ASCENDING), ("first_seen", DESCENDING), ("_id", ASCENDING)], partialFilterExpression={"uncompared": True}
        ),
        IndexModel([("gone", DESCENDING), ("_id", ASCENDING)], partialFilterExpression={"gone": {"$type": "date"}}),
        # This one and PHRASES cover what searches ask: no document, long as it is, has to be read.
        IndexModel([("touched", ASCENDING), ("n", ASCENDING), ("card", ASCENDING), ("cluster", ASCENDING)], name=CARDS),
        IndexModel([("n", ASCENDING)]),
    ),
    "removed": (IndexModel([("touched", ASCENDING)]),),
    "revisions": (
        IndexModel([("article", ASCENDING), ("number", ASCENDING)]),
        IndexModel([("replaced", DESCENDING), ("article", ASCENDING), ("number", ASCENDING)]),
    ),
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


async def _make_columns(db: Database) -> None:
    """Numbers, cards and keys of the articles there are, then their indexes."""
    articles = db["articles"]
    present = set(await articles.index_information()) if "articles" in await db.list_collection_names() else set()
    for name in present.intersection(_FORMER):
        await articles.drop_index(name)
    await _number(db, {"n": {"$exists": False}})
    await _make_indexes(db)


async def _pack_keys(db: Database) -> None:
    """The index of keys in less than half the room, block by block."""
    articles, packed = db["articles"], IndexModel(PHRASES, **PACKED)
    present = await articles.index_information()
    if _UNBLOCKED in present:
        await articles.drop_index(_UNBLOCKED)
    await _assign_blocks(db)
    if packed.document["name"] in present:
        return  # it may be one that the server could not pack
    try:
        await articles.create_indexes([packed])
    except OperationFailure as error:
        if error.code not in _REFUSED:
            raise
        await articles.create_indexes([IndexModel(PHRASES)])


async def _assign_blocks(db: Database) -> None:
    """Those of articles that have none, as an older program has written them; the index has these first."""
    block = {"$toInt": {"$floor": {"$divide": ["$n", BLOCK]}}}
    await db["articles"].update_many({"block": None}, [{"$set": {"block": block}}])


async def _number(db: Database, unnumbered: dict[str, Any]) -> None:
    """Numbers, cards and keys of these articles."""
    articles = db["articles"]
    done = await db["counters"].find_one({"_id": "articles"}) or {"next": 0}
    number, puts = int(done["next"]), list[UpdateOne]()
    async for found in articles.find(unnumbered, dict.fromkeys((*DERIVED, "at"), 0)):
        one: Article = record(Article, found)
        fields = searched(one.text_search) | numbered(number) | {"card": told(one), "touched": LONG_AGO}
        puts.append(UpdateOne({"_id": one.id}, {"$set": fields, "$unset": {"at": ""}}))
        number += 1
        if len(puts) == 500:
            await _numbered(db, puts, number)
    await _numbered(db, puts, number)


async def _numbered(db: Database, puts: list[UpdateOne], number: int) -> None:
    """Numbers are taken before they are given, so that none is given twice."""
    if puts:
        await db["counters"].update_one({"_id": "articles"}, {"$set": {"next": number}}, upsert=True)
        await db["articles"].bulk_write(puts, ordered=False)
        puts.clear()


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
    "0010-columns": _make_columns,
    "0011-edits-and-losses": _make_indexes,
    "0012-packed-keys": _pack_keys,
}


async def migrate(db: Database, uri: str) -> list[str]:
    """Take the steps that the database lacks; their names. Each may be repeated, so a step that was cut short is taken again.

    What a program of an older version, which was running all the while, has written since is numbered each time.
    """
    require_server(await _version(db), uri)
    missing = missing_steps(await applied_steps(db), uri)
    for name in missing:
        await MIGRATIONS[name](db)
        await db["migrations"].update_one({"_id": name}, {"$setOnInsert": {"applied": now()}}, upsert=True)
    await _number(db, {"touched": None})  # an index has these first
    await _assign_blocks(db)
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
