"""Places to crawl into, with each kind of store."""

from pathlib import Path

import pytest

from tests.crawl.crawls import Place


@pytest.fixture(params=["sqlite", "mongodb"])
def any_place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Prepared, and nothing is in it yet."""
    made = Place(tmp_path, request.getfixturevalue("mongodb_uri") if request.param == "mongodb" else "")
    made.prepare()
    return made
