"""What is not the article among the paragraphs that a reader gave: the site's own lines, and at the edges what has a reason to go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from newscrawl.clean.hanzi import has_han
from newscrawl.clean.signature import editor_named
from newscrawl.clean.text import search_form
from newscrawl.clean.vocabulary import phrases
from newscrawl.remarks import Dropped

_HEAD = 8  # lines at the beginning that are looked at
_FRAME = 2  # lines at the beginning of which a copy behind the article makes a banner
_MAX_HEADLINES = 30  # in a row, below a line that announces them
_LONGEST = {  # characters of a line that can be this
    Dropped.BANNER: 80,
    Dropped.META: 120,
    Dropped.SHARE: 120,
    Dropped.RELATED: 120,
    Dropped.COPYRIGHT: 400,
    Dropped.DISCLAIMER: 800,
}
_ONE_PHRASE_FITS = 160  # characters; in a longer line one phrase of a disclaimer may be a sentence of the article
_LONGEST_HEADLINE = 120  # characters; Chinese ones need half
_MIN_BEGINNING = 8  # characters that two cut-offs of one headline share
_ENDS_ARTICLE = frozenset(
    {Dropped.RELATED, Dropped.EDITOR, Dropped.DISCLAIMER, Dropped.COPYRIGHT}
)  # headlines below these aren't the article
_ADORNMENT = " \t[](){}<>【】《》「」*·•■◆●▲▶►→»«|/-–—_#:.,、。!?+~="
_SENTENCE = re.compile(r"[。！？!?；;]|[^.]\.[”’\"')]?(?:$|\s)")
_CUT_OFF = re.compile(r"(?:\.{2,}|…)$")
_ADDRESS = re.compile(r"[\w-]+\.(?:cn|com|net|org|info|news)\b|[|/]")


@dataclass(frozen=True, slots=True)
class Kept:
    """The paragraphs that are the article, where they stood, and what was left out and why."""

    paragraphs: tuple[str, ...]
    indexes: tuple[int, ...]
    dropped: tuple[tuple[str, Dropped], ...]


def drop(paragraphs: Sequence[str], title: str = "", repeated: Collection[int] = ()) -> Kept:
    """The paragraphs without the `repeated` and what stands before and behind the article; all of them if nothing else would be left.

    `repeated` are the indexes of lines that the site's other pages show too. If they are most of the text, they are believed to be an
    article that the site has under several headlines.
    """
    everything = _size(paragraphs, range(len(paragraphs)))
    if 2 * _size(paragraphs, repeated) > everything:
        repeated = ()
    tail = _tail(paragraphs, title, repeated)
    head = _head(paragraphs, title, repeated)
    if 2 * _size(paragraphs, head) > everything:
        head = {}  # strange: rather a banner too many than half an article too few
    gone = dict.fromkeys(repeated, Dropped.REPEATED) | head | tail
    indexes = tuple(index for index in range(len(paragraphs)) if index not in gone)
    if not indexes:
        return Kept(tuple(paragraphs), tuple(range(len(paragraphs))), ())
    return Kept(tuple(paragraphs[index] for index in indexes), indexes, tuple((paragraphs[index], gone[index]) for index in sorted(gone)))


def _size(paragraphs: Sequence[str], indexes: Iterable[int]) -> int:
    return sum(len(paragraphs[index]) for index in indexes)


def _head(paragraphs: Sequence[str], title: str, repeated: Collection[int]) -> dict[int, Dropped]:
    """What stands before the first paragraph that reads like one."""
    found: dict[int, Dropped] = {}
    for index in range(min(_HEAD, len(paragraphs))):
        reason = _reason(paragraphs, index, title)
        if reason:
            found[index] = reason
        elif index not in repeated and not _is_headline(paragraphs[index]):
            break
    return found


def _tail(paragraphs: Sequence[str], title: str, repeated: Collection[int]) -> dict[int, Dropped]:
    """What stands behind the last paragraph that reads like one, with the headlines below a line that announces them."""
    found: dict[int, Dropped] = {}
    headlines: list[int] = []
    for index in range(len(paragraphs) - 1, -1, -1):
        reason = _reason(paragraphs, index, title)
        if reason:
            found[index] = reason
            if reason in _ENDS_ARTICLE:
                found |= {below: _kind(paragraphs[below]) for below in headlines}
                headlines = []
        elif index in repeated:
            continue
        elif _is_headline(paragraphs[index]) and len(headlines) < _MAX_HEADLINES:
            headlines.append(index)
        else:
            break
    return found


def _kind(headline: str) -> Dropped:
    return Dropped.CUT_OFF if _CUT_OFF.search(headline) else Dropped.RELATED


def _is_headline(line: str) -> bool:
    """Whether the line could be another article's headline: short and no sentence."""
    if len(line) > (_LONGEST_HEADLINE // 2 if has_han(line) else _LONGEST_HEADLINE):
        return False
    return not _SENTENCE.search(_CUT_OFF.sub("", line))


def _reason(paragraphs: Sequence[str], index: int, title: str) -> Dropped | None:
    """Why the line at `index` is not the article, as far as it and its neighbours tell."""
    line = paragraphs[index]
    if len(line) > _LONGEST[Dropped.DISCLAIMER]:
        return None
    plain = search_form(line).strip(_ADORNMENT)
    if title and plain == search_form(title).strip(_ADORNMENT):
        return Dropped.TITLE
    if editor_named(line):
        return Dropped.EDITOR
    return _announced(plain) or _banner(line, plain, paragraphs) or _cut_off(paragraphs, index)


def _announced(plain: str) -> Dropped | None:
    """What a line says of itself."""
    if plain in _headings():
        return _headings()[plain]
    for reason, words in phrases("opening"):
        if len(plain) <= _LONGEST[reason] and plain.startswith(words):
            return reason
    for reason, words in phrases("inside"):
        needed = 1 if len(plain) <= _ONE_PHRASE_FITS else 2
        if len(plain) <= _LONGEST[reason] and sum(word in plain for word in words) >= needed:
            return reason
    return None


def _banner(line: str, plain: str, paragraphs: Sequence[str]) -> Dropped | None:
    """A greeting with the site's address, or a line that stands both at the very beginning and behind the article."""
    if not plain or len(plain) > _LONGEST[Dropped.BANNER]:
        return None
    greets = any(word in plain for _, words in phrases("greeting") for word in words) and _ADDRESS.search(plain)
    frames = line in paragraphs[:_FRAME] and paragraphs.count(line) > 1 and _is_headline(line)
    return Dropped.BANNER if greets or frames else None


def _cut_off(paragraphs: Sequence[str], index: int) -> Dropped | None:
    """A headline that stops in the middle, beside another such or beside a longer form of itself."""
    line = paragraphs[index]
    if not _is_headline(line):
        return None
    beside = [other for other in paragraphs[max(0, index - 1) : index + 2] if other is not line and _is_headline(other)]
    if any(_is_beginning(line, other) or _is_beginning(other, line) for other in beside):
        return Dropped.CUT_OFF
    return Dropped.CUT_OFF if _CUT_OFF.search(line) and any(map(_CUT_OFF.search, beside)) else None


def _is_beginning(short: str, long: str) -> bool:
    begun = _CUT_OFF.sub("", short)
    return len(begun) >= _MIN_BEGINNING and long.startswith(begun) and bool(_CUT_OFF.search(short) or _CUT_OFF.search(long))


@cache
def _headings() -> dict[str, Dropped]:
    return {heading.strip(_ADORNMENT): reason for reason, headings in phrases("heading") for heading in headings}
