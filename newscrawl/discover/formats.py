"""What a body is, from how it begins: cheap enough for every answer."""

from __future__ import annotations

import re
from enum import StrEnum

from newscrawl.discover.documents import unpacked

_LOOKED_AT = 2048  # bytes
_BLANK = b"\xef\xbb\xbf\xfe\xff \t\r\n"  # byte order marks and white space
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]{1,20}:)?(rss|rdf|feed|channel|urlset|sitemapindex|html|head|body)(?![\w.:-])", re.ASCII | re.IGNORECASE)
_DOCTYPE = re.compile(r"<!doctype\s{1,9}html\b", re.ASCII | re.IGNORECASE)  # some feeds carry it too
_RSS_1 = re.compile(r"purl\.org/rss/|netscape\.com/rdf/|<channel\b", re.IGNORECASE)  # there is RDF of other kinds


class Format(StrEnum):
    """What a body can be read as."""

    NONE = ""
    FEED = "feed"
    SITEMAP = "sitemap"
    HTML = "html"


_ROOTS = {
    **dict.fromkeys(("rss", "rdf", "feed", "channel"), Format.FEED),
    **dict.fromkeys(("urlset", "sitemapindex"), Format.SITEMAP),
    **dict.fromkeys(("html", "head", "body"), Format.HTML),
}
# Content types that are believed of bodies that don't tell. XML, JSON and plain text may be anything.
_TYPES = {
    **dict.fromkeys(("application/rss+xml", "application/atom+xml", "application/feed+json"), Format.FEED),
    **dict.fromkeys(("text/html", "application/xhtml+xml"), Format.HTML),
}


def sniff(body: bytes, content_type: str = "") -> Format:
    """The format of a body, gzipped or not. The content type is asked only if the first 2 KB don't tell."""
    beginning, _ = unpacked(body[: 2 * _LOOKED_AT], _LOOKED_AT)
    # Tags are ASCII, in UTF-16 too once the zero bytes are gone.
    text = beginning.replace(b"\0", b"").lstrip(_BLANK).decode("latin-1")
    if text.startswith("{") and "jsonfeed.org" in text:
        return Format.FEED
    return _by_root(_COMMENT.sub("", text)) or _by_lines(text) or _TYPES.get(content_type.partition(";")[0].strip().lower(), Format.NONE)


def _by_root(text: str) -> Format:
    root = _ROOT.search(text)
    if root is None:
        return Format.HTML if _DOCTYPE.search(text) else Format.NONE
    name = root[1].lower()
    return Format.NONE if name == "rdf" and not _RSS_1.search(text) else _ROOTS[name]


def _by_lines(text: str) -> Format:
    """Nothing but addresses: a sitemap in plain text."""
    first, *others = text.lower().split() or [""]
    whole = [first, *others[:-1]]  # the last may be cut off
    return Format.SITEMAP if all(word.startswith(("http://", "https://")) for word in whole) else Format.NONE
