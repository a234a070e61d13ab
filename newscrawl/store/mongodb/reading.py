"""How MongoDB finds articles by what they are called: ids, addresses, contents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from newscrawl.errors import InputError
from newscrawl.known import Known
from newscrawl.models import Article
from newscrawl.store.mongodb.documents import Document

ID_LENGTH = 8  # of the shortest beginning of an id that `article` takes


class Find(Protocol):
    """Finds records of a kind; see the adapter."""

    async def __call__(self, kind: type[Article], wanted: Document, *, sort: Sequence[str] = (), limit: int = 0) -> list[Article]:
        """Those that are wanted, in order."""


async def known(find: Find, ids: Collection[str], contents: Collection[tuple[str, str]], addresses: Collection[tuple[str, str]]) -> Known:
    """As Store.known."""
    by_id = await find(Article, {"_id": {"$in": list(ids)}})
    pairs = [{"site": site, "content_hash": content} for site, content in contents]
    same = await find(Article, {"$or": pairs}, sort=["first_seen", "_id"]) if pairs else []
    spots = [{"site": site, "aliases": url} for site, url in addresses]
    there = await find(Article, {"$or": spots}, sort=["first_seen", "_id"]) if spots else []
    # Reversed, so that the one first seen has the last word.
    return Known(
        {article.id: article for article in by_id},
        {(article.site, article.content_hash): article for article in reversed(same)},
        {(article.site, url): article for article in reversed(there) for url in article.aliases},
    )


async def article(find: Find, key: str) -> Article | None:
    """As Store.article."""
    if exact := await find(Article, {"_id": key}):
        return exact[0]
    if addressed := await find(Article, {"$or": [{"url": key}, {"aliases": key}]}, sort=["first_seen", "_id"]):
        return min(addressed, key=lambda article: article.url != key)
    begun = await find(Article, {"_id": {"$gte": key, "$lte": f"{key}\U0010ffff"}}, limit=2) if len(key) >= ID_LENGTH else []
    if len(begun) > 1:
        raise InputError(f"more than one article's id begins with {key}: write more of it")
    return begun[0] if begun else None
