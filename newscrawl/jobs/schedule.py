"""The schedule: sites are crawled when they are due, by this process or by whoever takes jobs from a queue."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from newscrawl.config import Config
from newscrawl.errors import NewscrawlError, PartialError
from newscrawl.jobs.crew import Crew
from newscrawl.jobs.due import due_sites
from newscrawl.jobs.stopping import Stopping, tell
from newscrawl.models import now
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store

_LOOK_SECONDS = 15.0  # between two looks at what is due, if no crawl ends meanwhile


class Taker(Protocol):
    """Has sites crawled: `crew.Crew` here, `dispatch.Dispatch` through a queue."""

    changed: asyncio.Event  # set when it is worth while to look again

    async def take(self, sites: Sequence[SiteDefinition]) -> None:
        """Have crawled what it may of these sites, which are due, the first due first."""

    async def finished(self) -> None:
        """Returns when nothing of it runs here any more."""

    def stop(self, leaving: bool) -> int:  # noqa: FBT001 - the only thing that is told
        """End what runs here, `leaving` at once; how many crawls these are."""


@dataclass(slots=True)
class Schedule:
    """Has crawled what is due. `sites` gives the sites anew at each look."""

    config: Config
    store: Store
    sites: Callable[[], Sequence[SiteDefinition]]
    taker: Taker
    _stopping: Stopping = field(init=False)

    def __post_init__(self) -> None:
        self._stopping = Stopping(self._stop)

    async def run(self) -> None:
        """Have crawled what is due, for ever: until the first signal."""
        with self._stopping.heard():
            while not self._stopping.stopping:
                await self._look()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.taker.changed.wait(), _LOOK_SECONDS)
            await self._finished()

    async def _look(self) -> None:
        """Give away what is due. A store, a queue or a site file that can't be read now is told, and tried again."""
        self.taker.changed.clear()
        try:
            await self.taker.take(await self._due())
        except NewscrawlError as error:
            tell("trouble", why=str(error))

    async def _due(self) -> list[SiteDefinition]:
        at = now()
        return [one.site for one in await due_sites(self.store, self.sites(), self.config.schedule, at=at) if one.due.at <= at]

    async def _finished(self) -> None:
        await self.taker.finished()
        await self._stopping.last()

    def _stop(self, leaving: bool) -> int:  # noqa: FBT001 - as `Stopping` calls it
        return self.taker.stop(leaving)


async def run_once(crew: Crew, sites: Sequence[SiteDefinition]) -> None:
    """Crawl what is due now of these sites, each site once, and end."""
    at, crew.once, stopping = now(), True, Stopping(crew.stop)
    due = [one.site for one in await due_sites(crew.store, sites, crew.config.schedule, at=at) if one.due.at <= at]
    with stopping.heard():
        for site in due:
            while crew.is_full and not stopping.stopping:
                crew.changed.clear()
                await crew.changed.wait()
            if stopping.stopping:
                break
            await crew.start(site)
        await crew.finished()
        await stopping.last()


def check_whole(failures: Sequence[str]) -> None:
    """Raises PartialError if any crawl did not end whole."""
    if failures:
        raise PartialError(f"not whole: {'; '.join(failures)}. What is left is due again: `newscrawl due` tells when")
