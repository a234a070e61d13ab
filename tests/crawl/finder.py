"""Run as a program: settles every second article of `stories`, from argv[2] on, into the store at argv[1], as a crawl does."""

import asyncio
import random
import sys
from collections.abc import Iterator
from dataclasses import replace

from newscrawl.crawl.clustering import ReprintFinder
from newscrawl.models import Article, Result, Settlement, State
from newscrawl.store import open_store
from tests.identify.test_near import words
from tests.store.records import article, hours, target

STORIES = 12
COPIES = 5


def stories() -> Iterator[Article]:
    """Copies of some articles on several sites; the title names the story."""
    for story in range(STORIES):
        for copy in range(COPIES):
            text = f"{words(120, seed=story)} {words(20, seed=1000 + story * COPIES + copy)}"
            name = f"{story} {copy}"
            yield article(
                name, text, title=f"story {story}", site=f"site{copy}", url=f"https://site{copy}.example/{story}", first_seen=hours(copy)
            )


def settled(one: Article) -> Settlement:
    return Settlement(target(f"page of {one.id}", state=State.DONE, result=Result.ARTICLE), article=one)


async def crawl(uri: str, first: int) -> None:
    store = open_store(uri)
    await store.open()
    finder = ReprintFinder(store)
    mine = list(stories())[first::2]
    random.Random(first).shuffle(mine)
    for at in range(0, len(mine), 3):
        batch = [settled(one) for one in mine[at : at + 3]]
        await store.settle(batch)
        await finder.catch_up(batch)
    await finder.close()
    await store.close()


def changed(one: Article, text: str) -> Article:
    return replace(one, text=text, text_search=text, revision=one.revision + 1)


if __name__ == "__main__":
    asyncio.run(crawl(sys.argv[1], int(sys.argv[2])))
