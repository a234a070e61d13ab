"""What a first look at a site found, and whether the defaults will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from newscrawl.models import Article, Kind, Result, Run, Target
from newscrawl.store.protocol import Search, Store

_MOST = 2_000  # addresses of one result; a probe asks for fewer
_SURE = 0.5  # of an article's fields; below, somebody should look
_HALF = 0.5
_LITTLE = frozenset({Result.OTHER, Result.NOT_HTML, Result.SAME_CONTENT, Result.VARIANT})
_SHUT = frozenset(
    {Result.MISSING, Result.REFUSED, Result.BLOCKED, Result.BUSY, Result.UNREACHABLE, Result.FORBIDDEN}
    | {Result.OFF_SITE, Result.BAD_ADDRESS, Result.TOO_LARGE, Result.UNREADABLE}
)
DATED = "dated headlines"  # the sign in Target.detail, as discover.verdict writes it
_TO_ITS_END = ("survey", "finished", "some failed", "deferred")  # beginnings of the outcomes of a look that was not broken off


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a site."""

    text: str
    key: str = ""  # line of a site file, to be filled in


@dataclass(frozen=True, slots=True)
class Probe:
    """What a site showed in a few requests."""

    site: str
    url: str
    requests: int
    outcome: str
    robots: tuple[Target, ...]
    sources: tuple[Target, ...]  # feeds and sitemaps that were read
    sections: tuple[Target, ...]  # pages that list articles, without their further pages
    articles: tuple[Article, ...]  # a sample
    others: tuple[Target, ...]  # pages that are neither, or only show the list that many pages of the site show
    shut: tuple[Target, ...]  # what could not be had
    scripted: tuple[Target, ...]  # listings that need a browser
    waiting: int  # addresses found and not asked for

    @property
    def cut_short(self) -> bool:
        """Whether the look was broken off."""
        return not self.outcome.startswith(_TO_ITS_END)

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What somebody should do before a crawl, or know; () if the defaults will do."""
        return tuple(_advice(self))

    @property
    def site_file(self) -> str:
        """The draft of a site file in which the keys that may help have to be filled in; "" if none is needed."""
        keys = [advice.key for advice in self.advice if advice.key]
        return "\n".join([f"url = {msgspec.json.encode(self.url).decode()}", *keys, ""]) if keys else ""


async def probed(store: Store, run: Run, url: str) -> Probe:
    """What the store holds of a site after the run that was its first look."""
    slug = run.site
    seen = {result: sorted(await store.examples(slug, result, _MOST), key=_order) for result in Result}
    pages = [target for target in seen[Result.LISTING] if target.kind in (Kind.LISTING, Kind.SEED)]
    further = {page.id for page in pages if page.number}
    firsts = [page for page in pages if not page.number and page.found_on not in further]  # what further pages lead to is the way back
    sections = _with_lists(firsts, [target for targets in seen.values() for target in targets])
    return Probe(
        site=slug,
        url=url,
        requests=run.counters.get("requests", 0),
        outcome=run.outcome,
        robots=tuple(target for targets in seen.values() for target in targets if target.kind is Kind.ROBOTS),
        sources=tuple(target for target in seen[Result.LISTING] if target.kind in (Kind.FEED, Kind.SITEMAP)),
        sections=tuple(sections),
        articles=tuple([article async for article in store.articles(Search(site=slug))]),
        others=(*_pages(seen, _LITTLE), *(page for page in firsts if page not in sections)),
        shut=_pages(seen, _SHUT),
        scripted=tuple(seen[Result.SCRIPTED]),
        waiting=(await store.backlog(slug)).waiting,
    )


def _order(target: Target) -> tuple[int, str]:
    return target.depth, target.visited.isoformat() if target.visited else ""


def _with_lists(pages: Sequence[Target], known: Sequence[Target]) -> list[Target]:
    """The pages with a list of their own: one that shows dates, or that led to something that no page before had shown."""
    led = {target.found_on for target in known if target.kind in (Kind.PAGE, Kind.ARTICLE) and not target.place}
    return [page for page in pages if page.kind is Kind.SEED or page.id in led or DATED in page.detail]


def _pages(seen: Mapping[Result, Sequence[Target]], results: frozenset[Result]) -> tuple[Target, ...]:
    """What was asked for and came to one of these; guesses that missed are nobody's page."""
    found = (target for result in Result if result in results for target in seen[result])
    return tuple(target for target in found if target.kind is not Kind.ROBOTS and not target.place.startswith("guessed"))


def confidence(article: Article) -> float:
    """How sure the reader is of an article's weakest part, 0 to 1; 0 without a date."""
    needed = ("title", "body", "published")
    return min(article.evidence[name].confidence if name in article.evidence else 0.0 for name in needed)


def _advice(probe: Probe) -> Iterator[Advice]:
    if probe.scripted:
        yield Advice(f"{len(probe.scripted)} of its lists are made by scripts: get newscrawl[javascript] and a Chromium")
    if not probe.articles:
        yield _nothing(probe)
        return
    if probe.cut_short:
        yield Advice(f"the look was broken off ({probe.outcome}), so it tells little: look again")
    undated = sum(article.published is None for article in probe.articles)
    if undated > _HALF * len(probe.articles):
        yield Advice(f"{undated} of {len(probe.articles)} articles show no date that could be read: say where it stands", _DATE)
    unsure = [article for article in probe.articles if article.published and confidence(article) < _SURE]
    if len(unsure) > _HALF * len(probe.articles):
        yield Advice("most texts are uncertain: say where they stand", _BODY)


_DATE = '# date = { css = "time.published", zone = "Europe/Berlin" }'
_BODY = '# body = { css = "div.article", drop = [".related"] }'
_ARTICLE = "# article = '/[0-9]{4}/[0-9]{2}/'"
_LISTING = '# listing = ["/news/"]'


def _nothing(probe: Probe) -> Advice:
    why = Counter(target.result for target in probe.shut)
    if why[Result.BLOCKED]:
        return Advice("it shows a captcha or challenge instead of its pages. newscrawl does not try to get round that: ask its owners")
    if why[Result.FORBIDDEN] and not probe.sections:
        return Advice("its robots.txt asks us to leave it alone, and newscrawl does: ask its owners")
    if why[Result.OFF_SITE] and not probe.sections:
        return Advice("its front page leads to another site, see above: probe that one")
    if probe.shut and not probe.sections:
        return Advice("its pages could not be had, see above: check the address, or try again later")
    if probe.cut_short:
        return Advice(f"the look was broken off ({probe.outcome}): look again")
    if probe.scripted:
        return Advice("nothing can be said of its articles before")
    behind_headlines = any(target.kind is Kind.PAGE and not target.place for target in probe.others)
    if behind_headlines or len(probe.sections) > 1:
        return Advice("it lists pages, but none was taken for an article: say what the addresses of articles have in common", _ARTICLE)
    return Advice("no article and no list of them was found: name pages that list articles, or check the address", _LISTING)
