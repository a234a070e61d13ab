"""Reading the archive: show, runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newscrawl.commands import history
from newscrawl.commands.options import ArchiveFolder, Site, StoreUri, asked, configured, output
from newscrawl.errors import InputError, StoreError
from newscrawl.models import Article, Capture, Revision, Run, Target
from newscrawl.reprints import Cluster
from newscrawl.store.protocol import Store

if TYPE_CHECKING:
    from newscrawl.query.reprints import Reprints


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
    from newscrawl.query.export.lines import as_json
    from newscrawl.query.present import article_page
    from newscrawl.query.why import reasons_page

    chosen = [name for name, is_set in (("--html", html), ("--json", json), ("--why", why)) if is_set]
    if len(chosen) > 1 or (chosen not in ([], ["--json"]) and (reprints or aliases)):
        others = [name for name, is_set in (("--reprints", reprints), ("--aliases", aliases)) if is_set]
        raise InputError(f"{' and '.join([*chosen, *others])} can't be shown together: choose one")
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
    from newscrawl.store.leading import leading_to

    async def around(store: Store) -> tuple[Article, Reprints | None, list[Target], Mapping[str, str]]:
        article = await history.found(store, key)
        leading = await leading_to(store, article)
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


def runs(
    *,
    site: Site = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Runs at most.")] = 20,
    store: StoreUri = None,
) -> None:
    """List the crawls, latest first."""
    from newscrawl.summary import run_table

    found: list[Run] = asked(configured(store).store.uri, lambda opened: opened.runs(site, limit))
    if site and not found:
        raise InputError(f"No crawl of {site} is known; `newscrawl sites` lists the sites")
    output().print(run_table(found)) if found else typer.echo("No site was crawled yet.", err=True)


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
