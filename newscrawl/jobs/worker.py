"""A worker: takes jobs from a queue and has their sites crawled, each by a process of its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from newscrawl.config import Config
from newscrawl.crawl.attempts import save_attempt
from newscrawl.errors import ConfigError, InputError, NewscrawlError
from newscrawl.jobs.crew import Crew
from newscrawl.jobs.due import DueSite, due_sites
from newscrawl.jobs.queue import Job, Queue, log_quietly
from newscrawl.jobs.stopping import Stopping, tell
from newscrawl.models import now
from newscrawl.sites import SiteDefinition, named_sites
from newscrawl.store.protocol import Store

_REST = 30.0  # seconds for Dramatiq's threads to end, once the crawls have


@dataclass(slots=True)
class Work:
    """Crawls what a queue hands out, as many sites at once as its crew may."""

    config: Config
    store: Store
    queue: Queue
    crew: Crew
    _loop: asyncio.AbstractEventLoop = field(init=False)
    _taken_up: set[str] = field(default_factory=set)  # sites whose job is being done, from the first look at it on

    async def run(self) -> None:
        """Work until the first signal. Raises QueueError if the queue does not answer at the beginning; later it is waited for."""
        log_quietly()
        await self.queue.waiting()
        self._loop, ending = asyncio.get_running_loop(), asyncio.Event()

        def stop(leaving: bool) -> int:  # noqa: FBT001 - as `Stopping` calls it
            ending.set()
            return self.crew.stop(leaving)

        stopping = Stopping(stop)
        worker = self.queue.worker(self._taken, self.config.schedule.at_once)
        with stopping.heard():
            worker.start()
            tell("ready", queue=self.queue.shown, at_once=self.config.schedule.at_once)
            await ending.wait()
            worker_ends = asyncio.to_thread(worker.stop, round((self.config.schedule.grace_seconds + _REST) * 1000))
            await asyncio.gather(worker_ends, self.crew.finished())
            await stopping.last()

    def _taken(self, job: Job) -> None:
        """What a thread of Dramatiq's does with a job; it is acknowledged when this returns."""
        asyncio.run_coroutine_threadsafe(self.do(job), self._loop).result()

    async def do(self, job: Job) -> None:
        """Crawl a job's site, unless that is not due any more. What goes wrong is told, and tried again when the store says so."""
        taken_at = now()
        if self.crew.stopping:  # it is for another worker
            await self._give_back(job)
            return
        try:
            site = self._site(job.site)
        except (ConfigError, InputError) as error:
            await self._keep_attempt(job.site, str(error), taken_at)
            return
        if site.slug in self._taken_up:
            tell("left", site=site.slug, why="it is being crawled here")
            return
        self._taken_up.add(site.slug)  # before anything is awaited: another job for the site may come meanwhile
        try:
            await self._crawl(job, site)
        except (NewscrawlError, OSError) as error:
            tell("trouble", site=site.slug, why=str(error))
        finally:
            self._taken_up.discard(site.slug)

    async def _crawl(self, job: Job, site: SiteDefinition) -> None:
        if why := await self._why_not(job, site):
            tell("left", site=site.slug, why=why)
        elif self.crew.stopping:  # since the store was asked
            await self._give_back(job)
        else:
            await (await self.crew.start(site))

    async def _why_not(self, job: Job, site: SiteDefinition) -> str:
        """Why the site need not be crawled now; "" if it should be."""
        at = now()
        (one,) = await due_sites(self.store, [site], self.config.schedule, at=at)
        if one.due.at <= at or ((job.forced or _was_cut_off(job, one)) and not one.held):
            return ""
        return f"not due before {one.due.at:%Y-%m-%d %H:%M:%S} UTC: {one.due.why}"

    async def _give_back(self, job: Job) -> None:
        try:
            await self.queue.send(job)
        except NewscrawlError as error:  # then the schedule sends it again
            tell("trouble", site=job.site, why=str(error))

    def _site(self, name: str) -> SiteDefinition:
        return named_sites([name], self.config.sites_folder)[0]

    async def _keep_attempt(self, slug: str, why: str, since: datetime) -> None:
        tell("trouble", site=slug, why=why)
        try:
            await save_attempt(self.store, slug, why, since=since)
        except NewscrawlError as error:
            tell("trouble", site=slug, why=str(error))


def _was_cut_off(job: Job, one: DueSite) -> bool:
    """Whether this job's crawl was begun and died with its worker, so that the queue hands the job out a second time."""
    sent = datetime.fromtimestamp(job.sent, UTC)
    return one.last is not None and one.last.started >= sent and one.is_cut_short and not one.is_given_up
