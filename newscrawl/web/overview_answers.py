"""What many articles have in common, for programs: what the commands `words`, `flows`, `edits`, `gone` and `coverage` tell, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path as InPath
from fastapi import Query, Request, Response
from starlette.exceptions import HTTPException

from newscrawl.query.coverage import Coverage, coverage
from newscrawl.query.flows import Flows, flows
from newscrawl.query.words import Words, top_words
from newscrawl.store.overview import Edit, Outline, loss_place
from newscrawl.web.answers import Route, Text, Zone, asked, fresh, store_of
from newscrawl.web.cursor import edits_behind, losses_behind, written_place

MOST = 1_000  # rows of an answer: they hold no texts

Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[str, Query(max_length=200, description="The `next` of the page before; none for the first page.")]


@dataclass(frozen=True, slots=True)
class Edits:
    """A page of edits."""

    edits: Sequence[Edit]  # the latest first
    next: str  # the cursor of the next page, "" if this is the last one; the header Link has its address


@dataclass(frozen=True, slots=True)
class Losses:
    """A page of articles whose addresses answer "not found" by now."""

    articles: Sequence[Outline]  # the latest loss first
    next: str  # as of Edits


async def words(request: Request, q: Text = "", zone: Zone = "UTC", limit: Limit = 40) -> Response:
    """The weightiest first; `found` and `known` are counted in samples of the sizes that the answer tells."""
    store = store_of(request)
    return fresh(request, await top_words(store, await asked(store, q, zone), limit))


async def taken(request: Request, q: Text = "", zone: Zone = "UTC", limit: Limit = 40) -> Response:
    """Reprints between sites, added up, the largest flow first."""
    store = store_of(request)
    return fresh(request, await flows(store, await asked(store, q, zone), limit))


async def edits(request: Request, q: Text = "", zone: Zone = "UTC", limit: Limit = 40, cursor: Cursor = "") -> Response:
    """The latest first. Edits that come meanwhile move no page."""
    store = store_of(request)
    found = await store.edits(await asked(store, q, zone, limit + 1), edits_behind(cursor))
    page = found[:limit]
    further = written_place(*page[-1].place) if len(found) > limit else ""
    return fresh(request, Edits(page, further), further)


async def gone(request: Request, q: Text = "", zone: Zone = "UTC", limit: Limit = 40, cursor: Cursor = "") -> Response:
    """The latest loss first. Losses that are noticed meanwhile move no page."""
    store = store_of(request)
    found = await store.gone(await asked(store, q, zone, limit + 1), losses_behind(cursor))
    page = found[:limit]
    further = written_place(*loss_place(page[-1])) if len(found) > limit else ""
    return fresh(request, Losses(page, further), further)


async def covered(
    request: Request,
    site: Annotated[str, InPath(max_length=200, description="A site's slug.")],
    days: Annotated[int, Query(ge=1, le=10_000, description="Days to the last one with anything on it.")] = 30,
) -> Response:
    """The latest day first."""
    found = await coverage(store_of(request), site, days=days)
    if not found.is_known:
        raise HTTPException(404, "Nothing of such a site is known.")
    return fresh(request, found)


ROUTES = (
    Route("/api/words", words, Words, "Words that set the articles found apart from the rest of the archive"),
    Route("/api/flows", taken, Flows, "Who takes what from whom: reprints between sites"),
    Route("/api/edits", edits, Edits, "Changes that outlets made to the articles found; Link names the next page"),
    Route("/api/gone", gone, Losses, "Articles found that have vanished from their addresses; Link names the next page"),
    Route("/api/coverage/{site}", covered, Coverage, "How much of what a site's own lists show was read, by day"),
)
