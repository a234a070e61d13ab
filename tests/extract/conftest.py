from datetime import UTC, datetime

import pytest


@pytest.fixture(scope="session")
def at():
    """The time of every fetch in these tests: a Wednesday afternoon."""
    return datetime(2023, 5, 17, 15, 0, tzinfo=UTC)
