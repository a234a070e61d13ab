"""Asking the archive: search, with counts and a timeline."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from newscrawl.commands.options import Site, StoreUri, asked, configured, output
from newscrawl.errors import InputError
from newscrawl.models import Article
from newscrawl.query.counts import Bar, Span
from newscrawl.reprints import Cluster
from newscrawl.store.conditions import Field
from newscrawl.store.protocol import Order, Search, Store

QUERY = 'Words that must all be there; "a phrase", -word, OR, (…), title: author: section: lang: site: since: until: cluster:'


def search(
    query: Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...", help=f"{QUERY}. None: the newest.")] = None,
    *,
    site: Site = "",
    since: Annotated[str, typer.Option("--since", help="Published then or later: 2026, 2026-08, 2026-08-31 or a time.")] = "",
    until: Annotated[str, typer.Option("--until", help="Published then or earlier, the day or month itself included.")] = "",
    sort: Annotated[Order, typer.Option("--sort", help="The newest first, or those whose titles have most of the words.")] = Order.NEWEST,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Results at most.")] = 20,
    facets: Annotated[bool, typer.Option("--facets", help="Instead: how many articles of which site, section, author, language.")] = False,
    timeline: Annotated[Span | None, typer.Option("--timeline", help="Instead: how many articles when, and their share of all.")] = None,
    zone: Annotated[str, typer.Option("--zone", help="Whose days are meant, such as Asia/Shanghai.")] = "UTC",
    json: Annotated[bool, typer.Option("--json", help="One article (value, span) a line, all its fields.")] = False,
    store: StoreUri = None,
) -> None:
    """Find articles, and count them. Chinese is found in either script."""
    from newscrawl.query.search import parsed_search, time_zone

    if facets and timeline:
        raise InputError("--facets and --timeline are two questions: ask one")
    reader = time_zone(zone)
    wanted = parsed_search(query or [], site=site, since=since, until=until, limit=limit, order=sort, zone=reader)
    uri = configured(store).store.uri
    if facets:
        _show_facets(asked(uri, lambda opened: _facets(opened, wanted)), json=json)
    elif timeline:
        _show_timeline(asked(uri, lambda opened: _timeline(opened, wanted, timeline, zone)), json=json)
    else:
        _show_articles(*asked(uri, lambda opened: _found(opened, wanted)), wanted, json=json)


def _show_articles(articles: list[Article], clusters: dict[str, Cluster], query: Search, *, json: bool) -> None:
    from newscrawl.query.export.lines import as_json
    from newscrawl.query.present import found

    if json:
        sys.stdout.writelines(as_json(article) + "\n" for article in articles)
    else:
        output().print(found(articles, query.phrases, clusters), end="")
    if not articles:
        typer.echo("Nothing found.", err=True)


def _show_facets(found: dict[Field, list[tuple[str, int]]], *, json: bool) -> None:
    import msgspec

    from newscrawl.query.counts_page import facet_page

    if json:
        lines = [{"field": field.value, "value": value, "articles": count} for field, values in found.items() for value, count in values]
        sys.stdout.writelines(msgspec.json.encode(line).decode() + "\n" for line in lines)
    else:
        output().print(facet_page(found))


def _show_timeline(bars: list[Bar], *, json: bool) -> None:
    import msgspec

    from newscrawl.query.counts_page import timeline_page

    if json:
        sys.stdout.writelines(msgspec.json.encode(bar).decode() + "\n" for bar in bars)
    else:
        output().print(timeline_page(bars))
    if not bars:
        typer.echo("Nothing found.", err=True)


async def _found(store: Store, query: Search) -> tuple[list[Article], dict[str, Cluster]]:
    from newscrawl.query.names import looked_up
    from newscrawl.query.reprints import clusters_of

    articles = await store.search(await looked_up(store, query))
    return articles, await clusters_of(store, articles)


async def _facets(store: Store, query: Search) -> dict[Field, list[tuple[str, int]]]:
    from newscrawl.query.counts import facets
    from newscrawl.query.names import looked_up

    return await facets(store, await looked_up(store, query), query.limit)


async def _timeline(store: Store, query: Search, span: Span, zone: str) -> list[Bar]:
    from newscrawl.query.counts import timeline
    from newscrawl.query.names import looked_up
    from newscrawl.query.search import time_zone

    return await timeline(store, await looked_up(store, query), span, zone=time_zone(zone), share=True)
