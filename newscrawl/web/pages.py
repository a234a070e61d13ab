"""The pages: what each asks of the store and the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from newscrawl.errors import InputError
from newscrawl.models import Article, now
from newscrawl.query.addresses import article_at
from newscrawl.query.citation import bibtex, citation
from newscrawl.query.columns import columns, is_changed
from newscrawl.query.counts import Span, facets, span_of, timeline
from newscrawl.query.coverage import coverage
from newscrawl.query.diff import chosen, pieces, versions
from newscrawl.query.health import health_reports
from newscrawl.query.names import looked_up
from newscrawl.query.pictures import replayed_with_pictures
from newscrawl.query.present import visible
from newscrawl.query.replay import pages_of
from newscrawl.query.reprints import clusters_of, reprints_of
from newscrawl.query.search import parsed_query, time_zone
from newscrawl.query.site import site_report
from newscrawl.query.snippets import marked, snippet
from newscrawl.store.conditions import Field
from newscrawl.store.protocol import Order, Search, Store
from newscrawl.web.charts import drawn
from newscrawl.web.pictures import DAYS, covered, lanes
from newscrawl.web.question import LAST_PAGE, PER_PAGE, Measure, Question
from newscrawl.web.rendering import page

_RUNS = 100
_DAYS = 60  # of a site's coverage
# A few to choose from, a name a region; any other can be written.
ZONES = (
    "UTC",
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
)
_EXCERPT = 260  # columns of a result's excerpt


async def search(store: Store, question: Question) -> HTMLResponse:
    """Results with facets and timeline."""
    query = await looked_up(store, question.search)
    total, found = await store.count(query), await store.search(query)
    counts = await facets(store, query)
    bars = await timeline(store, query, question.by, zone=time_zone(question.zone), share=bool(question.q))
    span = question.by or span_of(bars)
    hits = [(one, *_excerpt(one, query), copies) for one, copies in zip(found, await _copies(store, found), strict=True)]
    last = min(max(-(-total // PER_PAGE), 1), LAST_PAGE)
    return page(
        "search.html",
        question=question,
        hits=hits,
        total=total,
        facets=counts,
        chart=drawn(bars, span, share=bool(question.q) and question.measure is Measure.SHARE),
        span=span,
        measures=list(Measure) if question.q else [],
        spans=list(Span),
        orders=list(Order),
        last=last,
        zones=ZONES,
    )


async def found_at(store: Store, address: str) -> Response:
    """The page of the article at an address."""
    found = await article_at(store, address)
    if found is None:
        raise HTTPException(404, "No article is known at this address. Words of its headline may find it.")
    return RedirectResponse(f"/article/{found.id}", 303)


async def _copies(store: Store, found: Sequence[Article]) -> list[str]:
    """How many copies each article has on all sites, and whose it likely is; "" for those without."""
    clusters = await clusters_of(store, found)
    originals = await store.outlines({cluster.original for cluster in clusters.values()})
    told = []
    for one in found:
        cluster = clusters.get(one.cluster)
        others = len([copy for copy in cluster.copies if copy.article != one.id]) if cluster else 0
        original = originals.get(cluster.original) if cluster else None
        whose = "" if original is None else ", likely the original" if original.id == one.id else f", likely from {original.site}"
        told.append(f"{others} other {'copy' if others == 1 else 'copies'}{whose}" if others else "")
    return told


def _excerpt(article: Article, query: Search) -> tuple[object, object]:
    title = marked(visible(article.title) or "(no title)", query.phrases)
    return title, snippet(visible(article.text), query.phrases, width=_EXCERPT)


async def article(store: Store, key: str, q: str) -> HTMLResponse:
    """An article with what is known about it; the words of a query are marked."""
    found = await _found(store, key)
    words = _words(q)
    former = await store.revisions(found.id)
    reprints = await reprints_of(store, found)
    return page(
        "article.html",
        question=Question(q=q),
        article=found,
        title=marked(visible(found.title) or "(no title)", words),
        paragraphs=[marked(visible(paragraph), words) for paragraph in found.text.split("\n") if paragraph.strip()],
        versions=versions(found, former) if former else [],
        copies=lanes(reprints, found) if reprints else None,
        citation=citation(found),
        bibtex=bibtex(found),
    )


async def changes(store: Store, key: str, numbers: Sequence[int]) -> HTMLResponse:
    """Two states of an article side by side; without numbers the last two."""
    found = await _found(store, key)
    states = versions(found, await store.revisions(found.id))
    old, new = chosen(states, numbers)
    rows = await asyncio.to_thread(lambda: columns(pieces(visible(old.text), visible(new.text))))
    title = await asyncio.to_thread(lambda: columns(pieces(visible(old.title), visible(new.title))))
    facts = [("authors", ", ".join(old.authors), ", ".join(new.authors))] if old.authors != new.authors else []
    return page(
        "changes.html",
        question=Question(),
        article=found,
        states=states,
        old=old,
        new=new,
        title=title,
        facts=facts,
        rows=[(row, is_changed(row)) for row in rows],
    )


async def archived(store: Store, key: str, capture: str) -> HTMLResponse:
    """The frame around an archived page."""
    found, captures = await pages_of(store, key)
    shown = next((one for one in captures if one.id == capture), None)
    if shown is None:
        raise HTTPException(404)
    return page("archived.html", question=Question(), article=found, captures=captures, shown=shown)


async def replayed_page(store: Store, folder: Path, key: str, capture: str, *, after_scripts: bool) -> Response:
    """The archived page itself, under its own policy. Raises ArchiveError."""
    found = next((one for one in (await pages_of(store, key))[1] if one.id == capture), None)
    if found is None:
        raise HTTPException(404)
    came = await replayed_with_pictures(store, folder, found, after_scripts=after_scripts)
    headers = {name: value.encode("latin-1", "replace").decode("latin-1") for name, value in came.headers}
    return Response(came.body, headers=headers)


async def sites(store: Store) -> HTMLResponse:
    """All sites with what there is of them and how their last crawl ended."""
    counts = dict(await store.facet(Search(), Field.SITE))
    latest = await store.latest_runs()
    slugs = sorted(counts.keys() | latest.keys())
    healths = {report.health.site: report.health for report in await health_reports(store, slugs)}
    rows = [(slug, counts.get(slug, 0), latest.get(slug), healths.get(slug)) for slug in slugs]
    alarmed = sum(bool(health.alarms) for health in healths.values())
    return page("sites.html", question=Question(), rows=rows, articles=sum(counts.values()), alarmed=alarmed)


async def runs(store: Store, site: str) -> HTMLResponse:
    """The latest crawls, of one site or of all."""
    return page("runs.html", question=Question(), site=site, runs=await store.runs(site, _RUNS))


async def site(store: Store, slug: str) -> HTMLResponse:
    """One site: its runs, where it is looked at, why pages were left out."""
    report = await site_report(store, slug, url="", at=now())
    if report is None:
        raise HTTPException(404)
    bars = await timeline(store, Search(site=slug))
    question = Question(q=f'site:"{slug}"')
    found = await coverage(store, slug, days=_DAYS)
    health = await health_reports(store, [slug])
    return page(
        "site.html",
        question=question,
        report=report,
        chart=drawn(bars, span_of(bars)),
        span=span_of(bars),
        health=health[0] if health else None,
        coverage=found,
        bars=covered(found),
        high=DAYS,
    )


async def _found(store: Store, key: str) -> Article:
    found = await store.article(key)
    if found is None:
        raise HTTPException(404, "There is no such article.")
    return found


def _words(q: str) -> tuple[str, ...]:
    try:
        return parsed_query(q).phrases
    except InputError:
        return ()  # an article can be shown without
