"""Taking articles out of the archive: export."""

from __future__ import annotations

import errno
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newscrawl.commands.options import ArchiveFolder, Since, Site, StoreUri, Until, asked, configured, counted, sqlite_file
from newscrawl.commands.work import Shown
from newscrawl.config import Config
from newscrawl.errors import ArchiveError, ConfigError, InputError, PartialError
from newscrawl.store.protocol import Search, Store

if TYPE_CHECKING:
    from newscrawl.query.export.work import Mark, Writer
    from newscrawl.query.wacz import Exported

STDOUT = Path("-")


class Format(StrEnum):
    """Formats of an export."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    SQLITE = "sqlite"
    HTML = "html"
    WACZ = "wacz"


class Separator(StrEnum):
    """What stands between two cells of CSV."""

    COMMA = ","
    SEMICOLON = ";"


_LINES = (Format.JSONL, Format.CSV)
_FOLDERS = (Format.PARQUET, Format.HTML)  # each article is gathered, then written
_WHAT = {
    Format.PARQUET: "a folder of Parquet files",
    Format.SQLITE: "a SQLite file",
    Format.HTML: "a folder of pages",
    Format.WACZ: "a WACZ file",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export is asked for."""

    query: Search
    told: str  # the query in the words of whoever asks
    form: Format
    out: Path
    bom: bool
    separator: Separator


