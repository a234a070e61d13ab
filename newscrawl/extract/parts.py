"""Which part of a page each box is in, as far as names can be believed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from newscrawl.extract import hints
from newscrawl.extract.blocks import Layout
from newscrawl.extract.prose import PROSE_TAGS

_SOLID = 150.0  # worth of a full paragraph
_LIKE_PROSE = hints.COMMENT | hints.FOOTER | hints.LEGAL  # these hold paragraphs too


def inherit(layout: Layout, values: Sequence[float], headline: int = -1) -> list[int]:
    """For each box its flags and those of the boxes around it, as far as they can be believed.

    `values` is what `prose` makes of each block. What holds the headline or much of the page's prose is not outside of the article,
    whatever it is called.
    """
    sums = [0.0, *accumulate(max(value, 0.0) for value in values)]
    solid = [0, *accumulate(block.tag in PROSE_TAGS and value > _SOLID for block, value in zip(layout.blocks, values, strict=True))]
    headlines = [0, *accumulate(block.tag == "h1" or index == headline for index, block in enumerate(layout.blocks))]
    flags: list[int] = []
    for box in layout.boxes:
        own = box.hints
        if own & hints.OUTSIDE:
            share = (sums[box.end] - sums[box.first]) / (sums[-1] or 1)
            if headlines[box.end] - headlines[box.first]:
                is_inside = share > 0.1
            elif own & _LIKE_PROSE:
                is_inside = share > 0.7 and not own & hints.COMMENT
            else:
                is_inside = share > 0.4 or (solid[box.end] - solid[box.first] >= 4 and not own & hints.SIDE)
            if is_inside:
                own &= ~hints.OUTSIDE
        flags.append(own | (flags[box.parent] if box.parent >= 0 else 0))
    return flags
