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

from newscrawl.commands.history import found
from newscrawl.commands.options import ArchiveFolder, StoreUri, asked, configured, counted, missing_file
from newscrawl.commands.work import Shown
from newscrawl.config import Config
from newscrawl.errors import ArchiveError, InputError, LeaseError, PartialError
from newscrawl.store.protocol import Store

if TYPE_CHECKING:
    from newscrawl.archive.removal import Removal
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
    typer.echo(f"{folder / NAME}: {counted(came.lines, 'answer')} of {counted(came.files, 'WARC file')}, {came.read} of them read")
    if came.troubles:
        typer.echo(f"{counted(came.troubles, 'place')} can't be read: `newscrawl archive verify` names them", err=True)


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
        looked = f"{counted(came.files, 'WARC file')} of {config.archive_folder} ({counted(came.records, 'record')})"
        raise ArchiveError(f"{counted(len(came.findings), 'flaw')} in {looked}")
    typer.echo(f"{counted(came.files, 'WARC file')} with {counted(came.records, 'record')}: all is sound, and the store agrees", err=True)


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
        told = f"{counted(copy.records, 'record')}, {counted(came.new, 'new article')} of {counted(len(came.sites), 'site')} ({counts})"
        typer.echo(f"{file}: {told}; kept as {copy.file}")
        if copy.troubles or came.counts["held"]:
            partial.append(str(file))
    _send(config.archive_folder)
    if partial:
        raise PartialError(
            f"not all of {', '.join(partial)} could be read; what can be read is stored. Held pages: run the same command again"
        )


async def _imported(config: Config, name: str) -> Imported:
    from newscrawl.archive.elsewhere import entries
    from newscrawl.crawl.lease import LeaseKeeper
    from newscrawl.jobs.foreign import Importer
    from newscrawl.store import open_store

    store = open_store(config.store.uri)
    leases = LeaseKeeper(store, config.crawl.lease_seconds, lost=lambda *_: None)
    try:
        await store.open()
        size = entries(config.archive_folder)[name].size
        with Shown(name, size, config.progress.period) as shown:
            return await Importer(store, config, leases, heard=shown.done).read(name)
    finally:
        await leases.close()
        await store.close()


def send(*, archive: ArchiveFolder = None) -> None:
    """Send WARC files that could not be sent to where they belong, if archive.folder is an address such as s3://bucket/folder."""
    from newscrawl.archive.elsewhere import address_of

    folder = configured(None, archive).archive_folder
    if not address_of(folder):
        raise InputError(f"{folder} is a folder of this machine: there is nothing to be sent")
    typer.echo(f"{counted(_send(folder), 'WARC file')} sent to {address_of(folder)}", err=True)


def _send(folder: Path) -> int:
    """How many files were sent. Raises ArchiveError if some could not be."""
    from newscrawl.archive.elsewhere import address_of
    from newscrawl.archive.sending import send as sent

    came = sent(folder)
    if came.why:
        raise ArchiveError(f"{counted(came.waiting, 'WARC file')} can't be sent to {address_of(folder)} and wait in {folder}: {came.why}")
    return came.files


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
            typer.echo(f"{name}  {counted(len(file.captures), 'capture')}")
        if apply and chosen.files:
            if held := await leases.take(sorted(chosen.sites)):  # a crawl might refer to a payload that is about to go
                raise LeaseError(f"{held[0].site} is being crawled by {held[0].holder}: wait for its end, or stop it")
            await remove(store, config.archive_folder, await prunable(store, config.archive_folder, before))
        verb = "removed" if apply else "could be removed with --apply"
        typer.echo(f"{counted(len(chosen.files), 'file')}, {chosen.size / 1e6:.1f} MB, {verb}", err=True)
    finally:
        await leases.close()


def takedown(
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, its first 8 characters or more, or its address.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking. There is no way back.")] = False,
    feeds: Annotated[bool, typer.Option("--feeds", help="Remove archived feeds and sitemaps too that hold its title or text.")] = False,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Remove an article, its former states, archived pages and pictures for good, and never crawl its addresses again."""
    config = configured(store, archive)
    removal = asked(config.store.uri, lambda opened: _taken_down(opened, config, article, yes=yes, feeds=feeds))
    if removal is None:
        raise InputError("nothing was removed: --yes removes it")
    for line in (*removal.troubles, *removal.left):
        typer.echo(line, err=True)
    typer.echo(f"removed, {counted(removal.records, 'record')} of WARC files written over", err=True)
    if removal.troubles:
        raise PartialError(
            f"{counted(len(removal.troubles), 'capture')} could not be found where the store says: if such a file turns up again, "
            "or what is damaged in it may still be read, remove the file"
        )
    if removal.left:
        raise PartialError("the article may still stand in what is named above, until you have done what is said there")


async def _taken_down(store: Store, config: Config, key: str, *, yes: bool, feeds: bool) -> Removal | None:
    """None if nobody said yes."""
    from newscrawl.crawl.lease import LeaseKeeper
    from newscrawl.jobs.mentions import feeds_with
    from newscrawl.jobs.takedown import planned, taken_down, told

    leases = LeaseKeeper(store, config.crawl.lease_seconds, lost=lambda *_: None)
    try:
        if held := await leases.take([(await found(store, key)).site]):
            raise LeaseError(f"{held[0].site} is being crawled by {held[0].holder}: wait for its end, or stop it")
        plan = await planned(store, await found(store, key))  # as it is now that nobody else writes of its site
        typer.echo("\n".join(told(plan)))
        also = await feeds_with(store, config.archive_folder, plan.article)
        for feed in also:
            typer.echo(f"  {'its words go from' if feeds else 'its words stay in'} {feed.url} of {feed.time:%Y-%m-%d %H:%M} UTC")
        if also and not feeds:
            typer.echo(f"  {counted(len(also), 'archived feed')} of the site: with --feeds what is archived of them goes too")
        if not yes and not (sys.stdin.isatty() and typer.confirm("Remove all of this for good?")):
            return None
        return await taken_down(store, config, plan, also=also if feeds else ())
    finally:
        await leases.close()


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
