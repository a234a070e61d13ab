"""Every format as one way to write a store's articles, and to read back what was written."""

import csv
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb

from newscrawl.models import Article
from newscrawl.query.export.database import DatabaseWriter
from newscrawl.query.export.lines import JSONL, FileWriter, csv_form, plain_cell
from newscrawl.query.export.parquet import ParquetWriter
from newscrawl.query.export.work import Mark, Writer, export
from newscrawl.query.present import visible
from newscrawl.store.protocol import Search, Store
from newscrawl.web.copy import CopyWriter, address_of

READ = ("id", "site", "url", "title", "author", "text")
Told = dict[str, tuple[str, ...]]  # by id: the fields of READ


@dataclass(frozen=True, slots=True)
class Form:
    """A format."""

    name: str
    writer: Callable[[Path, str, Store], Writer]
    read: Callable[[Path], Told]
    shown: Callable[[str], str] = lambda text: text  # what becomes of a text on its way


def by_id(rows: list[tuple[str, ...]]) -> Told:
    told = {row[0]: row for row in rows}
    assert len(told) == len(rows), "an article stands there twice"
    return told


def read_jsonl(out: Path) -> Told:
    found = [json.loads(line) for line in out.read_text("utf-8").split("\n") if line]
    return by_id([(one["id"], one["site"], one["url"], one["title"], "; ".join(one["authors"]), one["text"]) for one in found])


def read_csv(out: Path) -> Told:
    csv.field_size_limit(10**9)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = [{name: plain_cell(cell) for name, cell in row.items()} for row in csv.DictReader(file)]
    return by_id([(row["id"], row["site"], row["url"], row["title"], row["authors"], row["text"]) for row in rows])


def read_database(out: Path) -> Told:
    db = sqlite3.connect(out)
    rows = db.execute("SELECT id, site, url, title, authors, text FROM articles").fetchall()
    db.close()
    return by_id([(*row[:4], "; ".join(json.loads(row[4])), row[5]) for row in rows])


def read_parquet(out: Path) -> Told:
    found = f"read_parquet('{out}/**/*.parquet', hive_partitioning = true)"
    rows = duckdb.sql(f"SELECT id, site, url, title, array_to_string(authors, '; '), text FROM {found}").fetchall()
    return by_id([tuple(row) for row in rows])


class Shown(HTMLParser):
    """The title, address and paragraphs that a page shows."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.title, self.address, self.paragraphs, self._in = "", "", [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "h1":
            self._in = "title"
        elif tag == "div" and named.get("class") == "text":
            self._in = "text"
        elif tag == "p" and self._in == "text":
            self.paragraphs.append("")
        elif tag == "dd" and not self.address:
            self._in = "address"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "div", "dd"):
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "title":
            self.title += data
        elif self._in == "address":
            self.address += data
        elif self._in == "text" and self.paragraphs:
            self.paragraphs[-1] += data.removesuffix("\n")


def read_pages(out: Path, articles: list[Article]) -> Told:
    told: Told = {}
    for one in articles:
        page = Shown((out / address_of(one.id)).read_text("utf-8"))
        told[one.id] = (one.id, one.site, page.address, page.title, "", "\n".join(page.paragraphs))
    return told


def _as_pages(text: str) -> str:
    return "\n".join(line for line in visible(text).split("\n") if line.strip())


LINES = [
    Form("jsonl", lambda out, question, _: FileWriter(out, JSONL, question), read_jsonl),
    Form("csv", lambda out, question, _: FileWriter(out, csv_form(), question), read_csv),
]
FOLDERS = [
    Form("parquet", lambda out, question, _: ParquetWriter(out, question), read_parquet),
    Form("html", lambda out, question, store: CopyWriter(out, question, store, told="all"), lambda _: {}, _as_pages),
]
FORMS = [*LINES, Form("sqlite", DatabaseWriter, read_database), *FOLDERS]


def fields(article: Article) -> tuple[str, ...]:
    return (article.id, article.site, article.url, article.title, "; ".join(article.authors), article.text)


def read(form: Form, out: Path, articles: list[Article]) -> Told:
    return read_pages(out, articles) if form.name == "html" else form.read(out)


async def exported(store: Store, form: Form, out: Path, *, question: str = "q", heard: Callable[[int], Any] = lambda _: None) -> Mark:
    return await export(store, Search(), form.writer(out, question, store), heard)


def left(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in folder.iterdir()}
