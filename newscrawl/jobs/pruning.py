"""Making room: WARC files of which nothing is needed any more, as most files are of crawls that found nothing new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from newscrawl.archive.elsewhere import address_of, entries, remove
from newscrawl.archive.far import Entry
from newscrawl.archive.index import NAME, index_folder
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture
from newscrawl.store.protocol import Search, Store


@dataclass(slots=True)
class WarcFile:
    """What the store knows of a file."""

    captures: set[str] = field(default_factory=set)
    payloads: set[str] = field(default_factory=set)  # captures, perhaps of other files, whose payloads its revisit records need
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prunable:
    """Files that can go."""

    files: Mapping[str, WarcFile]
    size: int  # bytes of them
    sites: frozenset[str]  # all that the store has captures of


async def prunable(store: Store, folder: Path, before: datetime) -> Prunable:
    """The files that hold only captures from `before`, none of them of an article in any state, or needed by a file that stays.

    A file that the store has no capture in is left alone: it may be another store's.
    """
    needed, there = await _needed(store), _entries(folder)
    files: dict[str, WarcFile] = defaultdict(WarcFile)
    sites = set()
    async for capture in store.captures():
        sites.add(capture.site)
        if capture.content_type.startswith("image/"):
            needed.add(capture.id)  # an article's, or one that an article links to
        _take_in(files[capture.file], capture)
    going = {
        name: file for name, file in files.items() if file.latest and file.latest < before and not needed & file.captures and name in there
    }
    while kept := _still_needed(files, going):
        for name in kept:
            del going[name]
    return Prunable(going, sum(there[name].size for name in going), frozenset(sites))


def _take_in(file: WarcFile, capture: Capture) -> None:
    file.captures.add(capture.id)
    if capture.refers_to:
        file.payloads.add(capture.refers_to)
    file.latest = max(file.latest or capture.time, capture.time)


def _still_needed(files: Mapping[str, WarcFile], going: Mapping[str, WarcFile]) -> Collection[str]:
    """Of the files that would go, those that hold payloads of files that stay."""
    payloads = set().union(*(file.payloads for name, file in files.items() if name not in going))
    return [name for name, file in going.items() if payloads & file.captures]


async def _needed(store: Store) -> set[str]:
    """The captures of all articles, in all their states."""
    needed = set()
    async for article in store.articles(Search()):
        needed |= {article.capture, *(part.capture for part in article.parts)}
        needed |= {revision.capture for revision in await store.revisions(article.id)}
    return needed


def _entries(folder: Path) -> dict[str, Entry]:
    try:
        return entries(folder)
    except OSError as error:
        raise ArchiveError(f"{address_of(folder) or folder}: can't be listed: {error.strerror}") from error


async def prune(store: Store, folder: Path, chosen: Prunable) -> None:
    """Remove the files and what the store knows of them. Raises StoreError.

    The store comes first: a file that it does not know does no harm, a capture without a file does.
    """
    for name, file in chosen.files.items():
        await store.take_down("", file.captures, ())
        remove(folder / name)
    if chosen.files and (folder / NAME).exists():
        index_folder(folder)
