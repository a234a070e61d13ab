"""A tree to a flat list of text blocks, each with what tells whether it belongs to the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from newscrawl.extract import hints
from newscrawl.extract.tree import Page

MAX_NODES = 60_000
MAX_TEXT = 1_000_000  # characters of all blocks together
_MOST_MARKS = 200

_BOX, _LINK, _OTHER, _TIME, _IMAGE, _BREAK, _PLAIN, _SKIP, _TEXT = range(9)
_KINDS = {
    _BOX: "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header legend li main ol p pre section summary table tbody td tfoot th thead tr ul",
    _SKIP: "applet audio button canvas embed head iframe input map math menu nav noembed noframes noscript object optgroup option rp rt "
    "rtc script select style svg template textarea video -comment -doctype",
    _BREAK: "br hr",
    _LINK: "a",
    _PLAIN: "b strong i em u wbr small sub sup big s strike mark",  # their attributes tell nothing
    _IMAGE: "img",
    _TIME: "time",
    _TEXT: "-text",
}
_KIND = {tag: kind for kind, tags in _KINDS.items() for tag in tags.split()}
_WHOLE = frozenset(("article", "body", "form", "main", "section", "table", "tbody"))  # too much to be a mark's text
_DOTS = frozenset({"0", "1", "2", "1px"})  # pixels: an image that shows nothing, and counts readers or keeps space
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")  # lazy images have a placeholder in src
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)", re.IGNORECASE)
_MARKED = hints.DATE | hints.BYLINE
_HAN_BREAK = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])[ \t]*[\r\n]\s*(?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff"))
_HAS_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]")


@dataclass(slots=True)
class Box:
    """A block-level element. Its blocks, and those of the boxes in it, are `blocks[first:end]`."""

    tag: str
    parent: int  # index of the box around it, -1 for the outermost
    depth: int  # boxes around it
    hints: int  # flags of `hints`, its own
    first: int
    end: int = -1


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text without a break: a paragraph, a list item, a cell, a line between two <br>."""

    text: str  # one line, whitespace joined
    tag: str  # of the innermost block-level element
    box: int  # index of that element
    linked: int  # characters inside links


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that may name a time or a person."""

    hints: int  # hints.DATE or hints.BYLINE, or both
    text: str  # what stands in elements of its own is on lines of its own
    value: str  # of its datetime, content or title attribute
    block: int  # index of the block that it begins in
    box: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image in the page, and where."""

    url: str  # as written
    alt: str
    block: int
    box: int


@dataclass(slots=True)
class Layout:
    """What a page shows, in page order."""

    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    cut: bool = False  # the page has more than was walked

    def around(self, box: int) -> Iterator[Box]:
        """The box at this index and all boxes around it, innermost first."""
        while box >= 0:
            yield self.boxes[box]
            box = self.boxes[box].parent


def plain(text: str) -> str:
    """The text on one line: whitespace joined, none between two Chinese characters, invisible characters out."""
    if not text.isascii():
        if "\n" in text or "\r" in text:
            text = _HAN_BREAK.sub("", text)
        if _HAS_INVISIBLE.search(text):
            text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def email(cipher: str) -> str:
    """The address behind a Cloudflare placeholder: hexadecimal, the first byte is the key of all others. "" if it is none."""
    try:
        key, *rest = bytes.fromhex(cipher)
        return bytes(byte ^ key for byte in rest).decode()
    except ValueError:  # not hexadecimal, empty, or not UTF-8
        return ""


def layout(page: Page, *, max_nodes: int = MAX_NODES, max_text: int = MAX_TEXT) -> Layout:
    """The blocks of a page, up to `max_nodes` nodes and `max_text` characters."""
    body = page.tree.body
    if body is None:
        return Layout()
    walk = _Walk(max_text)
    walk.run(body, max_nodes)
    return walk.layout


