"""Who wrote and who edited an article, where the text itself says so at its end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from newscrawl.clean.hanzi import simplified
from newscrawl.clean.surnames import OUTLET_OR_PLACE, SURNAMES
from newscrawl.clean.vocabulary import not_names

_HAN = "\u4e00-\u9fff"
_ROLE = (
    "(?:(?:本报|本网|本台|本刊|新华社|中新社|中新网)?(?:首席|特约|实习|见习|驻地)?(?:全媒体)?"
    r"(?:(?:记者|通讯员|撰稿人?|作者|文字|编译|图文)[\s:：/／|]*|文[:：/／|]\s*))"
)
_NAME = f"[{_HAN}]{{2,4}}(?:·[{_HAN}]{{1,6}})?"
_NAMES = re.compile(rf"(?:{_ROLE})?{_NAME}(?:[\s、,，/／;；]+(?:{_ROLE})?{_NAME}){{0,4}}")
_ONE = re.compile(rf"({_ROLE})?({_NAME})")
_LATIN = re.compile(
    r"(?:[Bb]y |[Vv]on |[Pp]ar |[Pp]or )?([A-ZÀ-ÖØ-Þ][\w'’.-]*(?: (?:(?:de|da|di|van|von|der|la|le|al|el|bin) )*[A-ZÀ-ÖØ-Þ][\w'’.-]*){1,3})"
)
_IN_BRACKETS = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]{2,60})[)）\]】]\s*$")
_SENTENCE_END = tuple("。！？!?.…”’\"'」』;；)）")
_EDITOR = re.compile(
    r"[(（\[【]?\s*(?:(?:网络|本文|本期|本版|值班|审核|执行|助理)?(?:责任编辑|责编|编辑)|editor|edited by|redaktion|redacci[oó]n|редактор)"
    rf"\s*[:：]\s*([{_HAN}]{{2,4}}|[^\s:：()（）\[\]【】|,，、/／]{{2,20}}(?: [A-ZÀ-Þ][^\s:()|,]{{1,20}}){{0,3}})",
    re.IGNORECASE,
)
_LONGEST_EDITOR_LINE = 60  # characters
_LONGEST_BARE_NAME = 3  # characters; without a role before it a longer one is more likely something else


class Signed(NamedTuple):
    """Paragraphs without their signature, and what it said."""

    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    editor: str


def signature(paragraphs: Sequence[str]) -> Signed:
    """What the last paragraphs say of author and editor: (查霖), （记者 张三）, (Jane Doe), 责任编辑：李四."""
    rest, editor, authors = list(paragraphs), "", tuple[str, ...]()
    while rest:
        line = rest[-1]
        if named := editor_named(line):
            editor, remaining = named, ""
        elif (bracket := _IN_BRACKETS.search(line)) and (named := editor_named(bracket[0].strip())):
            editor, remaining = named, line[: bracket.start()]
        elif bracket and not authors and (authors := _authors(bracket[1].strip(), line[: bracket.start()].rstrip())):
            remaining = line[: bracket.start()]
        else:
            break
        rest[-1:] = [remaining.rstrip()] if remaining.strip() else []
    return Signed(tuple(rest), authors, editor)


def editor_named(line: str) -> str:
    """The editor whom a line of its own names, or ""."""
    if len(line) > _LONGEST_EDITOR_LINE:
        return ""
    match = _EDITOR.match(simplified(line))
    return line[slice(*match.span(1))] if match else ""  # simplifying keeps the length


def _authors(inside: str, before: str) -> tuple[str, ...]:
    """The names that a bracket behind `before` at the end of a paragraph holds, () if it holds something else."""
    plain = simplified(inside)
    ends_sentence = not before or before.endswith(_SENTENCE_END)
    if _NAMES.fullmatch(plain):
        found = list(_ONE.finditer(plain))
        is_signed = bool(found[0][1]) or (ends_sentence and all(len(name[2]) <= _LONGEST_BARE_NAME for name in found))
        return tuple(inside[slice(*name.span(2))] for name in found) if is_signed and all(_is_han_name(name[2]) for name in found) else ()
    latin = _LATIN.fullmatch(inside) if ends_sentence else None
    return (latin[1],) if latin and not_names("any").isdisjoint(re.findall(r"\w+", latin[1].lower())) else ()


def _is_han_name(name: str) -> bool:
    return "·" in name or (name[0] in SURNAMES and name[-1] not in OUTLET_OR_PLACE and not {name, name[:2]} & not_names("zh"))
