"""Pages and feeds of what many articles have in common: words, reprint flows, edits, losses; and a search as an Atom feed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse

from newscrawl.models import now
from newscrawl.query.diff import Piece, pieces
from newscrawl.query.flows import flows
from newscrawl.query.names import looked_up
from newscrawl.query.present import visible
from newscrawl.query.snippets import snippet
from newscrawl.query.words import top_words
from newscrawl.store.overview import Edit
from newscrawl.store.protocol import Search, Store
from newscrawl.web.pictures import drawn_flows
from newscrawl.web.question import LAST_PAGE, PER_PAGE, Question
from newscrawl.web.rendering import feed, page

_FED = 50  # entries of a feed
_WORDS = 60
_FLOWS = 200  # lines of the table


def add_routes(app: FastAPI) -> None:
    """The views of a question beside the list of articles."""
    for path, view in {"/words": _words, "/flows": _flows, "/edits": _edits, "/gone": _gone}.items():
        app.get(path, include_in_schema=False, response_class=HTMLResponse)(view)
    app.get("/feed.atom", include_in_schema=False)(_feed)
    app.get("/edits.atom", include_in_schema=False)(_edits_feed)


def _question(
    request: Request,
    q: Annotated[str, Query(max_length=2000)] = "",
    zone: Annotated[str, Query(max_length=60)] = "UTC",
    number: Annotated[int, Query(alias="page", ge=1, le=LAST_PAGE)] = 1,
) -> Question:
    return Question(q, zone=zone or "UTC", page=number, path=request.url.path)


Asked = Annotated[Question, Depends(_question)]


async def _words(request: Request, question: Asked) -> Response:
    store, query = await _looked_up(request, question)
    found = await top_words(store, query, _WORDS) if question.q.strip() else None
    return page("words.html", question=question, found=found)


async def _flows(request: Request, question: Asked) -> Response:
    store, query = await _looked_up(request, question)
    found = await flows(store, query)
    return page("flows.html", question=question, found=found, shown=found.flows[:_FLOWS], picture=drawn_flows(found.flows))


async def _edits(request: Request, question: Asked) -> Response:
    store, query = await _looked_up(request, question)
    found = await store.edits(_one_more(query))
    rows = [(edit, _headline(edit)) for edit in found[:PER_PAGE]]
    return page("edits.html", question=question, rows=rows, more=len(found) > PER_PAGE)


async def _gone(request: Request, question: Asked) -> Response:
    store, query = await _looked_up(request, question)
    found = await store.gone(_one_more(query))
    return page("gone.html", question=question, rows=found[:PER_PAGE], more=len(found) > PER_PAGE)


async def _feed(request: Request, question: Asked) -> Response:
    """The newest articles of a saved search."""
    store, query = await _looked_up(request, question)
    found = await store.search(replace(query, limit=_FED, offset=0))
    entries = [(one, snippet(visible(one.text), query.phrases, width=400).text) for one in found]
    updated = max((one.changed or one.first_seen for one in found), default=now())
    return feed("feed.xml", base=_base(request), question=question.seen_at("/"), entries=entries, updated=updated)


async def _edits_feed(request: Request, question: Asked) -> Response:
    """The latest edits of a saved search."""
    store, query = await _looked_up(request, question)
    found = await store.edits(replace(query, limit=_FED, offset=0))
    updated = max((edit.replaced for edit in found), default=now())
    return feed("edits.xml", base=_base(request), question=question.seen_at("/edits"), edits=found, updated=updated)


async def _looked_up(request: Request, question: Question) -> tuple[Store, Search]:
    store: Store = request.app.state.store
    return store, await looked_up(store, question.search)


def _one_more(query: Search) -> Search:
    """One more than a page shows tells whether there is another."""
    return replace(query, limit=query.limit + 1)


def _headline(edit: Edit) -> list[Piece]:
    """The headline before and after, if it was changed."""
    is_last = edit.number + 1 == edit.article.revision  # else the headline that followed is none that an outline has
    return pieces(visible(edit.title), visible(edit.article.title)) if is_last and "title" in edit.changed else []


def _base(request: Request) -> str:
    """Where a reader of feeds finds us; the name was checked by the host list."""
    return str(request.base_url).rstrip("/")
