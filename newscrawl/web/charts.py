"""Charts as numbers that a template draws as SVG: no script, no style attribute, so the strictest policy holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newscrawl.query.counts import Bar, Span

HEIGHT = 150  # pixels of a timeline; across, all is in percent, so that text keeps its size on any screen
_GAP = 0.2  # of a bar's room
_LABELS = 6  # on a wide screen; a narrow one shows every third


@dataclass(frozen=True, slots=True)
class Column:
    """A bar as it is drawn."""

    bar: Bar
    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline as it is drawn."""

    columns: tuple[Column, ...]
    labels: tuple[tuple[float, str, str], ...]  # x, text, and where the text is anchored
    highest: str  # what the highest bar stands for
    height: int = HEIGHT


def drawn(bars: Sequence[Bar], span: Span, *, share: bool = False) -> Timeline:
    """The bars of a timeline side by side, as high as their counts or, with `share`, as their shares of all."""
    room = 100 / max(len(bars), 12)  # a single bar does not fill the page
    sizes = [bar.count / bar.of if share and bar.of else 0 if share else bar.count for bar in bars]
    highest = max(sizes, default=0)
    heights = [max(size / highest * HEIGHT, 2) if size else 0 for size in sizes]
    columns = tuple(_column(bar, at * room, room, height, span) for at, (bar, height) in enumerate(zip(bars, heights, strict=True)))
    step = max(-(-len(bars) // _LABELS), 1)
    labels = tuple((column.x, _day(column.bar, span), "start") for column in columns[::step] if column.x < 92)
    return Timeline(columns, labels, f"{highest:.1%}" if share else f"{highest:,}")


def _column(bar: Bar, x: float, room: float, height: float, span: Span) -> Column:
    share = f" ({bar.count / bar.of:.1%} of all)" if bar.of else ""
    title = f"{_named(bar, span)}: {bar.count:,} {'article' if bar.count == 1 else 'articles'}{share}"
    return Column(bar, round(x, 3), round(HEIGHT - height, 2), round(room * (1 - _GAP), 3), round(height, 2), title)


def _named(bar: Bar, span: Span) -> str:
    return f"week of {bar.start}" if span is Span.WEEK else _day(bar, span)


def _day(bar: Bar, span: Span) -> str:
    return f"{bar.start:%Y-%m}" if span is Span.MONTH else bar.start.isoformat()
