"""The article behind an address, however its site leads there."""

from __future__ import annotations

from newscrawl.clean.urls import canonical
from newscrawl.identify.exact import target_id
from newscrawl.models import Article
from newscrawl.store.protocol import LEADING, Store


def is_address(text: str) -> bool:
    """Whether what somebody asks for is a web address."""
    return text.strip().lower().startswith(("http://", "https://")) and " " not in text.strip()


async def article_at(store: Store, key: str) -> Article | None:
    """The article with this id, this beginning of an id (8 characters or more), or any address at which its site shows it or showed it.

    That is its own, one that showed the same, or one that redirects there, names it as its canonical address, or is its twin by a rule.
    Raises InputError for the beginning of several ids, and StoreError.
    """
    return await store.article(key.strip()) or (await _led_to(store, key) if is_address(key) else None)


async def _led_to(store: Store, key: str) -> Article | None:
    sites = await store.latest_runs()
    url, seen = canonical(key), set[str]()
    while url and url not in seen:
        seen.add(url)
        if article := await store.article(url):
            return article
        there = await store.targets({target_id(site, url) for site in sites})
        if (target := next(iter(there.values()), None)) is None:
            return None
        url = target.detail.partition(" ")[2] if target.result in LEADING else target.url  # the same under another scheme
    return None
