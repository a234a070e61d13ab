"""The same for programs: JSON, read-only, described at /openapi.json."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Query, Request, Response
from fastapi import Path as InPath
from starlette.exceptions import HTTPException

from newscrawl.query.counts import Span, facets, timeline
from newscrawl.query.names import looked_up
from newscrawl.query.search import parsed_query, time_zone
from newscrawl.store.protocol import Order, Search, Store

MOST = 100  # articles of an answer
FURTHEST = 10_000  # articles that can be paged through; an export has no such bound

Text = Annotated[str, Query(max_length=2000, description="A query, as for `newscrawl search`.")]
Zone = Annotated[str, Query(max_length=60, description="Whose days are meant, such as Asia/Shanghai.")]


def add_routes(app: FastAPI) -> None:
    """Everything below /api."""
    app.get("/api/articles", summary="Articles found; Link names the next page")(articles)
    app.get("/api/articles/{key}", summary="One article with its former states")(article)
    app.get("/api/facets", summary="How many articles of which site, section, author, language")(counted)
    app.get("/api/timeline", summary="How many articles when, and of how many in all")(bars)


def as_json(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Records as JSON, times in ISO 8601."""
    return Response(msgspec.json.encode(value, enc_hook=_written), status, headers, "application/json")


async def articles(
    request: Request,
    *,
    q: Text = "",
    zone: Zone = "UTC",
    sort: Order = Order.NEWEST,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
    offset: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
) -> Response:
    """How many were found, and a page of them."""
    store: Store = request.app.state.store
    query = replace(await _asked(store, q, zone), limit=limit, offset=offset, order=sort)
    total, found = await store.count(query), await store.search(query)
    following = offset + limit
    more = following < min(total, FURTHEST)
    url = request.url.include_query_params(offset=following)
    headers = {"Link": f'<{url.path}?{url.query}>; rel="next"'} if more else None
    return as_json({"total": total, "articles": found}, headers=headers)


async def article(request: Request, key: Annotated[str, InPath(pattern="^[0-9a-f]{8,64}$")]) -> Response:
    """By id."""
    store: Store = request.app.state.store
    found = await store.article(key)
    if found is None:
        raise HTTPException(404)
    return as_json({"article": found, "revisions": await store.revisions(found.id)})


async def counted(request: Request, q: Text = "", zone: Zone = "UTC", limit: Annotated[int, Query(ge=1, le=1000)] = 10) -> Response:
    """The most frequent values of each field."""
    store: Store = request.app.state.store
    found = await facets(store, await _asked(store, q, zone), limit)
    return as_json({field.value: [{"value": value, "articles": count} for value, count in values] for field, values in found.items()})


async def bars(request: Request, q: Text = "", zone: Zone = "UTC", by: Span | None = None) -> Response:
    """By day, week or month; without `by` whatever makes a readable number of bars."""
    store: Store = request.app.state.store
    return as_json(await timeline(store, await _asked(store, q, zone), by, zone=time_zone(zone), share=True))


async def _asked(store: Store, q: str, zone: str) -> Search:
    return await looked_up(store, parsed_query(q, zone=time_zone(zone)))


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise NotImplementedError(f"{type(value)} is no JSON")
