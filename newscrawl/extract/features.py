"""What the network sees of a page: for each block some ninety numbers on its text, its place, its container and its names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newscrawl.extract import hints
from newscrawl.extract.blocks import Layout
from newscrawl.extract.containers import Around
from newscrawl.extract.title import folded

Floats = NDArray[np.floating[Any]]
Numbers = NDArray[np.int64]
Group = tuple[Sequence[str], Floats]  # names of columns, and a table of them

# Characters by what they tell; all others are "other".
_BY_CLASS = {
    "stop": ".!?。！？．",
    "dots": "…",
    "comma": ",，、;；",
    "colon": ":：",
    "quote": "\"'“”‘’„«»「」『』《》",
    "bracket": "()[]（）【】〔〕{}",
    "bar": "|｜›>→/\\·•■▪●-–—_*#+",
    "symbol": "©®™@&%€$£¥=~^",
}
_CLASSES = ("other", "space", "digit", "wide", "upper", "lower", *_BY_CLASS)
_CLASS = {name: index for index, name in enumerate(_CLASSES)}
_WIDE_RANGES = ((0x0E00, 0x0EFF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))  # written without spaces
_BY_CATEGORY = {"Nd": "digit", "Lu": "upper", "Lt": "upper"}
_READING = re.compile("(?<=[\u3400-\u9fff])[(（][a-z\u00e0-\u024f]{1,9}[)）]")
_FULL_OF_READINGS = 10
_WIDE_WEIGHT = 1.5  # a Chinese character says as much as 2.5 letters

_TAGS = (
    "p|li|h1|h2 h3|h4 h5 h6|td th tr table tbody|blockquote pre|dd dt dl|ul ol nav menu header footer|figcaption figure caption|"
    "body main article section|other"
).split("|")
_TAG = {tag: index for index, tags in enumerate(_TAGS) for tag in tags.split()}
_FLAGS = {name.lower(): flag for name, flag in vars(hints).items() if name.isupper() and not name.startswith("_") and name != "OUTSIDE"}


@dataclass(frozen=True, slots=True)
class Features:
    """A page in numbers, one row for each block."""

    names: tuple[str, ...]  # of the columns
    values: Floats
    container: Numbers  # of the innermost box that holds more than this block: its list, its row, the text around its paragraph
    section: Numbers  # of the next box that holds more than the container
    words: Floats  # a Chinese character is one


def features(
    layout: Layout, values: Sequence[float], ruled: Sequence[int], around: Around, *, headline: int = -1, title: str = ""
) -> Features:
    """The features of a page that has blocks.

    `values` is what `prose` makes of each block, `ruled` what the rules choose, `around` what `containers` tells,
    `headline` the block of the title or -1.
    """
    blocks = layout.blocks
    texts = _without_readings([block.text for block in blocks])
    length = np.array([*map(len, texts)], np.float32)
    linked = np.array([block.linked for block in blocks], np.float32)
    worth = np.array(values, np.float32)
    counts, first, last = _characters(texts, length)
    words = counts[:, _CLASS["space"]] + counts[:, _CLASS["wide"]] + 1
    container, section = around
    groups = [
        _of_text(counts, length, linked, worth),
        ([f"first {name}" for name in _CLASSES], first),
        ([f"last {name}" for name in _CLASSES], last),
        _of_lines([block.text for block in blocks], title),
        _of_place(layout, headline, worth),
        _of_container(_numbered(container), layout, length, linked, worth),
        _of_section(section, layout, length, linked, worth),
        _of_rules(ruled, len(blocks)),
        *_of_names(layout),
    ]
    names = tuple(name for names, _ in groups for name in names)
    table = np.concatenate([table for _, table in groups], axis=1, dtype=np.float32)
    return Features(names, table, _numbered(container), _numbered(section), words)


def _without_readings(texts: list[str]) -> list[str]:
    """The texts without readings in brackets behind Chinese characters, where a page is full of them: no corpus has such pages."""
    if sum(text.count("(") + text.count("（") for text in texts) < _FULL_OF_READINGS:
        return texts
    bare = [_READING.sub("", text) for text in texts]
    return bare if sum(map(len, texts)) - sum(map(len, bare)) > 4 * _FULL_OF_READINGS else texts


def _group(columns: Sequence[tuple[str, Floats]]) -> Group:
    return [name for name, _ in columns], np.stack([column for _, column in columns], axis=1, dtype=np.float32)


@cache
def _table() -> NDArray[np.uint8]:
    """The class of each character of the basic plane."""
    table = np.array([_class_of(chr(code)) for code in range(0x10000)], np.uint8)
    for start, end in _WIDE_RANGES:
        table[start : end + 1] = _CLASS["wide"]
    for name, characters in _BY_CLASS.items():
        table[[ord(character) for character in characters]] = _CLASS[name]
    return table


def _class_of(character: str) -> int:
    if character.isspace():
        return _CLASS["space"]
    category = unicodedata.category(character)
    return _CLASS[_BY_CATEGORY.get(category, "lower" if category[0] in "LM" else "other")]


def _characters(texts: Sequence[str], length: Floats) -> tuple[Floats, Floats, Floats]:
    """For each text how many characters of each class it has, and which class its first and its last one are of."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _table()[np.minimum(codes, 0xFFFF)].astype(np.int64)
    lengths = length.astype(np.int64)
    ends = np.cumsum(lengths)
    count = len(texts), len(_CLASSES)
    owner = np.repeat(np.arange(len(texts)), lengths)
    counts = np.bincount(owner * len(_CLASSES) + classes, minlength=count[0] * count[1]).reshape(count).astype(np.float32)
    one_of = np.eye(len(_CLASSES), dtype=np.float32)
    return counts, one_of[classes[ends - lengths]], one_of[classes[ends - 1]]


