"""What many articles have in common: words, flows, edits, gone, coverage."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import Annotated, Any, TypeVar

import typer

from newscrawl.commands.options import StoreUri, asked, configured, output
from newscrawl.errors import InputError
from newscrawl.store.protocol import Search, Store

T = TypeVar("T")

Query = Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...", help="A query, as for search. None: all articles.")]
Zone = Annotated[str, typer.Option("--zone", help="Whose days since: and until: mean, such as Asia/Shanghai.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1_000, help="Lines at most.")]
Json = Annotated[bool, typer.Option("--json", help="One record a line, all its fields.")]


def words(
    query: Annotated[list[str], typer.Argument(metavar="QUERY...", help="A query, as for search.")],
    *,
    limit: Limit = 40,
    zone: Zone = "UTC",
    json: Json = False,
    store: StoreUri = None,
) -> None:
    """Words that set what a query finds apart from the rest of the archive; counted in samples of 200 and 400 articles."""
    from newscrawl.query.overview_page import words_page
    from newscrawl.query.words import top_words

    found = _answer(store, query, zone, lambda opened, wanted: top_words(opened, wanted, limit))
    _show(found.words, json=json, page=lambda: words_page(found), nothing="No word stands out; a query that finds more may have some.")


def flows(query: Query = None, *, limit: Limit = 40, zone: Zone = "UTC", json: Json = False, store: StoreUri = None) -> None:
    """Who takes what from whom: reprints between sites, added up."""
    from newscrawl.query import flows as reprints
    from newscrawl.query.overview_page import flows_page

    found = _answer(store, query, zone, lambda opened, wanted: reprints.flows(opened, wanted, limit))
    _show(found.flows, json=json, page=lambda: flows_page(found), nothing=f"No reprint between sites is known{_of(query)}.")
    if found.capped:
        typer.echo(f"Only the {found.clusters:,} largest clusters were added up; a narrower query shows all of its own.", err=True)


def edits(query: Query = None, *, limit: Limit = 40, zone: Zone = "UTC", json: Json = False, store: StoreUri = None) -> None:
    """The latest changes that outlets made to articles; `newscrawl diff ID` shows one."""
    from newscrawl.query.overview_page import edits_page

    found = _answer(store, query, zone, lambda opened, wanted: opened.edits(wanted), limit)
    _show(found, json=json, page=lambda: edits_page(found), nothing=f"No edit was seen{_of(query)}.")


def gone(query: Query = None, *, limit: Limit = 40, zone: Zone = "UTC", json: Json = False, store: StoreUri = None) -> None:
    """Articles whose addresses answer "not found" by now, the latest loss first; `newscrawl show ID` still has them."""
    from newscrawl.query.overview_page import gone_page

    found = _answer(store, query, zone, lambda opened, wanted: opened.gone(wanted), limit)
    _show(found, json=json, page=lambda: gone_page(found), nothing=f"Nothing was seen to vanish{_of(query)}.")


def coverage(
    site: Annotated[str, typer.Argument(metavar="SITE", help="Its slug, as `newscrawl sites` shows it.")],
    *,
    days: Annotated[int, typer.Option(min=1, max=10_000, help="Days to the last one with anything on it.")] = 30,
    json: Json = False,
    store: StoreUri = None,
) -> None:
    """How much of what a site's own lists show was read, by day: listed, read, captured but no article, missed."""
    from newscrawl.query import coverage as covered
    from newscrawl.query.overview_page import coverage_page

    found = asked(configured(store).store.uri, lambda opened: covered.coverage(opened, site, days=days))
    if not found.is_known:
        raise InputError(covered.unknown(site))
    _show(found.days, json=json, page=lambda: coverage_page(found), nothing="No day of it can be told.")


def _of(query: list[str] | None) -> str:
    return " of what the query finds" if query else ""


def _answer(
    store: str | None, query: list[str] | None, zone: str, question: Callable[[Store, Search], Coroutine[Any, Any, T]], limit: int = 20
) -> T:
    from newscrawl.query.names import looked_up
    from newscrawl.query.search import parsed_search, time_zone

    wanted = parsed_search(query or [], limit=limit, zone=time_zone(zone))

    async def answer(opened: Store) -> T:
        return await question(opened, await looked_up(opened, wanted))

    return asked(configured(store).store.uri, answer)


def _show(records: Iterable[Any], *, json: bool, page: Callable[[], Any], nothing: str) -> None:
    import msgspec

    found = list(records)
    if json:
        sys.stdout.writelines(msgspec.json.encode(one).decode() + "\n" for one in found)
    elif found:
        output().print(page())
    if not found:
        typer.echo(nothing, err=True)
