"""A place to import and read into."""

from pathlib import Path

import pytest

from tests.crawl.crawls import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Nothing is in it yet."""
    return Place(tmp_path)
