"""The same for programs: JSON, read-only, described at /openapi.json."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, NamedTuple

import msgspec
from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi import Path as InPath
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from newscrawl.errors import InputError
from newscrawl.models import Article, Revision
from newscrawl.query.addresses import article_at
from newscrawl.query.counts import FACETS, Bar, Span, facets, timeline
from newscrawl.query.language import FIELDS
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
    at: list[int] | None = None  # where in `q`: its first character, and the first one behind; left out if it is nowhere there


_ETAG = {"ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}}}
_LINK = {"Link": {"description": "The address of the next page, rel=next.", "schema": {"type": "string"}}}
_PROBLEMS: Mapping[int | str, dict[str, Any]] = {
    304: {"description": "Not modified: it is what If-None-Match says."},
    "4XX": {
        "model": Problem,
        "description": "It can't be asked so: 400 says why, 401 that the token lacks, 404 that it is not there, 405 that this only reads.",
    },
    503: {"model": Problem, "description": "The store does not answer, or not in time: ask for less, or later."},
}


class Route(NamedTuple):
    """An address below /api, who answers there, and how it is described."""

    path: str
    answer: Callable[..., Awaitable[Response]]
    kind: Any  # of the JSON; an answer with a `next` has the header Link
    summary: str


def add_routes(app: FastAPI, routes: Iterable[Route], *, asks_token: bool) -> None:
    """Have the application answer at these, in the order in which it describes them."""
    # It only describes: the guard asks everybody, also for pages.
    described = [Depends(HTTPBearer(auto_error=False, description="The token of `newscrawl serve`."))] if asks_token else []
    checked = [Depends(_only_known), *described]
    for path, answer, kind, summary in routes:
        headers = _ETAG | (_LINK if hasattr(kind, "next") else {})
        responses = {200: {"model": kind, "headers": headers}, **_PROBLEMS}
        app.get(path, summary=summary, responses=responses, dependencies=checked, response_class=Response)(answer)


async def _only_known(request: Request) -> None:
    """Raises InputError for a parameter that the route does not have: left alone, it would seem to have been heeded."""
    known = [one.alias for one in request.scope["route"].dependant.query_params]
    for name in request.query_params:
        if name in known:
            continue
        if name in FIELDS and "q" in known:
            raise InputError(f"there is no parameter {name}; write q={name}:{request.query_params[name] or '…'}")
        raise InputError(f"there is no parameter {name}" + (f"; there are {', '.join(known)}" if known else ", nor any"))


def as_problem(message: str, status: int, headers: Mapping[str, str], *, at: tuple[int, int] | None = None) -> Response:
    """What is wrong as JSON; `at` is where in the query."""
    told: dict[str, object] = {"error": message}
    return as_json(told | {"at": at} if at else told, status=status, headers=headers)


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
    store = store_of(request)
    query = await looked_up(store, parsed_query(q, zone=time_zone(zone), limit=limit, order=sort))
    total, asked_for = await store.count(query), continued(query, cursor) if cursor else query
    found = await store.search(replace(asked_for, limit=limit + 1))  # one more tells whether there is a further page
    further = following(asked_for, found)
    return fresh(request, Found(total, found[:limit], further), further)


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
    store = store_of(request)
    found = await article_at(store, key)
    if found is None:
        raise HTTPException(404, "There is no such article.")
    return fresh(request, Told(found, await store.revisions(found.id)))


async def counted(request: Request, q: Text = "", zone: Zone = "UTC", limit: Annotated[int, Query(ge=1, le=1000)] = 10) -> Response:
    """The most frequent values of each field."""
    store = store_of(request)
    found = await facets(store, await asked(store, q, zone), limit)
    return fresh(request, Facets(*([Value(value, count) for value, count in found[field]] for field in FACETS)))


async def bars(request: Request, q: Text = "", zone: Zone = "UTC", by: Span | None = None) -> Response:
    """By day, week or month; without `by` whatever makes a readable number of bars."""
    store = store_of(request)
    return fresh(request, await timeline(store, await asked(store, q, zone), by, zone=time_zone(zone), share=True))


ROUTES = (
    Route("/api/articles", articles, Found, "Articles found; Link names the next page"),
    Route("/api/articles/{key}", article, Told, "One article with its former states"),
    Route("/api/article", article_by_address, Told, "The article at an address, with its former states"),
    Route("/api/facets", counted, Facets, "How many articles of which site, section, author, language"),
    Route("/api/timeline", bars, list[Bar], "How many articles when, and of how many in all"),
)


async def asked(store: Store, q: str, zone: str, limit: int = 20) -> Search:
    """What the store is asked for a query. Raises InputError."""
    return await looked_up(store, parsed_query(q, zone=time_zone(zone), limit=limit))


def fresh(request: Request, value: Any, further: str = "") -> Response:
    """The value as JSON with its ETag and, if there is a further page, its address; 304 and nothing if whoever asks has it already."""
    url = request.url.include_query_params(cursor=further)
    headers = {"Link": f'<{url.path}?{url.query}>; rel="next"'} if further else {}
    answer = as_json(value, headers=headers)
    tag = f'"{hashlib.blake2b(bytes(answer.body), digest_size=16).hexdigest()}"'
    told = {"ETag": tag, "Cache-Control": "private, no-cache"}  # may be kept, but not shown without asking
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers={**headers, **told})
    answer.headers.update(told)
    return answer


def store_of(request: Request) -> Store:
    """What the application was opened over."""
    store: Store = request.app.state.store
    return store


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise NotImplementedError(f"{type(value)} is no JSON")
