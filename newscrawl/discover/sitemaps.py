"""Sitemaps: XML (urlset, index, news), plain text; packed or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from newscrawl.clean.urls import canonical, join
from newscrawl.discover.documents import MAX_BYTES, Cut, document
from newscrawl.discover.markup import Record, records

MAX_ENTRIES = 50_000  # the protocol's own limit
_AROUND = frozenset(("url", "sitemap"))
_FIELDS = frozenset("loc lastmod publication_date title language".split())
_WITHOUT = frozenset("image video pagemap".split())  # extensions with addresses and titles of their own
_LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page that a sitemap names."""

    url: str  # canonical
    lastmod: str = ""  # as written, like the other dates
    title: str = ""  # of a news sitemap, as are the fields below
    published: str = ""
    language: str = ""  # ISO 639


@dataclass(frozen=True, slots=True)
class ChildSitemap:
    """A sitemap that an index names."""

    url: str  # canonical
    lastmod: str = ""  # as written


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names, in its order, each address once."""

    entries: tuple[SitemapEntry, ...] = ()
    children: tuple[ChildSitemap, ...] = ()
    cut: Cut = Cut.NO


def read_sitemap(body: bytes, url: str, *, charset: str = "", max_bytes: int = MAX_BYTES) -> Sitemap:
    """The sitemap that was served at `url`; `charset` is that of the HTTP header."""
    text, cut = document(body, charset=charset, max_bytes=max_bytes)
    found: dict[str, SitemapEntry | ChildSitemap] = {}
    if "<" in text:
        for record in records(text, around=_AROUND, fields=_FIELDS, without=_WITHOUT, most=MAX_ENTRIES):
            cut = cut or record.cut
            if one := _named(record, url):
                found.setdefault(one.url, one)
    else:
        lines = [line[0] for line in islice(_LINE.finditer(text), MAX_ENTRIES + 1)]
        if len(lines) > MAX_ENTRIES:
            cut = cut or Cut.COUNT
        for address in map(canonical, lines[:-1] if cut else lines):  # a relative address might be any text
            if address:
                found.setdefault(address, SitemapEntry(address))
    entries = tuple(one for one in found.values() if isinstance(one, SitemapEntry))
    return Sitemap(entries, tuple(one for one in found.values() if isinstance(one, ChildSitemap)), cut)


def _named(record: Record, base: str) -> SitemapEntry | ChildSitemap | None:
    """None for fields outside of any entry, and for an entry without an address."""
    text = record.text
    written = text("loc").replace("&amp;", "&")  # escaped twice, or inside CDATA
    address = join(base, written) if record.name and written else ""
    if not address:
        return None
    if record.name == "sitemap":
        return ChildSitemap(address, text("lastmod"))
    return SitemapEntry(address, text("lastmod"), text("title"), published=text("publication_date"), language=text("language"))
