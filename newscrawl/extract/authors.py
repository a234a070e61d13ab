"""Who wrote an article, who edited it, and from which outlet it was taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newscrawl.extract import calendar, hints
from newscrawl.extract.blocks import Layout, plain
from newscrawl.extract.structured import Structured

_LONGEST_LINE = 160  # characters of a line that may be a byline
_MOST = 12  # authors of one article

# Labels, with a colon behind them or a bracket before.
_AUTHOR_LABEL = (
    r"作\s*者|撰\s*文|撰稿|文字|(?:本报|本報|本网|本刊|特约|实习|通讯社|新华社)?记\s*者|記\s*者|通讯员|通訊員|文(?=[／/])"
    r"|Autor(?:in|a|es)?|Author|Автор|Auteur|Written by|Text|Tekst"
)
_EDITOR_LABEL = r"责任编辑|責任編輯|本文编辑|责编|責編|编\s*辑|編\s*輯|网络编辑|Editor|Redaktion|Edición|Редактор|Edited by"
_SOURCE_LABEL = r"(?:信息|稿件|新闻|文章)?来\s*源|來\s*源|稿源|出处|出處|转载自|Source|Quelle|Fuente|Fonte|Bron|Источник|źródło"
_AFTER_LABEL = r"\s*(?:[:：丨|]|[／/](?!\w*图))\s*"
_HAN_NAME = (
    r"(?:[\u4e00-\u9fff]{1,6}(?:[·•][\u4e00-\u9fff]{1,8})+|[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]\s[\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)
_HAN_NAMES = rf"{_HAN_NAME}(?:[\s、，,/]+(?:{_HAN_NAME})(?!\s*[:：]))*"
_PARTICLE = r"(?:de|la|las|los|del|della|di|da|dos|van|von|der|den|zu|bin|al|el|y|e|Le|O’|Mc)"
_NAME = rf"[A-ZÀ-ÞŠŽĄĆĘŁŃÓŚŹŻА-ЯΑ-Ω][\w'’.-]+(?:\s+(?:{_PARTICLE}\s+){{0,2}}[A-ZÀ-ÞŠŽĄĆĘŁŃÓŚŹŻА-ЯΑ-Ω][\w'’.-]*){{1,3}}"
_NAMES = rf"{_NAME}(?:\s*(?:,|&|;|\band\b|\bund\b|\by\b|\bet\b|\be\b|\ben\b)\s*{_NAME}){{0,6}}"

_LABELLED = re.compile(rf"(?:{_AUTHOR_LABEL}){_AFTER_LABEL}(?P<names>{_HAN_NAMES}|{_NAMES}|[^\s:：|]{{2,20}})")
_REPORTER = re.compile(rf"^[（(\s]*(?:[本\u4e00-\u9fff]{{0,8}})(?:记者|記者|通讯员|通訊員)\s+(?P<names>{_HAN_NAMES})")
_BY = re.compile(rf"(?:^|[|•·]\s*)(?:By|BY|by|Von|VON|von|Por|POR|por|Par|PAR|Di|Door|DOOR|Av|Af|Text)\s*:?\s+(?P<names>{_NAMES})")
_EDITOR = re.compile(rf"(?:{_EDITOR_LABEL}){_AFTER_LABEL}(?P<names>{_HAN_NAMES}|{_NAMES})")
_SOURCE = re.compile(rf"(?:{_SOURCE_LABEL}){_AFTER_LABEL}(?P<names>[^\s:：|,，;；()（）]{{2,30}}(?: [A-Z][\w.]*){{0,4}})")

# What stands where a name should, when there is none.
_NOBODY_WORDS = """
未知 佚名 无名 匿名 不详 本站 本网 网络 互联网 原创 转载 综合 整理 编辑 小编 记者 作者 来源
管理员 责任编辑 责编 图片 图文 视频 新闻 时间 发布 点击 网友
admin administrator webmaster root test user guest unknown anonymous none null undefined author by http
editor editors staff news newsroom online desk webdesk reporter
redaktion redaction rédaction redacción redacao redação redazione redactie redakcja редакция
"""
_NOBODY = frozenset(_NOBODY_WORDS.split())
_NOBODY_IN = re.compile(
    r"staff (?:report|writer)|\bstaff$|news ?room|web ?desk|^the editors?$|^von$|read more|view all|see all|follow"
    r"|https?:|www\.|[@:：©]|\d{2}|copyright",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:by|von|por|par|di|door|av|af|text|autor(?:in|a)?|author|автор|作者|记者|文|撰文|posted by|written by|words by)\s*[:：]?\s+"
    r"|^(?:作者|记者|文)\s*[:：/]\s*",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\s*(?:[|•(（\[]|\s[-–—]\s|\b(?:for|in) (?:the )?[A-Z]).*$")  # behind a bracket, bar or dash
_OUTLET = re.compile(  # behind a comma
    r",\s*(?:[A-Z]{2,}|[\w ]*\b(?:reporter|editor|writer|correspondent|staff|news|press|times|post)\b[\w ]*)(?=[,;|]|$)", re.IGNORECASE
)
_ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*")
_BETWEEN = re.compile(r"\s*(?:[;；、&/]|,(?!\s*(?:jr|sr|phd|md|ii+)\b)|，|\s(?:and|und|et|with|y|e|en|och|og|i|и)\s)\s*", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Credits:
    """The people and outlets behind an article."""

    authors: tuple[str, ...] = ()
    source: str = ""  # outlet that it was taken from
    editor: str = ""
    evidence: str = ""  # where the authors stood
    confidence: float = 0.0


def credits_of(layout: Layout, stated: Structured, lines: Sequence[str], *, flags: Sequence[int]) -> Credits:
    """Authors, editor and source of a page.

    `lines` are the lines around its headline and its end, `flags` the inherited hints of boxes.
    """
    source = _names_in(_SOURCE, lines)
    editor = _names_in(_EDITOR, lines)
    outlet = source[0] if source else ""
    house = {name.casefold() for name in (stated.site_name, stated.publisher) if name}
    collective = Credits((), outlet, editor[0] if editor else "")
    for evidence, confidence, names in _candidates(layout, stated, lines, flags):
        authors = tuple(dict.fromkeys(name for text in names for name in names_in(text)))[:_MOST]
        credit = Credits(authors, outlet, collective.editor, evidence, confidence)
        if authors and not house.issuperset(name.casefold() for name in authors):
            return credit
        if authors and not collective.authors:
            collective = credit  # the house itself, unless somebody is named elsewhere
    return collective


def names_in(text: str) -> list[str]:
    """The names in a byline, without labels, roles and words that stand for nobody."""
    text = _OUTLET.sub("", _PREFIX.sub("", _ADDRESS.sub("", plain(text))))
    names = []
    for part in _BETWEEN.split(text):
        for name in re.split(r"\s+", part) if _all_han(part) else [part]:
            bare = _without_month(_ROLE.sub("", _PREFIX.sub("", name))).strip(" .,·-–—_'\"“”()（）[]")
            if is_name(bare):
                names.append(bare)
    return names


def _without_month(name: str) -> str:
    """The name without the month of a date that stood behind it: "Jane Doe November"; Theresa May keeps hers."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 2 and words[-1].lower() in calendar.MONTH else name


