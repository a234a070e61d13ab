"""What `benchmarks.growth` measures, and a picture of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, TOP, BOTTOM = 360, 300, 40, 40  # of one plot
COLOURS = {"sqlite": "#1f6fb2", "mongodb": "#c2571a"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One size of one store."""

    store: str
    documents: int
    lookup: float  # milliseconds for one new article, the middle one of 200 in the quickest of the rounds
    compare: float  # milliseconds, from mark to cluster; of the middle batch of 50
    bytes: float  # a document: its keys and their index

    def __str__(self) -> str:
        return f"| {self.store} | {self.documents:,} | {self.lookup:.2f} | {self.compare:.2f} | {self.bytes:.0f} |"


@dataclass(frozen=True, slots=True)
class Plot:
    """One figure against the number of articles, which is on a logarithmic axis."""

    left: int
    title: str
    ticks: dict[float, str]
    most: float
    value: Callable[[Measured], float]

    def across(self, documents: float) -> float:
        """From 6,300 to 1.6 million."""
        return self.left + 60 + (math.log10(documents) - 3.8) / 2.4 * (WIDTH - 70)

    def up(self, value: float) -> float:
        """From 0 to `most`."""
        return HEIGHT - BOTTOM - value / self.most * (HEIGHT - TOP - BOTTOM)

    def drawn(self, rows: Sequence[Measured]) -> list[str]:
        """The lines of all stores, each with the logarithm beside it, dashed, as it would have grown from the first size on."""
        parts = [f'<text x="{self.left + 60}" y="20" font-weight="bold">{self.title}</text>']
        for value, label in self.ticks.items():
            parts.append(f'<path d="M{self.left + 60} {self.up(value):.1f}H{self.left + WIDTH - 10}" stroke="#ddd"/>')
            parts.append(f'<text x="{self.left + 52}" y="{self.up(value) + 4:.1f}" text-anchor="end">{label}</text>')
        parts += [
            f'<text x="{self.across(10**power):.0f}" y="{HEIGHT - 15}" text-anchor="middle">{10**power:,}</text>' for power in (4, 5, 6)
        ]
        for store, colour in COLOURS.items():
            mine = sorted((row for row in rows if row.store == store), key=lambda row: row.documents)
            if mine:
                parts += self._line(mine, store, colour)
        return parts

    def _line(self, rows: Sequence[Measured], store: str, colour: str) -> list[str]:
        points = [(self.across(row.documents), self.up(self.value(row))) for row in rows]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts = [f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{line}"/>']
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        parts.append(f'<text x="{points[0][0] - 4:.1f}" y="{points[0][1] - 10:.1f}" fill="{colour}">{store}</text>')
        if self.title.startswith("look-up"):
            first, last = rows[0], rows[-1]
            allowed = self.value(first) * math.log(last.documents) / math.log(first.documents)
            ends = f"M{points[0][0]:.1f} {points[0][1]:.1f}L{points[-1][0]:.1f} {self.up(allowed):.1f}"
            parts.append(f'<path d="{ends}" stroke="{colour}" stroke-dasharray="4 4" opacity=".6"/>')
        return parts


def svg(rows: Sequence[Measured]) -> str:
    """Two plots side by side. Dashed: what would have grown as the logarithm does."""
    most_time = max(0.5, *(row.lookup for row in rows)) * 1.6
    most_bytes = max(500.0, *(row.bytes for row in rows)) * 1.2
    times = Plot(0, "look-up, ms (dashed: the logarithm)", _ticks(most_time), most_time, lambda row: row.lookup)
    sizes = Plot(WIDTH, "bytes an article", _ticks(most_bytes), most_bytes, lambda row: row.bytes)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">']
    parts.append(f'<rect width="{2 * WIDTH}" height="{HEIGHT}" fill="white"/>')
    return "\n".join([*parts, *times.drawn(rows), *sizes.drawn(rows), "</svg>", ""])


def _ticks(most: float) -> dict[float, str]:
    """Four or so round values up to this one."""
    step = 10.0 ** math.floor(math.log10(most))
    step = next(step * part for part in (0.2, 0.25, 0.5, 1, 2) if most / (step * part) <= 6)
    return {step * number: f"{step * number:,.10g}" for number in range(int(most / step) + 1)}
