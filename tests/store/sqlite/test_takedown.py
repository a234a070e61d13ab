"""What a takedown leaves on the disk is told, and what is told to help does."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.store import open_store
from newscrawl.store.sqlite import adapter
from tests.query.export.writers import left
from tests.store.records import article, holding

SENTENCE = "The heron sleeps at Lock Seven"


def on_disk(path: Path) -> bool:
    """Whether the text stands in the file or beside it."""
    return any(SENTENCE.encode() in one.read_bytes() for one in path.parent.iterdir())


def made(files: list[Path]) -> None:
    for path in files:
        path.touch()


async def test_a_reader_that_keeps_the_text_is_told_of_and_once_it_has_ended_the_text_goes(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(adapter, "BUSY_SECONDS", 0.2)
    path = tmp_path / "store.db"
    store = open_store(f"sqlite:///{path}")
    await store.open()
    await store.settle(holding(article("a", SENTENCE), article("b")))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        (told,) = await store.take_down(article("a", SENTENCE).id, [], [])
        assert f"another process reads the store, so the text could not be written over and still stands in {path}" in told
        assert await store.article(article("a", SENTENCE).id) is None
        await store.close()
        assert on_disk(path)
    store = open_store(f"sqlite:///{path}")  # as any other command
    await store.open()
    await store.close()
    assert not on_disk(path)
    assert left(tmp_path) == {"store.db"}


@pytest.mark.parametrize("name", ["store[1].db", "store.db"])
async def test_copies_made_before_migrations_are_named(tmp_path: Path, name: str) -> None:
    store = open_store(f"sqlite:///{tmp_path}/{name}")
    await store.open()
    await store.settle(holding(article("a")))
    copies = [tmp_path / f"{name}.before-0008-columns", tmp_path / f"{name}.copying"]
    made([*copies, tmp_path / "other.db.before-0008-columns"])
    told = await store.take_down(article("a").id, [], [])
    assert [line.partition(" was made before a migration")[0] for line in told] == [str(path) for path in copies]
    assert all(line.endswith("delete it") for line in told)
    for path in copies:
        path.unlink()
    assert await store.take_down(article("a").id, [], []) == []
    await store.close()
