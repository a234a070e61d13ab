"""The reader as an extraction benchmark calls it: `extract` for one page, `extract_site` for all pages of one host."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from newscrawl.extract.article import read_article
from newscrawl.extract.dates import local_day
from newscrawl.extract.decode import decode
from newscrawl.extract.tree import parse


def extract(html: bytes, url: str) -> dict[str, Any]:
    """Title, text (paragraphs divided by newlines), date ("YYYY-MM-DD" or "") and authors of one page."""
    reading = read_article(parse(decode(html).text), url, at=datetime.now(UTC))
    if reading is None:
        return {"title": "", "text": "", "date": "", "authors": []}
    return {
        "title": reading.title,
        "text": "\n".join(reading.paragraphs),
        "date": local_day(reading.published) if reading.published else "",
        "authors": list(reading.authors),
    }


def extract_site(pages: Iterable[tuple[bytes, str]]) -> list[dict[str, Any]]:
    """The same for all pages of one host, each read alone: what the site's other pages tell is not used yet."""
    return [extract(html, url) for html, url in pages]
