import contextlib
import sqlite3

import pytest

from newscrawl.store.sqlite.frontier import add_targets, due_targets
from newscrawl.store.sqlite.schema import migrate
from tests.store.records import START, hours, target


def steps_of_a_page(db: sqlite3.Connection) -> int:
    """How many hundreds of steps SQLite's machine takes to read 32 targets that are due."""
    hundreds = 0

    def count() -> None:
        nonlocal hundreds
        hundreds += 1

    db.set_progress_handler(count, 100)
    assert len(due_targets(db, "gazette", START, 32, without=())) == 32
    db.set_progress_handler(None, 0)
    return hundreds


@pytest.mark.parametrize("state", [{"due": hours(1)}, {"due": START, "site": "herald"}, {"due": START, "priority": 9}])
def test_what_waits_does_not_slow_what_is_due(state: dict[str, object]) -> None:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrate(db, "sqlite:///x")
        add_targets(db, [target(f"due {number}", priority=1) for number in range(32)])
        before = steps_of_a_page(db)
        add_targets(db, [target(f"waiting {number}", **state) for number in range(10_000)])
        assert steps_of_a_page(db) <= before + 5
