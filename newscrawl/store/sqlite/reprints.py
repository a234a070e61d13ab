"""Near keys, links and clusters in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from newscrawl.models import Article
from newscrawl.reprints import Cluster, Compared, Link, Regrouping
from newscrawl.store.sqlite.frontier import json_list
from newscrawl.store.sqlite.rows import ARTICLES, CLUSTERS, LINKS
from newscrawl.store.sqlite.transaction import transaction

_IDS = "IN (SELECT value FROM json_each(?1))"


def uncompared(db: sqlite3.Connection, limit: int) -> list[Article]:
    """Articles that wait, those stored last first."""
    return ARTICLES.records(
        db.execute(ARTICLES.select("WHERE n IN (SELECT n FROM uncompared ORDER BY n DESC LIMIT ?) ORDER BY n DESC"), (limit,))
    )


def holders(db: sqlite3.Connection, keys: Collection[int], limit: int) -> dict[int, list[str]]:
    """Ids of the articles stored first with each key."""
    statement = "SELECT articles.id FROM near_keys JOIN articles USING (n) WHERE key = ? ORDER BY near_keys.n LIMIT ?"
    return {key: found for key in keys if (found := [id_ for (id_,) in db.execute(statement, (key, limit))])}


def labels(db: sqlite3.Connection, articles: Collection[str]) -> dict[str, str]:
    """By id."""
    return dict(db.execute(f"SELECT id, cluster FROM articles WHERE id {_IDS}", (json_list(articles),)))  # noqa: S608  # a constant


def links(db: sqlite3.Connection, articles: Collection[str]) -> list[Link]:
    """Those in which one of the articles stands, each once."""
    found = LINKS.select(f"WHERE a {_IDS} UNION {LINKS.select(f'WHERE b {_IDS}')}")
    return LINKS.records(db.execute(found, (json_list(articles),)))


def clusters(db: sqlite3.Connection, wanted: Collection[str]) -> list[Cluster]:
    """Those there are."""
    return CLUSTERS.records(db.execute(CLUSTERS.select(f"WHERE id {_IDS}"), (json_list(wanted),)))


def regroup(db: sqlite3.Connection, change: Regrouping) -> None:
    """All in one transaction."""
    with transaction(db):
        for one in change.compared:
            _keep_compared(db, one)
        there = labels(db, change.articles())  # what was taken down meanwhile is in nothing
        db.executemany(LINKS.put, [LINKS.row(link) for link in change.links if link.a in there and link.b in there])
        db.executemany("UPDATE articles SET cluster = ? WHERE id = ?", [(label, id_) for id_, label in change.labels.items()])
        db.executemany(CLUSTERS.put, [CLUSTERS.row(cluster.only(there)) for cluster in change.clusters])


def _keep_compared(db: sqlite3.Connection, one: Compared) -> None:
    found = db.execute("SELECT n, text_search = ? FROM articles WHERE id = ?", (one.text, one.article)).fetchone()
    if found is None:
        return
    n, same = found
    db.executemany("INSERT OR IGNORE INTO near_keys VALUES (?, ?)", [(key, n) for key in one.keys])
    db.execute("DELETE FROM links WHERE a = ?1 OR b = ?1", (one.article,))
    if same:
        db.execute("DELETE FROM uncompared WHERE n = ?", (n,))


def forget(db: sqlite3.Connection, article: str) -> None:
    """Remove keys and links of an article that is going to be removed; those it had text in common with wait to be compared again."""
    label = labels(db, [article]).get(article, "")
    for cluster in clusters(db, [label] if label else []):
        left = cluster.only({copy.article for copy in cluster.copies} - {article})
        db.execute(CLUSTERS.put, CLUSTERS.row(left))
        if not left.copies:
            db.execute("UPDATE articles SET cluster = '' WHERE cluster = ?", (label,))
    ends = "SELECT b FROM links WHERE a = ?1 UNION SELECT a FROM links WHERE b = ?1"
    db.execute(f"INSERT OR IGNORE INTO uncompared SELECT n FROM articles WHERE id IN ({ends})", (article,))  # noqa: S608  # a constant
    db.execute("DELETE FROM links WHERE a = ?1 OR b = ?1", (article,))
    for table in ("near_keys", "uncompared"):
        db.execute(f"DELETE FROM {table} WHERE n = (SELECT n FROM articles WHERE id = ?)", (article,))  # noqa: S608  # a constant
