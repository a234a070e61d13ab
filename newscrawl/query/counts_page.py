"""Counts on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from newscrawl.query.counts import Bar
from newscrawl.query.present import visible
from newscrawl.store.conditions import Field

_WIDEST = 40  # columns of the longest bar
_EIGHTHS = " ▏▎▍▌▋▊▉"
_NAMES = {Field.AUTHOR: "author"}


def facet_page(found: Mapping[Field, Sequence[tuple[str, int]]]) -> Group:
    """The most frequent values of each field."""
    tables: list[RenderableType] = []
    for field, values in found.items():
        table = Table(box=None, pad_edge=False, header_style="bold", show_header=True)
        table.add_column("articles", justify="right", no_wrap=True)
        table.add_column(_NAMES.get(field, field.value), overflow="fold")
        for value, count in values:
            table.add_row(f"{count:,}", Text(visible(value)))
        tables += [table, Text()]
    return Group(*tables[:-1])


def timeline_page(bars: Sequence[Bar]) -> Group:
    """A line for each span: its first day, how many articles, their share of all, a bar."""
    longest = max((bar.count for bar in bars), default=1) or 1
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    for bar in bars:
        share = f"{bar.count / bar.of:.1%}" if bar.of else ""
        table.add_row(bar.start.isoformat(), f"{bar.count:,}", share, Text(_bar(bar.count / longest), style="cyan"))
    return Group(table)


def _bar(part: float) -> str:
    whole, eighths = divmod(round(part * _WIDEST * 8), 8)
    return "█" * whole + _EIGHTHS[eighths].strip()
