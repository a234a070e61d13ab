"""Near keys, links and clusters in MongoDB."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pymongo import ReplaceOne, UpdateOne

from newscrawl.models import Article, now
from newscrawl.reprints import Cluster, Regrouping
from newscrawl.store.mongodb.documents import Document, Near, document, numbered, record
from newscrawl.store.mongodb.schema import Database


async def put_articles(db: Database, articles: Iterable[Article]) -> None:
    """Insert or replace, but for the cluster of those that are known. New and changed texts are marked as not compared yet, in one step."""
    records = {article.id: article for article in articles}
    if not records:
        return
    before = db["articles"].find({"_id": {"$in": list(records)}}, {"text_search": 1})
    texts = {found["_id"]: found["text_search"] async for found in before}
    number = await _taken(db, len(records.keys() - texts.keys()))
    puts = []
    for id_, article in records.items():
        puts.append(_put(article, number, is_new=texts.get(id_, "") != article.text_search))
        number += id_ not in texts
    await db["articles"].bulk_write(puts, ordered=False)


async def _taken(db: Database, many: int) -> int:
    """The first of so many numbers that are nobody else's. Those of a batch that fails are left out for ever."""
    if not many:
        return 0
    counter = await db["counters"].find_one_and_update({"_id": "articles"}, {"$inc": {"next": many}}, upsert=True)
    return int(counter["next"]) if counter else 0


def _put(article: Article, number: int, *, is_new: bool) -> UpdateOne:
    fields = document(article)
    once = {"cluster": fields.pop("cluster"), **numbered(number)}
    if is_new:
        fields["uncompared"] = True
    return UpdateOne({"_id": fields.pop("_id")}, {"$set": fields, "$setOnInsert": once}, upsert=True)


async def holders(db: Database, keys: Collection[int], limit: int) -> dict[int, list[str]]:
    """Ids of the first articles with each key, by id, all in one question."""
    some: Document = {"from": "near", "localField": "key", "foreignField": "keys", "as": "holders"}
    some["pipeline"] = [{"$sort": {"_id": 1}}, {"$limit": limit}, {"$project": {"_id": 1}}]
    stages: list[Document] = [{"$documents": [{"key": key} for key in keys]}, {"$lookup": some}, {"$match": {"holders": {"$ne": []}}}]
    return {found["key"]: [holder["_id"] for holder in found["holders"]] async for found in await db.aggregate(stages)}


async def labels(db: Database, articles: Collection[str]) -> dict[str, str]:
    """By id."""
    return {found["_id"]: found["cluster"] async for found in db["articles"].find({"_id": {"$in": list(articles)}}, {"cluster": 1})}


async def regroup(db: Database, change: Regrouping) -> None:
    """In the order that `Store.regroup` tells."""
    ids = [one.article for one in change.compared]
    there = await labels(db, change.articles())  # what was taken down meanwhile is in nothing
    near = [Near(one.article, one.keys) for one in change.compared if one.keys and one.article in there]
    if near:
        await db["near"].bulk_write([ReplaceOne({"_id": one.id}, document(one), upsert=True) for one in near], ordered=False)
    groups = [cluster.only(there) for cluster in change.clusters]
    await db["links"].delete_many({"$or": [{"a": {"$in": ids}}, {"b": {"$in": ids}}]})
    await _put_all(db, "links", (document(link) for link in change.links if link.a in there and link.b in there))
    await _put_all(db, "clusters", (document(one) for one in groups if not one.copies))
    if change.labels:
        await db["articles"].bulk_write(
            [UpdateOne({"_id": id_}, {"$set": {"cluster": label, "touched": now()}}) for id_, label in change.labels.items()], ordered=False
        )
    await _put_all(db, "clusters", (document(one) for one in groups if one.copies))
    if change.compared:
        done = [
            UpdateOne({"_id": one.article, "text_search": {"$eq": one.text}}, {"$unset": {"uncompared": ""}}) for one in change.compared
        ]
        await db["articles"].bulk_write(done, ordered=False)


async def forget(db: Database, article: str) -> None:
    """Remove keys and links of an article that is going to be removed; those it had text in common with wait to be compared again."""
    label = (await labels(db, [article])).get(article, "")
    async for found in db["clusters"].find({"_id": label} if label else {"_id": None}):
        cluster: Cluster = record(Cluster, found)
        left = cluster.only({copy.article for copy in cluster.copies} - {article})
        await _put_all(db, "clusters", [document(left)])
        if not left.copies:
            await db["articles"].update_many({"cluster": label}, {"$set": {"cluster": "", "touched": now()}})
    linked = {"$or": [{"a": article}, {"b": article}]}
    others = {end async for link in db["links"].find(linked) for end in (link["a"], link["b"])} - {article}
    await db["articles"].update_many({"_id": {"$in": list(others)}}, {"$set": {"uncompared": True}})
    await db["links"].delete_many(linked)
    await db["near"].delete_one({"_id": article})


async def _put_all(db: Database, name: str, documents: Iterable[Document]) -> None:
    if puts := [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in documents]:
        await db[name].bulk_write(puts, ordered=False)
