"""What a portal is: a table of paths and what each answers, and the truth about its articles."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha1


@dataclass(frozen=True, slots=True)
class Page:
    """What one path answers."""

    body: bytes = b""
    content_type: str = "text/html"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()  # beyond Content-Type and Content-Length
    delay: float = 0.0  # seconds before the first byte
    zipped: bytes = b""  # the body for clients that take gzip; b"" if there is none
    first: Page | None = None  # what the very first request gets instead


@dataclass(frozen=True, slots=True)
class Wire:
    """Bytes put on the connection as they are, which is then closed: for servers that misbehave."""

    chunks: tuple[bytes, ...] = ()
    pause: float = 0.0  # seconds before each chunk


Answer = Page | Wire
Answers = Callable[[str], Answer]  # from the request's target: path and query


@dataclass(frozen=True, slots=True)
class Expected:
    """The truth about one article: what a good crawl stores."""

    site: str  # slug of the portal
    url: str  # canonical
    title: str
    paragraphs: tuple[str, ...]  # repaired, all pages joined
    authors: tuple[str, ...]
    published: datetime  # aware
    precision: str  # "minute", or "hour" where the page says how long ago
    language: str  # BCP 47
    section: str  # as the portal names it
    aliases: tuple[str, ...] = ()  # other addresses of the same article: copy, print version, mobile twin, short link
    further: tuple[str, ...] = ()  # addresses of page 2 and on
    modified: datetime | None = None
    source: str = ""
    editor: str = ""
    tags: tuple[str, ...] = ()
    reprints: str = ""  # label shared with reprints on other portals; "" if there are none
    reach: str = "links"  # or "script": only a browser finds it
    published_title: str = ""  # as the page shows them, before repairs
    published_paragraphs: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages it fills."""
        return 1 + len(self.further)

    @property
    def addresses(self) -> frozenset[str]:
        """All under which page 1 is served."""
        return frozenset((self.url, *self.aliases))


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal, whole."""

    slug: str
    name: str
    origin: str  # "http://127.0.0.1:8010", no slash at the end
    pages: Mapping[str, Page]  # by path, with the query where that makes another page
    expected: tuple[Expected, ...]
    missing: Page
    oddities: Mapping[str, str] = field(default_factory=dict)  # what a crawler may stumble over, by name: a path
    endless: Callable[[str], Page | None] = lambda _: None  # pages that no table can hold, by path

    @property
    def home(self) -> str:
        """Where a crawl begins."""
        return f"{self.origin}/"

    def answer(self, target: str) -> Answer:
        """The page for a request's target. A query that the portal doesn't know changes nothing, as on most servers."""
        path = target.partition("?")[0]
        return self.pages.get(target) or self.pages.get(path) or self.endless(path) or self.missing


def validators(body: bytes, changed: datetime) -> tuple[tuple[str, str], ...]:
    """ETag and Last-Modified of a page."""
    digest = sha1(body, usedforsecurity=False).hexdigest()[:16]
    return ("ETag", f'"{digest}"'), ("Last-Modified", format_datetime(changed.astimezone(UTC), usegmt=True))


def zipped(body: bytes) -> bytes:
    """The body as gzip, the same bytes each time."""
    return gzip.compress(body, 6, mtime=0)


def redirect(location: str, status: int = 302) -> Page:
    """A page that sends elsewhere."""
    return Page(status=status, headers=(("Location", location),))
