"""Crawling by itself: due, schedule."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from newscrawl.commands.options import ArchiveFolder, MetricsFile, StoreUri, configured, output, written_metrics
from newscrawl.config import Config
from newscrawl.errors import InputError
from newscrawl.models import now
from newscrawl.sites import SiteDefinition, load_sites, named_sites, site_slugs
from newscrawl.store.protocol import Store

if TYPE_CHECKING:
    from newscrawl.jobs.due import DueSite
    from newscrawl.jobs.schedule import Schedule

Sites = Annotated[list[str] | None, typer.Argument(metavar="SITE|URL", help="Configured sites or addresses; none: every configured site.")]
AtOnce = Annotated[int | None, typer.Option("--at-once", min=1, max=256, help="Sites crawled at once, instead of schedule.at_once.")]


class Timer(StrEnum):
    """What may start `newscrawl due --run`."""

    SYSTEMD = "systemd"
    CRON = "cron"


def due(
    sites: Sites = None,
    *,
    run: Annotated[bool, typer.Option("--run", help="Crawl what is due, and end: for cron and systemd.")] = False,
    at_once: AtOnce = None,
    metrics: MetricsFile = None,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Show when each site is visited next, from how much it brings; or crawl what is due."""
    config = _config(store, archive, at_once)
    _chosen(config, sites)
    if run:
        _scheduled(config, sites, metrics, lambda work: work.run_once())
    else:
        output().print(_table(asyncio.run(_opened(config, lambda opened: _due(opened, config, sites)))))


def schedule(
    sites: Sites = None,
    *,
    show: Annotated[Timer | None, typer.Option("--print", help="Write the lines that have cron or systemd do it, and end.")] = None,
    at_once: AtOnce = None,
    metrics: MetricsFile = None,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Stay, and crawl each site when it is due. The first Ctrl-C or SIGTERM finishes what is in flight, a second one leaves at once."""
    config = _config(store, archive, at_once)
    _chosen(config, sites)
    if show is None:
        _scheduled(config, sites, metrics, lambda work: work.run())
    else:
        sys.stdout.write(_lines(config, sites or [], show))


def _config(store: str | None, archive: str | None, at_once: int | None) -> Config:
    import msgspec

    config = configured(store, archive)
    return (
        config if at_once is None else msgspec.structs.replace(config, schedule=msgspec.structs.replace(config.schedule, at_once=at_once))
    )


def _chosen(config: Config, names: Sequence[str] | None) -> list[SiteDefinition]:
    chosen = named_sites(names, config.sites_folder) if names else load_sites(config.sites_folder)
    if not chosen:
        raise InputError(f"no site is configured in {config.sites_folder}; write a site file, or give addresses")
    return chosen


async def _due(store: Store, config: Config, names: Sequence[str] | None) -> list[DueSite]:
    from newscrawl.jobs.due import due_sites

    return await due_sites(store, _chosen(config, names), config.schedule, at=now())


def _scheduled(
    config: Config, names: Sequence[str] | None, metrics: Path | None, work: Callable[[Schedule], Coroutine[Any, Any, None]]
) -> None:
    from newscrawl.jobs.schedule import Schedule, check_whole

    async def scheduled(store: Store) -> Schedule:
        made = Schedule(
            config,
            store,
            sites=lambda: _chosen(config, names),
            configured=lambda: site_slugs(config.sites_folder),
            after=lambda: written_metrics(store, metrics, site_slugs(config.sites_folder)),
        )
        await work(made)
        return made

    check_whole(asyncio.run(_opened(config, scheduled)).failures)


async def _opened(config: Config, question: Callable[[Store], Coroutine[Any, Any, Any]]) -> Any:
    """What is answered, given the store, which is made if it isn't there: the first crawl would make it anyhow."""
    from newscrawl.store import open_store

    store = open_store(config.store.uri)
    try:
        await store.open()
        return await question(store)
    finally:
        await store.close()


def _table(sites: Sequence[DueSite]) -> Table:
    at = now()
    table = Table("site", "due, UTC", "in", "articles a day", "last run, UTC", "why then", box=None, header_style="bold", pad_edge=False)
    for one in sites:
        rate = "" if one.rate is None else f"{one.rate:.1f}" if one.rate < 10 else f"{one.rate:.0f}"
        last = f"{one.last.started:%m-%d %H:%M}" if one.last else "never"
        table.add_row(one.site.slug, f"{one.due.at:%m-%d %H:%M}", _until(one.due.at - at), rate, last, one.due.why)
    return table


def _until(pause: timedelta) -> str:
    from newscrawl.jobs.due import told

    return "now" if pause <= timedelta() else told(pause)


def _lines(config: Config, names: Sequence[str], timer: Timer) -> str:
    from newscrawl.jobs import timers

    found = shutil.which("newscrawl")
    program = [found] if found else [sys.executable, "-m", "newscrawl"]
    command = shlex.join([*program, "due", "--run", *names])
    minutes = max(1, min(30, int(config.schedule.shortest_minutes / 2)))
    written = timers.systemd if timer is Timer.SYSTEMD else timers.cron
    return written(command, str(Path.cwd()), _environment(config), minutes)


def _environment(config: Config) -> Mapping[str, str]:
    """The variables of ours that are set here, and the places that the command line named; passwords are left out."""
    from newscrawl.store import open_store

    ours = {name: value for name, value in os.environ.items() if name.startswith("NEWSCRAWL_")}
    places = {"NEWSCRAWL_STORE": open_store(config.store.uri).uri, "NEWSCRAWL_ARCHIVE": config.archive.folder}
    ours.pop("NEWSCRAWL_STORE_URI", None)
    return dict(sorted({**ours, **places}.items()))
