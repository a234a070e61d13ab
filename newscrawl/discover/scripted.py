"""Whether a page that shows next to no articles has scripts that would put them there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

LONGEST_WAIT = 60  # letters of what stands in a box until a script fills it: "loading", a spinner's name
_SHELL = 400  # letters of a page that is nothing but a place for scripts
_MOST_BOXES = 40  # that are looked at; scripts of honest pages name a few

# Where frameworks put a whole page, by id or element.
ROOTS = frozenset("root app __next __nuxt ___gatsby app-root main-app react-root q-app svelte ember-app".split())
# What boxes for lists of articles are called, as words; and what those are called that hold something else, as parts of names.
LISTS = frozenset(
    "news newslist article articles articlelist list lists listing feed posts post stories items headlines latest stream".split()
)
OTHERS = frozenset(
    "advert banner sponsor taboola outbrain promo comment consent cookie captcha player video chart weather share social login search "
    "newsletter survey popup modal toast breadcrumb footer header logo font thumbnail related recommend exchange "
    "slideshow wrapper counter".split()
)
# What boxes beside the main part of a page are called; headlines in them say nothing about what the page itself lists.
MARGINS = frozenset("aside nav header footer side sidebar sidebox right widget popular mostread rank ranking hot related recommend".split())
# What a button says that makes a script fetch the next articles.
MORE = frozenset(
    {"load more", "show more", "more news", "view more", "see more", "加载更多", "点击加载更多", "查看更多", "載入更多", "更多新闻"}
    | {"mehr laden", "mehr anzeigen", "cargar más", "ver más", "charger plus", "voir plus", "carregar mais", "ещё", "показать ещё"}
)

_FETCHES = re.compile(r"\bfetch\s*\(|XMLHttpRequest|\.ajax\s*\(|\.getJSON\s*\(|\$\.(?:get|post)\s*\(|\baxios\b|\.load\s*\(")
_NAMES = re.compile(r"""getElementById\(\s*["']([\w-]{1,60})["']|["']#([\w-]{1,60})["']""")
_WRITES_LINKS = re.compile(r"document\.write(?:ln)?\s*\(")
_SOURCE = re.compile(r"\bsrc\s*=", re.IGNORECASE)
_NO_CODE = re.compile(r"""\btype\s*=\s*["']?[^"'>\s]*(?:json|template|html|importmap|speculationrules)""", re.IGNORECASE)
_WORDS = re.compile(r"[a-z]+")
_SLOT = re.compile(r"\d{2}|\bads?\b|\bgpt\b|\blike\b|\bhits?\b|\bmap\b|\bnav\b|\bpoll\b|\bvote\b")  # places for advertisements have numbers


def filled_by_scripts(html: str, tree: LexborHTMLParser) -> str:
    """What of a page only its scripts fill, in words; "" if nothing looks like that.

    `html` is the page with its scripts, `tree` the same parsed without them. Advertisements and comments don't count.
    """
    outside, inline = False, []
    for attributes, text in _scripts(html):
        outside = outside or bool(_SOURCE.search(attributes))
        inline.append(text)
    if not outside and not any(inline):
        return ""
    return _named_box(tree, inline) or _written(inline) or (_known_box(tree) if outside else "") or _more_button(tree) or _shell(tree)


def in_margin(place: str) -> bool:
    """Whether links in a place such as "aside.side ol" stand beside what the page is about."""
    return bool(MARGINS & _words(place))


def _scripts(html: str) -> Iterator[tuple[str, str]]:
    """Attributes and text of the scripts that are code."""
    lower, position = html.lower(), 0
    while (opening := lower.find("<script", position)) >= 0:
        inside = lower.find(">", opening)
        closing = lower.find("</script", inside)
        if min(inside, closing) < 0:
            return
        attributes = html[opening + 7 : inside]
        if not _NO_CODE.search(attributes):
            yield attributes, html[inside + 1 : closing]
        position = closing


def _named_box(tree: LexborHTMLParser, inline: list[str]) -> str:
    """An empty box that a script names which also fetches something."""
    named = {first or second for text in inline if _FETCHES.search(text) for first, second in _NAMES.findall(text)}
    for name in sorted(named)[:_MOST_BOXES]:
        if not _is_something_else(name) and (box := tree.css_first(f'[id="{name}"]')) is not None and _is_empty(box):
            return f"#{name} is empty until a script fills it"
    return ""


def _written(inline: list[str]) -> str:
    """Links that a script writes out; the few letters around rule out what only counts visits."""
    if any(_WRITES_LINKS.search(text) and re.search(r"<a\b|href", text, re.IGNORECASE) for text in inline):
        return "a script writes links"
    return ""


def _known_box(tree: LexborHTMLParser) -> str:
    """An empty box with a name by which frameworks or lists go."""
    for box in tree.css("div[id], main[id], section[id], ul[id], ol[id], app-root")[:500]:
        name = box.id or box.tag or ""
        if (name.lower() in ROOTS or (LISTS & _words(name) and not _is_something_else(name))) and _is_empty(box):
            return f"#{name} is empty until a script fills it"
    return ""


def _more_button(tree: LexborHTMLParser) -> str:
    for node in tree.css('button, a[href^="#"], a[href^="javascript"], a:not([href])')[:500]:
        if (text := " ".join(node.text().split()).strip(".… ")).lower() in MORE:
            return f'a script stands behind "{text}"'
    return ""


def _shell(tree: LexborHTMLParser) -> str:
    """A page whose only word is that it needs JavaScript."""
    body = tree.body
    if body is None or len(body.text()) > _SHELL:
        return ""
    told = " ".join(node.text() for node in tree.css("noscript")[:5]).lower()
    return "the page says that it needs JavaScript" if "javascript" in told else ""


def _is_empty(box: LexborNode) -> bool:
    if box.css_first("a[href], img, form, input, iframe, table") is not None:
        return False
    return len("".join(box.text().split())) <= LONGEST_WAIT


def _is_something_else(name: str) -> bool:
    name = name.lower()
    return any(part in name for part in OTHERS) or _SLOT.search(name.replace("_", "-")) is not None


def _words(name: str) -> set[str]:
    return set(_WORDS.findall(name.lower()))
