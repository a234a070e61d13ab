"""Looking after the WARC files: archive index, verify, import, prune, takedown."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from newscrawl.commands.options import ArchiveFolder, StoreUri, asked, configured, missing_file
from newscrawl.commands.work import Shown
from newscrawl.config import Config
from newscrawl.errors import ArchiveError, InputError, LeaseError, PartialError
from newscrawl.store.protocol import Store

if TYPE_CHECKING:
    from newscrawl.archive.verify import Finding
    from newscrawl.jobs.foreign import Imported


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


def take_in(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="WARC files of another crawler, packed or not.")],
    *,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Take other people's WARC files into the archive and read them for articles, as if they had been crawled. Nothing is fetched."""
    from newscrawl.archive.copying import take_in as copied

    config, partial = configured(store, archive), []
    for file in files:
        copy = copied(file, config.archive_folder)
        for trouble in copy.troubles:
            typer.echo(f"{file} at {trouble.offset}: {trouble.trouble}: {trouble.detail}", err=True)
        came = asyncio.run(_imported(config, copy.file))
        counts = ", ".join(f"{count} {name or 'none'}" for name, count in sorted(came.counts.items()))
        typer.echo(f"{file}: {copy.records} records, {came.new} new articles of {len(came.sites)} sites ({counts}); kept as {copy.file}")
        if copy.troubles or came.counts["held"]:
            partial.append(str(file))
    if partial:
        raise PartialError(
            f"not all of {', '.join(partial)} could be read; what can be read is stored. Held pages: run the same command again"
        )


async def _imported(config: Config, name: str) -> Imported:
    from newscrawl.crawl.lease import LeaseKeeper
    from newscrawl.jobs.foreign import Importer
    from newscrawl.store import open_store

    store = open_store(config.store.uri)
    leases = LeaseKeeper(store, config.crawl.lease_seconds, lost=lambda *_: None)
    try:
        await store.open()
        size = (config.archive_folder / name).stat().st_size
        with Shown(name, size, config.progress.period) as shown:
            return await Importer(store, config, leases, heard=shown.done).read(name)
    finally:
        await leases.close()
        await store.close()


def prune(
    *,
    before: Annotated[str, typer.Option("--before", help="Only files from before this day: 2026, 2026-08 or 2026-08-31; UTC.")],
    apply: Annotated[bool, typer.Option("--apply", help="Remove them; without it they are only listed.")] = False,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Remove WARC files that hold no page of an article in any of its states, and nothing that later files refer to."""
    from newscrawl.query.search import moment

    config, day = configured(store, archive), moment(before)
    asked(config.store.uri, lambda opened: _pruned(opened, config, day, apply=apply))


async def _pruned(store: Store, config: Config, before: datetime, *, apply: bool) -> None:
    from newscrawl.crawl.lease import LeaseKeeper
    from newscrawl.jobs.pruning import prunable
    from newscrawl.jobs.pruning import prune as remove

    leases = LeaseKeeper(store, config.crawl.lease_seconds, lost=lambda *_: None)
    try:
        chosen = await prunable(store, config.archive_folder, before)
        for name, file in sorted(chosen.files.items()):
            typer.echo(f"{name}  {len(file.captures)} captures")
        if apply and chosen.files:
            if held := await leases.take(sorted(chosen.sites)):  # a crawl might refer to a payload that is about to go
                raise LeaseError(f"{held[0].site} is being crawled by {held[0].holder}: wait for its end, or stop it")
            await remove(store, config.archive_folder, await prunable(store, config.archive_folder, before))
        verb = "removed" if apply else "could be removed with --apply"
        typer.echo(f"{len(chosen.files)} files, {chosen.size / 1e6:.1f} MB, {verb}", err=True)
    finally:
        await leases.close()


def takedown(
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, its first 8 characters or more, or its address.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking. There is no way back.")] = False,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Remove an article, its former states and its archived pages for good, and never crawl its addresses again."""
    config = configured(store, archive)
    if not asked(config.store.uri, lambda opened: _taken_down(opened, config, article, yes=yes)):
        raise InputError("nothing was removed: --yes removes it")


async def _taken_down(store: Store, config: Config, key: str, *, yes: bool) -> bool:
    from newscrawl.crawl.lease import LeaseKeeper
    from newscrawl.jobs.takedown import planned, taken_down, told

    article = await store.article(key)
    if article is None:
        raise InputError(f"{key}: no such article; `newscrawl search` shows ids")
    leases = LeaseKeeper(store, config.crawl.lease_seconds, lost=lambda *_: None)
    try:
        if held := await leases.take([article.site]):
            raise LeaseError(f"{article.site} is being crawled by {held[0].holder}: wait for its end, or stop it")
        plan = await planned(store, article)
        typer.echo("\n".join(told(plan)))
        if not yes and not (sys.stdin.isatty() and typer.confirm("Remove all of this for good?")):
            return False
        records = await taken_down(store, config.archive_folder, plan)
        typer.echo(f"removed, {records} records of WARC files written over", err=True)
    finally:
        await leases.close()
    return True


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
