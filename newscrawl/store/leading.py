"""The addresses that lead to an article without being its own."""

from __future__ import annotations

from newscrawl.models import Article, Target
from newscrawl.store.protocol import Store


async def leading_to(store: Store, article: Article) -> list[Target]:
    """What its site's frontier has of addresses that lead to its own or to one that showed the same, by address. Raises StoreError."""
    own = (article.url, *article.aliases)
    found = {target.url: target for url in own for target in await store.leading_to(article.site, url)}
    return [found[url] for url in sorted(found) if url not in own]
