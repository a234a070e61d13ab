"""The lists, tables and quotations that stand in the middle of an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from newscrawl.extract import hints
from newscrawl.extract.blocks import Box, Layout

_UNITS = frozenset(("ul", "ol", "dl", "table", "blockquote"))
_MOST_LINKED = 0.5  # of the characters of a unit; above, it leads elsewhere


def enclosed(layout: Layout, chosen: Sequence[int], container: Sequence[int], flags: Sequence[int]) -> Iterator[int]:
    """The blocks between two of the `chosen` that are in a list, table or quotation beside both, and not mostly of links.

    Results of a match, or posts that are quoted, read like nothing else in an article, but what stands between two of its
    paragraphs is its own. `chosen` is in page order, `container` the box of each block as `containers` tells, `flags`
    what `inherit` makes of each box.
    """
    for before, behind in pairwise(chosen):
        index = before + 1
        while index < behind:
            unit = _unit(layout.boxes, layout.blocks[index].box, {container[before], container[behind]})
            end = min(unit.end, behind) if unit else index + 1
            if unit and not _leads_elsewhere(layout, unit):
                outside = (
                    hints.OUTSIDE & ~hints.SHARE if unit.tag == "blockquote" else hints.OUTSIDE
                )  # posts are named like buttons to share
                yield from (inner for inner in range(index, end) if not flags[layout.blocks[inner].box] & outside)
            index = end


def _unit(boxes: Sequence[Box], box: int, around: set[int]) -> Box | None:
    """The outermost list, table or quotation that holds `box` and is in all of the boxes `around`; None if there is none."""
    unit = None
    missing = set(around)
    while box >= 0:
        missing.discard(box)
        if not missing:
            return unit
        if boxes[box].tag in _UNITS:
            unit = boxes[box]
        box = boxes[box].parent
    return None


def _leads_elsewhere(layout: Layout, unit: Box) -> bool:
    blocks = layout.blocks[unit.first : unit.end]
    return sum(block.linked for block in blocks) > _MOST_LINKED * sum(len(block.text) for block in blocks)
