"""What MongoDB knows of a site as a whole: its lease, what the crawler learned, how its addresses stand, how much there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from pymongo import ReturnDocument
from pymongo.errors import BulkWriteError, DuplicateKeyError

from newscrawl.models import Kind, Result, State, Target, now
from newscrawl.store.mongodb.documents import Document, document
from newscrawl.store.mongodb.schema import Database
from newscrawl.store.protocol import Backlog, Counts, Lease, Tally
from newscrawl.store.storable import storable

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_DUPLICATE_KEY = 11000


async def take_lease(db: Database, site: str, holder: str, *, at: datetime, until: datetime) -> Lease:
    """Take or prolong the lease unless somebody else's is in force; whichever is afterwards. One step of the server's."""
    ours = {"$in": [{"$ifNull": ["$lease_holder", ""]}, ["", {"$literal": holder}]]}  # literal: a name may begin with a dollar
    free = {"$or": [ours, {"$lte": [{"$ifNull": ["$lease_until", _NEVER]}, at]}]}
    taken = {
        "lease_holder": {"$cond": [free, {"$literal": holder}, "$lease_holder"]},
        "lease_until": {"$cond": [free, until, "$lease_until"]},
    }
    while True:
        try:
            found = await db["sites"].find_one_and_update(
                {"_id": site}, [{"$set": taken}], upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            continue  # another process has just made the document: there is one now
        assert found is not None
        return Lease(site, found["lease_holder"], found["lease_until"])


async def free_lease(db: Database, site: str, holder: str) -> None:
    """Give up the lease if it is this holder's."""
    await db["sites"].update_one({"_id": site, "lease_holder": {"$eq": holder}}, {"$set": {"lease_holder": "", "lease_until": None}})


async def lease(db: Database, site: str) -> Lease | None:
    """The lease last taken."""
    found = await db["sites"].find_one({"_id": site}) or {}
    return Lease(site, found["lease_holder"], found["lease_until"]) if found.get("lease_holder") else None


async def kept(db: Database, site: str, name: str) -> str:
    """The text that is kept of a site under this name; "" if none."""
    found = await db["sites"].find_one({"_id": site}, {name: 1}) or {}
    return str(found.get(name, ""))


async def keep(db: Database, site: str, name: str, text: str) -> None:
    """Replace the text that is kept of a site under this name."""
    await db["sites"].update_one({"_id": site}, {"$set": {name: storable(text)}}, upsert=True)


async def tally(db: Database, site: str) -> list[Tally]:
    """How many addresses stand how, of one site or of all."""
    alike = {"kind": "$kind", "state": "$state", "result": "$result"}
    stages: list[Document] = [
        {"$match": {"site": site} if site else {}},
        {"$group": {"_id": alike, "count": {"$sum": 1}}},
        {"$sort": {"_id": 1}},
    ]
    groups = await (await db["frontier"].aggregate(stages)).to_list()
    found = [(group["_id"], group["count"]) for group in groups]
    return [Tally(Kind(one["kind"]), State(one["state"]), Result(one["result"]), count) for one, count in found]


async def backlog(db: Database, site: str) -> Backlog:
    """What waits for a site."""
    stages: list[Document] = [
        {"$match": {"site": site, "state": State.DUE.value}},
        {"$group": {"_id": None, "waiting": {"$sum": 1}, "next_due": {"$min": "$due"}}},
    ]
    groups = await (await db["frontier"].aggregate(stages)).to_list()
    return Backlog(groups[0]["waiting"], groups[0]["next_due"]) if groups else Backlog(0, None)


async def counts(db: Database, site: str) -> Counts:
    """How much there is, of one site or of all."""
    of_site = {"site": site} if site else {}
    return Counts(
        articles=await db["articles"].count_documents(of_site),
        revisions=await _count_revisions(db, site),
        captures=await db["captures"].count_documents(of_site),
        targets=await db["frontier"].count_documents(of_site),
        sites=len(await db["frontier"].distinct("site", of_site)),
    )


async def _count_revisions(db: Database, site: str) -> int:
    """Revisions don't name their site; their article does."""
    if not site:
        return await db["revisions"].count_documents({})
    joined = {"from": "articles", "localField": "article", "foreignField": "_id", "as": "of", "pipeline": [{"$project": {"site": 1}}]}
    stages: list[Document] = [{"$lookup": joined}, {"$match": {"of.site": site}}, {"$count": "revisions"}]
    groups = await (await db["revisions"].aggregate(stages)).to_list()
    return int(groups[0]["revisions"]) if groups else 0


async def revisit(db: Database, site: str, at: datetime) -> int:
    """As Store.revisit."""
    again_if = [
        {"kind": Kind.SEED.value},
        {"again": {"$lte": at}},
        {"state": State.FAILED.value, "again": None},
        {"result": Result.OLD.value},
        {"result": Result.TRAP.value, "place": ""},
    ]
    wanted = {"site": site, "state": {"$ne": State.DUE.value}, "kind": {"$ne": Kind.ROBOTS.value}, "$or": again_if}
    return (await db["frontier"].update_many(wanted, due(at))).modified_count


async def revive(db: Database, ids: Collection[str], at: datetime) -> None:
    """Make targets due, but for those that are, and those that were taken down."""
    done = {"_id": {"$in": list(ids)}, "state": {"$ne": State.DUE.value}, "result": {"$ne": Result.TAKEN_DOWN.value}}
    await db["frontier"].update_many(done, due(at))


def due(at: datetime) -> Document:
    """What makes a target due."""
    return {"$set": {"state": State.DUE.value, "due": at, "tries": 0}}


async def take_down(db: Database, article: str, captures: Collection[str]) -> None:
    """Remove captures, revisions and, last, the article: until then the takedown can be repeated."""
    await db["captures"].delete_many({"_id": {"$in": list(captures)}})
    await db["revisions"].delete_many({"article": article})
    if found := await db["articles"].find_one({"_id": article}, {"n": 1}):
        # Before the article, so that whoever searches hears of it however this ends.
        await db["removed"].replace_one({"_id": found["n"]}, {"touched": now()}, upsert=True)
    await db["articles"].delete_many({"_id": article})


async def insert_unknown(db: Database, targets: Sequence[Target]) -> int:
    """Insert targets unless the frontier knows them; how many. Most links are known: only the others are made into documents."""
    found = {target.id: target for target in reversed(targets)}
    async for known in db["frontier"].find({"_id": {"$in": list(found)}}, {"_id": 1}):
        del found[known["_id"]]
    if not found:
        return 0
    try:
        return len((await db["frontier"].insert_many(map(document, found.values()), ordered=False)).inserted_ids)
    except BulkWriteError as error:
        # Another process may have found the same meanwhile.
        if any(failure["code"] != _DUPLICATE_KEY for failure in error.details["writeErrors"]) or error.details["writeConcernErrors"]:
            raise
        return int(error.details["nInserted"])
