"""Jobs on a queue: worker, queue; and what they share with schedule."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec
import typer
from rich.table import Table

from newscrawl.commands.metrics_port import Figures, MetricsPort, metrics_served
from newscrawl.commands.options import ArchiveFolder, StoreUri, configured, output, written_metrics
from newscrawl.config import Config
from newscrawl.errors import InputError
from newscrawl.models import now
from newscrawl.sites import SiteDefinition, load_sites, named_sites, site_slugs
from newscrawl.store.protocol import Store

if TYPE_CHECKING:
    from newscrawl.jobs.crew import Crew
    from newscrawl.jobs.due import DueSite
    from newscrawl.jobs.queue import Queue
    from newscrawl.jobs.schedule import Taker

T = TypeVar("T")

AtOnce = Annotated[int | None, typer.Option("--at-once", min=1, max=256, help="Sites crawled at once, instead of schedule.at_once.")]
QueueUri = Annotated[
    str | None, typer.Option("--queue", metavar="URL", help="Queue of jobs, instead of schedule.queue: redis://HOST/0 or amqp://HOST.")
]


def worker(
    *,
    queue: QueueUri = None,
    at_once: AtOnce = None,
    port: MetricsPort = None,
    store: StoreUri = None,
    archive: ArchiveFolder = None,
) -> None:
    """Stay, and crawl the sites that `newscrawl schedule --queue` sends. Any number of workers, on any machines, share one queue.

    The first Ctrl-C or SIGTERM finishes what is in flight, a second one leaves at once.
    """
    from newscrawl.jobs.crew import Crew
    from newscrawl.jobs.worker import Work

    config = with_jobs(configured(store, archive), at_once=at_once, queue=queue)
    jobs = opened_queue(config)

    async def work(store: Store) -> Crew:
        crew = Crew(config, store, lambda: site_slugs(config.sites_folder))
        with metrics_served(port, _figures(config, store, crew, None)):
            await Work(config, store, jobs, crew).run()
        return crew

    _whole(config, work, jobs)


def queue(context: typer.Context, *, queue: QueueUri = None, store: StoreUri = None) -> None:
    """Show how many jobs wait, and the sites whose crawls die or can't begin."""
    config = with_jobs(configured(store), queue=queue)
    context.obj = config
    if context.invoked_subcommand:
        return
    waiting, sites = _looked(config, None)
    output().print(f"{waiting} jobs wait in the queue.")
    output().print(_given_up(sites) if sites else "No site has been given up.")


def replay(
    context: typer.Context,
    sites: Annotated[list[str] | None, typer.Argument(metavar="SITE|URL", help="Sites; none: all that have been given up.")] = None,
) -> None:
    """Have sites crawled now that have been given up, or any that are named, whether they are due or not."""
    from newscrawl.jobs.dispatch import job_for

    config: Config = context.obj
    _, given_up = _looked(config, sites)
    chosen = named_sites(sites, config.sites_folder) if sites else [one.site for one in given_up]

    async def send(jobs: Queue) -> None:
        for site in chosen:
            await jobs.send(job_for(site, site_slugs(config.sites_folder), forced=True))

    with_queue(config, send)
    typer.echo(f"{len(chosen)} sent: {', '.join(site.slug for site in chosen)}" if chosen else "No site has been given up.")


def scheduled(config: Config, names: Sequence[str] | None, metrics: Path | None, port: int | None) -> None:
    """Crawl, or send to the queue, what is due until a signal comes. Raises PartialError if crawls did not end whole."""
    from newscrawl.jobs.crew import Crew
    from newscrawl.jobs.dispatch import Dispatch
    from newscrawl.jobs.schedule import Schedule

    jobs = opened_queue(config) if config.schedule.queue else None

    def known() -> Sequence[str]:
        return site_slugs(config.sites_folder)

    async def stay(store: Store) -> Crew:
        async def after() -> None:
            await written_metrics(store, metrics, known())

        crew = Crew(config, store, known, after=after)
        taker: Taker = Dispatch(jobs, known, after=after) if jobs else crew
        with metrics_served(port, _figures(config, store, None if jobs else crew, jobs)):
            await Schedule(config, store, lambda: chosen_sites(config, names), taker).run()
        return crew

    _whole(config, stay, jobs)


