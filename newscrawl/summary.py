"""Runs as a table: what `newscrawl runs` lists, and what a crawl shows at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Group
from rich.table import Table

from newscrawl.models import Result, Run
from newscrawl.remarks import Alarm

# Column, and the counters of a run that it adds up.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "new": ("new",),
    "articles": (Result.ARTICLE,),
    "copies": (Result.SAME_CONTENT, Result.TWIN),
    "left": (
        Result.FORBIDDEN,
        Result.OFF_SITE,
        Result.BAD_ADDRESS,
        Result.TOO_DEEP,
        Result.TOO_MANY_HOPS,
        Result.TRAP,
        Result.OLD,
        Result.TAKEN_DOWN,
        Result.SCRIPTED,
    ),
    "failed": (
        Result.MISSING,
        Result.REFUSED,
        Result.BLOCKED,
        Result.BUSY,
        Result.UNREACHABLE,
        Result.TOO_LARGE,
        Result.UNREADABLE,
        Result.LEAKED,
    ),
    "asked": ("requests",),
}


def outcome(runs: Sequence[Run]) -> Group:
    """What a crawl shows at its end: its runs, and a word if they found nothing new."""
    found = any(run.counters.get("new") or run.counters.get("changed") for run in runs)
    return Group(run_table(runs), *([] if found else ["Nothing new."]))


def run_table(runs: Sequence[Run]) -> Table:
    """One row a run, in the order given."""
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("site", overflow="fold")
    table.add_column("started, UTC", no_wrap=True)
    for name in (*_COLUMNS, "MB", "time"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("outcome", overflow="fold")
    for run in runs:
        counts = [str(sum(run.counters.get(counter, 0) for counter in counters)) for counters in _COLUMNS.values()]
        size = f"{run.counters.get('bytes', 0) / 1e6:.1f}"
        table.add_row(run.site, f"{run.started:%m-%d %H:%M}", *counts, size, _duration(run), _outcome(run))
    return table


def _outcome(run: Run) -> str:
    """How a run ended, how many pictures it brought, and whether texts among what it stored are garbled."""
    told = {"pictures": run.counters.get(Result.IMAGE, 0), "garbled": run.counters.get(Alarm.DAMAGED, 0)}
    return ", ".join([run.outcome or "running", *(f"{count} {name}" for name, count in told.items() if count)])


def _duration(run: Run) -> str:
    """Such as "12 s" or "1:02:03"; "" while the run lasts."""
    if run.ended is None:
        return ""
    seconds = (run.ended - run.started).total_seconds()
    return f"{seconds:.0f} s" if seconds < 60 else str(timedelta(seconds=round(seconds)))
