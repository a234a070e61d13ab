"""HTML text to one lexbor tree, with what no reader needs taken out first and hostile shapes cut short."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

MAX_CHARS = 3_000_000  # of markup, scripts not counted
MAX_WORK = 5_000_000  # see `_harmless`; the most tangled of 1,400 real news pages needs a tenth of it

_OPENING = re.compile(r"<(?:!--|[sS](?:[cC][rR][iI][pP][tT]|[tT][yY][lL][eE])\b)")
_JSON_LD = re.compile(r"ld\+json", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*")
_WHOLE_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']+|"[^"]*"|'[^']*'|["'])*+""")
_MAX_ATTRIBUTES = 20_000  # of one element; each is compared with all before it, so these take a second
_FEW_TAGS = 2000  # below, no nesting costs enough to be worth a look

# Elements that hold no others, or whose end tags authors may leave out: they say nothing about depth.
_FLAT_NAMES = "area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option tbody thead tfoot"
_FLAT = frozenset(_FLAT_NAMES.split())
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page. The tree holds no scripts, styles or comments."""

    tree: LexborHTMLParser
    json_ld: tuple[str, ...] = ()  # texts of <script type="application/ld+json">, in page order
    cut: str = ""  # "size", "depth" or "attributes" if the rest of the page was left out


def parse(html: str, *, max_chars: int = MAX_CHARS, max_work: int = MAX_WORK) -> Page:
    """The page in `html`. One that is longer than `max_chars` without scripts, or nested beyond reason, is cut there and says so."""
    markup, json_ld = _without_scripts(html)
    cut = ""
    if len(markup) > max_chars:
        markup, cut = markup[:max_chars], "size"
    if markup.count("<") > _FEW_TAGS and (end := _harmless(markup, max_work)) < len(markup):
        markup, cut = markup[:end], "depth"
    if len(markup) > 2 * _MAX_ATTRIBUTES and (end := _before_crowd(markup)) < len(markup):
        markup, cut = markup[:end], "attributes"
    return Page(LexborHTMLParser(markup), json_ld, cut)


def _without_scripts(html: str) -> tuple[str, tuple[str, ...]]:
    """The markup without scripts, styles and comments; the texts of its JSON-LD scripts."""
    kept, json_ld, position = [], [], 0
    while opening := _OPENING.search(html, position):
        closing = _closing(html, opening)
        if closing < 0:
            break
        kept.append(html[position : opening.start()])
        if opening.group() != "<!--":
            attributes, _, script = html[opening.end() : closing].partition(">")
            if _JSON_LD.search(attributes):
                json_ld.append(script)
        position = html.find(">", closing) + 1 or len(html)
    kept.append(html[position:])
    return "".join(kept), tuple(json_ld)


def _closing(html: str, opening: re.Match[str]) -> int:
    """Where the end tag of a script, style or comment begins; -1 if nowhere."""
    name = opening.group()[1:]
    if name == "!--":
        return html.find("-->", opening.end() - 2)  # "<!-->" is a whole comment
    found = html.find(f"</{name}", opening.end())
    return found if found >= 0 else html.find(f"</{name.lower()}", opening.end())


def _harmless(markup: str, max_work: int) -> int:
    """How much of the markup a parser gets through in reasonable time and memory.

    Open elements are searched at each start tag, so 40,000 nested <div> take seconds; open formatting elements are made anew in each
    paragraph, so 2,000 <font> before 2,000 <p> make 4 million nodes. `max_work` bounds the sum of both over all start tags.
    """
    depth = formatting = work = 0
    tags = _TAG.findall(markup)
    steps = {tag: _step(tag) for tag in set(tags)}  # a page has few kinds of tags, and many of each
    for index, (deeper, piled, opens) in enumerate(map(steps.__getitem__, tags)):
        if deeper:
            depth = depth + deeper if depth or opens else 0
        elif piled:
            formatting = formatting + piled if formatting or opens else 0
        if opens:
            work += depth + 20 * formatting  # a node costs about 20 steps of a search
            if work > max_work:
                return next(islice(_TAG.finditer(markup), index, None)).start()
    return len(markup)


def _step(tag: str) -> tuple[int, int, bool]:
    """What a tag such as "<div" or "</b" does to the depth and to the pile of formatting elements, and whether it opens one."""
    name, change = tag.lstrip("</").lower(), -1 if tag[1] == "/" else 1
    return 0 if name in _FLAT or name in _FORMATTING else change, change if name in _FORMATTING else 0, change > 0


def _before_crowd(markup: str) -> int:
    """Where the first element begins that has more attributes than a parser should be given; the markup's length if none does."""
    fewest = 2 * _MAX_ATTRIBUTES  # characters that so many attributes take, and quotes, if ">" stands in their values
    if not _has_run_without_end(markup, fewest) and markup.count('"') + markup.count("'") < fewest:
        return len(markup)
    for tag in _WHOLE_TAG.finditer(markup):
        if tag.end() - tag.start() > fewest and len(tag[0].split()) > _MAX_ATTRIBUTES:
            return tag.start()
    return len(markup)


def _has_run_without_end(markup: str, length: int) -> bool:
    """Whether so many characters follow each other without a ">"; looks at few of them."""
    position = 0
    while position + length <= len(markup):
        position = markup.rfind(">", position, position + length) + 1
        if not position:
            return True
    return False
