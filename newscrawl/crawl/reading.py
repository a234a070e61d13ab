"""From an answer to a visit: the page is decoded and parsed once; links and article come from the same tree."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from newscrawl.archive.exchange import Exchange, content
from newscrawl.clean.template import Template
from newscrawl.clean.urls import page_number, url_key
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.answers import answered, may_be_page
from newscrawl.crawl.finding import Finder
from newscrawl.crawl.lists import age_of_list
from newscrawl.crawl.pictures import looked_at, pictures_of
from newscrawl.crawl.revisits import is_moved_front
from newscrawl.crawl.since import is_before
from newscrawl.crawl.sources import SITEMAP_PLACE, feeds_of, guessed, read_source, sitemaps_of
from newscrawl.crawl.visit import Visit
from newscrawl.discover.formats import Format, sniff
from newscrawl.discover.links import Link, Links, find_links, in_site
from newscrawl.discover.menus import SECTIONS, sections
from newscrawl.discover.scripted import filled_by_scripts, in_margin
from newscrawl.discover.verdict import Verdict, is_headline, judge
from newscrawl.extract.decode import SiteCharset
from newscrawl.extract.moments import read_moment
from newscrawl.extract.tree import Page, parse
from newscrawl.identify.exact import target_id
from newscrawl.models import Candidate, Kind, Reading, Result, Target
from newscrawl.sites import SiteDefinition

if TYPE_CHECKING:
    from newscrawl.extract.directed import Directions

log = logging.getLogger(__name__)

_KIND = {Result.LISTING: Kind.LISTING, Result.ARTICLE: Kind.ARTICLE}
_SOURCES = {Format.FEED: Kind.FEED, Format.SITEMAP: Kind.SITEMAP}
_REMEMBERED = 20_000  # headlines of listings; about 2 MB
_LIST = 3  # headlines in one place of a page that make a list


@dataclass(slots=True)
class SiteReader:
    """Reads the pages of one site, and keeps in mind which links it has passed on."""

    site: SiteDefinition
    knobs: CrawlKnobs
    since: datetime | None = None  # nothing that was published earlier is wanted
    template: Template = field(default_factory=Template)  # what the site's pages have in common
    reachable: Callable[[str], bool] = lambda _: True  # whether an address can be asked for, so that its page can wait for that
    parted: Collection[str] = frozenset()  # ids of targets that are articles of their own, whatever they name as their canonical address
    _finder: Finder = field(init=False)
    _charset: SiteCharset = field(default_factory=SiteCharset)
    _shown: set[str] = field(default_factory=set)  # ids of the headlines that listings of this run have shown
    _names_sitemaps: bool = False  # a robots.txt of the site does

    def __post_init__(self) -> None:
        self._finder = Finder(self.site, self.knobs, self.since)

    def read(self, target: Target, exchange: Exchange, *, plain: bool = False) -> Visit:
        """Everything that the answer to `target` comes to, after its scripts if they were run; `plain`: they are not going to be."""
        visit, body = answered(target, exchange, self.knobs)
        if target.kind is Kind.IMAGE:
            return self._read_image(visit, exchange, body)
        if visit.result is Result.NONE and not visit.again:
            try:
                self._read_body(visit, exchange, body, plain=plain or bool(exchange.rendered))
            except Exception as error:  # one page, whatever is wrong with it, never stops a crawl
                log.warning("%s could not be read: %r", exchange.url, error, exc_info=True)
                visit.result, visit.detail, visit.candidates = Result.UNREADABLE, repr(error)[:500], []
        if visit.reading:
            self._compare(visit, visit.reading)
            visit.candidates += pictures_of(visit.reading, self.site.url, self.knobs.images) if self.site.media else ()
        if visit.result is Result.REDIRECT and visit.moved_to and target.kind is Kind.SEED:
            visit.revived = (target_id(target.site, visit.moved_to),)  # the front page is part of every visit, wherever it is
        if visit.result is Result.REDIRECT and visit.moved_to and not in_site(visit.moved_to, self.site.url):
            visit.result, visit.moved_to = Result.OFF_SITE, ""
        visit.found = tuple(self._finder.targets(visit, exchange))
        visit.candidates = [candidate for candidate in visit.candidates if candidate.kind is Kind.PART]  # a sitemap's take 5 MB
        return visit

    def _read_image(self, visit: Visit, exchange: Exchange, body: bytes) -> Visit:
        if visit.result is Result.NONE and not visit.again:
            visit.result, visit.detail = looked_at(body, self.knobs.image_pixels)
        visit.found = tuple(self._finder.targets(visit, exchange))  # it may have moved, to wherever pictures are
        return visit

    def reread(self, target: Target, exchange: Exchange) -> Reading | None:
        """What is read today from a page that was taken for an article. Raises ArchiveError if it can't be unpacked."""
        body = content(exchange, self.knobs.max_bytes)
        text = exchange.rendered.decode() or self._charset.decode(body, _charset_in(exchange.header("Content-Type"))).text
        return self._reading(parse(text), exchange, target)

    def _compare(self, visit: Visit, reading: Reading) -> None:
        """Note which lines of an article are its site's. What a page shows is learned once: seen twice, its own text would repeat."""
        if not visit.target.visits:
            self.template.learn(reading.shown, reading.title)
        visit.repeated = frozenset(filter(self.template.repeats, reading.paragraphs))
        visit.reading = replace(reading, shown=())  # a long page's lines take as much room as the page

    def read_robots(self, visit: Visit, exchange: Exchange, text: str) -> None:
        """Add to the visit of a robots.txt the sitemaps that it names."""
        visit.candidates = list(sitemaps_of(text, exchange.url))
        self._names_sitemaps = self._names_sitemaps or bool(visit.candidates)
        visit.found = tuple(self._finder.targets(visit, exchange))

    def _read_body(self, visit: Visit, exchange: Exchange, body: bytes, *, plain: bool) -> None:
        target, declared = visit.target, exchange.header("Content-Type")
        form = sniff(body, declared)
        if form in _SOURCES:
            last = target.visited if target.visits else None
            source = read_source(form, body, exchange.url, charset=_charset_in(declared), last=last, at=exchange.time)
            visit.result, visit.detail, visit.candidates = Result.LISTING, source.detail, list(source.candidates)
            visit.target = target if target.kind is Kind.SEED else replace(target, kind=_SOURCES[form])
            visit.revived = tuple(target_id(target.site, url) for url in source.changed if in_site(url, self.site.url))
        elif target.kind in _SOURCES.values() and target.place:
            visit.result, visit.detail = Result.OTHER, f"no {target.kind}"  # it was only a guess
        elif not may_be_page(exchange):
            visit.result, visit.detail = Result.NOT_HTML, declared[:100]
        else:
            text = exchange.rendered.decode() or self._charset.decode(body, _charset_in(declared)).text
            self._read_page(visit, exchange, text, plain=plain)

    def _read_page(self, visit: Visit, exchange: Exchange, text: str, *, plain: bool) -> None:
        target = visit.target
        if self.site.javascript == "always" and not plain and "<script" in text.lower():
            visit.scripts, visit.html = "always", text
            return
        page = parse(text)
        links = find_links(page.tree, exchange.url, turning=self.site.on(exchange.time.date()).next)
        if target.kind is Kind.PART:
            visit.reading = self._reading(page, exchange, target)
            visit.result = Result.PART if visit.reading else Result.OTHER
            visit.candidates = list(_parts(links.links, first=target.parent))
        elif self._may_be_variant(target) and self._names_another(links.canonical, exchange.url):
            visit.result, visit.moved_to = Result.VARIANT, links.canonical
            visit.candidates = [_turning(link) if link.turns else _candidate(link) for link in links.links]
        else:
            self._judge(visit, page, links, exchange)
            if not plain and self._shows_no_news(visit, links) and (why := filled_by_scripts(text, page.tree)):
                visit.scripts, visit.html = why, text
        if _is_front(target):
            visit.candidates += feeds_of(page.tree, exchange.url)
            if not (self._names_sitemaps or target.visits):
                visit.candidates += guessed(exchange.url)

    def _shows_no_news(self, visit: Visit, links: Links) -> bool:
        """Whether a page that might list articles shows none, or only a few that other pages of the site have shown before."""
        if visit.result not in (Result.LISTING, Result.OTHER):
            return False
        headlines = (link.url for link in links.links if is_headline(link.text) and not link.turns and not in_margin(link.place))
        return sum(not self._finder.has_passed_on(url) for url in headlines) < _LIST

    def _judge(self, visit: Visit, page: Page, links: Links, exchange: Exchange) -> None:
        target = visit.target
        reading = None if _is_front(target) else self._reading(page, exchange, target)
        addresses = self.site.on(exchange.time.date()).article
        if addresses and reading and re.search(addresses, exchange.url):
            verdict = Verdict(Result.ARTICLE, 1.0, "site file")
        else:
            told = reading if not addresses else None
            verdict = judge(
                told, links.links, url=exchange.url, kind=Kind.SEED if _is_front(target) else target.kind, link_text=target.link_text
            )
        visit.result, visit.detail = verdict.result, verdict.reason
        if target.kind in (Kind.PAGE, Kind.FEED, Kind.SITEMAP) and verdict.result in _KIND:
            visit.target = replace(target, kind=_KIND[verdict.result])  # so that a revisit knows it
        if verdict.result is Result.ARTICLE and reading and self._proves_old(visit, reading):
            return  # and what it links to is no newer than what lists show
        if verdict.result is Result.ARTICLE:
            visit.reading = reading
            visit.candidates += _parts(links.links, first=exchange.url)
        if verdict.result is Result.LISTING:
            self._add_list(visit, links, exchange)
        menu = sections(links.links) if _is_front(target) else frozenset()
        shown = (link for link in links.links if verdict.result is not Result.LISTING or not link.turns)
        visit.candidates += [_section(link) if link.url in menu else _candidate(link) for link in shown]
        visit.candidates += [Candidate(frame, Kind.PAGE) for frame in links.frames]

    def _proves_old(self, visit: Visit, reading: Reading) -> bool:
        """Whether a new article was published before what is wanted, which nothing told beforehand. If so that is what came of it."""
        published = reading.published
        if self.since is None or visit.target.visits or published is None or not is_before(published, self.since):
            return False
        visit.result, visit.detail = Result.OLD, f"published {published.time:%Y-%m-%d}"
        visit.target = replace(visit.target, kind=Kind.PAGE, listed=published.time.isoformat())
        return True

    def _add_list(self, visit: Visit, links: Links, exchange: Exchange) -> None:
        """The further pages of a listing, and which of its links stand in one list."""
        target = visit.target
        bound = _age(links, exchange) if self.since else ""
        turns = [link for link in links.links if link.turns]
        deep = not _is_front(target)  # there "more" leads to a section
        number = max(2, target.number + 1)
        visit.candidates += [_turning(link, bound, number=number if deep or link.text.isdigit() else 0) for link in turns]
        shown = {target_id(target.site, link.url): link.url for link in links.links if is_headline(link.text) and not link.turns}
        visit.headlines = tuple(url for identity, url in shown.items() if identity not in self._shown)
        self._shown.update(shown)
        if len(self._shown) > _REMEMBERED:
            self._shown.clear()
        if target.visits:  # else everything behind it is still to be seen anyway
            places: dict[str, list[str]] = {}
            for link in links.links:
                if is_headline(link.text) and not link.turns:
                    places.setdefault(link.place, []).append(target_id(target.site, link.url))
            visit.lists = tuple(tuple(ids) for ids in places.values() if len(ids) >= _LIST)
            visit.onward = tuple(target_id(target.site, link.url) for link in turns)

    def _reading(self, page: Page, exchange: Exchange, target: Target) -> Reading | None:
        if not self.knobs.read_articles:
            return None
        from newscrawl.extract.directed import read_directed  # a tenth of a second, and 10 MB, that a crawl without reading can spare

        listed = _publication(target)
        return read_directed(
            page, exchange.url, self._directions(exchange.time), at=exchange.time, link_text=target.link_text, listed=listed
        )

    def _directions(self, fetched: datetime) -> Directions:
        from newscrawl.extract.directed import Directions

        site = self.site.on(fetched.date())
        body, date = site.body, site.date
        return Directions(
            body=body.css if body else "",
            drop=body.drop if body else (),
            date=date.css if date else "",
            zone=date.zone if date else "",
            locale=date.locale if date else "",
        )

    def _may_be_variant(self, target: Target) -> bool:
        return target.kind in (Kind.PAGE, Kind.ARTICLE) and target.id not in self.parted

    def _names_another(self, canonical: str, url: str) -> bool:
        """Whether a page's rel=canonical leads to another page of the site. Its front page, or the same path, is no other page."""
        if not canonical or url_key(canonical).rstrip("/") == url_key(url).rstrip("/"):
            return False
        if not (in_site(canonical, self.site.url) and self.reachable(canonical)):
            return False
        return "/" in canonical.partition("://")[2].rstrip("/") and canonical.partition("?")[0] != url.partition("?")[0]


