"""Which blocks of a page are its article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from newscrawl.extract import hints
from newscrawl.extract.blocks import Block, Box, Layout

_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』）)\]]*(?:\s|$)|[，。；：、！？]|, |; ")
_WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PROSE_TAGS = frozenset("p blockquote pre".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())

# A block that contains one of these, and is short, is about the site and not about the news.
_BOILERPLATE = (
    "copyright", "©", "all rights reserved", "alle rechte vorbehalten", "todos los derechos", "tous droits", "版权所有", "版權所有", "未经授权", "未經授權",
    "icp备", "icp備", "icp证", "免责声明", "免責聲明", "特别声明", "仅代表作者", "僅代表作者", "转载请注明", "轉載請註明", "与本网无关", "责任编辑", "責任編輯",
    "违法和不良信息", "javascript", "cookie", "newsletter", "privacy policy", "terms of use", "terms of service", "datenschutz", "nutzungsbedingungen",
    "sign up", "subscribe", "click here", "follow us", "share this", "read more", "read also", "see also", "related:", "advertisement", "anzeige",
    "扫描二维码", "扫一扫", "关注微信", "微信公众号", "分享到", "点击进入", "相关新闻", "相关阅读", "延伸阅读", "推荐阅读", "上一篇", "下一篇", "网友评论", "发表评论",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks taken for the article, by index, in page order."""

    chosen: tuple[int, ...]
    box: int  # the smallest box around them that won
    confidence: float


def choose(layout: Layout) -> Body:
    """The article's blocks: those of worth in the box whose blocks are worth most together."""
    values = [prose(block) for block in layout.blocks]
    inherited = inherit(layout, values)
    worths = [outside(block) if inherited[block.box] & hints.OUTSIDE else value for block, value in zip(layout.blocks, values, strict=True)]
    sums = [0.0, *accumulate(worths)]
    best, top = -1, 0.0
    for index, box in enumerate(layout.boxes):
        total = sums[box.end] - sums[box.first]
        if total > 0 and total >= top:  # of equals, the innermost
            best, top = index, total
    if best < 0:
        return Body((), -1, 0.0)
    box = layout.boxes[best]
    chosen = _between(range(box.first, box.end), worths, layout.blocks)
    return Body(tuple(chosen), best, 1.0)


def inherit(layout: Layout, values: Sequence[float]) -> list[int]:
    """For each box its flags and those of the boxes around it, as far as they can be believed.

    What holds the headline or much of the page's prose is not outside of the article, whatever it is called.
    """
    sums = [0.0, *accumulate(max(value, 0.0) for value in values)]
    headlines = [0, *accumulate(block.tag == "h1" for block in layout.blocks)]
    flags: list[int] = []
    for box in layout.boxes:
        own = box.hints
        if own & hints.OUTSIDE:
            share = (sums[box.end] - sums[box.first]) / (sums[-1] or 1)
            if share > (0.1 if headlines[box.end] - headlines[box.first] else 0.7 if own & (hints.COMMENT | hints.FOOTER) else 0.4):
                own &= ~hints.OUTSIDE
        flags.append(own | (flags[box.parent] if box.parent >= 0 else 0))
    return flags


def outside(block: Block) -> float:
    """The worth of a block in a part of the page that is not the article."""
    return -min(len(block.text) * 0.2, 40.0) - 5


def prose(block: Block) -> float:
    """How much a block speaks for being the article's text: about its length if it is prose, below zero if it is not."""
    size = len(block.text)
    wide = len(_WIDE.findall(block.text[:400])) / min(size, 400)
    weight = size * (1 + 1.5 * wide)  # a Chinese character says as much as 2.5 letters
    density = block.linked / size
    if density > 0.5:
        return -min(weight * 0.5, 60.0) - 10
    if weight < 200 and _boilerplate(block.text):
        return -20.0
    if block.tag in _HEADINGS or not _SENTENCE_END.search(block.text):
        return -5.0 if weight < 120 else 0.2 * weight
    value = weight * (1 - 1.5 * density)
    if block.tag in _PROSE_TAGS:
        return value
    return value * (0.5 if block.tag == "li" else 0.8)


def _boilerplate(text: str) -> bool:
    text = text.lower()
    return any(phrase in text for phrase in _BOILERPLATE)


def _between(indexes: Sequence[int], worths: Sequence[float], blocks: Sequence[Block]) -> list[int]:
    """The blocks of worth, and the short ones between them that are not plainly something else."""
    good = [index for index in indexes if worths[index] > 0]
    if not good:
        return []
    return [index for index in range(good[0], good[-1] + 1) if worths[index] > 0 or (worths[index] == -5.0 and blocks[index].linked == 0)]