def is_name(text: str) -> bool:
    """Whether this may name a person or an agency."""
    if not 2 <= len(text) <= 50 or text.casefold() in _NOBODY or _NOBODY_IN.search(text):
        return False
    if _HAN.search(text):
        return len(text) <= 16 and not re.search(r"[，。：！？]", text)
    return len(text.split()) <= 5 and any(map(str.isalpha, text))


def _candidates(layout: Layout, stated: Structured, lines: Sequence[str], flags: Sequence[int]) -> Iterable[tuple[str, float, list[str]]]:
    by_source: dict[str, list[str]] = {}
    for claim in stated.authors:
        by_source.setdefault(claim.source, []).append(claim.value)
    yield "json-ld", 0.95, by_source.get("json-ld", [])
    marked_up = by_source.get("itemprop", [])
    yield "itemprop", 0.85, marked_up if len(marked_up) <= 4 else marked_up[:1]  # many: those of other articles too
    yield "byline", 0.85, _names_in(_LABELLED, lines) or _names_in(_REPORTER, lines) or _names_in(_BY, lines)
    yield "meta", 0.8, by_source.get("meta", [])
    yield "rel", 0.75, by_source.get("rel", [])
    marked = [
        mark.text for mark in layout.marks if mark.hints & hints.BYLINE and not (flags[mark.box] if mark.box >= 0 else 0) & hints.OUTSIDE
    ]
    yield "byline", 0.6, [text for text in marked[:5] if text and len(text) <= 60][:1]


def _names_in(pattern: re.Pattern[str], lines: Iterable[str]) -> list[str]:
    """The names of the first line that has some."""
    for line in lines:
        if len(line) <= _LONGEST_LINE and (found := [match["names"] for match in pattern.finditer(line)]):
            names = [name for text in found for name in (names_in(text) if pattern is not _SOURCE else [text.strip()])]
            if names:
                return names
    return []


def _all_han(text: str) -> bool:
    return all(_HAN.match(char) or char.isspace() for char in text)
