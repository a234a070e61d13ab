"""What long work shows: a bar on a terminal, else a line of JSON on standard error every period."""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


class Shown:
    """Progress of something that has a size. `period` is in seconds, between two lines where there is no terminal."""

    def __init__(self, what: str, total: int, period: float) -> None:
        self._what, self._total, self._period = what, total, period
        self._told = time.monotonic()
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True) if console.is_terminal else None
        self._task = self._bar.add_task(what, total=total) if self._bar else None

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def done(self, amount: int) -> None:
        """So much of it is done."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=amount)
        elif time.monotonic() - self._told >= self._period:
            self._told = time.monotonic()
            sys.stderr.write(json.dumps({"work": self._what, "done": amount, "of": self._total}) + "\n")
