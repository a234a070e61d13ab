"""Parquet files, one for each site and month, as DuckDB, Spark, pandas and others read a folder: site=SLUG/month=2026-08/articles.parquet.

Articles come in the order in which they were first seen, in which sites and months take turns. So they go to a spool first: each file
can then be written in one go, and there is one of each, not thousands of small ones.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

import msgspec

from newscrawl.models import Article
from newscrawl.query.export.spool import Spool
from newscrawl.query.export.work import Mark, new_folder, put_in_place, spooled
from newscrawl.query.frames import batches, needed, schema
from newscrawl.query.tables import ARTICLES, milliseconds, month

_ROWS = 2_000  # of a row group: some 10 MB
_TABLE = "CREATE TABLE articles(site TEXT, month TEXT, at INTEGER, article TEXT); CREATE INDEX places ON articles(site, month, at)"
# What the folder's name tells is not in the file: readers add it.
_COLUMNS = ARTICLES.only([name for name in ARTICLES.names if name != "site"])


class ParquetWriter:
    """A folder. The month is that of publication or, lacking that, of being first seen, in UTC."""

    def __init__(self, out: Path, question: str) -> None:
        """Goes on with what was begun for the same question. Raises InputError if `out` is there, ConfigError without pyarrow."""
        needed("pyarrow.parquet", "arrow")
        self._out, self._folder = out, new_folder(out)
        self._spool = Spool(spooled(out), question, _TABLE)
        if self._spool.is_new and self._folder.exists():
            shutil.rmtree(self._folder)  # files of another question
        self.mark = self._spool.mark

    async def add(self, articles: Sequence[Article]) -> None:
        """As Writer.add."""
        rows = [(one.site, month(one), milliseconds(one), msgspec.json.encode(one).decode()) for one in articles]
        self._spool.db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?)", rows)

    def save(self, mark: Mark) -> None:
        """As Writer.save."""
        self._spool.save(mark)

    def finish(self, heard: Callable[[int], None]) -> None:
        """As Writer.finish."""
        self._folder.mkdir(exist_ok=True)
        done = 0
        for site, of, count in list(self._spool.rows("SELECT site, month, count(*) FROM articles GROUP BY 1, 2")):
            path = self._folder / f"site={quote(site, safe='')}" / f"month={of}" / "articles.parquet"
            put_in_place(path, partial(self._write, site=site, month=of))
            heard(done := done + count)
        self._spool.close()
        self._folder.replace(self._out)
        self._spool.path.unlink()

    def _write(self, path: Path, *, site: str, month: str) -> None:
        parquet = needed("pyarrow.parquet", "arrow")
        with parquet.ParquetWriter(path, schema(_COLUMNS), compression="zstd") as file:
            for batch in batches(_COLUMNS, self._articles(site, month), _ROWS):
                file.write_batch(batch)

    def _articles(self, site: str, month: str) -> Iterator[Article]:
        rows = self._spool.rows("SELECT article FROM articles WHERE site = ? AND month = ? ORDER BY at, rowid", (site, month))
        return (msgspec.json.decode(text, type=Article) for (text,) in rows)

    def close(self) -> None:
        """As Writer.close."""
        self._spool.close()
