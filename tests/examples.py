"""Records that tests are about, with everything that doesn't matter to them filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newscrawl.clean.text import search_form
from newscrawl.models import Article, Moment

START = datetime(2026, 8, 1, 6, 0, tzinfo=UTC)

_PLAIN = Article(
    id="0" * 32, site="gazette", url="https://gazette.example/0", title="", text="", text_published="", text_search="",
    first_seen=START, last_seen=START, capture="c0", content_hash="h0", reader="1",
)  # fmt: skip


def article(number: int = 1, **fields: object) -> Article:
    """An article of its own id and address; `number` also moves the time it was first seen, by hours."""
    seen = START + timedelta(hours=number)
    texts = {"title": f"Report {number}", "text": f"The text of report {number}.", **fields}
    made = {
        "id": f"{number:08x}" + "0" * 24,
        "url": f"https://gazette.example/{number}",
        "text_published": texts["text"],
        "text_search": search_form(f"{texts['title']}\n{texts['text']}"),
        "content_hash": f"h{number}",
        "first_seen": seen,
        "last_seen": seen,
        "published": published(f"{seen:%Y-%m-%d %H:%M}"),
    }
    return replace(_PLAIN, **{**made, **texts})


def published(text: str, *, precision: str = "minute", zone: str = "") -> Moment:
    """The moment written as "2026-08-01 06:00", in UTC."""
    return Moment(time=datetime.fromisoformat(text).replace(tzinfo=UTC), precision=precision, zone=zone, raw=text, source="meta")
