"""Run as a program: settles batches into the store at argv[1] for ever, printing the article ids of each batch once it is durable."""

import asyncio
import itertools
import sys

from newscrawl.store import open_store
from tests.store.records import article, capture, target, visited


async def settle_for_ever(uri: str) -> None:
    store = open_store(uri)
    await store.open()
    for number in itertools.count():
        names = [f"{number} {page}" for page in range(5)]
        batch = [visited(name, article=article(name), capture=capture(name), found=(target(f"found by {name}"),)) for name in names]
        await store.settle(batch)
        print(*[settlement.article.id for settlement in batch], flush=True)  # noqa: T201  # it is how the test hears of it


if __name__ == "__main__":
    asyncio.run(settle_for_ever(sys.argv[1]))
