"""How records lie in MongoDB: a document each, `id` as `_id`, times as dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from newscrawl.models import Article, Capture, Revision, Run, Target, now
from newscrawl.reprints import Cluster, Link
from newscrawl.store.columns import card
from newscrawl.store.terms import grams, keys, title_of

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
# A projection without what only searching needs.
DERIVED = dict.fromkeys(("terms", "title_terms", "keys", "n", "block", "card", "touched", "uncompared"), 0)
BLOCK = 4_096  # numbers of articles whose keys lie together in the index
TITLE = "^"  # stands before keys of a title; no key begins with it otherwise


def document(record: Any) -> Document:
    """The document of a record."""
    fields: Document = msgspec.to_builtins(record, builtin_types=(datetime,))
    if isinstance(record, Revision):
        return {"_id": f"{record.article}/{record.number}", **fields}
    if isinstance(record, Link):
        return {"_id": f"{record.a}/{record.b}", **fields}
    if isinstance(record, Article):
        fields |= searched(record.text_search) | {"card": told(record), "touched": now()}
    return {"_id": fields.pop("id"), **fields}


def record(kind: type[R], found: Mapping[str, Any]) -> R:
    """The record of a document."""
    return msgspec.convert({**found, "id": found["_id"]}, kind)


def searched(text_search: str) -> Document:
    """What searches look at: grams of text and title, with a space before and behind, and the keys that lead there."""
    title = title_of(text_search)
    led = keys(text_search) | {TITLE + key for key in keys(title)}
    return {"terms": f" {grams(text_search)} ", "title_terms": title_terms(text_search), "keys": sorted(led)}


def numbered(number: int) -> Document:
    """An article's number and block. The index of keys begins with the block, so new articles change one part of it that a cache holds."""
    return {"n": number, "block": number // BLOCK}


def title_terms(text_search: str) -> str:
    """The grams of the title, with a space before and behind."""
    return f" {grams(title_of(text_search))} "


def told(article: Article) -> str:
    """The article's card in one value, so that an index covers it; without its number, and its cluster, which changes without it."""
    return msgspec.json.encode(card(article, 0)._replace(cluster="")).decode()
