"""Reading the archive: show, export, runs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from newscrawl.commands import history
from newscrawl.commands.options import ArchiveFolder, Since, Site, StoreUri, Until, asked, configured, counted, output
from newscrawl.config import Config
from newscrawl.errors import InputError, PartialError, StoreError
from newscrawl.models import Article, Capture, Revision, Run, Target
from newscrawl.reprints import Cluster
from newscrawl.store.protocol import Search, Store

if TYPE_CHECKING:
    from newscrawl.query.reprints import Reprints
    from newscrawl.query.wacz import Exported


class Format(StrEnum):
    """Formats of an export."""

    JSONL = "jsonl"
    CSV = "csv"
    WACZ = "wacz"


def show(
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, its first 8 characters or more, or its address.")],
    *,
    html: Annotated[bool, typer.Option("--html", help="The page as it was served, out of the archive.")] = False,
    json: Annotated[bool, typer.Option("--json", help="All fields; with --reprints or --aliases, all of these.")] = False,
    reprints: Annotated[bool, typer.Option("--reprints", help="Its copies on all sites, the likely original first.")] = False,
    aliases: Annotated[bool, typer.Option("--aliases", help="The addresses at which its site shows it, and what joined them.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="Where each field comes from, how sure it is, and what was left out or mended.")
    ] = False,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Show one article: its text, the page it was read from, why it was read so, its copies, its addresses."""
    from newscrawl.query.export import as_json
    from newscrawl.query.present import article_page
    from newscrawl.query.why import reasons_page

    config = configured(store, archive)
    if reprints or aliases:
        _show_around(config.store.uri, article, reprints=reprints, aliases=aliases, json=json)
        return
    record, revisions, capture, cluster = asked(config.store.uri, lambda opened: _article(opened, article))
    if html:
        _write_page(config.archive_folder, capture)
    elif json:
        sys.stdout.write(as_json(record) + "\n")
    elif why:
        output().print(reasons_page(record))
    else:
        output().print(article_page(record, revisions, cluster))


def _show_around(uri: str, key: str, *, reprints: bool, aliases: bool, json: bool) -> None:
    """Print the tables that were asked for, or what is in them as JSON."""
    import msgspec

    from newscrawl.jobs.parting import rules
    from newscrawl.query.reprints import alias_table, aliases_told, reprint_table, reprints_of, reprints_told

    async def around(store: Store) -> tuple[Article, Reprints | None, list[Target], Mapping[str, str]]:
        article = await history.found(store, key)
        leading = await store.leading_to(article.site, article.url)
        return article, await reprints_of(store, article), leading, await rules(store, article, leading)

    article, copies, leading, because = asked(uri, around)
    known = list(aliases_told(article, leading, because))
    if json:
        told: dict[str, object] = {"article": article.id}
        told |= {"reprints": reprints_told(copies) if copies else []} if reprints else {}
        told |= {"aliases": known} if aliases else {}
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        return
    if reprints and copies is None:
        typer.echo(f"{article.id} has no copies that are known.", err=True)
    elif reprints and copies is not None:
        output().print(reprint_table(copies, article))
    if aliases:
        output().print(alias_table(known))


def export(
    words: Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...", help="A query, as for search. None: all articles.")] = None,
    *,
    format: Annotated[  # noqa: A002 - the option's name
        Format, typer.Option("--format", help="JSON Lines with all fields, CSV for spreadsheets, WACZ with the archived pages.")
    ] = Format.JSONL,
    out: Annotated[Path, typer.Option("--out", help="The file to write; - is standard output.", allow_dash=True)] = Path("-"),
    bom: Annotated[bool, typer.Option("--bom", help="Begin CSV with a byte order mark: without it Excel shows Chinese garbled.")] = False,
    site: Site = "",
    since: Since = "",
    until: Until = "",
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Write articles to a file, in the order they were first seen. WACZ of a whole site holds all its pages, else those of the articles."""
    from newscrawl.query.export import export_csv, export_jsonl
    from newscrawl.query.search import parsed_search

    config, query = configured(store, archive), parsed_search(words or [], site=site, since=since, until=until)
    if bom and format is not Format.CSV:
        raise InputError(f"--bom is for CSV; {format} files have none")
    if format is Format.WACZ:
        _export_wacz(config, query, out)
        return
    write = export_csv if format is Format.CSV else export_jsonl
    with _written(out) as file:
        file.write("\ufeff" * bom)
        count = asked(config.store.uri, lambda opened: _exported(opened, query, partial(write, out=file)))
    typer.echo(f"{counted(count, 'article')} written to {'standard output' if str(out) == '-' else out}", err=True)


def _export_wacz(config: Config, query: Search, out: Path) -> None:
    from newscrawl.query.names import looked_up
    from newscrawl.query.wacz import export_wacz

    if str(out) == "-":
        raise InputError("a WACZ file can't go to standard output: name it with --out FILE.wacz")

    async def exported(store: Store) -> Exported:
        return await export_wacz(store, config.archive_folder, await looked_up(store, query), out)

    came = asked(config.store.uri, exported)
    for trouble in came.troubles:
        typer.echo(trouble, err=True)
    typer.echo(f"{counted(came.articles, 'article')} and {counted(came.captures, 'capture')} written to {out}", err=True)
    if came.troubles:
        raise PartialError(f"{counted(len(came.troubles), 'capture')} could not be taken along; `newscrawl archive verify` tells more")


def runs(
    *,
    site: Site = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Runs at most.")] = 20,
    store: StoreUri = None,
) -> None:
    """List the crawls, latest first."""
    from newscrawl.summary import run_table

    found: list[Run] = asked(configured(store).store.uri, lambda opened: opened.runs(site, limit))
    output().print(run_table(found)) if found else typer.echo("No site was crawled yet.", err=True)


async def _exported(store: Store, query: Search, write: Callable[[AsyncIterator[Article]], Awaitable[int]]) -> int:
    from newscrawl.query.names import looked_up

    return await write(store.articles(await looked_up(store, query)))


async def _article(store: Store, key: str) -> tuple[Article, list[Revision], Capture | None, Cluster | None]:
    from newscrawl.query.reprints import clusters_of

    article = await history.found(store, key)
    cluster = (await clusters_of(store, [article])).get(article.cluster)
    return article, await store.revisions(article.id), await store.capture(article.capture), cluster


def _write_page(folder: Path, capture: Capture | None) -> None:
    """Write a captured page's bytes to standard output."""
    from newscrawl.archive.warc import read_capture

    if capture is None:
        raise StoreError("the store names no capture for this article; run `newscrawl doctor`")
    sys.stdout.flush()
    sys.stdout.buffer.write(read_capture(folder, capture).body)


@contextlib.contextmanager
def _written(out: Path) -> Iterator[TextIO]:
    """A text file that appears under its name only when it is whole; standard output for "-"."""
    if str(out) == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    part = out.with_name(out.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(out)
    except OSError as error:
        raise InputError(f"{out}: can't be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
