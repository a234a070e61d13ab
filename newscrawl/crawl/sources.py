"""Feeds and sitemaps as ways to articles: what they name, and where they may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from newscrawl.discover.feeds import read_feed, without_source
from newscrawl.discover.formats import Format
from newscrawl.discover.links import is_asset
from newscrawl.discover.sitemaps import SitemapEntry, read_sitemap
from newscrawl.discover.sources import guessed_feeds, guessed_sitemaps, named_feeds, named_sitemaps
from newscrawl.discover.stamps import changes, may_have_changed
from newscrawl.discover.verdict import is_headline
from newscrawl.discover.worth import shape
from newscrawl.models import Candidate, Kind

SITEMAP_PLACE = "sitemap "  # how places begin that are sitemaps


@dataclass(frozen=True, slots=True)
class Source:
    """What a feed or a sitemap names."""

    candidates: tuple[Candidate, ...]
    changed: tuple[str, ...] = ()  # addresses among them that say they changed since the visit before
    detail: str = ""


def read_source(form: Format, body: bytes, url: str, *, charset: str, last: datetime | None, at: datetime) -> Source:
    """The addresses in a feed or sitemap, served at `url`, that may be articles, and further feeds and sitemaps."""
    if form is Format.FEED:
        feed = read_feed(body, url, charset=charset)
        plain = without_source(feed.entries)
        entries = [Candidate(entry.url, Kind.PAGE, text=entry.title, listed=entry.published or entry.updated) for entry in plain]
        further = (Candidate(feed.next, Kind.FEED, number=2),) if feed.next else ()
        stamps = [(entry.url, entry.updated) for entry in plain]
        return Source((*entries, *further), _changed(stamps, last, at), _told(len(entries), feed.cut))
    sitemap = read_sitemap(body, url, charset=charset)
    place = f"{SITEMAP_PLACE}{shape(url)}"  # tells nothing but where an address was found: what its like is worth has to show
    telling = sorted(sitemap.entries, key=lambda entry: (entry.lastmod, len(entry.url)), reverse=True)  # "/about/" comes last
    entries = [_entry(entry, place) for entry in telling if not is_asset(entry.url)]
    children = (Candidate(child.url, Kind.SITEMAP, listed=child.lastmod) for child in sitemap.children)
    changed = _changed([(entry.url, entry.lastmod) for entry in sitemap.entries], last, at)
    grown = (child.url for child in sitemap.children if last and child.lastmod and may_have_changed(child.lastmod, last))
    number = len(sitemap.entries) + len(sitemap.children)
    return Source((*children, *entries), (*grown, *changed), _told(number, sitemap.cut))


def _entry(entry: SitemapEntry, place: str) -> Candidate:
    listed = entry.published or entry.lastmod
    return Candidate(entry.url, Kind.PAGE, text=entry.title, listed=listed, place="" if is_headline(entry.title) else place)


def _changed(stamps: list[tuple[str, str]], last: datetime | None, at: datetime) -> tuple[str, ...]:
    return changes(stamps, last, at) if last else ()


def _told(entries: int, cut: str) -> str:
    return f"{entries} entries" + (f", cut: {cut}" if cut else "")


def sitemaps_of(robots: str, url: str) -> Iterator[Candidate]:
    """The sitemaps that the robots.txt at `url` names."""
    yield from (Candidate(address, Kind.SITEMAP) for address in named_sitemaps(robots, url))


def feeds_of(tree: LexborHTMLParser, url: str) -> Iterator[Candidate]:
    """The feeds that a page names; where it names none, where they may be."""
    if named := named_feeds(tree, url):
        yield from (Candidate(address, Kind.FEED) for address in named)
    else:
        yield from (Candidate(address, Kind.FEED, place="guessed feed") for address in guessed_feeds(url))


def guessed(url: str) -> Iterator[Candidate]:
    """Where sitemaps may be on the site with the front page `url`."""
    yield from (Candidate(address, Kind.SITEMAP, place="guessed sitemap") for address in guessed_sitemaps(url))
