"""From what a page names to frontier targets: those of the site, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from newscrawl.archive.exchange import Exchange
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.visit import Visit
from newscrawl.discover.links import in_site
from newscrawl.discover.worth import repeats_itself
from newscrawl.identify.exact import target_id
from newscrawl.models import Candidate, Kind, Result, State, Target, now
from newscrawl.sites import SiteDefinition

PRIORITY = {
    Kind.ROBOTS: 0, Kind.SEED: 0, Kind.LISTING: 1, Kind.PART: 1, Kind.FEED: 1, Kind.SITEMAP: 1, Kind.ARTICLE: 2, Kind.PAGE: 2,
    Kind.IMAGE: 3,
}  # fmt: skip
_STEP = timedelta(milliseconds=1)  # between the links of a page: what stands first is due first, as menus stand above footers
FAR = 4  # priority of a further page where only what the pages before it led to can tell whether it is worth it
HUNCH = 5  # priority of a link that is no headline: it may lead to a section, and more likely leads nowhere
_MOVED = {Kind.SEED: Kind.LISTING}  # only its definition makes a site's seeds
_PICTURE = "picture "  # before the id of what was named as one
_REMEMBERED = 20_000  # links of a site that need not be offered to the store again; about 2 MB


@dataclass(slots=True)
class Finder:
    """Makes targets of one site's links, and keeps in mind which it has passed on."""

    site: SiteDefinition
    knobs: CrawlKnobs
    since: datetime | None = None  # nothing that was published earlier is wanted
    _passed_on: set[str] = field(default_factory=set)
    _unsure: set[str] = field(default_factory=set)  # of them, what was no headline or too deep, and may turn up better

    def targets(self, visit: Visit, exchange: Exchange) -> Iterator[Target]:
        """The frontier targets that a visit leads to, each once, without those that were passed on before."""
        source = visit.target
        if visit.moved_to:
            kind = _MOVED.get(source.kind, source.kind) if visit.result is Result.REDIRECT else Kind.PAGE
            candidate = Candidate(visit.moved_to, kind, text=source.link_text, listed=source.listed, number=source.number)
            moved = self._target(target_id(source.site, visit.moved_to), candidate, source, exchange)
            yield replace(moved, depth=source.depth, hops=source.hops + 1, parent=source.parent)
        if len(self._passed_on) > _REMEMBERED:
            self._passed_on.clear()
            self._unsure.clear()
        for behind, candidate in zip(range(len(visit.candidates), 0, -1), visit.candidates, strict=True):
            if candidate.kind is Kind.IMAGE or in_site(candidate.url, self.site.url):
                identity = target_id(source.site, candidate.url)
                if identity != source.id and self._tells_something(identity, candidate):
                    found = self._target(identity, candidate, source, exchange, turns=_turns(candidate) and bool(visit.headlines))
                    self._pass_on(found)
                    yield replace(found, due=exchange.time - behind * _STEP)

    def _tells_something(self, identity: str, candidate: Candidate) -> bool:
        """Whether what a page names is new. What was named as a picture may be a page all the same; what was named as a page is one."""
        if candidate.kind is Kind.IMAGE:
            return self._passed_on.isdisjoint((identity, _PICTURE + identity))
        return identity not in self._passed_on or (identity in self._unsure and not candidate.place)

    def _pass_on(self, found: Target) -> None:
        if found.kind is Kind.IMAGE:
            self._passed_on.add(_PICTURE + found.id)
            return
        self._passed_on.add(found.id)
        if found.place or found.result is Result.TOO_DEEP:
            self._unsure.add(found.id)
        else:
            self._unsure.discard(found.id)

    def has_passed_on(self, url: str) -> bool:
        """Whether a page of this run has led there before."""
        return target_id(self.site.slug, url) in self._passed_on

    def _target(self, identity: str, candidate: Candidate, source: Target, exchange: Exchange, *, turns: bool = False) -> Target:
        """`turns`: the source is a list that shows something new, and this its next page. However long, such a list is no deeper for it."""
        of_the_page = candidate.kind in (Kind.PART, Kind.IMAGE)
        depth = source.depth if of_the_page or turns else source.depth + 1
        skipped = Result.TOO_DEEP if depth > self.knobs.max_depth else Result.NONE
        if candidate.kind is not Kind.IMAGE and repeats_itself(candidate.url):
            skipped = Result.TRAP
        return Target(
            id=identity,
            site=source.site,
            url=candidate.url,
            kind=candidate.kind,
            due=exchange.time,
            result=skipped,
            state=State.SKIPPED if skipped else State.DUE,
            priority=self._priority(candidate),
            depth=depth,
            found_on=source.id,
            link_text=candidate.text[:200],
            listed=candidate.listed,
            place=candidate.place,
            parent=(source.parent or source.url) if of_the_page else "",
            number=candidate.number,
        )

    def _priority(self, candidate: Candidate) -> int:
        if candidate.place:
            return HUNCH
        far = candidate.number > self.knobs.max_depth or (self.since is not None and not candidate.listed)
        return FAR if _turns(candidate) and far else PRIORITY[candidate.kind]


def _turns(candidate: Candidate) -> bool:
    return candidate.kind is Kind.LISTING and candidate.number > 0


def promises(found: Target, *, on: Target) -> bool:
    """Whether a new target may be news: a headline, or anything that a sitemap names, for sitemaps seldom tell headlines."""
    return found.state is State.DUE and (not found.place or on.kind is Kind.SITEMAP)


def first_target(site: SiteDefinition, url: str) -> Target:
    """A target that a crawl of the site begins with, due at once."""
    return Target(id=target_id(site.slug, url), site=site.slug, url=url, kind=Kind.SEED, due=now(), priority=PRIORITY[Kind.SEED])
