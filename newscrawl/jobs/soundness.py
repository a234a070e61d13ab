"""Whether the store and the archive agree: every capture has its record, every article its captures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from newscrawl.archive.verify import Finding, Flaw, Verified
from newscrawl.models import Article
from newscrawl.store.protocol import Search, Store


async def disagreements(store: Store, verified: Verified) -> AsyncIterator[Finding]:
    """What of the store is not in the archive. Raises StoreError."""
    async for capture in store.captures():
        if (finding := verified.capture_flaw(capture)) is not None:
            yield finding
    async for article in store.articles(Search()):
        for capture_id in _captures_of(article):
            if await store.capture(capture_id) is None:
                yield Finding(
                    Flaw.NO_CAPTURE, "", 0, f"article {article.id} ({article.url}) was read from capture {capture_id}, which is unknown"
                )


def _captures_of(article: Article) -> Iterator[str]:
    yield from dict.fromkeys((article.capture, *(part.capture for part in article.parts)))