_SHARES = ("digit", "upper", "wide", "stop", "comma", "bar", "symbol", "quote", "bracket")
_AMOUNTS = ("stop", "comma", "colon")
_TEXT_NAMES = (
    *("length", "weight", "linked", "words"),
    *(f"{name}s" for name in _AMOUNTS),
    *(f"{name} share" for name in _SHARES),
    *("linked share", "has dots", "has symbol", "has number", "word length", "worth"),
)


def _of_text(counts: Floats, length: Floats, linked: Floats, worth: Floats) -> Group:
    of = {name: counts[:, index] for name, index in _CLASS.items()}
    words = of["space"] + 1
    sizes = [length, length + _WIDE_WEIGHT * of["wide"], linked, words, *(of[name] for name in _AMOUNTS)]
    logarithms = np.log1p(np.stack(sizes, axis=1)) / np.array([5, 5, 5, 4, 1, 1, 1], np.float32)
    shares = counts[:, [_CLASS[name] for name in _SHARES]] / length[:, None]
    letters = (of["lower"] + of["upper"]) / words / 10
    rest = [linked / length, of["dots"] > 0, of["symbol"] > 0, of["digit"] > 3, letters, np.sign(worth) * np.log1p(np.abs(worth)) / 5]
    return _TEXT_NAMES, np.concatenate([logarithms, shares, np.stack(rest, axis=1)], axis=1, dtype=np.float32)


def _of_lines(texts: Sequence[str], title: str) -> Group:
    often = Counter(texts)
    key, word = folded(title), max(title.casefold().split(), key=len, default="")
    near = (len(key) <= len(text) <= 2 * len(title) + 20 and word in text.casefold() for text in texts)  # few are worth folding
    is_title = [key != "" and is_near and folded(text) == key for is_near, text in zip(near, texts, strict=True)]
    return _group([("twice", np.array([often[text] > 1 for text in texts])), ("title line", np.array(is_title))])


def _of_place(layout: Layout, headline: int, worth: Floats) -> Group:
    count = len(layout.blocks)
    index = np.arange(count, dtype=np.float32)
    depth = np.array([layout.boxes[block.box].depth for block in layout.blocks], np.float32)
    total = np.maximum(worth, 0).cumsum()
    behind = (index > headline).astype(np.float32) if headline >= 0 else np.full(count, 0.5, np.float32)
    far = np.log1p(np.maximum(index - headline, 0)) / 5 if headline >= 0 else np.zeros(count, np.float32)
    return _group(
        [
            ("depth", depth / 20),
            ("place", index / count),
            ("prose before", total / max(float(total[-1]), 1.0)),
            ("page prose", np.full(count, np.log1p(total[-1]) / 8, np.float32)),
            ("page blocks", np.full(count, np.log1p(count) / 5, np.float32)),
            ("has headline", np.full(count, headline >= 0, np.float32)),
            ("behind headline", behind),
            ("from headline", far),
        ]
    )


