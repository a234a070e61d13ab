"""Which blocks of a page are its article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newscrawl.extract import hints
from newscrawl.extract.blocks import Block, Layout
from newscrawl.extract.containers import containers
from newscrawl.extract.enclosed import enclosed
from newscrawl.extract.features import Floats, features
from newscrawl.extract.network import Network, shipped
from newscrawl.extract.parts import inherit
from newscrawl.extract.prose import prose
from newscrawl.extract.rules import richest
from newscrawl.extract.title import Title

RULES_VOTE = 1.0  # log-odds for what the rules choose, and against the rest: they know no corpus, and so hold where it ends
_FULL_VOTE = 200.0  # worth of a paragraph that they vote for with half as much again; for what is worth nothing, with half
MOST_JUDGED = 6_000  # blocks, 120 MB while they are judged; a page of more is left to the rules
_ENOUGH = 400.0  # worth of a short article
_MUCH = 0.25  # of the chosen text
_LINE = 40  # characters; cells of a table are alike by chance
NEVER = hints.COMMENT | hints.HIDDEN | hints.CAPTION | hints.LEGAL  # no text where such a name is believed, whatever it reads like


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks taken for the article, by index, in page order."""

    chosen: tuple[int, ...]
    confidence: float  # 0 to 1: how likely its words are the article's
    flags: Sequence[int]  # inherited hints of each box
    boxes: Sequence[int]  # box of each block

    def flags_of(self, block: int) -> int:
        """The hints that a block inherits."""
        return self.flags[self.boxes[block]]


def choose(layout: Layout, title: Title | None = None, *, network: Network | None = None) -> Body:
    """The article's blocks; the one that shows the title is none of them. `network` judges in place of the shipped one."""
    headline = title.block if title else -1
    values = [prose(block) for block in layout.blocks]
    flags = inherit(layout, values, headline)
    boxes = [block.box for block in layout.blocks]
    if not layout.blocks:
        return Body((), 0.0, flags, boxes)
    around = containers(layout)
    ruled = richest(layout, values, flags, headline)
    judged = np.full(len(boxes), -RULES_VOTE, np.float32)
    judged[ruled] = RULES_VOTE * (0.5 + np.clip(np.array(values)[ruled] / _FULL_VOTE, 0, 1))
    if len(boxes) <= MOST_JUDGED:
        judged += (network or shipped()).judge(
            features(layout, values, ruled, around, headline=headline, title=title.text if title else "")
        )
    never = [index for index, box in enumerate(boxes) if index == headline or flags[box] & NEVER]
    likely = judged > 0
    likely[never] = False
    chosen = np.flatnonzero(likely).tolist() or [index for index in ruled if index != headline]  # better strange than none
    confidence = _confidence(judged[chosen], [abs(values[index]) for index in chosen])
    inside = [index for index in enclosed(layout, chosen, around[0], flags) if index != headline]
    return Body(tuple(_once(layout.blocks, sorted([*chosen, *inside]))), confidence, flags, boxes)


def _once(blocks: Sequence[Block], chosen: Sequence[int]) -> Sequence[int]:
    """The same without a second rendering, if that is much of it: some pages hold their article twice, for printing or for small screens.

    A rendering is several long lines in the order in which they stood before; a refrain or a question that comes again is none.
    """
    first: dict[str, int] = {}  # where each line stands among the chosen
    copies: list[int] = []
    run: list[int] = []
    longest: list[int] = []
    for at, index in enumerate(chosen):
        text = blocks[index].text
        if len(text) <= _LINE:
            continue
        before = first.setdefault(text, at)
        if before == at:
            run = []
            continue
        copies.append(index)
        run = [*run, index] if not run or first[blocks[run[-1]].text] < before else [index]
        longest = max(longest, run, key=len)
    whole, twice = (sum(len(blocks[index].text) for index in some) for some in (chosen, longest))
    return [index for index in chosen if index not in copies] if len(longest) > 1 and twice > _MUCH * whole else chosen


def _confidence(judged: Floats, worths: Sequence[float]) -> float:
    """The mean probability of the chosen blocks, weighed by what they are worth, less where that is little; 0 for none."""
    if not worths:
        return 0.0
    likely = 1 / (1 + np.exp(-np.clip(judged, -30, 30)))
    return round(float(np.average(likely, weights=worths)) * min(1.0, sum(worths) / _ENOUGH), 2)
