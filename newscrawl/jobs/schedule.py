"""The schedule: sites are crawled when they are due, several at once, each by a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from newscrawl.config import Config
from newscrawl.errors import ConfigError, LeaseError, NewscrawlError, PartialError
from newscrawl.jobs.children import PROGRAM, Child
from newscrawl.jobs.due import due_sites
from newscrawl.models import now
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store

_LOOK_SECONDS = 15.0  # between two looks at what is due, if no crawl ends meanwhile
_WAIT, _LONGEST_WAIT = 60.0, 3_600.0  # seconds until a site is tried again whose crawl could not even begin, doubled each time
_ONE_SIGNAL = 1.0  # seconds in which repeated signals count as one: some senders signal a process and then its whole group
_LEAVING = 10.0  # seconds that crawls have to leave at once, before they are killed
_TOLD_IN_STORE = frozenset({0, PartialError.exit_code})  # exit codes of crawls whose end the store tells


@dataclass(slots=True)
class Schedule:
    """Crawls what is due. `sites` gives the sites anew at each look; `configured` are the slugs that have a file."""

    config: Config
    store: Store
    sites: Callable[[], Sequence[SiteDefinition]]
    configured: Callable[[], Sequence[str]]
    program: tuple[str, ...] = PROGRAM
    after: Callable[[], Awaitable[None]] | None = None  # called when a crawl has ended
    failures: list[str] = field(
        default_factory=list
    )  # how crawls ended that were not whole, in words; of a schedule that stays only the last
    stopping: bool = False
    leaving: bool = False
    _once: bool = False
    _children: dict[str, Child] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _not_before: dict[str, tuple[float, float]] = field(default_factory=dict)  # by site: clock, and how long that waits
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _signalled: float | None = None

    async def run(self) -> None:
        """Crawl what is due, for ever: until the first signal."""
        with self._signals():
            while not self.stopping:
                await self._look()
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), _LOOK_SECONDS)
            await self._finished()

    async def run_once(self) -> None:
        """Crawl what is due now, each site once, and end."""
        at, self._once = now(), True
        due = [one.site for one in await due_sites(self.store, self.sites(), self.config.schedule, at=at) if one.due.at <= at]
        with self._signals():
            for site in due:
                while len(self._children) >= self.config.schedule.at_once and not self.stopping:
                    self._changed.clear()
                    await self._changed.wait()
                if self.stopping:
                    break
                await self._start(site)
            await self._finished()

    async def _finished(self) -> None:
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        if self._signalled is not None:  # a signal that belongs to the one we heard may still come
            await asyncio.sleep(max(0.0, self._signalled + _ONE_SIGNAL - time.monotonic()))

    async def _look(self) -> None:
        """Start what is due, as many as may run at once. A store or a site file that can't be read now is told, and tried again."""
        try:
            at = now()
            due = await due_sites(self.store, self.sites(), self.config.schedule, at=at)
        except NewscrawlError as error:
            tell("trouble", why=str(error))
            return
        for one in due:
            free = len(self._children) < self.config.schedule.at_once and not self.stopping
            if free and one.due.at <= at and one.site.slug not in self._children and self._may_begin(one.site.slug):
                await self._start(one.site)

    def _may_begin(self, slug: str) -> bool:
        return self._not_before.get(slug, (0.0, 0.0))[0] <= time.monotonic()

    async def _start(self, site: SiteDefinition) -> None:
        child = await Child.start(site, self.config, configured=site.slug in self.configured(), program=self.program)
        self._children[site.slug] = child
        tell("started", site=site.slug, pid=child.process.pid)
        task = asyncio.create_task(self._attend(child))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attend(self, child: Child) -> None:
        """See a crawl through to its end."""
        slug = child.site.slug
        code = await child.ended(self.config)
        del self._children[slug]
        if code in _TOLD_IN_STORE:
            self._not_before.pop(slug, None)
        else:
            wait = min(_LONGEST_WAIT, 2 * self._not_before.get(slug, (0.0, _WAIT / 2))[1])
            wait = _WAIT if code == LeaseError.exit_code else wait
            self._not_before[slug] = (time.monotonic() + wait, wait)
        if code != 0 and (self._once or self.leaving):
            self.failures.append(f"{slug}: {_in_words(code)}")
        tell("ended", site=slug, code=code, seconds=round(time.monotonic() - child.began, 1), why=child.stopped)
        self._changed.set()
        if self.after is not None:
            await self._after_a_crawl(self.after)

    @staticmethod
    async def _after_a_crawl(after: Callable[[], Awaitable[None]]) -> None:
        try:
            await after()
        except NewscrawlError as error:
            tell("trouble", why=str(error))

    # signals

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._signal)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _signal(self) -> None:
        """The first has the crawls finish what is in flight and save, the second has them leave at once."""
        clock, last = time.monotonic(), self._signalled
        if last is not None and clock - last < _ONE_SIGNAL:
            return
        self._signalled, first = clock, not self.stopping
        self.stopping, self.leaving = True, not first
        for child in self._children.values():
            child.stop("the schedule ends")
        if not first:
            asyncio.get_running_loop().call_later(_LEAVING, self._kill)
        self._changed.set()
        tell("stopping" if first else "leaving", crawls=len(self._children))

    def _kill(self) -> None:
        for child in self._children.values():
            child.kill()


def check_whole(failures: Sequence[str]) -> None:
    """Raises PartialError if any crawl did not end whole."""
    if failures:
        raise PartialError(f"not whole: {'; '.join(failures)}. What is left is due again: `newscrawl due` tells when")


def _in_words(code: int) -> str:
    causes = {ConfigError.exit_code: "its file is wrong", LeaseError.exit_code: "another process is crawling it", 7: "its run ended early"}
    return f"killed by signal {-code}" if code < 0 else causes.get(code, f"exit code {code}")


def tell(event: str, **what: object) -> None:
    """A line of JSON on standard error, as crawls write them."""
    line = {"event": event, "time": now().isoformat(timespec="seconds"), **{key: value for key, value in what.items() if value != ""}}
    sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stderr.flush()
