"""Search in SQLite: how it looks phrases up, and how it tells what has changed. The rest is store.catalogue's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import msgspec
import numpy as np

from newscrawl.models import Article, Moment
from newscrawl.store.catalogue import Catalogue, Holders, is_vain, needed, wants_texts
from newscrawl.store.columns import Card, Numbers
from newscrawl.store.conditions import Field, Holds
from newscrawl.store.protocol import Search
from newscrawl.store.ranking import WINDOW
from newscrawl.store.sqlite.frontier import json_list
from newscrawl.store.sqlite.rows import ARTICLES
from newscrawl.store.terms import tokens

PAGE = 200  # articles read at a time by the iterator

COLUMNS = "id, at, first_seen, published, site, section, language, cluster, authors"
_AUTHORS = msgspec.json.Decoder(tuple[str, ...])
_PUBLISHED = msgspec.json.Decoder(Moment | None)


class Searching:
    """Searches of one connection, all on its thread."""

    def __init__(self) -> None:
        self._catalogue = Catalogue()
        self._stamp = -1  # of the latest change that is known of; -1 before there are columns

    def search(self, db: sqlite3.Connection, query: Search) -> list[Article]:
        """As Store.search."""
        holders = self._holders(db, query)
        first = self._catalogue.first(query, holders)
        if wants_texts(query) and query.offset < WINDOW:
            texts = dict(db.execute(_chosen("n, text_search"), (_listed(first[:WINDOW]),)).fetchall())
            first = self._catalogue.reordered(query, holders, first, texts)
        return _articles(db, first[query.offset : query.offset + query.limit])

    def oldest_first(self, db: sqlite3.Connection, query: Search, after: tuple[datetime, str] | None = None) -> list[str]:
        """The ids of all articles found, those first seen earliest first; `after` as in Store.articles."""
        found = self._catalogue.oldest_first(query, self._holders(db, query), after)
        return [self._catalogue.columns.ids[number] for number in found]

    def count(self, db: sqlite3.Connection, query: Search) -> int:
        """As Store.count."""
        return self._catalogue.count(query, self._holders(db, query))

    def facet(self, db: sqlite3.Connection, query: Search, field: Field, limit: int) -> list[tuple[str, int]]:
        """As Store.facet."""
        return self._catalogue.facet(query, self._holders(db, query), field, limit)

    def days(self, db: sqlite3.Connection, query: Search, zone: tzinfo) -> dict[date, int]:
        """As Store.days."""
        return self._catalogue.days(query, self._holders(db, query), zone)

    def _holders(self, db: sqlite3.Connection, query: Search) -> Holders:
        """Who holds the phrases of a query, once the columns are what the file says."""
        self._refresh(db)
        holders: dict[Holds, Numbers] = {}
        for wanted in needed(query):
            found = self._catalogue.known(wanted)
            if found is None:
                found = _holding(db, wanted)
                self._catalogue.keep(wanted, found, self._catalogue.changes)
            holders[wanted] = found
            if is_vain(query, holders):
                break
        return holders

    def _refresh(self, db: sqlite3.Connection) -> None:
        (latest,) = db.execute("SELECT coalesce(max(stamp), 0) FROM changes").fetchone()
        if self._stamp < 0:
            # Sorted by the index alone: it has all columns.
            rows = db.execute(f"SELECT n, {COLUMNS} FROM articles INDEXED BY articles_columns")  # noqa: S608  # a constant
            self._catalogue.take(list(_cards(rows)))
        elif latest > self._stamp:
            changed = f"SELECT changes.n, {COLUMNS} FROM changes LEFT JOIN articles USING (n) WHERE stamp > ?"  # noqa: S608  # a constant
            news = db.execute(changed, (self._stamp,)).fetchall()
            self._catalogue.take(list(_cards(row for row in news if row[1] is not None)), [row[0] for row in news if row[1] is None])
        self._stamp = latest


def read(db: sqlite3.Connection, ids: Sequence[str]) -> list[Article]:
    """The articles with these ids, in this order; those that are there no longer are left out. Numbers are given again, ids are not."""
    chosen = "JOIN json_each(?) AS chosen ON articles.id = chosen.value ORDER BY chosen.key"
    return ARTICLES.records(db.execute(ARTICLES.select(chosen), (json_list(ids),)))


def _articles(db: sqlite3.Connection, numbers: Numbers) -> list[Article]:
    rows = db.execute(ARTICLES.select("JOIN json_each(?) AS chosen ON articles.n = chosen.value ORDER BY chosen.key"), (_listed(numbers),))
    return ARTICLES.records(rows)


def _chosen(columns: str) -> str:
    return f"SELECT {columns} FROM articles WHERE n IN (SELECT value FROM json_each(?))"  # noqa: S608  # constants of this file


def _listed(numbers: Numbers) -> str:
    return str(numbers.tolist())


def _holding(db: sqlite3.Connection, wanted: Holds) -> Numbers:
    """The index is given tokens in quotes, in which nothing can be an operator."""
    index = "titles" if wanted.title else "search"
    found = db.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH ?", (f'"{tokens(wanted.phrase)}"',))  # noqa: S608  # one of two constants
    return np.fromiter((n for (n,) in found), np.int64)


def _cards(rows: Iterable[tuple[Any, ...]]) -> Iterator[Card]:
    for n, id_, at, first_seen, published, site, section, language, cluster, authors in rows:
        zone = None
        if '"day"' in published and (told := _PUBLISHED.decode(published)) and told.precision == "day":
            zone = told.zone
        yield Card(n, id_, at, first_seen, zone, site, section, language, cluster, _AUTHORS.decode(authors))