def _numbered(boxes: Sequence[int]) -> Numbers:
    return np.unique(np.array(boxes, np.int64), return_inverse=True)[1]


def _of_container(container: Numbers, layout: Layout, length: Floats, linked: Floats, worth: Floats) -> Group:
    def total(values: Floats) -> Floats:
        return np.bincount(container, values)[container].astype(np.float32)

    tags = [block.tag for block in layout.blocks]
    count, characters, prose_here = total(np.ones_like(length)), total(length), total(np.maximum(worth, 0))
    return _group(
        [
            ("container blocks", np.log1p(count) / 4),
            ("container length", characters / count / 200),
            ("container linked", total(linked) / characters),
            ("container prose", np.log1p(prose_here) / 7),
            ("container prose to richest", prose_here / max(float(prose_here.max()), 1.0)),
            ("container prose to page", prose_here / max(float(np.maximum(worth, 0).sum()), 1.0)),
            ("container items", total(np.array([tag == "li" for tag in tags], np.float32)) / count),
            ("container paragraphs", total(np.array([tag == "p" for tag in tags], np.float32)) / count),
        ]
    )


def _of_section(section: Sequence[int], layout: Layout, length: Floats, linked: Floats, worth: Floats) -> Group:
    """What a block's section holds, with all boxes in it."""
    first = np.array([layout.boxes[box].first for box in section])
    end = np.array([layout.boxes[box].end for box in section])

    def total(values: Floats) -> Floats:
        sums = np.concatenate([np.zeros(1, values.dtype), values.cumsum()])
        return np.asarray(sums[end] - sums[first])

    count, text = (end - first).astype(np.float32), np.maximum(worth, 0)
    paragraphs = np.array([block.tag == "p" for block in layout.blocks], np.float32)
    return _group(
        [
            ("section blocks", np.log1p(count) / 5),
            ("section share", count / len(layout.blocks)),
            ("section prose", np.log1p(total(text) / count) / 5),
            ("section prose to page", total(text) / max(float(text.sum()), 1.0)),
            ("section linked", total(linked) / total(length)),
            ("section paragraphs", total(paragraphs) / count),
        ]
    )


def _of_rules(ruled: Sequence[int], count: int) -> Group:
    """What the rules say of each block, and where it stands to the text that they choose."""
    index = np.arange(count, dtype=np.float32)
    first, last = (ruled[0], ruled[-1]) if ruled else (0, count - 1)
    chosen = np.zeros(count, np.float32)
    chosen[list(ruled)] = 1
    return _group(
        [
            ("rules choose", chosen),
            ("rules around", ((index >= first) & (index <= last)).astype(np.float32)),
            ("rules begin", np.clip((index - first) / 20, -1, 1)),
            ("rules end", np.clip((index - last) / 20, -1, 1)),
        ]
    )


def _of_names(layout: Layout) -> list[Group]:
    """The tag of each block, and what the names of its own box and of all boxes around it tell."""
    inherited: list[int] = []
    for box in layout.boxes:
        inherited.append(box.hints | (inherited[box.parent] if box.parent >= 0 else 0))
    where = [block.box for block in layout.blocks]
    own = np.array([layout.boxes[box].hints for box in where], np.int64)
    around = np.array([inherited[box] for box in where], np.int64)
    flags = np.array([*_FLAGS.values()])
    tags = np.eye(len(_TAGS), dtype=np.float32)[[_TAG.get(block.tag, len(_TAGS) - 1) for block in layout.blocks]]
    return [
        ([f"tag {name.partition(' ')[0]}" for name in _TAGS], tags),
        ([f"in {name}" for name in _FLAGS], (around[:, None] & flags > 0).astype(np.float32)),
        ([f"is {name}" for name in _FLAGS], (own[:, None] & flags > 0).astype(np.float32)),
    ]
