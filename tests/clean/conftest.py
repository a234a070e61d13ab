import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared():
    """The folder of texts that are not ours to copy, or a skipped test."""
    folder = Path(os.environ.get("NEWSCRAWL_SHARED") or Path(__file__).parents[3] / "shared")
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing; NEWSCRAWL_SHARED names the folder of shared texts")
    return folder
