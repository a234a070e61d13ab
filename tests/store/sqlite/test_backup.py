"""An old file is copied before it is changed, and the copy is what it was."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.errors import StoreError
from newscrawl.store import open_store
from newscrawl.store.sqlite import schema
from newscrawl.store.sqlite.schema import MIGRATIONS


def old_file(path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    with monkeypatch.context() as then, closing(sqlite3.connect(path, isolation_level=None)) as db:
        then.setattr(schema, "MIGRATIONS", MIGRATIONS[:steps])
        schema.migrate(db, "sqlite:///x")
        db.execute("INSERT INTO sites(site, learned, lease_holder, lease_until) VALUES ('gazette', 'what was learned', '', 0)")


async def opened_and_closed(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    try:
        await store.open()
        assert await store.learned("gazette") == "what was learned"
    finally:
        await store.close()


@pytest.mark.parametrize("steps", range(1, len(MIGRATIONS)))
async def test_every_older_version_is_copied_and_then_brought_up_to_date(tmp_path: Path, monkeypatch, steps: int) -> None:
    path = tmp_path / "store.db"
    old_file(path, monkeypatch, steps)
    await opened_and_closed(path)
    copy = tmp_path / f"store.db.before-{MIGRATIONS[steps].name}"
    with closing(sqlite3.connect(copy)) as db:
        assert [name for (name,) in db.execute("SELECT name FROM migrations ORDER BY name")] == [step.name for step in MIGRATIONS[:steps]]
        assert db.execute("SELECT learned FROM sites").fetchall() == [("what was learned",)]
    path.unlink()
    shutil.copy(copy, path)  # as docs/operations.md has it
    await opened_and_closed(path)


async def test_a_new_file_and_one_that_is_up_to_date_are_not_copied(tmp_path: Path) -> None:
    for _ in range(2):
        store = open_store(f"sqlite:///{tmp_path}/store.db")
        await store.open()
        await store.save_learned("gazette", "{}")
        await store.close()
    assert not [name for name in os.listdir(tmp_path) if "before" in name]  # noqa: PTH208 - a test blocks nobody


async def test_a_file_that_can_not_be_copied_is_left_as_it_was(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "store.db"
    old_file(path, monkeypatch, 3)
    (tmp_path / "store.db.copying").mkdir()  # in the way
    with pytest.raises(StoreError):
        await opened_and_closed(path)
    with closing(sqlite3.connect(path)) as db:
        assert len(db.execute("SELECT name FROM migrations").fetchall()) == 3
