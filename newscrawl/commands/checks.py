"""What `newscrawl doctor` looks at."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl import __version__
from newscrawl.archive.elsewhere import WARCS, address_of, entries
from newscrawl.commands.options import asked, counted, missing_file, sqlite_file
from newscrawl.config import Config
from newscrawl.errors import ConfigError, NewscrawlError
from newscrawl.sites import load_sites
from newscrawl.store.protocol import Counts, Search, Store

if TYPE_CHECKING:
    from newscrawl.jobs.queue import Queue

LEAST_FREE = 200_000_000  # bytes; a batch and a WARC file's end fit many times
CLOCK_OFF = 60.0  # seconds
WRITTEN = 2026  # no clock shows an earlier year
COMFORTABLE_FREE = 5_000_000_000
_LOOKED_AT = 100  # articles whose captures are looked for: enough to see that something is wrong, at once


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    NOTE = "note"  # works, but should be looked at
    BAD = "bad"  # a crawl or a search will fail


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""  # what to do about it


def examined(config: Config) -> list[Check]:
    """All checks of an installation."""
    about = [_settings(config), _contact(config), _sites(config), _store(config), *_queue(config), _archive(config)]
    return [*about, *_disks(config), _browser(config), _clock(config), _versions()]


def _settings(config: Config) -> Check:
    return Check("settings", Verdict.OK, ", ".join(str(path) for path in config.files))


def _contact(config: Config) -> Check:
    if config.crawl.contact:
        return Check("contact", Verdict.OK, config.user_agent)
    return Check("contact", Verdict.NOTE, config.user_agent, "set crawl.contact, so that the sites you crawl can reach you")


def _sites(config: Config) -> Check:
    try:
        sites = load_sites(config.sites_folder)
    except NewscrawlError as error:
        return Check("sites", Verdict.BAD, str(error), "mend the file")
    return Check("sites", Verdict.OK, f"{len(sites)} configured in {config.sites_folder}")


def _store(config: Config) -> Check:
    from newscrawl.store import open_store

    uri = config.store.uri
    if missing_file(uri):
        return Check("store", Verdict.OK, f"{uri}: not there yet; the first crawl makes it")
    try:
        counts, lost = asked(uri, _store_counts)
    except NewscrawlError as error:
        return Check("store", Verdict.BAD, str(error), "start or name the right one with --store; `newscrawl db init` prepares a new one")
    told = f"{counted(counts.articles, 'article')} of {counted(counts.sites, 'site')}, {counted(counts.captures, 'capture')}"
    shown = open_store(uri).uri  # without credentials
    if lost:
        advice = "`newscrawl archive verify` names all of them; restore the store from a copy, or take them down and crawl them again"
        return Check("store", Verdict.BAD, f"{shown}: {told}; the capture of {lost[0]} is unknown", advice)
    return Check("store", Verdict.OK, f"{shown}: {told}")


async def _store_counts(store: Store) -> tuple[Counts, list[str]]:
    """How much there is, and which of the latest articles lack the capture that they were read from."""
    latest = await store.search(Search(limit=_LOOKED_AT))
    known = await store.captures_by_id({article.capture for article in latest})
    return await store.counts(), [article.url for article in latest if article.capture not in known]


def _queue(config: Config) -> Iterator[Check]:
    """The queue of jobs, if one is named."""
    if not config.schedule.queue:
        return
    from newscrawl.commands.jobs import with_queue

    try:
        shown, waiting = with_queue(config, _shown_and_waiting)
    except NewscrawlError as error:
        yield Check("queue", Verdict.BAD, str(error), "start it, or correct schedule.queue")
    else:
        yield Check("queue", Verdict.OK, f"{shown}: {waiting} jobs wait")


async def _shown_and_waiting(jobs: Queue) -> tuple[str, int]:
    return jobs.shown, await jobs.waiting()


def _archive(config: Config) -> Check:
    folder = config.archive_folder
    there = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        advice = "give this user the right to write there, or name another folder with --archive"
        return Check("archive", Verdict.BAD, f"{folder}: can't be written: {error.strerror} ({there})", advice)
    if address_of(folder):
        return _elsewhere(folder)
    files = sum(1 for path in folder.glob("*.warc.gz*"))
    return Check(
        "archive",
        Verdict.OK,
        f"{folder}: {counted(files, 'WARC file')}" if there == folder.absolute() else f"{folder}: not there yet; the first crawl makes it",
    )


def _elsewhere(folder: Path) -> Check:
    """An archive on another machine, and what waits here to be sent there."""
    address, waiting = address_of(folder), sum(1 for path in folder.glob(WARCS))
    try:
        files = len(entries(folder))
    except ConfigError as error:
        return Check("archive", Verdict.BAD, str(error), "install what is missing, or name a folder of this machine with --archive")
    except OSError as error:
        return Check("archive", Verdict.BAD, f"{address}: can't be reached: {error.strerror}", "check its name, network and credentials")
    told = f"{address}: {counted(files, 'WARC file')}, written in {folder}"
    if waiting:
        return Check("archive", Verdict.NOTE, f"{told}; {waiting} of them wait there", "`newscrawl archive send` sends them")
    return Check("archive", Verdict.OK, told)


def _disks(config: Config) -> Iterator[Check]:
    """Room where the archive is, and where the store is if that is another disk."""
    places = {"archive": config.archive_folder}
    if file := sqlite_file(config.store.uri):
        places["store"] = file.parent
    devices = set()
    for name, place in places.items():
        there = _existing(place)
        if (device := there.stat().st_dev) not in devices:
            devices.add(device)
            yield _disk(f"disk of the {name}", there)


def _disk(name: str, there: Path) -> Check:
    free = shutil.disk_usage(there).free
    verdict = Verdict.BAD if free < LEAST_FREE else Verdict.NOTE if free < COMFORTABLE_FREE else Verdict.OK
    return Check(
        name, verdict, f"{free / 1e9:.1f} GB free", "" if verdict is Verdict.OK else "make room, or move the archive to a larger disk"
    )


def _existing(place: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(path for path in (place.absolute(), *place.absolute().parents) if path.exists())


def _browser(config: Config) -> Check:
    from newscrawl.crawl.browser import missing, program

    if lacking := missing(config.browser):
        return Check("browser", Verdict.OK, f"none: pages made by scripts are reported, not read; to read them, {lacking}")
    return Check("browser", Verdict.OK, program(config.browser))


def _clock(config: Config) -> Check:
    """Whether the clock agrees with what was written last: leases, dates that say "today" and the schedule go by it."""
    here = datetime.now(UTC)
    latest = max((Path(path).stat().st_mtime for path in config.archive_folder.glob("*.warc.gz*")), default=0.0)
    shown = f"{here:%Y-%m-%d %H:%M:%S} UTC"
    if latest > here.timestamp() + CLOCK_OFF or here.year < WRITTEN:
        return Check("clock", Verdict.BAD, f"{shown}: behind what the archive holds", "set the clock, and have it kept by NTP")
    return Check("clock", Verdict.OK, shown)


def _versions() -> Check:
    parts = (f"{name} {version(name)}" for name in ("scrapy", "pymongo"))
    found = f"newscrawl {__version__}, Python {platform.python_version()}, {', '.join(parts)}, SQLite {sqlite3.sqlite_version}"
    return Check("versions", Verdict.OK, found)
