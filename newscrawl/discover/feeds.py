"""Feeds: RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom, JSON Feed; well formed or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from newscrawl.clean.urls import join
from newscrawl.discover.documents import MAX_BYTES, Cut, document
from newscrawl.discover.markup import Record, attribute, characters, records

MAX_ENTRIES = 10_000  # more than any feed lists; some list all that they ever had
_MAX_JSON = 3_000_000  # characters: JSON that is made to need memory takes 25 times its size
_AROUND = frozenset(("item", "entry"))
_FIELDS = frozenset("title link guid id origlink pubdate published issued date created updated modified author name creator".split())
_WITHOUT = frozenset("image textinput source contributor content group".split())  # with titles, links and names that are not the entry's
_PUBLISHED = ("pubdate", "published", "issued", "date", "created")
_UPDATED = ("updated", "modified")
_PAGE_TYPES = ("", "text/html", "application/xhtml+xml")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_MAIL_AND_NAME = re.compile(r"\S+@\S+\s*\((.+)\)")  # as RSS 2.0 wants authors
_BASE = re.compile(r"""<(?:[\w.-]++:)?feed\b[^<>]{0,1000}?\bxml:base\s*=\s*["']([^"'<>]{1,1000})""")
_BASE_WITHIN = 4_000  # characters
_WEB = ("http://", "https://")
_TELLS_SOURCE = re.compile(r"(?:ref|source|src|from|via|origin)=(?:[a-z]+[_-])?(?:rss|feed|atom)2?", re.IGNORECASE)  # a whole query


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An article that a feed names."""

    url: str  # canonical
    title: str = ""  # plain text
    published: str = ""  # as written
    updated: str = ""  # as written
    author: str = ""
    permalink: str = ""  # its guid, canonical, if that is an address too and another one


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed names, in its order, each address once."""

    entries: tuple[FeedEntry, ...] = ()
    title: str = ""
    next: str = ""  # address of its next page, older entries
    hub: str = ""  # address of its WebSub hub
    cut: Cut = Cut.NO


def read_feed(body: bytes, url: str, *, charset: str = "", max_bytes: int = MAX_BYTES) -> Feed:
    """The feed that was served at `url`; `charset` is that of the HTTP header."""
    text, cut = document(body, charset=charset, max_bytes=max_bytes)
    if text.lstrip().startswith("{"):
        return _json_feed(text, url)
    return _xml_feed(text, url, cut)


def _xml_feed(text: str, url: str, cut: Cut) -> Feed:
    declared = _BASE.search(text, 0, _BASE_WITHIN)
    base = (declared and join(url, declared[1])) or url
    entries: dict[str, FeedEntry] = {}
    head = Record()
    for record in records(text, around=_AROUND, fields=_FIELDS, without=_WITHOUT, most=MAX_ENTRIES):
        if not record.name:
            head = record
        elif entry := _entry(record, base):
            entries.setdefault(entry.url, entry)
    return Feed(
        tuple(entries.values()),
        _plain(head.text("title")),
        next=_linked(head, "next", base) or _linked(head, "prev-archive", base),
        hub=_linked(head, "hub", base),
        cut=cut or head.cut,
    )


def _entry(record: Record, base: str) -> FeedEntry | None:
    """None for an entry without an address."""
    permalink = _permalink(record, base)
    url = next((address for written in _written(record) if (address := _join(base, written))), permalink)
    if not url:
        return None
    author = record.text("name", "creator", "author")
    mailed = _MAIL_AND_NAME.fullmatch(author)
    return FeedEntry(
        url,
        _plain(record.text("title")),
        published=record.text(*_PUBLISHED),
        updated=record.text(*_UPDATED),
        author=_plain(mailed[1] if mailed else author),
        permalink="" if permalink == url else permalink,
    )


def _written(record: Record) -> Iterator[str]:
    """What may be the address of an entry's page, likeliest first."""
    yield record.text("origlink")  # what a service that counts clicks has replaced
    links = record.all("link")
    yield from (link.text for link in links if not attribute(link.markup, "href"))
    alternates = [link for link in links if attribute(link.markup, "rel").lower() in {"", "alternate"}]
    for link in sorted(alternates, key=lambda link: attribute(link.markup, "type").lower() not in _PAGE_TYPES):
        yield attribute(link.markup, "href")
    yield attribute(record.markup, "rdf:about")


def _permalink(record: Record, base: str) -> str:
    for guid in record.all("guid", "id"):
        if guid.text.startswith(_WEB) and attribute(guid.markup, "ispermalink").lower() != "false":
            return _join(base, guid.text)
    return ""


def _linked(head: Record, rel: str, base: str) -> str:
    """Where the feed's link of this relation leads."""
    written = (attribute(link.markup, "href") for link in head.all("link") if rel in attribute(link.markup, "rel").lower().split())
    return next((address for href in written if (address := _join(base, href))), "")


def _join(base: str, written: str) -> str:
    """Absolute and canonical; "" for nothing. Many feeds escape addresses twice, or inside CDATA."""
    return join(base, written.replace("&amp;", "&")) if written else ""


def _plain(text: str) -> str:
    """A text that may be HTML, without tags and entities, on one line."""
    return " ".join(characters(_TAG.sub("", text) if "<" in text else text).split())


class _JsonAuthor(msgspec.Struct):
    name: str | None = None


class _JsonEntry(msgspec.Struct):
    id: str | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _JsonAuthor | None = None  # of version 1
    authors: list[_JsonAuthor] | None = None


class _JsonHub(msgspec.Struct):
    url: str = ""


class _JsonFeed(msgspec.Struct):
    items: list[msgspec.Raw]  # read one by one: a wrong one costs only itself
    title: str | None = None
    next_url: str | None = None
    hubs: list[_JsonHub] = []


def _json_feed(text: str, url: str) -> Feed:
    """As jsonfeed.org describes it; nothing of what isn't JSON."""
    if len(text) > _MAX_JSON:
        return Feed(cut=Cut.SIZE)
    try:
        feed = msgspec.json.decode(text, type=_JsonFeed)
    except (msgspec.DecodeError, RecursionError):
        return Feed(cut=Cut.TORN)
    entries: dict[str, FeedEntry] = {}
    for raw in feed.items[:MAX_ENTRIES]:
        if entry := _json_entry(raw, url):
            entries.setdefault(entry.url, entry)
    hub = next((address for hub in feed.hubs if (address := _join(url, hub.url))), "")
    cut = Cut.COUNT if len(feed.items) > MAX_ENTRIES else Cut.NO
    return Feed(tuple(entries.values()), _plain(feed.title or ""), next=_join(url, feed.next_url or ""), hub=hub, cut=cut)


def _json_entry(raw: msgspec.Raw, base: str) -> FeedEntry | None:
    """None for what is no entry or has no address."""
    try:
        item = msgspec.json.decode(raw, type=_JsonEntry)
    except (msgspec.DecodeError, RecursionError):
        return None
    permalink = _join(base, item.id) if isinstance(item.id, str) and item.id.startswith(_WEB) else ""
    url = _join(base, item.url or "") or _join(base, item.external_url or "") or permalink
    if not url:
        return None
    names = [author.name for author in [*(item.authors or ()), *([item.author] if item.author else [])] if author.name]
    return FeedEntry(
        url,
        _plain(item.title or ""),
        published=item.date_published or "",
        updated=item.date_modified or "",
        author=_plain(names[0]) if names else "",
        permalink="" if permalink == url else permalink,
    )


def without_source(entries: Sequence[FeedEntry]) -> list[FeedEntry]:
    """The entries, their addresses without a query such as "?ref=rss" that all share and that only tells that a feed led there."""
    queries = {entry.url.partition("?")[2] for entry in entries}
    shared = queries.pop() if len(queries) == 1 else ""
    if not _TELLS_SOURCE.fullmatch(shared):
        return list(entries)
    return [replace(entry, url=entry.url.partition("?")[0]) for entry in entries]
