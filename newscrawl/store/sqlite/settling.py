"""What pages came to, written to SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence

from newscrawl.known import Known
from newscrawl.models import Article, Capture, Run, Settlement, Target
from newscrawl.store.sqlite import reprints
from newscrawl.store.sqlite.backup import copies, file_of
from newscrawl.store.sqlite.frontier import insert_unknown, json_list, revive
from newscrawl.store.sqlite.rows import ARTICLES, CAPTURES, FRONTIER, REVISIONS, RUNS, milliseconds
from newscrawl.store.sqlite.transaction import transaction
from newscrawl.store.terms import title_of, tokens

# What full-text indexes hold of an article's text_search.
_INDEXES: Mapping[str, Callable[[str], str]] = {"search": tokens, "titles": lambda text: tokens(title_of(text))}
_READ = (
    "another process reads the store, so the text could not be written over and still stands in {0} or {0}-wal: stop what reads it, then "
    "run any other command, such as `newscrawl sites`; when no {0}-wal is there any more, the text is gone"
)
_IDS = "IN (SELECT value FROM json_each(?))"


def known(
    db: sqlite3.Connection, ids: Collection[str], contents: Collection[tuple[str, str]], addresses: Collection[tuple[str, str]]
) -> Known:
    """The articles with these ids, these (site, content_hash) pairs, and these (site, alias) pairs."""
    by_id = ARTICLES.records(db.execute(ARTICLES.select(f"WHERE id {_IDS}"), (json_list(ids),)))
    first_with = ARTICLES.select("WHERE site = ? AND content_hash = ? ORDER BY first_seen, id LIMIT 1")
    by_content = {pair: ARTICLES.record(row) for pair in contents for row in db.execute(first_with, pair)}
    also_at = ARTICLES.select("WHERE site = ? AND id IN (SELECT article FROM aliases WHERE url = ?) ORDER BY first_seen, id LIMIT 1")
    by_alias = {pair: ARTICLES.record(row) for pair in addresses for row in db.execute(also_at, pair)}
    return Known({article.id: article for article in by_id}, by_content, by_alias)


def payloads(db: sqlite3.Connection, digests: Collection[str]) -> dict[str, Capture]:
    """The first captures whose own records hold these payloads."""
    found = CAPTURES.records(
        db.execute(CAPTURES.select(f"WHERE digest {_IDS} AND refers_to = '' ORDER BY time DESC, id DESC"), (json_list(digests),))
    )
    return {capture.digest: capture for capture in found}


def settle(db: sqlite3.Connection, batch: Sequence[Settlement]) -> None:
    """Write all of a batch in one transaction."""
    articles = {settlement.article.id: settlement.article for settlement in batch if settlement.article}
    with transaction(db):
        db.executemany(CAPTURES.put, [CAPTURES.row(settlement.capture) for settlement in batch if settlement.capture])
        db.executemany(REVISIONS.put, [REVISIONS.row(settlement.revision) for settlement in batch if settlement.revision])
        _put_articles(db, articles)
        insert_unknown(db, (target for settlement in batch for target in settlement.found))
        for settlement in batch:
            if settlement.revived and settlement.target.visited:
                revive(db, settlement.revived, settlement.target.visited)
        db.executemany(FRONTIER.put, [FRONTIER.row(settlement.target) for settlement in batch])


def _put_articles(db: sqlite3.Connection, articles: Mapping[str, Article]) -> None:
    """Articles, their aliases and their entries in the search index."""
    before = dict(db.execute(f"SELECT id, text_search FROM articles WHERE id {_IDS}", (json_list(articles),)).fetchall())  # noqa: S608  # a constant
    changed = [article for article in articles.values() if before.get(article.id) != article.text_search]
    for index, terms in _INDEXES.items():
        db.executemany(
            # An index keeps no text: an entry is taken out by naming what was put in.
            f"INSERT INTO {index}({index}, rowid, tokens) SELECT 'delete', n, ? FROM articles WHERE id = ?",  # noqa: S608  # a constant
            [(terms(before[article.id]), article.id) for article in changed if article.id in before],
        )
    db.executemany(ARTICLES.put, [ARTICLES.row(article, _at(article)) for article in articles.values()])
    for index, terms in _INDEXES.items():
        db.executemany(
            f"INSERT INTO {index}(rowid, tokens) SELECT n, ? FROM articles WHERE id = ?",  # noqa: S608  # a constant
            [(terms(article.text_search), article.id) for article in changed],
        )
    db.executemany(
        "INSERT OR IGNORE INTO uncompared SELECT n FROM articles WHERE id = ?",
        [(article.id,) for article in changed if article.text_search],
    )
    db.executemany("DELETE FROM aliases WHERE article = ?", [(id_,) for id_ in before])
    db.executemany(
        "INSERT OR IGNORE INTO aliases VALUES (?, ?)", [(url, id_) for id_, article in articles.items() for url in article.aliases]
    )


def take_down(db: sqlite3.Connection, article: str, captures: Collection[str], tombstones: Sequence[Target]) -> list[str]:
    """Remove an article, its revisions and captures, for good: what is deleted is written over, in the file and in its log.

    What is left, and what to do: where another process reads, the log stays; a copy that was made before a migration stays as it is.
    """
    db.execute("PRAGMA secure_delete = ON")
    with transaction(db):
        for text, number in db.execute("SELECT text_search, n FROM articles WHERE id = ?", (article,)).fetchall():
            for index, terms in _INDEXES.items():
                db.execute(f"INSERT INTO {index}({index}, rowid, tokens) VALUES ('delete', ?, ?)", (number, terms(text)))  # noqa: S608  # a constant
        reprints.forget(db, article)
        db.execute("DELETE FROM articles WHERE id = ?", (article,))
        db.execute("DELETE FROM aliases WHERE article = ?", (article,))
        db.execute("DELETE FROM revisions WHERE article = ?", (article,))
        db.execute(f"DELETE FROM captures WHERE id {_IDS}", (json_list(captures),))  # noqa: S608  # a constant
        db.executemany(FRONTIER.put, map(FRONTIER.row, tombstones))
        for index in _INDEXES:
            db.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")  # noqa: S608  # a constant; else its words stand in older parts
    (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    left = [_READ.format(file_of(db))] if busy else []
    return [*left, *(f"{copy} was made before a migration and may hold the article: delete it" for copy in copies(db))]


def _at(article: Article) -> int:
    return milliseconds(article.published.time if article.published else article.first_seen)


def save_run(db: sqlite3.Connection, run: Run) -> None:
    """Insert or replace a run."""
    with transaction(db):
        db.execute(RUNS.put, RUNS.row(run))
