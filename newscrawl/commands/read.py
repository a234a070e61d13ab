"""Asking the archive: search, show, export, runs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from newscrawl.commands.options import ArchiveFolder, Since, Site, StoreUri, Until, asked, configured, output
from newscrawl.errors import InputError, StoreError
from newscrawl.models import Article, Capture, Revision, Run
from newscrawl.store.protocol import Store


class Format(StrEnum):
    """Formats of an export."""

    JSONL = "jsonl"
    CSV = "csv"


def search(
    words: Annotated[list[str] | None, typer.Argument(help='Words that must all be there; "a phrase" in quotes. None: the newest.')] = None,
    *,
    site: Site = "",
    since: Since = "",
    until: Until = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Results at most.")] = 20,
    json: Annotated[bool, typer.Option("--json", help="One article a line, all its fields.")] = False,
    store: StoreUri = None,
) -> None:
    """Find articles, newest first. Chinese is found in either script."""
    from newscrawl.query.export import as_json
    from newscrawl.query.present import found
    from newscrawl.query.search import parsed_search

    query = parsed_search(words or [], site=site, since=since, until=until, limit=limit)
    articles = asked(configured(store).store.uri, lambda opened: opened.search(query))
    if json:
        sys.stdout.writelines(as_json(article) + "\n" for article in articles)
    else:
        output().print(found(articles, query.words), end="")
    if not articles:
        typer.echo("Nothing found.", err=True)


def show(
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, its first 8 characters or more, or its address.")],
    *,
    html: Annotated[bool, typer.Option("--html", help="The page as it was served, out of the archive.")] = False,
    json: Annotated[bool, typer.Option("--json", help="All fields.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="Where each field comes from, how sure it is, and what was left out or mended.")
    ] = False,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Show one article: its text, the page it was read from, or why it was read so."""
    from newscrawl.query.export import as_json
    from newscrawl.query.present import article_page
    from newscrawl.query.why import reasons_page

    config = configured(store, archive)
    record, revisions, capture = asked(config.store.uri, lambda opened: _article(opened, article))
    if html:
        _write_page(config.archive_folder, capture)
    elif json:
        sys.stdout.write(as_json(record) + "\n")
    elif why:
        output().print(reasons_page(record))
    else:
        output().print(article_page(record, revisions))


def export(
    *,
    format: Annotated[Format, typer.Option("--format", help="JSON Lines with all fields, or CSV for spreadsheets.")] = Format.JSONL,  # noqa: A002 - the option's name
    out: Annotated[Path, typer.Option("--out", help="The file to write; - is standard output.", allow_dash=True)] = Path("-"),
    site: Site = "",
    since: Since = "",
    until: Until = "",
    store: StoreUri = None,
) -> None:
    """Write articles to a file, in the order they were first seen."""
    from newscrawl.query.export import export_csv, export_jsonl
    from newscrawl.query.search import parsed_search

    query = parsed_search([], site=site, since=since, until=until)
    write = export_csv if format is Format.CSV else export_jsonl
    with _written(out) as file:
        count = asked(configured(store).store.uri, lambda opened: write(opened.articles(query), file))
    typer.echo(f"{count} articles written to {'standard output' if str(out) == '-' else out}", err=True)


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


async def _article(store: Store, key: str) -> tuple[Article, list[Revision], Capture | None]:
    article = await store.article(key)
    if article is None:
        raise InputError(f"{key}: no such article; `newscrawl search` shows ids. An id may be cut to 8 characters if it stays the only one")
    return article, await store.revisions(article.id), await store.capture(article.capture)


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
