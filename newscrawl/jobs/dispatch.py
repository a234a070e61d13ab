"""What is due goes onto a queue, each site once, and once more if the queue has lost it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from newscrawl.jobs.crew import call_quietly
from newscrawl.jobs.queue import Job, Queue
from newscrawl.jobs.stopping import tell
from newscrawl.sites import SiteDefinition

_AT_LAST = 3_600.0  # seconds after which it is sent once more whatever waits: where there is always a backlog, nothing tells what was lost
_LOST = 60.0  # seconds with nothing waiting in the queue, after which a site that is still due was lost: a worker would have begun


@dataclass(slots=True)
class Dispatch:
    """Sends jobs for sites that are due. `configured` are the slugs that have a file; `after` is called at each look."""

    queue: Queue
    configured: Callable[[], Sequence[str]]
    after: Callable[[], Awaitable[None]] | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: dict[str, tuple[float, float]] = field(
        default_factory=dict
    )  # by site that is due: clock when sent, and when it may last have waited

    async def take(self, sites: Sequence[SiteDefinition]) -> None:
        """Send a job for each of the sites, which are those that are due now, unless one waits. Raises QueueError."""
        clock, waiting = time.monotonic(), await self.queue.waiting()
        due = {site.slug for site in sites}
        self._sent = {slug: (sent, clock if waiting else seen) for slug, (sent, seen) in self._sent.items() if slug in due}
        known = set(self.configured())
        for site in sites:
            sent, seen = self._sent.get(site.slug, (-_AT_LAST, clock))
            if clock - seen >= _LOST or clock - sent >= _AT_LAST:
                await self.queue.send(job_for(site, known))
                self._sent[site.slug] = clock, clock
                tell("sent", site=site.slug)
        await call_quietly(self.after)

    async def finished(self) -> None:
        """At once: nothing runs here."""

    def stop(self, leaving: bool) -> int:  # noqa: ARG002, FBT001 - as `schedule.Taker` says
        """End; jobs that were sent stay where they are."""
        self.changed.set()
        return 0


def job_for(site: SiteDefinition, configured: Sequence[str] | set[str], *, forced: bool = False) -> Job:
    """The job to crawl a site. A worker knows those that have a file by their slug: it must have the file as well."""
    return Job(site.slug if site.slug in configured else site.url, time.time(), forced)
