"""The reader as an extraction benchmark calls it: `extract` for one page, `extract_site` for all pages of one host.

With NEWSCRAWL_FOLDS=FOLDER, which `python -m benchmarks.train_body … --folds FOLDER` fills, each page is read by a network that has seen no
page of its host. Without it, and on pages that the shipped network was trained on, body figures say little.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from benchmarks.folds import unseen
from newscrawl.clean.article import clean
from newscrawl.clean.template import Template
from newscrawl.extract.article import read_article
from newscrawl.extract.dates import local_day
from newscrawl.extract.decode import decode
from newscrawl.extract.tree import parse
from newscrawl.models import Reading


def extract(html: bytes, url: str) -> dict[str, Any]:
    """Title, text (paragraphs divided by newlines), date ("YYYY-MM-DD" or "") and authors of one page."""
    return _told(_read(html, url), Template())


def extract_site(pages: Iterable[tuple[bytes, str]]) -> list[dict[str, Any]]:
    """The same for all pages of one host, cleaned of what its other pages show too."""
    readings = [_read(html, url) for html, url in pages]
    template = Template()
    for reading in readings:
        if reading is not None:
            template.learn(reading.shown, reading.title)
    return [_told(reading, template) for reading in readings]


def _read(html: bytes, url: str) -> Reading | None:
    return read_article(parse(decode(html).text), url, at=datetime.now(UTC), network=unseen(url, html))


def _told(reading: Reading | None, template: Template) -> dict[str, Any]:
    if reading is None:
        return {"title": "", "text": "", "date": "", "authors": []}
    article = clean(reading, repeats=template.repeats)
    return {
        "title": article.reading.title,
        "text": article.text,
        "date": local_day(article.reading.published) if article.reading.published else "",
        "authors": list(article.reading.authors),
    }
