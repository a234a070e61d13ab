"""Every article of the store as newsbench wants it: `python -m benchmarks.newsbench_records FILE`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import msgspec

from newscrawl.models import Article
from newscrawl.store import open_store
from newscrawl.store.protocol import Search


def record(article: Article) -> dict[str, object]:
    """The fields that newsbench judges."""
    date = article.published.time if article.published else None
    return {
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "date": date,
        "author": article.authors,
        "cluster": article.cluster,
    }


async def write(uri: str, path: Path) -> None:
    """Write all articles of a store to `path`, one JSON object a line."""
    store = open_store(uri)
    await store.open()
    with path.open("wb") as out:
        async for article in store.articles(Search()):
            out.write(msgspec.json.encode(record(article)) + b"\n")
    await store.close()


asyncio.run(write(os.environ["NEWSCRAWL_STORE"], Path(sys.argv[1])))