def export(
    words: Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...", help="A query, as for search. None: all articles.")] = None,
    *,
    format: Annotated[  # noqa: A002 - the option's name
        Format,
        typer.Option(
            "--format",
            help="JSON Lines with all fields; CSV for spreadsheets; Parquet by site and month; SQLite, for Datasette; HTML, pages that "
            "link to each other; WACZ with the archived pages.",
        ),
    ] = Format.JSONL,
    out: Annotated[
        Path, typer.Option("--out", help="The file (Parquet and HTML: the folder) to write; - is standard output.", allow_dash=True)
    ] = STDOUT,
    bom: Annotated[bool, typer.Option("--bom", help="Begin CSV with a byte order mark: without it Excel shows Chinese garbled.")] = False,
    separator: Annotated[
        Separator, typer.Option("--separator", help="Between cells of CSV; ';' for spreadsheets where a comma stands in numbers.")
    ] = Separator.COMMA,
    site: Site = "",
    since: Since = "",
    until: Until = "",
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Write articles to a file or folder, in the order they were first seen. Killed, it goes on where it was when asked for the same again.

    WACZ of a whole site holds all its pages, else those of the articles; it always begins anew.
    """
    from newscrawl.query.search import parsed_search

    config, query = configured(store, archive), parsed_search(words or [], site=site, since=since, until=until)
    if (bom or separator is not Separator.COMMA) and format is not Format.CSV:
        raise InputError(f"--{'bom' if bom else 'separator'} is for CSV; {format} files have none")
    if out == STDOUT and format not in _LINES:
        raise InputError(f"{_WHAT[format]} can't go to standard output: name it with --out")
    if out != STDOUT:
        out = _allowed(config, out)
    if format is Format.WACZ:
        _export_wacz(config, query, out)
        return
    _export(config, Wanted(query, _told(words or [], site=site, since=since, until=until), format, out, bom, separator))


def _allowed(config: Config, out: Path) -> Path:
    from newscrawl.query.export.place import allowed

    with _naming(out):
        return allowed(out, sqlite_file(config.store.uri), config.archive_folder)


def _told(words: Sequence[str], *, site: str, since: str, until: str) -> str:
    options = {"site": site, "since": since, "until": until}
    return " ".join([*words, *(f"{name}:{value}" for name, value in options.items() if value)]) or "All articles"


def _export(config: Config, wanted: Wanted) -> None:
    began = time.monotonic()

    async def exported(store: Store) -> tuple[int, Mark]:
        from newscrawl.query.export.work import export
        from newscrawl.query.names import looked_up

        writer = await _writer(store, wanted)
        before = writer.mark.count
        if before:
            typer.echo(f"Going on after {counted(before, 'article')} written before", err=True)
        total = await store.count(await looked_up(store, wanted.query)) if wanted.out != STDOUT else 0
        with Shown(f"export to {wanted.out.name}", total * (2 if wanted.form in _FOLDERS else 1), config.progress.period) as shown:
            shown.done(before)
            return before, await export(store, wanted.query, writer, shown.done)

    with _naming(wanted.out):
        before, mark = asked(config.store.uri, exported)
    place = "standard output" if wanted.out == STDOUT else wanted.out
    seconds = f" in {time.monotonic() - began:.0f} s" if wanted.out != STDOUT else ""
    earlier = f", {before} of them before" if before else ""
    typer.echo(f"{counted(mark.count, 'article')} written to {place}{seconds}{earlier}", err=True)


async def _writer(store: Store, wanted: Wanted) -> Writer:
    """The format's writer. Raises ConfigError for one whose extra isn't installed."""
    from newscrawl.query.export.lines import JSONL, FileWriter, StreamWriter, csv_form
    from newscrawl.query.export.work import addresses_taken_down, asked_as

    form, out = wanted.form, wanted.out
    lines = csv_form(wanted.separator, bom=wanted.bom) if form is Format.CSV else JSONL
    if out == STDOUT:
        return StreamWriter(sys.stdout, lines)
    gone = await addresses_taken_down(store)
    question = asked_as(store.uri, wanted.query, form, lines.header, taken_down=gone)
    if form in _LINES:
        return FileWriter(out, lines, question)
    if form is Format.SQLITE:
        from newscrawl.query.export.database import DatabaseWriter

        return DatabaseWriter(out, question, store)
    if form is Format.PARQUET:
        from newscrawl.query.export.parquet import ParquetWriter

        return ParquetWriter(out, question)
    if missing := [name for name in ("fastapi", "jinja2") if find_spec(name) is None]:
        raise ConfigError(f"pages need {', '.join(missing)}: pip install 'newscrawl[web]'")
    from newscrawl.web.copy import CopyWriter

    return CopyWriter(out, question, store, told=wanted.told)


@contextmanager
def _naming(out: Path, *, goes_on: bool = True) -> Iterator[None]:
    """What cuts an export short, in a line that says what then."""
    try:
        yield
    except KeyboardInterrupt:
        if out != STDOUT and goes_on:
            typer.echo(f"Stopped. What is written is kept beside {out}; the same command again goes on", err=True)
        raise
    except BrokenPipeError:
        raise
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        from newscrawl.query.export.work import begun

        kept = ". What is written is kept; the same command again goes on" if goes_on and begun(out).exists() else ""
        kind = ArchiveError if _no_room(error) else InputError
        raise kind(f"{out}: can't be written: {reason}{kept}") from error


def _no_room(error: OSError | sqlite3.Error) -> bool:
    """Whether it is the disk, and not the place that was named."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR"))


def _export_wacz(config: Config, query: Search, out: Path) -> None:
    from newscrawl.query.names import looked_up
    from newscrawl.query.wacz import export_wacz, steps

    async def exported(store: Store) -> Exported:
        wanted = await looked_up(store, query)
        with Shown(f"export to {out.name}", await steps(store, wanted), config.progress.period) as shown:
            return await export_wacz(store, config.archive_folder, wanted, out, shown.done)

    with _naming(out, goes_on=False):
        came = asked(config.store.uri, exported)
    for trouble in came.troubles:
        typer.echo(trouble, err=True)
    typer.echo(f"{counted(came.articles, 'article')} and {counted(came.captures, 'capture')} written to {out}", err=True)
    if came.troubles:
        raise PartialError(f"{counted(len(came.troubles), 'capture')} could not be taken along; `newscrawl archive verify` tells more")
