"""Looking after the WARC files: archive index, verify."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from newscrawl.commands.options import ArchiveFolder, StoreUri, asked, configured, missing_file
from newscrawl.errors import ArchiveError

if TYPE_CHECKING:
    from newscrawl.archive.verify import Finding


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


def verify(
    *,
    json: Annotated[bool, typer.Option("--json", help="One finding a line, all its fields.")] = False,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Check every record and digest of the WARC files, the index, and that the store's captures and articles are in them."""
    import msgspec

    from newscrawl.archive.verify import verify_folder
    from newscrawl.jobs.soundness import disagreements

    config = configured(store, archive)
    with naming_files() as heard:
        came = verify_folder(config.archive_folder, heard=heard)
    if missing_file(config.store.uri):
        came.notes.append(f"{config.store.uri} is not there: only files were checked")
    else:
        came.findings += asked(config.store.uri, lambda opened: _listed(disagreements(opened, came)))
    for finding in came.findings:
        place = f"{finding.file} at {finding.offset}: " if finding.file else ""
        typer.echo(msgspec.json.encode(finding).decode() if json else f"{finding.flaw}: {place}{finding.detail}")
    for note in came.notes:
        typer.echo(note, err=True)
    if came.findings:
        raise ArchiveError(f"{len(came.findings)} flaws in {came.files} WARC files of {config.archive_folder} ({came.records} records)")
    typer.echo(f"{came.files} WARC files with {came.records} records are sound, and the store agrees with them", err=True)


async def _listed(findings: AsyncIterator[Finding]) -> list[Finding]:
    return [finding async for finding in findings]


@contextmanager
def naming_files() -> Iterator[Callable[[str], None]]:
    """On a terminal, the file that is being read; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status("") as status:
        yield status.update
