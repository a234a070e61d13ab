"""Articles as JSON Lines or CSV, one at a time, however many there are."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, TextIO

import msgspec

from newscrawl.models import Article

FORMATS = ("jsonl", "csv")
COLUMNS = (
    "id", "site", "url", "title", "authors", "source", "editor", "published", "precision", "modified", "section", "tags", "language",
    "summary", "first_seen", "last_seen", "revision", "cluster", "aliases", "capture", "text",
)  # fmt: skip
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


async def export_jsonl(articles: AsyncIterator[Article], out: TextIO) -> int:
    """Write each article as a line of JSON with all its fields, times in ISO 8601; how many."""
    count = 0
    async for article in articles:
        out.write(as_json(article) + "\n")
        count += 1
    return count


async def export_csv(articles: AsyncIterator[Article], out: TextIO) -> int:
    """Write COLUMNS of each article, safe to open in a spreadsheet; how many. Lists are divided by semicolons."""
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    count = 0
    async for article in articles:
        rows.writerow(as_row(article))
        count += 1
    return count


def as_json(article: Article) -> str:
    """The article on one line of JSON."""
    return msgspec.json.encode(article).decode()


def as_row(article: Article) -> list[str]:
    """The article's cells, in the order of COLUMNS."""
    special = {"precision": article.published.precision if article.published else ""}
    return [_cell(special.get(column, getattr(article, column, ""))) for column in COLUMNS]


def _cell(value: Any) -> str:
    """A value as text that no spreadsheet runs."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Sequence):
        return _cell("; ".join(value))
    if value is None:
        return ""
    return _cell(value.time) if hasattr(value, "time") else str(value)
