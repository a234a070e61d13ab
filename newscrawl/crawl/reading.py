"""From an answer to a visit: the page is decoded and parsed once; links and article come from the same tree."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newscrawl.archive.exchange import Exchange
from newscrawl.clean.urls import page_number, url_key
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.answers import answered
from newscrawl.crawl.visit import Visit
from newscrawl.discover.links import Link, Links, find_links, in_site
from newscrawl.discover.verdict import Verdict, is_headline, judge
from newscrawl.discover.worth import repeats_itself
from newscrawl.extract.decode import SiteCharset
from newscrawl.extract.tree import Page, parse
from newscrawl.identify.exact import target_id
from newscrawl.models import Candidate, Kind, Reading, Result, State, Target, now
from newscrawl.sites import SiteDefinition

if TYPE_CHECKING:
    from newscrawl.extract.directed import Directions

log = logging.getLogger(__name__)

PRIORITY = {Kind.ROBOTS: 0, Kind.SEED: 0, Kind.LISTING: 1, Kind.PART: 1, Kind.ARTICLE: 2, Kind.PAGE: 2}
HUNCH = 5  # priority of a link that is no headline: it may lead to a section, and more likely leads nowhere
_KIND = {Result.LISTING: Kind.LISTING, Result.ARTICLE: Kind.ARTICLE}
_REMEMBERED = 50_000  # links of a site that need not be offered to the store again; about 5 MB


@dataclass(slots=True)
class SiteReader:
    """Reads the pages of one site, and keeps in mind which links it has passed on."""

    site: SiteDefinition
    knobs: CrawlKnobs
    _charset: SiteCharset = field(default_factory=SiteCharset)
    _passed_on: set[str] = field(default_factory=set)

    def read(self, target: Target, exchange: Exchange) -> Visit:
        """Everything that the answer to `target` comes to."""
        visit, body = answered(target, exchange, self.knobs)
        if visit.result is Result.NONE and not visit.again:
            try:
                self._read_page(visit, exchange, body)
            except Exception as error:  # one page, whatever is wrong with it, never stops a crawl
                log.warning("%s could not be read: %r", exchange.url, error, exc_info=True)
                visit.result, visit.detail, visit.candidates = Result.UNREADABLE, repr(error)[:500], []
        if visit.result is Result.REDIRECT and visit.moved_to and not in_site(visit.moved_to, self.site.url):
            visit.result, visit.moved_to = Result.OFF_SITE, ""
        visit.found = tuple(self._targets(visit, exchange))
        return visit

    def _read_page(self, visit: Visit, exchange: Exchange, body: bytes) -> None:
        target = visit.target
        page = parse(self._charset.decode(body, _declared(exchange.header("Content-Type"))).text)
        links = find_links(page.tree, exchange.url, turning=self.site.next)
        if target.kind is Kind.PART:
            visit.reading = self._reading(page, exchange, target)
            visit.result = Result.PART if visit.reading else Result.OTHER
            visit.candidates = list(_parts(links.links, first=target.parent))
        elif target.kind in (Kind.PAGE, Kind.ARTICLE) and self._names_another(links.canonical, exchange.url):
            visit.result, visit.moved_to = Result.VARIANT, links.canonical
            visit.candidates = [_candidate(link, listing=True) for link in links.links]
        else:
            self._judge(visit, page, links, exchange)

    def _judge(self, visit: Visit, page: Page, links: Links, exchange: Exchange) -> None:
        target = visit.target
        reading = None if target.kind is Kind.SEED else self._reading(page, exchange, target)
        if self.site.article and reading and re.search(self.site.article, exchange.url):
            verdict = Verdict(Result.ARTICLE, 1.0, "site file")
        else:
            told = reading if not self.site.article else None
            verdict = judge(told, links.links, url=exchange.url, kind=target.kind, link_text=target.link_text)
        visit.result, visit.detail = verdict.result, verdict.reason
        if target.kind is Kind.PAGE and verdict.result in _KIND:
            visit.target = replace(target, kind=_KIND[verdict.result])  # so that a revisit knows it
        if verdict.result is Result.ARTICLE:
            visit.reading = reading
            visit.candidates += _parts(links.links, first=exchange.url)
        visit.candidates += [_candidate(link, listing=verdict.result is Result.LISTING) for link in links.links]
        visit.candidates += [Candidate(frame, Kind.PAGE) for frame in links.frames]

    def _reading(self, page: Page, exchange: Exchange, target: Target) -> Reading | None:
        if not self.knobs.read_articles:
            return None
        from newscrawl.extract.directed import read_directed  # a tenth of a second, and 10 MB, that a crawl without reading can spare

        return read_directed(page, exchange.url, self._directions, at=exchange.time, link_text=target.link_text, listed=target.listed)

    @property
    def _directions(self) -> Directions:
        from newscrawl.extract.directed import Directions

        body, date = self.site.body, self.site.date
        return Directions(
            body=body.css if body else "",
            drop=body.drop if body else (),
            date=date.css if date else "",
            zone=date.zone if date else "",
            locale=date.locale if date else "",
        )

    def _names_another(self, canonical: str, url: str) -> bool:
        """Whether a page's rel=canonical leads to another page of the site. Its front page, or the same path, is no other page."""
        if not canonical or url_key(canonical).rstrip("/") == url_key(url).rstrip("/") or not in_site(canonical, self.site.url):
            return False
        return "/" in canonical.partition("://")[2].rstrip("/") and canonical.partition("?")[0] != url.partition("?")[0]

    def _targets(self, visit: Visit, exchange: Exchange) -> Iterator[Target]:
        """The frontier targets that a visit leads to, each once, without those that were passed on before."""
        source = visit.target
        if visit.moved_to:
            kind = source.kind if visit.result is Result.REDIRECT else Kind.PAGE
            candidate = Candidate(visit.moved_to, kind, text=source.link_text, listed=source.listed, number=source.number)
            moved = self._target(target_id(source.site, visit.moved_to), candidate, source, exchange)
            yield replace(moved, depth=source.depth, hops=source.hops + 1, parent=source.parent)
        if len(self._passed_on) > _REMEMBERED:
            self._passed_on.clear()
        for candidate in visit.candidates:
            if in_site(candidate.url, self.site.url):
                identity = target_id(source.site, candidate.url)
                if identity != source.id and identity not in self._passed_on:
                    self._passed_on.add(identity)
                    yield self._target(identity, candidate, source, exchange)

    def _target(self, identity: str, candidate: Candidate, source: Target, exchange: Exchange) -> Target:
        part = candidate.kind is Kind.PART
        depth = source.depth if part else source.depth + 1
        skipped = Result.TOO_DEEP if depth > self.knobs.max_depth else Result.NONE
        if repeats_itself(candidate.url):
            skipped = Result.TRAP
        return Target(
            id=identity,
            site=source.site,
            url=candidate.url,
            kind=candidate.kind,
            due=exchange.time,
            result=skipped,
            state=State.SKIPPED if skipped else State.DUE,
            priority=HUNCH if candidate.place else PRIORITY[candidate.kind],
            depth=depth,
            found_on=source.id,
            link_text=candidate.text[:200],
            listed=candidate.listed,
            place=candidate.place,
            parent=(source.parent or source.url) if part else "",
            number=candidate.number,
        )


def first_target(site: SiteDefinition, url: str) -> Target:
    """A target that a crawl of the site begins with, due at once."""
    return Target(id=target_id(site.slug, url), site=site.slug, url=url, kind=Kind.SEED, due=now(), priority=PRIORITY[Kind.SEED])


def _parts(links: tuple[Link, ...], *, first: str) -> Iterator[Candidate]:
    """The links that lead to further pages of the article at `first`. A headline leads to another article, whatever its address."""
    for link in links:
        if not is_headline(link.text) and (number := page_number(link.url, first)):
            yield Candidate(link.url, Kind.PART, number=number)


def _candidate(link: Link, *, listing: bool) -> Candidate:
    text = link.title if len(link.title) > len(link.text) else link.text
    if listing and link.turns:
        return Candidate(link.url, Kind.LISTING, text=text)
    return Candidate(link.url, Kind.PAGE, text=text, listed=link.listed, place="" if is_headline(text) else link.place or "body")


def _declared(content_type: str) -> str:
    return content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
