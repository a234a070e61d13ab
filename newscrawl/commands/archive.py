"""Looking after the WARC files: archive index."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from newscrawl.commands.options import ArchiveFolder, configured


def index(
    *,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read all files anew, not only new ones.")] = False,
    archive: ArchiveFolder = None,
) -> None:
    """Make the CDXJ index of the WARC files, or bring it up to date: index.cdxj in their folder."""
    from newscrawl.archive.index import NAME, index_folder

    folder = configured(None, archive).archive_folder
    with naming_files() as heard:
        came = index_folder(folder, rebuild=rebuild, heard=heard)
    typer.echo(f"{folder / NAME}: {came.lines} answers of {came.files} WARC files, {came.read} of them read")
    if came.troubles:
        typer.echo(f"{came.troubles} places can't be read: `newscrawl archive verify` names them", err=True)


@contextmanager
def naming_files() -> Iterator[Callable[[str], None]]:
    """On a terminal, the file that is being read; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status("") as status:
        yield status.update