def _age(links: Links, exchange: Exchange) -> str:
    """The median date beside the links of a listing, as the pages behind it are no newer than most of it; "" if there are too few."""
    read = (read_moment(link.listed, at=exchange.time) for link in links.links if link.listed)
    age = age_of_list(moment.time for moment in read if moment)
    return age.isoformat() if age else ""


def _publication(target: Target) -> str:
    """The date shown with the link to a target, if it may be when that was published: not its last change, nor the age of a listing."""
    return "" if target.kind is Kind.LISTING or target.place.startswith(SITEMAP_PLACE) else target.listed


def _parts(links: tuple[Link, ...], *, first: str) -> Iterator[Candidate]:
    """The links that lead to further pages of the article at `first`. A headline leads to another article, whatever its address."""
    for link in links:
        if not is_headline(link.text) and (number := page_number(link.url, first)):
            yield Candidate(link.url, Kind.PART, number=number)


def _is_front(target: Target) -> bool:
    """Whether a target is where crawls of the site begin, or where that leads."""
    return target.kind is Kind.SEED or is_moved_front(target)


def _turning(link: Link, listed: str = "", *, number: int = 2) -> Candidate:
    return Candidate(link.url, Kind.LISTING, text=link.text, listed=listed, number=number)


def _candidate(link: Link) -> Candidate:
    text = link.title if len(link.title) > len(link.text) else link.text
    return Candidate(link.url, Kind.PAGE, text=text, listed=link.listed, place="" if is_headline(text) else link.place or "body")


def _section(link: Link) -> Candidate:
    return Candidate(link.url, Kind.PAGE, text=link.title or link.text, place=f"{SECTIONS}{link.place}")


def _charset_in(content_type: str) -> str:
    return content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
