"""Folders of WARC files for tests."""

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.warc import WarcWriter
from newscrawl.models import Capture
from tests.exchanges import AT, capture, exchange

INFO = {"software": "newscrawl/test"}


def page(number: int, *, size: int = 900, url: str = "", hours: int = 0, **headers: str) -> Exchange:
    """A page of its own content."""
    payload = b"<p>Page %d of the town's own gazette.</p>" % number + os.urandom(size)
    url = url or f"https://gazette.example/news/{number}.html"
    return exchange(payload, url=url, time=AT + timedelta(minutes=number, hours=hours), **({"Content_Type": "text/html"} | headers))


def written(folder: Path, pages: Sequence[Exchange], *, first: int = 1, stored: dict[str, Capture] | None = None) -> list[Capture]:
    """The captures of pages in one finished file."""
    pen = WarcWriter(folder, rotate_bytes=1 << 30, compression=1, info=INFO)
    placed = pen.write([(capture(one, number), one) for number, one in enumerate(pages, first)], stored or {})
    pen.close()
    return placed
