"""Lines that name author, editor or source of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from newscrawl.extract.names import is_han_name, names_in

_LONGEST_LINE = 160  # characters of a line that may be a byline
_LONGEST_REPORTER_LINE = 50  # characters of a line that names a reporter without a colon
_NEXT_TO_HEADLINE = 4  # lines behind the headline that may be nothing but a name

# Labels, with a colon behind them or a bracket before.
_AUTHOR_LABEL = (
    r"作\s*者|撰\s*文|撰稿|文字|(?:本报|本報|本网|本刊|特约|实习|通讯社|新华社)?记\s*者|記\s*者|通讯员|通訊員|文(?=[／/])|发文机关"
    r"|(?<!\w)文(?=[:：])|Autor(?:in|a|es)?|Author|Автор|Auteur|Written by|Text|Tekst"
)
_EDITOR_LABEL = r"责任编辑|責任編輯|本文编辑|责编|責編|编\s*辑|編\s*輯|网络编辑|Editor|Redaktion|Edición|Редактор|Edited by"
_SOURCE_LABEL = r"(?:信息|稿件|新闻|文章)?来\s*源|來\s*源|稿源|出处|出處|转载自|转自|轉自|Source|Quelle|Fuente|Fonte|Bron|Источник|źródło"
_AFTER_LABEL = r"\s*(?:[:：丨|]|[／/](?!\w*图))\s*"
_ENDS_HAN = r"(?=出自|来源|來源|转自|发表|发布|摄影|编辑|責任|责任|$|[^\u4e00-\u9fff])"
_NO_LABEL = r"(?!责任|責任|编辑|編輯|来源|來源|记者|記者|时间|時間|摄影|攝影|校对|审核)"
_HAN_NAME = (
    rf"{_NO_LABEL}(?:[\u4e00-\u9fff]{{1,6}}(?:[·•][\u4e00-\u9fff]{{1,8}})+|[\u4e00-\u9fff]{{2,4}}?|[\u4e00-\u9fff]\s[\u4e00-\u9fff])"
    rf"{_ENDS_HAN}"
)
_HAN_NAMES = rf"{_HAN_NAME}(?:[\s、，,/]+(?:{_HAN_NAME})(?!\s*[:：]))*"
_PARTICLE = r"(?:de|la|las|los|del|della|di|da|dos|van|von|der|den|zu|bin|al|el|y|e|Le|O’|Mc)"
_CAPITAL = "[A-ZÀ-ÞŠŽĄĆĘŁŃÓŚŹŻА-ЯΑ-Ω]"
_WORD = rf"(?:{_CAPITAL}[\w’'-]{{0,2}}\.(?:-?{_CAPITAL}\.)*|{_CAPITAL}[\w'’-]+(?:\.(?=[\w'’-])[\w'’-]+)*)"
_NAME = rf"{_WORD}(?:\s*(?<=[.\s])(?:{_PARTICLE}\s+){{0,2}}{_WORD}){{1,3}}"
_NAMES = rf"{_NAME}(?:\s*(?:,|&|;|\band\b|\bund\b|\by\b|\bet\b|\be\b|\ben\b)\s*{_NAME}){{0,6}}"

_LABELLED = re.compile(rf"(?:{_AUTHOR_LABEL}){_AFTER_LABEL}(?P<names>{_HAN_NAMES}|{_NAMES}|[^\s:：|]{{2,20}})")
_REPORTER = re.compile(rf"^[（(\s]*(?:[本\u4e00-\u9fff]{{0,8}})(?:记者|記者|通讯员|通訊員)\s+(?P<names>{_HAN_NAMES})")
_REPORTER_LINE = re.compile(  # a line of its own, mostly behind the text: □ 本报记者 王小明; 河东新闻·河东日报记者王小明/文
    rf"^[^，。；！？,;]{{0,24}}(?:记者|記者|通讯员|通訊員)\s*(?P<names>{_HAN_NAMES})\s*(?:[/／]\s*(?:文|图|摄).{{0,10}}|[)）】])?$"
)
_NAME_OF_TEXT = re.compile(rf"^[（(【\[]?\s*(?P<names>{_HAN_NAMES})\s*[/／]\s*文")
_POSTED = re.compile(r"^由\s*(?P<names>[^\s@，。]{2,16})\s*(?:张贴|發表|发表|发布|上传|投稿|撰写)|\d\s+(?:by|By)\s(?P<poster>[^\s|]{2,20})")
_BY = re.compile(
    rf"(?:^|[|•·]\s*)(?:By|BY|by|Von|VON|von|Por|POR|por|Par|PAR|Di|Door|DOOR|Av|Af|Text)\s*:?\s+(?P<names>{_NAMES}|[A-Z]{{2,6}}(?=\s*[,|·]))"
)
_DESK = re.compile(r"^\s+(?:reporter|correspondent|editor|writer|analyst)\b")
_EDITOR = re.compile(rf"(?:{_EDITOR_LABEL}){_AFTER_LABEL}(?P<names>{_HAN_NAMES}|{_NAMES})")
_SOURCE = re.compile(rf"(?:{_SOURCE_LABEL}){_AFTER_LABEL}(?P<names>[^\s:：|,，;；()（）]{{2,30}}(?: [A-Z][\w.]*){{0,4}})")
_NO_OUTLET = re.compile(r"[=<>@]|^(?:转载|轉載|网络|網絡|互联网|本站|本网|原创|未知|不详|综合|其他)")
_LABEL_ALONE = re.compile(rf"^(?:{_AUTHOR_LABEL}|{_EDITOR_LABEL}|{_SOURCE_LABEL})\s*[:：]$")
_HAN_ALONE = re.compile(r"^(?P<names>[\u4e00-\u9fff]{2,3}(?:[\s、，,]+[\u4e00-\u9fff]{2,3}){0,4}|[\u4e00-\u9fff]\s{1,2}[\u4e00-\u9fff])$")
_IN_BRACKETS = re.compile(r"^[（(【\[]\s*(?P<names>[\u4e00-\u9fff]{2,3}(?:[\s、，,]+[\u4e00-\u9fff]{2,3}){0,3})\s*[)）】\]]$")
_BEFORE_DATE = re.compile(rf"^(?P<names>{_NAMES})\s*[|•·]\s*(?=\D{{0,12}}\d{{1,4}}[./\s-])")


def joined(lines: Sequence[str]) -> list[str]:
    """The lines, a label that stands alone with what follows it: the cells 作者： and 王小明."""
    whole = []
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        whole.append(f"{line}{following}" if len(line) <= 12 and _LABEL_ALONE.match(line) else line)
    return whole


def labelled_authors(lines: Iterable[str], *, language: str = "") -> list[str]:
    """The authors whom a line names as such, those of the first line that does."""
    lines = [line for line in lines if len(line) <= _LONGEST_LINE]
    found = _first(_LABELLED, lines, language) or _first(_REPORTER, lines, language) or _first(_BY, lines, language)
    return found or _first(_REPORTER_LINE, (line for line in lines if len(line) <= _LONGEST_REPORTER_LINE), language)


def likely_authors(lines: Sequence[str], *, language: str = "") -> list[str]:
    """The authors whom a line names by its form or place alone; `lines` begin at the headline."""
    if found := _first(_NAME_OF_TEXT, lines, language) or _first(_BEFORE_DATE, lines, language):
        return found
    for pattern, some in ((_HAN_ALONE, lines[:_NEXT_TO_HEADLINE]), (_IN_BRACKETS, lines)):
        for line in some:
            if len(line) <= 30 and (found_in := pattern.match(line.strip())):
                names = names_in(found_in["names"], language=language)
                if names and is_han_name(names[0]):
                    return names
    return [name for line in lines if len(line) <= _LONGEST_LINE and (posted := _POSTED.search(line)) for name in _posters(posted)][:1]


def editor_in(lines: Iterable[str]) -> str:
    """The editor whom a line names, or ""."""
    return next(iter(_first(_EDITOR, lines)), "")


def source_in(lines: Iterable[str]) -> str:
    """The outlet that a line names as the article's source, or ""."""
    found = (match["names"].strip() for line in lines if len(line) <= _LONGEST_LINE for match in _SOURCE.finditer(line))
    return next((outlet for outlet in found if not _NO_OUTLET.search(outlet)), "")


def _first(pattern: re.Pattern[str], lines: Iterable[str], language: str = "") -> list[str]:
    """The names of the first line that has some."""
    for line in lines:
        if len(line) <= _LONGEST_LINE:
            names = [name for text in _matches(pattern, line) for name in names_in(text, language=language)]
            if names:
                return names
    return []


def _matches(pattern: re.Pattern[str], line: str) -> Iterator[str]:
    for match in pattern.finditer(line):
        words = match["names"].split()
        is_desk = len(words) > 2 and _DESK.match(line[match.end("names") :])  # "By Jane Doe Health reporter"
        yield " ".join(words[:-1]) if is_desk else match["names"]


def _posters(posted: re.Match[str]) -> list[str]:
    return names_in(posted["names"] or posted["poster"])
