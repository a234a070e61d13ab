"""What only SQLite has to do so that searches are answered."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.store import open_store
from newscrawl.store.conditions import Holds
from newscrawl.store.protocol import Search
from tests.store.records import article, digest, holding

TITLED = Search(conditions=(Holds("港口", title=True),))


async def test_articles_of_an_older_file_are_found_by_their_titles(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/store.db"
    store = open_store(uri)
    await store.open()
    await store.settle(holding(replace(article(), text_search="港口 opens\nPlain.")))
    await store.close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as db, db:
        db.execute("DROP TABLE titles")
        db.execute("DROP TABLE changes")
        for trigger in ("inserted", "updated", "deleted"):
            db.execute(f"DROP TRIGGER articles_{trigger}")
        db.execute("DROP INDEX articles_columns")
        for index in ("at", "site_at", "first_seen"):  # there were such, whatever they held
            db.execute(f"CREATE INDEX articles_{index} ON articles(at)")
        db.execute("DELETE FROM migrations WHERE name IN ('0006-titles', '0008-columns')")
    await store.open()
    assert await store.count(TITLED) == 1
    await store.close()


async def test_a_corrected_title_is_not_found_by_its_former_words(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    for text, count in (("港口 opens\nPlain.", 1), ("Harbour opens\n港口.", 0)):
        await store.settle(holding(replace(article(), text_search=text)))
        assert await store.count(TITLED) == count
    await store.close()


async def test_a_number_that_is_given_again_brings_no_other_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.store.sqlite.searching.PAGE", 1)
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    await store.settle(holding(article("a", "Ferry"), article("b", "Ferry")))
    found = store.articles(Search(words=("ferry",)))
    first = await anext(found)
    other = ({digest("article a"), digest("article b")} - {first.id}).pop()
    await store.take_down(other, [], [])
    await store.settle(holding(article("c", "Trams")))
    assert [one async for one in found] == []
    await store.close()
