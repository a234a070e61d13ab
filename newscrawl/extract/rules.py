"""Which box of a page holds its article, by rules: the one whose blocks are worth most together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from newscrawl.extract import hints
from newscrawl.extract.blocks import Block, Layout
from newscrawl.extract.prose import NEUTRAL

_LONELY = 0.4
_NEARLY = 0.95
_LONGEST_GAP = 200.0


def richest(layout: Layout, values: Sequence[float], flags: Sequence[int], headline: int = -1) -> list[int]:
    """The blocks of worth in the box whose blocks are worth most together, and the short ones between them.

    `values` is what `prose` makes of each block, `flags` what `inherit` makes of each box, `headline` the block of the title or -1.
    """
    worths = [outside(block) if flags[block.box] & hints.OUTSIDE else value for block, value in zip(layout.blocks, values, strict=True)]
    if not any(worth > 0 for worth in worths):
        worths = list(values)  # better a text in a strange place than none
    discount_lonely(layout, worths)
    if headline >= 0:
        worths[headline] = -1.0
    best = _richest(layout, worths)
    if best < 0:
        return []
    chosen = _between(range(layout.boxes[best].first, layout.boxes[best].end), worths, layout.blocks)
    return [index for index in chosen if index > headline] or chosen


def _richest(layout: Layout, worths: Sequence[float]) -> int:
    """The box whose blocks are worth most together; -1 if none is worth anything.

    A smaller box that holds nearly as much is preferred: what it lacks is rarely the article's.
    """
    sums = [0.0, *accumulate(_bounded(worths))]
    totals = [sums[box.end] - sums[box.first] for box in layout.boxes]
    top = max(totals, default=0.0)
    if top <= 0:
        return -1
    rich = (index for index, total in enumerate(totals) if total >= _NEARLY * top)
    return min(rich, key=lambda index: (layout.boxes[index].end - layout.boxes[index].first, -index))


def _bounded(worths: Sequence[float]) -> Iterator[float]:
    """The same, but no run of worthless blocks costs more than `_LONGEST_GAP`: one long list does not part an article."""
    left = _LONGEST_GAP
    for worth in worths:
        if worth > 0:
            left = _LONGEST_GAP
            yield worth
        else:
            cost = min(-worth, left)
            left -= cost
            yield -cost


def discount_lonely(layout: Layout, worths: list[float]) -> None:
    """Lower the worth of prose that has other things in its container, but no other prose: more often a teaser than a paragraph."""
    boxes = layout.boxes
    containers = []
    for block in layout.blocks:
        box = block.box
        while boxes[box].end - boxes[box].first == 1 and boxes[box].parent >= 0:
            box = boxes[box].parent
        containers.append(box)
    neighbours = Counter(container for container, worth in zip(containers, worths, strict=True) if worth > 0)
    for index, container in enumerate(containers):
        if worths[index] > 0 and neighbours[container] == 1:
            worths[index] *= _LONELY


def outside(block: Block) -> float:
    """The worth of a block in a part of the page that is not the article."""
    return -min(len(block.text) * 0.2, 40.0) - 5


def _between(indexes: Sequence[int], worths: Sequence[float], blocks: Sequence[Block]) -> list[int]:
    """The blocks of worth, and the short ones between them that are not plainly something else."""
    good = [index for index in indexes if worths[index] > 0]
    if not good:
        return []
    return [
        index for index in range(good[0], good[-1] + 1) if worths[index] > 0 or (worths[index] == NEUTRAL and blocks[index].linked == 0)
    ]
