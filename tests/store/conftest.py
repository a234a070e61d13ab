"""Both stores, each behind the same fixture."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from newscrawl.store import open_store
from newscrawl.store.protocol import Store


@pytest.fixture(params=["sqlite", "mongodb"])
def store_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store of each kind, not prepared."""
    return f"sqlite:///{tmp_path}/archive/store.db" if request.param == "sqlite" else request.getfixturevalue("mongodb_uri")


@pytest.fixture
async def store(store_uri: str) -> AsyncIterator[Store]:
    """An empty store of each kind, open."""
    opened = open_store(store_uri)
    await opened.prepare()
    await opened.open()
    yield opened
    await opened.close()
