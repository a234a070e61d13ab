"""Which blocks of a page are its article: a network's judgement, and a vote of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newscrawl.extract.blocks import Layout
from newscrawl.extract.features import Floats, features
from newscrawl.extract.network import Network, shipped
from newscrawl.extract.parts import inherit
from newscrawl.extract.prose import prose
from newscrawl.extract.rules import richest

RULES_VOTE = 1.0  # log-odds for what the rules choose, and against what they don't: they know no corpus, and so hold where it ends
_DOUBTFUL = -3.0  # log-odds: if no block is likely the article's, the best are taken down to here, and this far from the best
_CLOSE = 1.0


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


def choose(layout: Layout, *, headline: int = -1, title: str = "", network: Network | None = None) -> Body:
    """The article's blocks. `network` judges them in place of the shipped one.

    `headline` is the block that shows the title, -1 if none does; it is no part of the text.
    """
    values = [prose(block) for block in layout.blocks]
    flags = inherit(layout, values, headline)
    boxes = [block.box for block in layout.blocks]
    if not layout.blocks:
        return Body((), 0.0, flags, boxes)
    ruled = richest(layout, values, flags, headline)
    page = features(layout, values, ruled, headline=headline, title=title)
    judged = (network or shipped()).judge(page) - RULES_VOTE
    judged[ruled] += 2 * RULES_VOTE
    if headline >= 0:
        judged[headline] = -np.inf
    best = float(judged.max())
    chosen = np.flatnonzero(judged > (0 if best > 0 else max(_DOUBTFUL, best - _CLOSE)))
    return Body(tuple(chosen.tolist()), _confidence(judged[chosen], page.words[chosen]), flags, boxes)


def _confidence(judged: Floats, words: Floats) -> float:
    """The mean probability of the chosen words; 0 for none."""
    if not len(judged):
        return 0.0
    return round(float((words / (1 + np.exp(-judged))).sum() / words.sum()), 2)
