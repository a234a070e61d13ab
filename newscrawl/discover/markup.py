"""XML as servers send it, to flat records.

Feeds and sitemaps are lists of entries with few, flat fields. So tags are looked at one by one, what is not asked for is passed over, and a
fault costs the field it stands in. No tree is built, no entity but characters expanded, nothing fetched: nothing outgrows the document.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from newscrawl.discover.documents import Cut

_MOST_ELEMENTS = 100  # kept of one record; an honest one has a dozen
_LONGEST_ATTRIBUTES = 4_000  # characters
_LONGEST_TEXT = 10_000  # characters of one field; more than an address may have, so that none that is cut passes for one

# Each alternative stops at the next "<" or is the last token there is, so reading takes linear time. A tag may lack its ">".
_TOKEN = re.compile(
    r"""<(?:
        (?P<end>/)?+(?:(?P<prefix>[\w.-]++):)?+(?P<name>[^\W\d][\w.-]*+)(?P<rest>(?:[^<>"']++|"[^"<]*"|'[^'<]*')*+(?=>)|[^<>]*+)>?
        |!\[CDATA\[(?P<cdata>.*?)(?:(?P<whole>\]\]>)|\Z)
        |!--.*?(?:-->|\Z)
        |[?!][^<>]*+>?
    )""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([\w:.-]++)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_ENTITY = re.compile(r"&#?\w{1,31};")  # without the ";" it is a parameter of an address: &copy=1
_CONTROLS = dict.fromkeys([*range(9), *range(14, 32), 127])  # not allowed in XML, and nothing that is written
# What may stand inside a text; any other tag ends a field that was left open.
_INLINE = frozenset("a abbr b bdi big br cite code div em font i mark p q rb rp rt ruby s small span strong sub sup tt u wbr".split())


@dataclass(frozen=True, slots=True)
class Element:
    """One field of a record."""

    name: str  # in lower case, without prefix
    prefix: str
    text: str  # on one line, characters for entities
    markup: str  # its attributes, see `attribute`


@dataclass(frozen=True, slots=True)
class Record:
    """The fields inside of one element that repeats; `name` is "" for those outside of all of these."""

    name: str = ""
    elements: tuple[Element, ...] = ()
    markup: str = ""  # the attributes of the element itself, see `attribute`
    cut: Cut = Cut.NO  # TORN if the document ended first; on the last record COUNT, if there were more of them

    def all(self, *names: str) -> list[Element]:
        """The fields of these names, in the order of the names, those without a prefix first."""
        return [
            one for name in names for bare in (True, False) for one in self.elements if one.name == name and bare is not bool(one.prefix)
        ]

    def text(self, *names: str) -> str:
        """The first of their texts that is not empty."""
        return next((one.text for one in self.all(*names) if one.text), "")


def records(text: str, *, around: Collection[str], fields: Collection[str], without: Collection[str], most: int) -> Iterator[Record]:
    """Up to `most` elements named in `around`, with those of their descendants that `fields` names; last, a record of the fields outside.

    Descendants of elements named in `without` are left out. All names are local ones in lower case.
    """
    head = draft = _Draft()
    cut, count = Cut.NO, 0
    shut = ""  # the element of `without` that is being passed over
    position = 0
    for token in _TOKEN.finditer(text):
        if draft.is_open:
            draft.add(characters(text[position : token.start()]))
        position = token.end()
        name = (token["name"] or "").lower()
        if not name:
            if token["cdata"] and token["whole"]:
                draft.add(token["cdata"])
        elif name in around:
            draft.close()
            if draft is not head:
                yield draft.record()
            draft, shut = head, ""
            if not token["end"]:
                if count == most:
                    cut = Cut.COUNT
                    break
                draft, count = _Draft(name, token["rest"]), count + 1
        elif token["end"]:
            shut = "" if name == shut else shut
            draft.close(name)
        elif name in without:
            draft.close(name)
            shut = shut or ("" if token["rest"].endswith("/") else name)
        elif not shut:
            draft.close(name)
            if name in fields:
                draft.open(token)
    if draft is not head:
        cut = Cut.TORN
        yield draft.record(cut)
    yield head.record(cut)


def attribute(markup: str, name: str) -> str:
    """The value of an attribute, "" if the markup of the start tag has none of this name (in lower case, with its prefix)."""
    found = (match for match in _ATTRIBUTE.finditer(markup[:_LONGEST_ATTRIBUTES]) if match[1].lower() == name)
    return next((characters(match[2] or match[3] or match[4] or "").strip() for match in found), "")


def characters(text: str) -> str:
    """The text with its entities resolved, once."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


@dataclass(slots=True)
class _Draft:
    """A record that is being read."""

    name: str = ""
    markup: str = ""
    is_open: bool = False
    _elements: list[Element] = field(default_factory=list)
    _start: tuple[str, str, str] = ("", "", "")  # name, prefix, attributes
    _texts: list[str] = field(default_factory=list)
    _room: int = 0

    def open(self, token: re.Match[str]) -> None:
        """A field begins."""
        self._start = (token["name"].lower(), (token["prefix"] or "").lower(), token["rest"])
        self._texts, self._room, self.is_open = [], _LONGEST_TEXT, True
        if token["rest"].endswith("/"):
            self.close()

    def add(self, text: str) -> None:
        """Text of the field that is open, if one is."""
        if self.is_open and self._room > 0:
            self._texts.append(text[: self._room])
            self._room -= len(text) + 1

    def close(self, before: str = "") -> None:
        """The field that is open ends, unless what comes next may stand inside it."""
        if self.is_open and before not in _INLINE:
            self.is_open = False
            if len(self._elements) < _MOST_ELEMENTS:
                name, prefix, markup = self._start
                text = " ".join("".join(self._texts).translate(_CONTROLS).split())
                self._elements.append(Element(name, prefix, text, markup))

    def record(self, cut: Cut = Cut.NO) -> Record:
        """What was read, without a field that is still open: the document ended inside it."""
        return Record(self.name, tuple(self._elements), self.markup, cut)
