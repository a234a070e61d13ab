"""Signals to what stays: the first has it end in good order, a second one has it leave at once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newscrawl.models import now

_ONE_SIGNAL = 1.0  # seconds in which repeated signals count as one: some senders signal a process and then its whole group


@dataclass(slots=True)
class Stopping:
    """Hears SIGINT and SIGTERM. `told` is called with False at the first and True at a later one; it returns how many crawls run."""

    told: Callable[[bool], int]
    stopping: bool = False
    _heard: float | None = None

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Hear them meanwhile, in the running loop."""
        loop, numbers = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self._signal)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    async def last(self) -> None:
        """Returns when no signal can come any more that belongs to one that was heard."""
        if self._heard is not None:
            await asyncio.sleep(max(0.0, self._heard + _ONE_SIGNAL - time.monotonic()))

    def _signal(self) -> None:
        clock, last = time.monotonic(), self._heard
        if last is not None and clock - last < _ONE_SIGNAL:
            return
        self._heard, leaving, self.stopping = clock, self.stopping, True
        tell("leaving" if leaving else "stopping", crawls=self.told(leaving))


def tell(event: str, **what: object) -> None:
    """A line of JSON on standard error, as crawls write them."""
    line = {"event": event, "time": now().isoformat(timespec="seconds"), **{key: value for key, value in what.items() if value != ""}}
    sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stderr.flush()
