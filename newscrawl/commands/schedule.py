"""Crawling by itself: due, schedule."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from newscrawl.commands.jobs import AtOnce, QueueUri, chosen_sites, opened, scheduled, with_jobs
from newscrawl.commands.metrics_port import MetricsPort
from newscrawl.commands.options import ArchiveFolder, MetricsFile, StoreUri, configured, output, written_metrics
from newscrawl.config import Config
from newscrawl.models import now
from newscrawl.sites import site_slugs
from newscrawl.store.protocol import Store

if TYPE_CHECKING:
    from newscrawl.jobs.crew import Crew
    from newscrawl.jobs.due import DueSite

Sites = Annotated[list[str] | None, typer.Argument(metavar="SITE|URL", help="Configured sites or addresses; none: every configured site.")]


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
    config = with_jobs(configured(store, archive), at_once=at_once)
    chosen_sites(config, sites)
    if run:
        _due_run(config, sites, metrics)
    else:
        output().print(_table(asyncio.run(opened(config, lambda store: _due(store, config, sites)))))


def schedule(
    sites: Sites = None,
    *,
    show: Annotated[Timer | None, typer.Option("--print", help="Write the lines that have cron or systemd do it, and end.")] = None,
    queue: QueueUri = None,
    at_once: AtOnce = None,
    metrics: MetricsFile = None,
    port: MetricsPort = None,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Stay, and crawl each site when it is due, or with --queue leave that to workers.

    The first Ctrl-C or SIGTERM finishes what is in flight, a second one leaves at once.
    """
    config = with_jobs(configured(store, archive), at_once=at_once, queue=queue)
    chosen_sites(config, sites)
    if show is None:
        scheduled(config, sites, metrics, port)
    else:
        sys.stdout.write(_lines(config, sites or [], show))


async def _due(store: Store, config: Config, names: Sequence[str] | None) -> list[DueSite]:
    from newscrawl.jobs.due import due_sites

    return await due_sites(store, chosen_sites(config, names), config.schedule, at=now())


def _due_run(config: Config, names: Sequence[str] | None, metrics: Path | None) -> None:
    from newscrawl.jobs.crew import Crew
    from newscrawl.jobs.schedule import check_whole, run_once

    def known() -> Sequence[str]:
        return site_slugs(config.sites_folder)

    async def run(store: Store) -> Crew:
        crew = Crew(config, store, known, after=lambda: written_metrics(store, metrics, known()))
        await run_once(crew, chosen_sites(config, names))
        return crew

    check_whole(asyncio.run(opened(config, run)).failures)


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
    for name in ("NEWSCRAWL_STORE_URI", "NEWSCRAWL_QUEUE", "NEWSCRAWL_SCHEDULE_QUEUE"):
        ours.pop(name, None)
    return dict(sorted({**ours, **places}.items()))
