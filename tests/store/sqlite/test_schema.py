import contextlib
import sqlite3
from pathlib import Path

import pytest

from newscrawl.errors import SchemaError
from newscrawl.store import open_store
from newscrawl.store.sqlite import schema
from newscrawl.store.sqlite.reprints import uncompared
from newscrawl.store.sqlite.rows import ARTICLES, CAPTURES, CLUSTERS, FRONTIER, LINKS, REVISIONS, RUNS
from newscrawl.store.sqlite.schema import MIGRATIONS, Migration, migrate
from newscrawl.store.sqlite.searching import COLUMNS
from tests.store.records import article


def connected(path: Path | str = ":memory:"):
    return contextlib.closing(sqlite3.connect(path, isolation_level=None))


def test_a_new_file_takes_all_steps_and_then_none() -> None:
    with connected() as db:
        assert migrate(db, "sqlite:///x") == [migration.name for migration in MIGRATIONS]
        assert migrate(db, "sqlite:///x") == []


def test_names_are_in_order_and_different() -> None:
    names = [migration.name for migration in MIGRATIONS]
    assert names == sorted(set(names))


@pytest.mark.parametrize("table", [ARTICLES, CAPTURES, CLUSTERS, FRONTIER, LINKS, REVISIONS, RUNS], ids=lambda table: table.name)
def test_tables_have_a_column_for_each_field(table) -> None:
    with connected() as db:
        migrate(db, "sqlite:///x")
        columns = {row[1] for row in db.execute(f"PRAGMA table_info({table.name})")}
    assert columns - {"n", "at"} == set(table.fields)


def test_a_step_that_fails_leaves_the_file_as_it_was(monkeypatch) -> None:
    broken = Migration("9000-broken", ("CREATE TABLE half (done TEXT)", "CREATE TABLE half (done TEXT)"))
    with connected() as db:
        migrate(db, "sqlite:///x")
        monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken))
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            migrate(db, "sqlite:///x")
        assert not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall()
        assert not db.execute("SELECT 1 FROM migrations WHERE name = '9000-broken'").fetchall()


def test_an_older_file_takes_the_steps_it_lacks(monkeypatch) -> None:
    added = Migration("9000-added", ("CREATE TABLE added (done TEXT)",))
    with connected() as db:
        migrate(db, "sqlite:///x")
        monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, added))
        assert migrate(db, "sqlite:///x") == ["9000-added"]


async def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    await store.close()
    with connected(tmp_path / "store.db") as db:
        db.execute("INSERT INTO migrations VALUES ('9999-from-the-future', 0)")
    with pytest.raises(SchemaError, match=r"9999-from-the-future.*upgrade newscrawl"):
        await store_again(tmp_path)


async def store_again(folder: Path) -> None:
    await open_store(f"sqlite:///{folder}/store.db").open()


async def test_another_programs_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    with connected(tmp_path / "store.db") as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(SchemaError, match="another program"):
        await store_again(tmp_path)
    with connected(tmp_path / "store.db") as db:
        assert db.execute("SELECT name FROM sqlite_schema").fetchall() == [("recipes",)]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT count(*), min(due) FROM frontier WHERE site = 'a' AND state = 'due'", "COVERING INDEX frontier_due"),
        ("SELECT id FROM articles WHERE site = 'a' AND content_hash = 'b' ORDER BY first_seen, id LIMIT 1", "INDEX articles_content"),
        ("SELECT url FROM captures WHERE (time, id) > (1, 'a') ORDER BY time, id LIMIT 9", "INDEX captures_time"),
        (f"SELECT n, {COLUMNS} FROM articles INDEXED BY articles_columns", "COVERING INDEX articles_columns"),
    ],
)
def test_frequent_questions_are_answered_from_an_index(statement: str, index: str) -> None:
    with connected() as db:
        migrate(db, "sqlite:///x")
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}"))
    assert index in plan


def test_articles_of_an_older_file_wait_to_be_compared(monkeypatch) -> None:
    with connected() as db:
        monkeypatch.setattr(schema, "MIGRATIONS", MIGRATIONS[:2])
        migrate(db, "sqlite:///x")
        columns = {row[1] for row in db.execute("PRAGMA table_info(articles)")} - {"n"}
        for name in "ab":
            row = {
                key: value for key, value in zip((*ARTICLES.fields, "at"), ARTICLES.row(article(name), 0), strict=True) if key in columns
            }
            db.execute(f"INSERT INTO articles ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
        monkeypatch.undo()
        migrate(db, "sqlite:///x")
        assert uncompared(db, 9) == [article("b"), article("a")]
