"""A change side by side: what was on the left, what is on the right, paragraph beside paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.query.diff import Fate, Piece

Row = tuple[list[Piece], list[Piece]]  # pieces that were, pieces that are


def columns(found: Sequence[Piece]) -> list[Row]:
    """The pieces of `diff.pieces` in rows; a new one begins where both texts begin a paragraph."""
    rows: list[Row] = [([], [])]
    for fate, text in found:
        if fate is not Fate.KEPT:
            rows[-1][fate is Fate.NEW].append((fate, text))
            continue
        for at, paragraph in enumerate(text.split("\n")):
            if at:
                rows.append(([], []))
            if paragraph:
                rows[-1][0].append((fate, paragraph))
                rows[-1][1].append((fate, paragraph))
    return [row for row in rows if row[0] or row[1]]


def is_changed(row: Row) -> bool:
    """Whether the two sides of a row differ."""
    return any(fate is not Fate.KEPT for side in row for fate, _ in side)
