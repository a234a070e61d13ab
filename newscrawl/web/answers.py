"""The same for programs: JSON, read-only, described at /openapi.json."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi import Path as InPath
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from newscrawl.models import Article, Revision
from newscrawl.query.addresses import article_at
from newscrawl.query.counts import FACETS, Bar, Span, facets, timeline
from newscrawl.query.names import looked_up
from newscrawl.query.search import parsed_query, time_zone
from newscrawl.store.protocol import Order, Search, Store
from newscrawl.web.cursor import continued, following

MOST = 100  # articles of an answer; an export has no such bound

Text = Annotated[str, Query(max_length=2000, description="A query, as for `newscrawl search`.")]
Zone = Annotated[str, Query(max_length=60, description="Whose days are meant, such as Asia/Shanghai.")]
Key = Annotated[str, InPath(pattern="^[0-9a-f]{8,64}$", description="An article's id, or the beginning of one.")]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of articles."""

    total: int  # of all articles found, exactly
    articles: Sequence[Article]
    next: str  # the cursor of the next page, "" if this is the last one; the header Link has its address


@dataclass(frozen=True, slots=True)
class Told:
    """An article and its former states, oldest first."""

    article: Article
    revisions: Sequence[Revision]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a field, and how many of the articles found have it, exactly."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The most frequent values of each field."""

    site: Sequence[Value]
    section: Sequence[Value]
    authors: Sequence[Value]
    language: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do."""

    error: str


_ETAG = {"ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}}}
_LINK = {"Link": {"description": "The address of the next page, rel=next.", "schema": {"type": "string"}}}
_PROBLEMS: Mapping[int | str, dict[str, Any]] = {
    304: {"description": "Not modified: it is what If-None-Match says."},
    "4XX": {
        "model": Problem,
        "description": "It can't be asked like this: 400 says why, 401 that the token lacks, 404 that it is not there.",
    },
    503: {"model": Problem, "description": "The store does not answer, or not in time: ask for less, or later."},
}


def add_routes(app: FastAPI, *, asks_token: bool) -> None:
    """Everything below /api."""
    # It only describes: the guard asks everybody, also for pages.
    described = [Depends(HTTPBearer(auto_error=False, description="The token of `newscrawl serve`."))] if asks_token else []
    for path, answer, kind, summary in (
        ("/api/articles", articles, Found, "Articles found; Link names the next page"),
        ("/api/articles/{key}", article, Told, "One article with its former states"),
        ("/api/article", article_by_address, Told, "The article at an address, with its former states"),
        ("/api/facets", counted, Facets, "How many articles of which site, section, author, language"),
        ("/api/timeline", bars, list[Bar], "How many articles when, and of how many in all"),
    ):
        headers = _ETAG | (_LINK if kind is Found else {})
        responses = {200: {"model": kind, "headers": headers}, **_PROBLEMS}
        app.get(path, summary=summary, responses=responses, dependencies=described, response_class=Response)(answer)


def as_json(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Records as JSON, times in ISO 8601."""
    return Response(msgspec.json.encode(value, enc_hook=_written), status, dict(headers or {}), "application/json")


async def articles(
    request: Request,
    *,
    q: Text = "",
    zone: Zone = "UTC",
    sort: Order = Order.NEWEST,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
    cursor: Annotated[str, Query(max_length=200, description="The `next` of the page before; none for the first page.")] = "",
) -> Response:
    """How many were found, and a page of them. Articles that come meanwhile move no page of `newest`."""
    store = _store(request)
    query = parsed_query(q, zone=time_zone(zone), limit=limit, order=sort)
    query = await looked_up(store, query)
    total = await store.count(query)
    found = await store.search(continued(query, cursor) if cursor else query)
    further = following(continued(query, cursor) if cursor else query, found, total)
    url = request.url.include_query_params(cursor=further)
    return _fresh(request, Found(total, found, further), {"Link": f'<{url.path}?{url.query}>; rel="next"'} if further else {})


async def article(request: Request, key: Key) -> Response:
    """By id."""
    return await _told_of(request, key)


async def article_by_address(
    request: Request,
    url: Annotated[str, Query(min_length=1, max_length=2000, description="Its own, or any that leads there.")],
) -> Response:
    """By any address at which its site shows it."""
    return await _told_of(request, url)


async def _told_of(request: Request, key: str) -> Response:
    store = _store(request)
    found = await article_at(store, key)
    if found is None:
        raise HTTPException(404, "There is no such article.")
    return _fresh(request, Told(found, await store.revisions(found.id)))


async def counted(request: Request, q: Text = "", zone: Zone = "UTC", limit: Annotated[int, Query(ge=1, le=1000)] = 10) -> Response:
    """The most frequent values of each field."""
    store = _store(request)
    found = await facets(store, await _asked(store, q, zone), limit)
    return _fresh(request, Facets(*([Value(value, count) for value, count in found[field]] for field in FACETS)))


async def bars(request: Request, q: Text = "", zone: Zone = "UTC", by: Span | None = None) -> Response:
    """By day, week or month; without `by` whatever makes a readable number of bars."""
    store = _store(request)
    return _fresh(request, await timeline(store, await _asked(store, q, zone), by, zone=time_zone(zone), share=True))


async def _asked(store: Store, q: str, zone: str) -> Search:
    return await looked_up(store, parsed_query(q, zone=time_zone(zone)))


def _fresh(request: Request, value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """The value as JSON with its ETag; 304 and nothing if whoever asks has it already."""
    answer = as_json(value, headers=headers)
    tag = f'"{hashlib.blake2b(bytes(answer.body), digest_size=16).hexdigest()}"'
    told = {"ETag": tag, "Cache-Control": "private, no-cache"}  # may be kept, but not shown without asking
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers={**(headers or {}), **told})
    answer.headers.update(told)
    return answer


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise NotImplementedError(f"{type(value)} is no JSON")
