"""A store to look into."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from newscrawl.store.protocol import Store
from newscrawl.store.sqlite.adapter import SqliteStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Empty and open."""
    opened = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await opened.open()
    yield opened
    await opened.close()
