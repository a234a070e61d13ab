"""How much a block reads like a paragraph."""

from __future__ import annotations

import re

from newscrawl.extract.blocks import Block

_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』）)\]]*(?:\s|$)|[，。；、！？]|, |; ")
_ABOUT = re.compile(  # a line on the article, not of it
    r"(?:来源|來源|稿源|出处|作者|编辑|編輯|时间|時間|日期|点击|浏览|阅读|字号|字体|评论|记者|Source|Quelle|Fuente|Foto|Photo|fot\.|Fot\.|Bild|Image|Credit)\s*[:：]"
    r"|^\W*(?:\S+\s){0,2}(?:19|20)\d\d[-年/.]\s?\d{1,2}[-月/.]\s?\d{1,2}|^\W*\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d"
)
_WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
PROSE_TAGS = frozenset(("p", "blockquote", "pre"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
NEUTRAL = -5.0  # of a short line that could be a subheading


def prose(block: Block) -> float:
    """How much a block speaks for being an article's text: about its length if it is prose, below zero if it is not."""
    size = len(block.text)
    density = block.linked / size
    if density > 0.5:
        return -min(size * 0.5, 60.0) - 10
    wide = 0.0 if block.text.isascii() else len(_WIDE.findall(block.text[:400])) / min(size, 400)
    weight = size * (1 + 1.5 * wide)  # a Chinese character says as much as 2.5 letters
    if size < 80 and _ABOUT.search(block.text):
        return -20.0
    if block.tag in _HEADINGS or not _SENTENCE_END.search(block.text):
        return NEUTRAL if weight < 120 else 0.2 * weight
    value = weight * (1 - 1.5 * density)
    if block.tag in PROSE_TAGS:
        return value
    return value * (0.5 if block.tag == "li" else 0.8)
