"""How records lie in MongoDB: a document each, `id` as `_id`, times as dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from newscrawl.models import Article, Capture, Revision, Run, Target
from newscrawl.reprints import Cluster, Link
from newscrawl.store.terms import grams, title_of

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
DERIVED = {"terms": 0, "title_terms": 0, "at": 0, "uncompared": 0}  # a projection without what only searching needs


def document(record: Any) -> Document:
    """The document of a record."""
    fields: Document = msgspec.to_builtins(record, builtin_types=(datetime,))
    if isinstance(record, Revision):
        return {"_id": f"{record.article}/{record.number}", **fields}
    if isinstance(record, Link):
        return {"_id": f"{record.a}/{record.b}", **fields}
    if isinstance(record, Article):
        at = record.published.time if record.published else record.first_seen
        fields |= {"at": at, "terms": f" {grams(record.text_search)} ", "title_terms": title_terms(record.text_search)}
    return {"_id": fields.pop("id"), **fields}


def record(kind: type[R], found: Mapping[str, Any]) -> R:
    """The record of a document."""
    return msgspec.convert({**found, "id": found["_id"]}, kind)


def title_terms(text_search: str) -> str:
    """The grams of the title, with a space before and behind."""
    return f" {grams(title_of(text_search))} "
