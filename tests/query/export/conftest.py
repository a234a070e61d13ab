"""A store of articles to take out."""

from dataclasses import replace

import pytest

from newscrawl.models import Article
from newscrawl.store.protocol import Store
from tests.query.conftest import store
from tests.store.records import article, holding, hours, revision, visited

__all__ = ["store"]

SITES = ("gazette", "herald", "post/../..")


def report(number: int) -> Article:
    made = article(f"{number:03}", f"The text of report {number}.\nIts end.", site=SITES[number % 3], first_seen=hours(number * 30))
    return replace(made, title=f"Report {number}", authors=("Ann Lee", "Bo Cho")[: number % 3])


@pytest.fixture
async def articles(store: Store) -> list[Article]:
    """Of three sites, over several months; one was edited. By first seen, as they are in the store."""
    kept = [report(number) for number in range(60)]
    kept[7] = replace(kept[7], revision=2)
    await store.settle(holding(*kept))
    await store.settle([visited("007", revision=revision("007"))])
    return kept
