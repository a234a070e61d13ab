"""Templates, and what they call. Text from the web passes `visible`, and is escaped by Jinja."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from newscrawl.models import Article
from newscrawl.query.overview_page import later
from newscrawl.query.present import visible, when
from newscrawl.query.snippets import Snippet
from newscrawl.store.overview import Outline

_STATIC = files("newscrawl.web").joinpath("static")
STYLE, ICON = (_STATIC.joinpath(name).read_text("utf-8") for name in ("style.css", "icon.svg"))

_NO_XML = re.compile("[\ufffe\uffff]")


def page(template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    """A page of our own."""
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(**values), status, headers)


def segments(piece: Snippet) -> Iterator[tuple[bool, str]]:
    """The pieces of a snippet in order, and whether they were searched for."""
    at = 0
    for start, end in piece.marks:
        yield False, piece.text[at:start]
        yield True, piece.text[start:end]
        at = end
    yield False, piece.text[at:]


def published(article: Article | Outline) -> str:
    """When an article was published or, lacking that, first seen."""
    return when(article.published, article.first_seen)


def feed(template: str, **values: Any) -> Response:
    """An Atom feed of our own."""
    return Response(_ENVIRONMENT.get_template(template).render(**values), media_type="application/atom+xml")


def xml_text(text: str) -> str:
    """The text without what XML has no way to write, escaped or not."""
    return _NO_XML.sub("", visible(text))


def rfc3339(time: datetime) -> str:
    """A time as feeds write it."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def minute(time: datetime | None) -> str:
    """A time in UTC to the minute."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}" if time else ""


def language(article: Article | Outline) -> str:
    """What tells a browser which glyphs an article needs; "" if it isn't known."""
    return article.language if article.language.replace("-", "").isalnum() else ""


_ENVIRONMENT = Environment(
    loader=PackageLoader("newscrawl.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_ENVIRONMENT.filters |= {
    "visible": visible,
    "segments": segments,
    "published": published,
    "minute": minute,
    "language": language,
    "xml_text": xml_text,
    "rfc3339": rfc3339,
    "later": later,
}
