"""Which blocks of a page are its article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from newscrawl.extract import hints
from newscrawl.extract.blocks import Block, Layout

_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』）)\]]*(?:\s|$)|[，。；、！？]|, |; ")
_ABOUT = re.compile(  # a line on the article, not of it
    r"(?:来源|來源|稿源|出处|作者|编辑|編輯|时间|時間|日期|点击|浏览|阅读|字号|字体|评论|记者|Source|Quelle|Fuente|Foto|Photo|fot\.|Fot\.|Bild|Image|Credit)\s*[:：]"
    r"|^\W*(?:\S+\s){0,2}(?:19|20)\d\d[-年/.]\s?\d{1,2}[-月/.]\s?\d{1,2}|^\W*\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d"
)
_WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PROSE_TAGS = frozenset(("p", "blockquote", "pre"))
_LEAVES = frozenset(("p", "li", "h2", "h3", "blockquote"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_LONELY = 0.4
_NEUTRAL = -5.0  # of a short line that could be a subheading
_NEARLY = 0.95
_LONGEST_GAP = 200.0
_SOLID = 150.0  # worth of a full paragraph
_LIKE_PROSE = hints.COMMENT | hints.FOOTER | hints.LEGAL  # these hold paragraphs too
_ENOUGH = 400.0  # worth of a short article


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks taken for the article, by index, in page order."""

    chosen: tuple[int, ...]
    confidence: float  # 0 to 1: how much of the page's prose it is, and whether there is enough of it
    flags: Sequence[int]  # inherited hints of each box
    boxes: Sequence[int]  # box of each block

    def flags_of(self, block: int) -> int:
        """The hints that a block inherits."""
        return self.flags[self.boxes[block]]


def choose(layout: Layout, *, headline: int = -1) -> Body:
    """The article's blocks: those of worth in the box whose blocks are worth most together.

    `headline` is the block that shows the title, -1 if none does.
    """
    values = [prose(block) for block in layout.blocks]
    flags = inherit(layout, values, headline)
    worths = [outside(block) if flags[block.box] & hints.OUTSIDE else value for block, value in zip(layout.blocks, values, strict=True)]
    if not any(worth > 0 for worth in worths):
        worths = values  # better a text in a strange place than none
    discount_lonely(layout, worths)
    if headline >= 0:
        worths[headline] = -1.0
    best, total = _richest(layout, worths)
    boxes = [block.box for block in layout.blocks]
    if best < 0:
        return Body((), 0.0, flags, boxes)
    box = layout.boxes[best]
    chosen = _between(range(box.first, box.end), worths, layout.blocks)
    if headline >= 0 and (behind := [index for index in chosen if index > headline]):
        chosen = behind
    share = total / (sum(worth for worth in worths if worth > 0) or 1)
    return Body(tuple(chosen), round(share * min(1.0, total / _ENOUGH), 2), flags, boxes)


def _richest(layout: Layout, worths: Sequence[float]) -> tuple[int, float]:
    """The box whose blocks are worth most together, and what they are worth; -1 if none is worth anything.

    A smaller box that holds nearly as much is preferred: what it lacks is rarely the article's.
    """
    sums = [0.0, *accumulate(_bounded(worths))]
    totals = [sums[box.end] - sums[box.first] for box in layout.boxes]
    top = max(totals, default=0.0)
    if top <= 0:
        return -1, 0.0
    rich = (index for index, total in enumerate(totals) if total >= _NEARLY * top)
    best = min(rich, key=lambda index: (layout.boxes[index].end - layout.boxes[index].first, -index))
    return best, totals[best]


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


def inherit(layout: Layout, values: Sequence[float], headline: int = -1) -> list[int]:
    """For each box its flags and those of the boxes around it, as far as they can be believed.

    What holds the headline or much of the page's prose is not outside of the article, whatever it is called.
    """
    sums = [0.0, *accumulate(max(value, 0.0) for value in values)]
    solid = [0, *accumulate(block.tag in _PROSE_TAGS and value > _SOLID for block, value in zip(layout.blocks, values, strict=True))]
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


def outside(block: Block) -> float:
    """The worth of a block in a part of the page that is not the article."""
    return -min(len(block.text) * 0.2, 40.0) - 5


def prose(block: Block) -> float:
    """How much a block speaks for being the article's text: about its length if it is prose, below zero if it is not."""
    size = len(block.text)
    density = block.linked / size
    if density > 0.5:
        return -min(size * 0.5, 60.0) - 10
    wide = 0.0 if block.text.isascii() else len(_WIDE.findall(block.text[:400])) / min(size, 400)
    weight = size * (1 + 1.5 * wide)  # a Chinese character says as much as 2.5 letters
    if size < 80 and _ABOUT.search(block.text):
        return -20.0
    if block.tag in _HEADINGS or not _SENTENCE_END.search(block.text):
        return _NEUTRAL if weight < 120 else 0.2 * weight
    value = weight * (1 - 1.5 * density)
    if block.tag in _PROSE_TAGS:
        return value
    return value * (0.5 if block.tag == "li" else 0.8)


def _between(indexes: Sequence[int], worths: Sequence[float], blocks: Sequence[Block]) -> list[int]:
    """The blocks of worth, and the short ones between them that are not plainly something else."""
    good = [index for index in indexes if worths[index] > 0]
    if not good:
        return []
    return [
        index for index in range(good[0], good[-1] + 1) if worths[index] > 0 or (worths[index] == _NEUTRAL and blocks[index].linked == 0)
    ]
