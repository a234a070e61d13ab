import os
from datetime import UTC, datetime
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared():
    """The folder of texts that are not ours to copy, or a skipped test."""
    folder = Path(os.environ.get("NEWSCRAWL_SHARED") or Path(__file__).parents[3] / "shared")
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing; NEWSCRAWL_SHARED names the folder of shared texts")
    return folder


@pytest.fixture(scope="session")
def at():
    """The time of every fetch in these tests: a Wednesday afternoon."""
    return datetime(2023, 5, 17, 15, 0, tzinfo=UTC)
