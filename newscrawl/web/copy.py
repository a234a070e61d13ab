"""A result as a folder of pages that link to each other, and load nothing but their own style sheet: to keep, to send, to publish."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from newscrawl.models import Article, Revision, now
from newscrawl.query.columns import columns, is_changed
from newscrawl.query.diff import Version, pieces, versions
from newscrawl.query.export.spool import Spool
from newscrawl.query.export.work import Mark, new_folder, put_in_place, spooled
from newscrawl.query.present import visible
from newscrawl.query.reprints import clusters_of
from newscrawl.query.snippets import snippet
from newscrawl.query.tables import milliseconds, month
from newscrawl.store.protocol import Store
from newscrawl.web.rendering import STYLE, rendered

PER_PAGE = 50
_EXCERPT = 260  # columns
_TABLES = """
CREATE TABLE articles(id TEXT PRIMARY KEY, at INTEGER, month TEXT, cluster TEXT, article TEXT, revisions TEXT);
CREATE INDEX times ON articles(at DESC, id, month);
CREATE INDEX clusters ON articles(cluster);
CREATE TABLE copies(cluster TEXT, number INTEGER, article TEXT, share REAL, original INTEGER, PRIMARY KEY (cluster, article))
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the list."""

    number: int
    ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its file."""
        return "index.html" if self.number == 1 else f"page-{self.number}.html"


class CopyWriter:
    """A writer, as `query.export.work` drives it."""

    def __init__(self, out: Path, question: str, store: Store, *, told: str) -> None:
        """`told` is the question in the reader's words. Raises InputError if `out` is there or another process is writing it."""
        self._out, self._folder, self._store, self._told = out, new_folder(out), store, told
        self._spool = Spool(spooled(out), question, _TABLES)
        if self._spool.is_new and self._folder.exists():
            shutil.rmtree(self._folder)  # pages of another question
        self.mark = self._spool.mark

    async def add(self, articles: Sequence[Article]) -> None:
        """As Writer.add."""
        db = self._spool.db
        for one in articles:
            former = await self._store.revisions(one.id) if one.revision > 1 else []
            texts = (msgspec.json.encode(record).decode() for record in (one, former))
            row = (one.id, milliseconds(one), month(one), one.cluster, *texts)
            db.execute("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?)", row)
        for cluster in (await clusters_of(self._store, articles)).values():
            rows = (
                (cluster.id, number, one.article, one.share, one.article == cluster.original) for number, one in enumerate(cluster.copies)
            )
            db.executemany("INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?, ?)", rows)

    def save(self, mark: Mark) -> None:
        """As Writer.save."""
        self._spool.save(mark)

    def finish(self, heard: Callable[[int], None]) -> None:
        """As Writer.finish."""
        self._folder.mkdir(exist_ok=True)
        self._put("style.css", lambda: STYLE)
        count, made = self._spool.mark.count, now()
        months, last = list(self._months()), max(-(-count // PER_PAGE), 1)
        for sheet in self._sheets():
            told = [self._written(identity, sheet) for identity in sheet.ids]
            self._put(
                sheet.name,
                partial(
                    rendered,
                    "copy_index.html",
                    up="",
                    hits=told,
                    sheet=sheet,
                    last=last,
                    months=months,
                    told=self._told,
                    count=count,
                    made=made,
                ),
            )
            gc.collect(1)  # Jinja leaves circles behind that hold whole articles, and few objects: Python would wait for more of them
            heard(min(sheet.number * PER_PAGE, count))
        self._spool.close()
        self._folder.replace(self._out)
        self._spool.path.unlink()

    def close(self) -> None:
        """As Writer.close."""
        self._spool.close()

    def _put(self, name: str, text: Callable[[], str]) -> None:
        put_in_place(self._folder / name, lambda part: part.write_text(text(), "utf-8"))

    def _sheets(self) -> Iterator[Sheet]:
        """At least one, the newest articles first."""
        ids: list[str] = []
        number = 1
        for (identity,) in self._spool.rows("SELECT id FROM articles ORDER BY at DESC, id"):
            if len(ids) == PER_PAGE:
                yield Sheet(number, tuple(ids))
                ids, number = [], number + 1
            ids.append(identity)
        yield Sheet(number, tuple(ids))

    def _months(self) -> Iterator[tuple[str, int, str]]:
        """Each month, how many articles it has, and the page of the list on which it begins."""
        before = 0
        for of, count in self._spool.rows("SELECT month, count(*) FROM articles GROUP BY 1 ORDER BY 1 DESC"):
            yield of, count, Sheet(before // PER_PAGE + 1, ()).name
            before += count

    def _written(self, identity: str, sheet: Sheet) -> tuple[Article, str, Any]:
        """The article, whose pages are written by then, its address, and an excerpt."""
        text, former = next(self._spool.rows("SELECT article, revisions FROM articles WHERE id = ?", (identity,)))
        article = msgspec.json.decode(text, type=Article)
        states = versions(article, msgspec.json.decode(former, type=list[Revision])) if former != "[]" else []
        address = address_of(article.id)
        paragraphs = [visible(paragraph) for paragraph in article.text.split("\n") if paragraph.strip()]
        values: dict[str, Any] = {"article": article, "sheet": sheet, "address": address, "up": "../../"}
        self._put(
            address,
            lambda: rendered("copy_article.html", paragraphs=paragraphs, states=states, copies=list(self._copies(article)), **values),
        )
        if states:
            self._put(changes_of(article.id), lambda: rendered("copy_changes.html", changes=list(map(_change, pairwise(states))), **values))
        return article, address, snippet(visible(article.text[: 2 * _EXCERPT]), (), width=_EXCERPT)

    def _copies(self, article: Article) -> Iterator[tuple[Article, str, float, bool]]:
        """Those copies that were found too."""
        found = """SELECT articles.article, share, original FROM copies JOIN articles ON articles.id = copies.article
            WHERE copies.cluster = ? AND articles.cluster = copies.cluster ORDER BY number"""
        for text, share, original in self._spool.rows(found, (article.cluster,)) if article.cluster else ():
            copy = msgspec.json.decode(text, type=Article)
            yield copy, address_of(copy.id), share, bool(original)


def address_of(article: str) -> str:
    """The file of an article's page. Folders of a few hundred pages open faster than one of all."""
    return f"articles/{quote(article[:2], safe='')}/{quote(article, safe='')}.html"


def changes_of(article: str) -> str:
    """The file of a page that shows what changed in an article."""
    return address_of(article).removesuffix(".html") + ".changes.html"


def _change(states: tuple[Version, Version]) -> dict[str, Any]:
    old, new = states
    title = columns(pieces(visible(old.title), visible(new.title)))
    rows = columns(pieces(visible(old.text), visible(new.text)))
    return {"old": old, "new": new, "title": title, "rows": [(row, is_changed(row)) for row in rows]}
