"""A SQLite file for Datasette and other readers: articles, their former states and copies, and an index of their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from newscrawl.models import Article
from newscrawl.query.export.lines import written
from newscrawl.query.export.spool import Spool
from newscrawl.query.export.work import Mark, begun, new_file
from newscrawl.query.reprints import Reprints, clusters_of
from newscrawl.query.tables import ARTICLES, COPIES, REVISIONS, Kind, Row, Table
from newscrawl.store.protocol import Store
from newscrawl.store.terms import SPACELESS

_TYPES = {Kind.INTEGER: "INTEGER", Kind.FLAG: "INTEGER", Kind.NUMBER: "REAL"}
_INDEXES = "CREATE INDEX articles_{0} ON articles({0})"
_WORDS = 'CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content="articles", tokenize="unicode61 remove_diacritics 2")'
# Datasette asks for what stands between spaces as one token. So of Chinese and the like every piece of up to so many characters is one.
# SQLite's own trigrams would find nothing that is shorter than three, as most Chinese words are, and take six times the room for English.
_LONGEST_PIECE = 4
_SPACELESS = re.compile(f"[{SPACELESS}]+")


class DatabaseWriter:
    """Tables `articles`, `revisions` and `copies`; lists are JSON, times ISO 8601 in UTC."""

    def __init__(self, out: Path, question: str, store: Store) -> None:
        """Goes on with a file that was begun for the same question. Raises InputError if another process is writing it."""
        self._out, self._store = out, store
        tables = (
            _table("articles", ARTICLES, "PRIMARY KEY (id)"),
            _table("revisions", REVISIONS, "PRIMARY KEY (article, number), FOREIGN KEY (article) REFERENCES articles(id)"),
            _table("copies", COPIES, "PRIMARY KEY (cluster, article)"),
            _WORDS,
        )
        self._spool = Spool(new_file(out), question, "; ".join(tables))
        self.mark = self._spool.mark

    async def add(self, articles: Sequence[Article]) -> None:
        """As Writer.add."""
        for article in articles:
            self._put("articles", ARTICLES, [article])
            words = "INSERT INTO articles_fts(rowid, title, text) VALUES ((SELECT rowid FROM articles WHERE id = ?), ?, ?)"
            self._spool.db.execute(words, (article.id, indexed(article.title), indexed(article.text)))
            if article.revision > 1:
                self._put("revisions", REVISIONS, await self._store.revisions(article.id))
        clusters = [one for one in (await clusters_of(self._store, articles)).values() if one.copies]
        members = {copy.article for cluster in clusters for copy in cluster.copies}
        known = (await self._store.known(members, ())).by_id if members else {}
        self._put("copies", COPIES, [Reprints(cluster, known) for cluster in clusters])

    def _put(self, name: str, table: Table[Any], records: Iterable[Any]) -> None:
        rows = (tuple(map(_stored, row)) for record in records for row in table.rows(record))
        marks = ", ".join("?" * len(table.columns))
        self._spool.db.executemany(f"INSERT OR REPLACE INTO {name} VALUES ({marks})", rows)  # noqa: S608  # names of this file

    def save(self, mark: Mark) -> None:
        """As Writer.save."""
        self._spool.save(mark)

    def finish(self, heard: Callable[[int], None]) -> None:  # noqa: ARG002 - as Writer
        """As Writer.finish: with indexes, and without what only the export had use for."""
        for column in ("site", "published", "cluster", "language"):
            self._spool.db.execute(_INDEXES.format(column))
        self._spool.db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")
        self._spool.forget_state()
        self._spool.close()
        begun(self._out).replace(self._out)

    def close(self) -> None:
        """As Writer.close."""
        self._spool.close()


def indexed(text: str) -> str:
    """The text as the index of words takes it: "OK 大桥通" with 大, 大桥, 大桥通, 桥, 桥通 and 通 for its Chinese."""
    return _SPACELESS.sub(lambda run: f" {' '.join(_pieces(run[0]))} ", text)


def _pieces(run: str) -> Iterator[str]:
    for start in range(len(run)):
        for end in range(start + 1, min(start + _LONGEST_PIECE, len(run)) + 1):
            yield run[start:end]


def _table(name: str, table: Table[Any], keys: str) -> str:
    columns = ", ".join(f'"{column.name}" {_TYPES.get(column.kind, "TEXT")}' for column in table.columns)
    return f"CREATE TABLE {name}({columns}, {keys})"


def _stored(value: Row | Any) -> Any:
    if isinstance(value, tuple):
        return msgspec.json.encode(value).decode()
    return written(value) if isinstance(value, date | datetime) else value
