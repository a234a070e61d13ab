"""The application: its routes, what every answer carries, and how errors look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Request, Response
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from newscrawl import __version__
from newscrawl.errors import ArchiveError, InputError, NewscrawlError, QueryError
from newscrawl.query.addresses import is_address
from newscrawl.query.counts import Span
from newscrawl.store import open_store
from newscrawl.store.protocol import Order, Search, Store
from newscrawl.web import answers, overview, overview_answers, pages
from newscrawl.web.guard import Guard, Named
from newscrawl.web.question import LAST_PAGE, Measure, Question
from newscrawl.web.rendering import ICON, STYLE, page

Id = Annotated[str, InPath(pattern="^[0-9a-f]{8,64}$")]
Name = Annotated[str, InPath(max_length=200)]

_MESSAGES = {
    400: "This server is not known by the name that it was called: use the address that `newscrawl serve` told.",
    401: "This archive asks for its token: as the password of any user, or in the header Authorization: Bearer TOKEN.",
    404: "There is no such page.",
    405: "This only reads: use GET.",
}


def make_app(
    uri: str, folder: Path, *, hosts: Sequence[str] = ("127.0.0.1", "localhost", "[::1]"), token: str = "", seconds: float = 10.0
) -> FastAPI:
    """The application over the store at `uri` and the archive in `folder`; it answers only to the names in `hosts`, "*" for any.

    With a token it answers only to whoever tells it. A question is given up after so many seconds.
    """

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        store = open_store(uri)
        try:
            await store.open()
            app.state.store, app.state.folder = store, folder
            # A first question makes the store look at all it has, so that the first reader need not wait for it.
            first = asyncio.create_task(store.count(Search()))
            yield
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
        finally:
            await store.close()

    # The pages that FastAPI has for its own description load scripts from elsewhere.
    app = FastAPI(title="newscrawl", version=__version__, lifespan=opened, docs_url=None, redoc_url=None)
    app.add_middleware(Named, hosts=hosts, failure=_failure)
    app.add_middleware(Guard, token=token, seconds=seconds, failure=_failure)
    app.exception_handler(NewscrawlError)(_failed)
    app.exception_handler(HTTPException)(_failed)
    app.exception_handler(RequestValidationError)(_failed)
    _add_routes(app)
    answers.add_routes(app, (*answers.ROUTES, *overview_answers.ROUTES), asks_token=bool(token))
    return app


def _add_routes(app: FastAPI) -> None:
    app.get("/style.css", include_in_schema=False)(_style)
    app.get("/icon.svg", include_in_schema=False)(_icon)
    app.get("/", include_in_schema=False, response_class=HTMLResponse)(_search)
    app.get("/article/{key}", include_in_schema=False, response_class=HTMLResponse)(_article)
    app.get("/article/{key}/changes", include_in_schema=False, response_class=HTMLResponse)(_changes)
    app.get("/archived/{key}/{capture}", include_in_schema=False, response_class=HTMLResponse)(_archived)
    app.get("/archived/{key}/{capture}/{state}", include_in_schema=False)(_replayed)
    app.get("/runs", include_in_schema=False, response_class=HTMLResponse)(_runs)
    app.get("/sites", include_in_schema=False, response_class=HTMLResponse)(_sites)
    app.get("/sites/{slug}", include_in_schema=False, response_class=HTMLResponse)(_site)
    overview.add_routes(app)


async def _failed(request: Request, error: Exception) -> Response:
    return _failure(request, error)


def _failure(request: Request, error: Exception | int) -> Response:
    """What is answered instead, as a page or, below /api, as JSON."""
    status, message = (error, _MESSAGES[error]) if isinstance(error, int) else _told(error)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    query = error if isinstance(error, QueryError) else None
    if request.url.path.startswith("/api/"):
        return answers.as_problem(message, status, headers, at=(query.start, query.end) if query else None)
    asked = request.query_params.get("q", "")
    return page("error.html", status=status, headers=headers, code=status, message=message, query=query, question=Question(q=asked))


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, HTTPException):
        unsaid = error.detail == HTTPStatus(error.status_code).phrase  # a framework's own words
        return error.status_code, _MESSAGES.get(error.status_code, error.detail) if unsaid else error.detail
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        return 400, f"{first['loc'][-1]}: {first['msg']}"
    if isinstance(error, QueryError):
        return 400, error.reason
    return (400 if isinstance(error, InputError) else 404 if isinstance(error, ArchiveError) else 503), str(error)


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _folder(request: Request) -> Path:
    folder: Path = request.app.state.folder
    return folder


def _style() -> Response:
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _icon() -> Response:
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})


async def _search(
    request: Request,
    *,
    q: Annotated[str, Query(max_length=2000)] = "",
    sort: Order = Order.NEWEST,
    by: Span | None = None,
    measure: Annotated[Measure, Query(alias="as")] = Measure.COUNT,
    zone: Annotated[str, Query(max_length=60)] = "UTC",
    number: Annotated[int, Query(alias="page", ge=1, le=LAST_PAGE)] = 1,
) -> Response:
    if is_address(q):
        return await pages.found_at(_store(request), q)
    return await pages.search(_store(request), Question(q, sort, by, zone or "UTC", number, measure))


async def _article(request: Request, key: Id, q: Annotated[str, Query(max_length=2000)] = "") -> Response:
    return await pages.article(_store(request), key, q)


async def _changes(request: Request, key: Id, a: Annotated[int, Query(ge=0)] = 0, b: Annotated[int, Query(ge=0)] = 0) -> Response:
    return await pages.changes(_store(request), key, [number for number in (a, b) if number])


async def _archived(request: Request, key: Id, capture: Name) -> Response:
    return await pages.archived(_store(request), key, capture)


async def _replayed(request: Request, key: Id, capture: Name, state: Literal["served", "made"]) -> Response:
    return await pages.replayed_page(_store(request), _folder(request), key, capture, after_scripts=state == "made")


async def _runs(request: Request, site: Annotated[str, Query(max_length=200)] = "") -> Response:
    return await pages.runs(_store(request), site)


async def _sites(request: Request) -> Response:
    return await pages.sites(_store(request))


async def _site(request: Request, slug: Name) -> Response:
    return await pages.site(_store(request), slug)
