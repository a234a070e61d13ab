"""How records lie in MongoDB: a document each, `id` as `_id`, times as dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from newscrawl.models import Article, Capture, Revision, Run, Target
from newscrawl.reprints import Cluster, Link
from newscrawl.store.protocol import Search
from newscrawl.store.terms import gram_pattern, grams, phrases, sure_grams

R = TypeVar("R")
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """What is kept of a site as a whole."""

    id: str  # its slug
    learned: str = ""
    health: str = ""
    lease_holder: str = ""  # "" if nobody
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """The near keys of an article."""

    id: str  # the article's
    keys: tuple[int, ...]


COLLECTIONS: Mapping[str, type[Any]] = {
    "articles": Article,
    "revisions": Revision,
    "captures": Capture,
    "frontier": Target,
    "sites": Site,
    "runs": Run,
    "near": Near,
    "links": Link,
    "clusters": Cluster,
}
DERIVED = {"terms": 0, "at": 0, "uncompared": 0}  # a projection without what only the indexes need


def document(record: Any) -> Document:
    """The document of a record."""
    fields: Document = msgspec.to_builtins(record, builtin_types=(datetime,))
    if isinstance(record, Revision):
        return {"_id": f"{record.article}/{record.number}", **fields}
    if isinstance(record, Link):
        return {"_id": f"{record.a}/{record.b}", **fields}
    if isinstance(record, Article):
        at = record.published.time if record.published else record.first_seen
        fields |= {"at": at, "terms": f" {grams(record.text_search)} "}
    return {"_id": fields.pop("id"), **fields}


def record(kind: type[R], found: Mapping[str, Any]) -> R:
    """The record of a document."""
    return msgspec.convert({**found, "id": found["_id"]}, kind)


def search_filter(query: Search) -> Document:
    """What an article must fulfil. Nothing a user wrote stands where MongoDB looks for an operator or a pattern."""
    conditions: list[Document] = []
    wanted = phrases(query.words)
    if query.words and not wanted:
        return {"_id": {"$in": []}}  # nothing but "!" and the like: found nowhere
    if sure := [gram for phrase in wanted for gram in sure_grams(phrase)]:
        # The index finds articles by one gram, preferably a long one; the exact conditions below judge these.
        conditions.append({"$text": {"$search": max(sure, key=len)}})
    conditions += [{"$expr": {"$gte": [{"$indexOfBytes": ["$terms", {"$literal": gram_pattern(phrase)}]}, 0]}} for phrase in wanted]
    if query.site:
        conditions.append({"site": query.site})
    if query.since:
        conditions.append({"at": {"$gte": query.since}})
    if query.until:
        conditions.append({"at": {"$lt": query.until}})
    return {"$and": conditions} if conditions else {}
