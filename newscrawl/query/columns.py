"""A change side by side: what was on the left, what is on the right, paragraph beside paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from newscrawl.query.diff import Fate, Piece

Row = tuple[list[Piece], list[Piece]]  # pieces that were, pieces that are


def columns(found: Sequence[Piece]) -> list[Row]:
    """The pieces of `diff.pieces` in rows; a new one begins where both texts begin a paragraph."""
    runs = [(kept, list(run)) for kept, run in groupby(found, key=lambda piece: piece[0] is Fate.KEPT)]
    rows: list[Row] = [([], [])]
    for at, (kept, run) in enumerate(runs):
        if kept:
            _keep("".join(text for _, text in run), rows)
        else:
            following = runs[at + 1][1][0][1] if at + 1 < len(runs) else "\n"
            _change(run, rows, is_whole=following.startswith("\n"))
    return [row for row in rows if row[0] or row[1]]


def is_changed(row: Row) -> bool:
    """Whether the two sides of a row differ."""
    return any(fate is not Fate.KEPT for side in row for fate, _ in side)


def _keep(text: str, rows: list[Row]) -> None:
    for at, paragraph in enumerate(text.split("\n")):
        if at:
            rows.append(([], []))
        if paragraph:
            for side in rows[-1]:
                side.append((Fate.KEPT, paragraph))


def _change(run: Sequence[Piece], rows: list[Row], *, is_whole: bool) -> None:
    """Add what is gone and what is new. Whole paragraphs get rows of their own; `is_whole`: what follows begins a paragraph."""
    at_beginning = not any(rows[-1])
    if is_whole and not at_beginning and all(text.startswith("\n") for _, text in run):
        rows.append(([], []))
        run = [(fate, text[1:]) for fate, text in run]
    for fate, text in run:
        if text:
            rows[-1][fate is Fate.NEW].append((fate, text))
    if at_beginning and all(text.endswith("\n") for _, text in run):
        rows.append(([], []))
