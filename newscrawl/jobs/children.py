"""Crawls in processes of their own, each bounded in time and memory, and none left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Self

import psutil

from newscrawl.config import Config
from newscrawl.sites import SiteDefinition

_LOOK_SECONDS = 1.0  # between two looks at the memory of a crawl, and at whether the parent is alive
_MEMORY_MARGIN = 1.5  # a crawl ends by itself at crawl.memory_mb; beyond this much of it, it does not get to it
PROGRAM = (sys.executable, "-m", "newscrawl")


@dataclass(slots=True)
class Child:
    """One crawl of one site."""

    site: SiteDefinition
    process: asyncio.subprocess.Process
    began: float  # time.monotonic()
    stopped: str = ""  # why it was told to end; "" if it was not
    _told: float = field(default=0.0)  # when

    @classmethod
    async def start(cls, site: SiteDefinition, config: Config, *, configured: bool, program: tuple[str, ...] = PROGRAM) -> Self:
        """Start the crawl. Its progress goes to our standard error; what it shows at its end stands in the store.

        It has a session of its own, so that Ctrl-C reaches us alone; it ends in good order when we are gone, however that came.
        """
        arguments = ("crawl", site.slug if configured else site.url, "--parent", str(os.getpid()))
        places = {"NEWSCRAWL_STORE": config.store.uri, "NEWSCRAWL_ARCHIVE": config.archive.folder}  # not in the arguments: others see these
        process = await asyncio.create_subprocess_exec(
            *program,
            *arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **places},
            start_new_session=True,
        )
        return cls(site, process, time.monotonic())

    async def ended(self, config: Config) -> int:
        """The exit code, once it has ended; it is seen to that it ends. Negative: killed by that signal."""
        limit, grace = config.schedule.run_minutes * 60, config.schedule.grace_seconds
        most = config.crawl.memory_mb * 1e6 * _MEMORY_MARGIN
        while True:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(self.process.wait(), _LOOK_SECONDS)
            if self.stopped and time.monotonic() - self._told > grace:
                self.kill()
            elif not self.stopped and time.monotonic() - self.began > limit:
                self.stop(f"its {config.schedule.run_minutes:g} minutes are over")
            elif not self.stopped and (held := _memory(self.process.pid)) > most:
                self.stop(f"it holds {held / 1e6:.0f} MB")

    def stop(self, why: str) -> None:
        """Tell it to finish what is in flight and save. Told a second time, it leaves at once."""
        self.stopped, self._told = self.stopped or why, time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it now. What it stored stays; the next run does the rest."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


def end_with(parent: int) -> None:
    """See to it that this process is told to end in good order once `parent`, which started it, is gone. A thread watches."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="newscrawl-parent", daemon=True).start()


def _memory(pid: int) -> int:
    """Bytes of memory that a process holds; 0 if it is gone. A browser that it runs does not count: its pages have bounds of their own."""
    with contextlib.suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return 0
