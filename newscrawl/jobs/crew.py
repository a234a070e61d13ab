"""The crawls of this process: several at once, each a process of its own, seen through to its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from newscrawl.config import Config
from newscrawl.crawl.attempts import save_attempt
from newscrawl.crawl.checkup import check_up_quietly
from newscrawl.errors import ConfigError, LeaseError, NewscrawlError, PartialError, StoreError
from newscrawl.jobs.children import PROGRAM, Child
from newscrawl.jobs.stopping import tell
from newscrawl.models import now
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store

_ENDS = "the schedule ends"  # why crawls are told to stop
_LEAVING = 10.0  # seconds that crawls have to leave at once, before they are killed
_TOLD_IN_STORE = frozenset({0, PartialError.exit_code, LeaseError.exit_code})  # exit codes of crawls whose end the store tells


@dataclass(slots=True)
class Crew:
    """Up to schedule.at_once crawls. `configured` are the slugs that have a file; `after` is called when a crawl has ended."""

    config: Config
    store: Store
    configured: Callable[[], Sequence[str]]
    program: tuple[str, ...] = PROGRAM
    after: Callable[[], Awaitable[None]] | None = None
    once: bool = False  # each site is crawled once: all that was not whole is a failure
    failures: list[str] = field(default_factory=list)  # how crawls ended that were not whole, in words; of what stays only the last
    changed: asyncio.Event = field(default_factory=asyncio.Event)  # set when a crawl has ended
    children: dict[str, Child] = field(default_factory=dict)  # by site
    ended: dict[int, int] = field(default_factory=dict)  # how many crawls, by exit code
    stopping: bool = False
    _leaving: bool = False
    _tasks: set[asyncio.Task[int]] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """Whether no more may run at once."""
        return len(self.children) >= self.config.schedule.at_once

    async def take(self, sites: Sequence[SiteDefinition]) -> None:
        """Begin to crawl as many of them as may run."""
        for site in sites:
            if not self.is_full and not self.stopping and site.slug not in self.children:
                await self.start(site)

    async def start(self, site: SiteDefinition) -> asyncio.Task[int]:
        """Begin to crawl the site; the task ends with the crawl's exit code."""
        child = await Child.start(site, self.config, configured=site.slug in self.configured(), program=self.program)
        self.children[site.slug] = child
        tell("started", site=site.slug, pid=child.process.pid)
        if self.stopping:  # since it was begun to be started, when `stop` did not know of it
            child.stop(_ENDS)
        task = asyncio.create_task(self._attend(child))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finished(self) -> None:
        """Returns when no crawl runs any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def stop(self, leaving: bool) -> int:  # noqa: FBT001 - the only thing that is told
        """Have the crawls finish what is in flight and save; told a second time, `leaving`, they leave at once. How many there are."""
        self.stopping, self._leaving = True, leaving
        for child in self.children.values():
            child.stop(_ENDS)
        if leaving:
            asyncio.get_running_loop().call_later(_LEAVING, self._kill)
        self.changed.set()
        return len(self.children)

    def _kill(self) -> None:
        for child in self.children.values():
            child.kill()

    async def _attend(self, child: Child) -> int:
        """See a crawl through to its end."""
        slug = child.site.slug
        code = await child.ended(self.config)
        self.ended[code] = self.ended.get(code, 0) + 1
        try:
            if code not in _TOLD_IN_STORE and not child.stopped:
                await self._keep_attempt(child, code)
        except StoreError as error:  # then the next look will not come to it either
            tell("trouble", site=slug, why=str(error))
        finally:
            del self.children[slug]
        if code != 0 and (self.once or self._leaving):
            self.failures.append(f"{slug}: {in_words(code)}")
        tell("ended", site=slug, code=code, seconds=round(time.monotonic() - child.began, 1), why=child.stopped)
        self.changed.set()
        await call_quietly(self.after)
        return code

    async def _keep_attempt(self, child: Child, code: int) -> None:
        since = now() - timedelta(seconds=time.monotonic() - child.began)
        attempt = await save_attempt(self.store, child.site.slug, in_words(code), since=since)
        if attempt is not None:
            await check_up_quietly(self.store, child.site, attempt, self.config.health)


async def call_quietly(after: Callable[[], Awaitable[None]] | None) -> None:
    """Await `after`, if there is one; its failure is told and stops nothing."""
    try:
        if after is not None:
            await after()
    except NewscrawlError as error:
        tell("trouble", why=str(error))


def in_words(code: int) -> str:
    """What a crawl's exit code tells."""
    causes = {
        ConfigError.exit_code: "its file is wrong",
        StoreError.exit_code: "the store did not answer",
        5: "its WARC files can't be written",
        LeaseError.exit_code: "another process is crawling it",
        PartialError.exit_code: "its run ended early",
    }
    return f"killed by signal {-code}" if code < 0 else causes.get(code, f"exit code {code}")
