"""A place to crawl into, a store to look into, and a frontier on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.pace import Pace
from newscrawl.store.protocol import Store
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.crawl.crawls import Place
from tests.crawl.frontiers import Refused
from tests.crawl.visits import frontier_of


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Nothing is in it yet."""
    return Place(tmp_path)


@pytest.fixture
def refused() -> Refused:
    """What the frontier settled without a request."""
    return Refused()


@pytest.fixture
def frontier(store: Store, refused: Refused) -> SiteFrontier:
    """With a window of four, ten at once, next to no delay."""
    return frontier_of(store, Pace(0.001, 10), refuse=refused)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Empty and open."""
    opened = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await opened.open()
    yield opened
    await opened.close()
