"""The article behind an address, however its site leads there."""

from __future__ import annotations

from newscrawl.clean.urls import canonical
from newscrawl.errors import InputError
from newscrawl.identify.exact import article_id, target_id
from newscrawl.models import Article, Target
from newscrawl.store.protocol import LEADING, Store


def is_address(text: str) -> bool:
    """Whether what somebody asks for is a web address."""
    return text.strip().lower().startswith(("http://", "https://")) and " " not in text.strip()


async def article_at(store: Store, key: str) -> Article | None:
    """The article with this id, this beginning of an id (8 characters or more), or any address at which its site shows it or showed it.

    That is its own, one that showed the same, or one that redirects there, names it as its canonical address, or is its twin by a rule.
    Raises InputError for the beginning of several ids, for an address that leads to different articles of several sites, and StoreError.
    """
    return await store.article(key.strip()) or (await _led_to(store, key) if is_address(key) else None)


async def _led_to(store: Store, key: str) -> Article | None:
    if not (url := canonical(key)):
        return None
    if article := await store.article(url):
        return article
    there = await store.targets({target_id(site, url) for site in await store.latest_runs()})
    ends = [await _end(store, target) for target in sorted(there.values(), key=lambda target: target.site)]
    found = {article.id: article for article in ends if article}
    if len(found) > 1:
        named = " and ".join(f"{article.id[:10]} of {article.site} ({article.url})" for article in found.values())
        raise InputError(f"{key.strip()} leads to more than one article: {named}; ask by id for the one that you mean")
    return next(iter(found.values()), None)


async def _end(store: Store, target: Target) -> Article | None:
    """The article of a target's site to which it leads, or which is there under another scheme."""
    ahead, seen = [target], set[str]()
    while ahead and ahead[0].id not in seen:
        leading = ahead[0].result in LEADING
        url = ahead[0].detail.partition(" ")[2] if leading else ahead[0].url
        known = await store.known({article_id(target.site, url)}, (), {(target.site, url)})
        here = [*known.by_id.values(), *known.by_alias.values()] or [await store.article(url)]  # another site's may stand there too
        if here[0] is not None and here[0].site == target.site:
            return here[0]
        seen.add(ahead[0].id)
        ahead = [*(await store.targets([target_id(target.site, url)])).values()] if leading and url else []
    return None