class _Walk:
    """One pass over a tree."""

    def __init__(self, max_text: int) -> None:
        self.layout = Layout()
        self._room = max_text
        self._pieces: list[str] = []  # of the block being read
        self._linked = 0
        self._links = 0  # open <a>
        self._box = -1
        self._pre = 0  # open <pre>

    def run(self, top: LexborNode, max_nodes: int) -> None:
        """Visit every node in page order, without recursion: pages nest deeper than Python does."""
        open_nodes: list[tuple[LexborNode, int]] = []
        node = top
        for _ in range(max_nodes):
            tag = node.tag or "-comment"
            kind = _KIND.get(tag, _OTHER)
            if kind == _TEXT:
                self._text(node.text_content or "")
            elif kind == _PLAIN or (kind != _SKIP and self._enter(node, tag, kind)):
                if (child := node.first_child) is not None:
                    open_nodes.append((node, kind))
                    node = child
                    continue
                if kind <= _LINK:
                    self._leave(kind)
            while (following := node.next) is None or not open_nodes:
                if not open_nodes:
                    return
                node, kind = open_nodes.pop()
                if kind <= _LINK:
                    self._leave(kind)
            node = following
        self.layout.cut = True
        if self._pieces:
            self._flush()
        for box in self.layout.boxes:
            if box.end < 0:
                box.end = len(self.layout.blocks)

    def _enter(self, node: LexborNode, tag: str, kind: int) -> bool:
        """Take in an element; whether to go into it."""
        if kind == _BREAK:
            if self._pieces:
                self._flush()
            return False
        if kind == _IMAGE:
            self._picture(node)
            return False
        attributes = node.attributes  # one dictionary costs less than two of its values asked of the tree
        name = attributes.get("class") or ""
        if identity := attributes.get("id"):
            name = f"{name} {identity}"
        flags = hints.of_name(name) if name else 0
        is_hidden = bool((style := attributes.get("style")) and _HIDING.search(style))
        if kind == _BOX:
            flags |= hints.of_tag(tag) | (hints.HIDDEN if is_hidden else 0)
            self._open(tag, flags)
        elif (is_hidden and kind == _OTHER) or (tag == "font" and "jammer" in name):
            return False  # put among the words to spoil copies of them
        elif "cf_email" in name and (address := email(attributes.get("data-cfemail") or "")):
            self._text(address)
            return False
        elif kind == _LINK:
            self._links += 1
        if kind == _TIME or flags & _MARKED:
            self._mark(node, attributes, flags | (hints.DATE if kind == _TIME else 0))
        return True

    def _mark(self, node: LexborNode, attributes: Mapping[str, str | None], flags: int) -> None:
        if len(self.layout.marks) >= _MOST_MARKS:
            return
        value = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
        text = "" if node.tag in _WHOLE else "\n".join(filter(None, map(plain, node.text(separator="\n")[:200].split("\n"))))
        self.layout.marks.append(Mark(flags, text, value, len(self.layout.blocks), self._box))

    def _picture(self, node: LexborNode) -> None:
        attributes = node.attributes
        url = next((value for name in _SOURCES if (value := attributes.get(name))), "")
        is_dot = (attributes.get("width") or "") in _DOTS or (attributes.get("height") or "") in _DOTS
        if url and not is_dot and not url.startswith("data:"):
            self.layout.pictures.append(Picture(url, plain(attributes.get("alt") or ""), len(self.layout.blocks), self._box))

    def _text(self, text: str) -> None:
        if text.isspace():
            if self._pieces:
                self._pieces.append(" ")
        elif self._pre and "\n" in text:
            for line in text.split("\n"):
                self._pieces.append(line)
                self._flush()
        else:
            self._pieces.append(text)
            if self._links:
                self._linked += len(text.strip())

    def _open(self, tag: str, flags: int) -> None:
        if self._pieces:
            self._flush()
        boxes = self.layout.boxes
        depth = boxes[self._box].depth + 1 if boxes else 0
        boxes.append(Box(tag, self._box, depth, flags, len(self.layout.blocks)))
        self._box = len(boxes) - 1
        if tag == "pre":
            self._pre += 1

    def _leave(self, kind: int) -> None:
        if kind == _LINK:
            self._links -= 1
            return
        if self._pieces:
            self._flush()
        box = self.layout.boxes[self._box]
        box.end = len(self.layout.blocks)
        self._box = box.parent
        if box.tag == "pre":
            self._pre -= 1

    def _flush(self) -> None:
        """End the block being read."""
        raw = "".join(self._pieces)
        if len(raw) > self._room:
            self.layout.cut, raw = True, raw[: self._room]
        text = plain(raw)
        if text:
            self._room -= len(text)
            self.layout.blocks.append(Block(text, self.layout.boxes[self._box].tag, self._box, min(self._linked, len(text))))
        self._pieces.clear()
        self._linked = 0