def with_jobs(config: Config, *, at_once: int | None = None, queue: str | None = None) -> Config:
    """The configuration with what the command line says of jobs."""
    changes = {name: value for name, value in {"at_once": at_once, "queue": queue}.items() if value is not None}
    return msgspec.structs.replace(config, schedule=msgspec.structs.replace(config.schedule, **changes))


def chosen_sites(config: Config, names: Sequence[str] | None) -> list[SiteDefinition]:
    """The sites that are named, or all that have a file. Raises InputError if there are none."""
    chosen = named_sites(names, config.sites_folder) if names else load_sites(config.sites_folder)
    if not chosen:
        raise InputError(f"no site is configured in {config.sites_folder}; write a site file, or give addresses")
    return chosen


async def opened(config: Config, question: Callable[[Store], Coroutine[Any, Any, T]]) -> T:
    """What is answered, given the store, which is made if it isn't there: the first crawl would make it anyhow."""
    from newscrawl.store import open_store

    store = open_store(config.store.uri)
    try:
        await store.open()
        return await question(store)
    finally:
        await store.close()


def opened_queue(config: Config) -> Queue:
    """The queue of the configuration. Raises InputError if none is named, or the store is one that machines can't share."""
    from newscrawl.jobs.queue import ALLOWED, Queue

    if not config.schedule.queue:
        raise InputError(f"no queue is named: use --queue, or set schedule.queue or NEWSCRAWL_QUEUE: {ALLOWED}")
    if not config.store.uri.startswith("mongodb"):
        raise InputError(
            "with a queue all machines need one store: name it with --store mongodb://HOST/DATABASE. A SQLite file can't be shared"
        )
    return Queue(config.schedule.queue)


def _whole(config: Config, work: Callable[[Store], Coroutine[Any, Any, Crew]], jobs: Queue | None) -> None:
    from newscrawl.jobs.schedule import check_whole

    try:
        crew = asyncio.run(opened(config, work))
    finally:
        if jobs:
            jobs.close()
    check_whole(crew.failures)


def with_queue(config: Config, ask: Callable[[Queue], Coroutine[Any, Any, T]]) -> T:
    """What is answered, given the configured queue."""
    jobs = opened_queue(config)
    try:
        return asyncio.run(ask(jobs))
    finally:
        jobs.close()


def _looked(config: Config, names: Sequence[str] | None) -> tuple[int, list[DueSite]]:
    """How many jobs wait, and which of the sites were given up."""
    from newscrawl.jobs.due import due_sites

    async def look(jobs: Queue) -> tuple[int, list[DueSite]]:
        waiting = await jobs.waiting()
        sites = named_sites(names, config.sites_folder) if names else load_sites(config.sites_folder)
        found = await opened(config, lambda store: due_sites(store, sites, config.schedule, at=now()))
        return waiting, [one for one in found if one.is_given_up]

    return with_queue(config, look)


def _given_up(sites: Sequence[DueSite]) -> Table:
    table = Table("given up", "times", "last, UTC", "what came of it", "next, UTC", box=None, header_style="bold", pad_edge=False)
    for one in sites:
        if one.last:
            why = one.last.outcome or "died"
            table.add_row(one.site.slug, str(one.failed), f"{one.last.started:%m-%d %H:%M}", why, f"{one.due.at:%m-%d %H:%M}")
    return table


def _figures(config: Config, store: Store, crew: Crew | None, jobs: Queue | None) -> Figures:
    """What is served to Prometheus: of a worker its crawls, of a schedule also the sites, and the queue if it has one."""

    async def figures() -> str:
        from newscrawl.query.metrics import Sample, in_words, metrics

        samples: list[Sample] = []
        if crew:
            samples.append(Sample("newscrawl_crawls_running", "Crawls that run here now.", (), len(crew.children)))
            about = "Crawls that have ended here, by exit code."
            samples += [
                Sample("newscrawl_crawls_ended_total", about, (("code", str(code)),), count, "counter")
                for code, count in crew.ended.items()
            ]
        if jobs:
            samples.append(Sample("newscrawl_queue_waiting", "Jobs that no worker has taken.", (), await jobs.waiting()))
        return in_words(samples) + await metrics(store, site_slugs(config.sites_folder))

    return figures
