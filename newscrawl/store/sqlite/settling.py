"""What pages came to, written to SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence

from newscrawl.models import Article, Known, Run, Settlement
from newscrawl.store.sqlite.frontier import insert_unknown, json_list, revive
from newscrawl.store.sqlite.rows import ARTICLES, CAPTURES, FRONTIER, REVISIONS, RUNS, milliseconds
from newscrawl.store.sqlite.transaction import transaction
from newscrawl.store.terms import tokens

_IDS = "IN (SELECT value FROM json_each(?))"


def known(db: sqlite3.Connection, ids: Collection[str], contents: Collection[tuple[str, str]]) -> Known:
    """The articles with these ids and these (site, content_hash) pairs."""
    by_id = ARTICLES.records(db.execute(ARTICLES.select(f"WHERE id {_IDS}"), (json_list(ids),)))
    first_with = ARTICLES.select("WHERE site = ? AND content_hash = ? ORDER BY first_seen, id LIMIT 1")
    by_content = {pair: ARTICLES.record(row) for pair in contents for row in db.execute(first_with, pair)}
    return Known({article.id: article for article in by_id}, by_content)


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
    db.executemany(
        # The index keeps no text: an entry is taken out by naming what was put in.
        "INSERT INTO search(search, rowid, tokens) SELECT 'delete', n, ? FROM articles WHERE id = ?",
        [(tokens(before[article.id]), article.id) for article in changed if article.id in before],
    )
    db.executemany(ARTICLES.put, [ARTICLES.row(article, _at(article)) for article in articles.values()])
    db.executemany(
        "INSERT INTO search(rowid, tokens) SELECT n, ? FROM articles WHERE id = ?",
        [(tokens(article.text_search), article.id) for article in changed],
    )
    db.executemany("DELETE FROM aliases WHERE article = ?", [(id_,) for id_ in before])
    db.executemany(
        "INSERT OR IGNORE INTO aliases VALUES (?, ?)", [(url, id_) for id_, article in articles.items() for url in article.aliases]
    )


def _at(article: Article) -> int:
    return milliseconds(article.published.time if article.published else article.first_seen)


def save_run(db: sqlite3.Connection, run: Run) -> None:
    """Insert or replace a run."""
    with transaction(db):
        db.execute(RUNS.put, RUNS.row(run))
