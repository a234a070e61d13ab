"""What changed between two states of an article: word by word, in Chinese character by character."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import groupby, takewhile

from rich.console import Group, RenderableType
from rich.text import Text

from newscrawl.errors import InputError
from newscrawl.models import Article, Moment, Revision
from newscrawl.query.matching import EFFORT, opcodes
from newscrawl.query.present import visible, when
from newscrawl.store.terms import SPACELESS, combining_marks


class Fate(StrEnum):
    """What became of a piece of text."""

    KEPT, GONE, NEW = "kept", "gone", "new"


Piece = tuple[Fate, str]


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article."""

    number: int
    seen: datetime  # first
    title: str
    text: str
    authors: tuple[str, ...]
    published: Moment | None
    modified: Moment | None
    capture: str
    remark: str = ""  # on how it came from the one before


def versions(article: Article, revisions: Sequence[Revision]) -> list[Version]:
    """All states of an article, oldest first, the present one last."""
    remarks = {revision.number + 1: _remark(revision) for revision in revisions}
    former = [
        Version(
            one.number, one.seen, one.title, one.text, one.authors, one.published, one.modified, one.capture, remarks.get(one.number, "")
        )
        for one in revisions
    ]
    seen = article.changed or (revisions[-1].replaced if revisions else None) or article.first_seen
    facts = (article.title, article.text, article.authors, article.published, article.modified, article.capture)
    return [*former, Version(article.revision, seen, *facts, remarks.get(article.revision, ""))]


def _remark(revision: Revision) -> str:
    if revision.reader:
        return "the page is the same: newscrawl reads it otherwise"
    return "edited silently: the date of change stayed the same" if revision.silent else ""


def chosen(states: Sequence[Version], numbers: Sequence[int]) -> tuple[Version, Version]:
    """The two to be compared: those with these numbers; one number: it and the one before, of the first the one behind; none: the last two.

    Raises InputError.
    """
    by_number = {state.number: state for state in states}
    if len(numbers) == 2 and numbers[0] == numbers[1]:
        raise InputError(f"revision {numbers[0]} is the same as itself: name two, or this one alone for what made it of the one before")
    wanted = list(numbers) if len(numbers) == 2 else [states[-1].number if not numbers else numbers[0]]
    if len(wanted) == 1:
        wanted = _beside(wanted[0], by_number)
    if missing := [number for number in wanted if number not in by_number]:
        have = ", ".join(map(str, by_number))
        raise InputError(f"there is no revision {missing[0]} of this article; it has {have}")
    return by_number[wanted[0]], by_number[wanted[1]]


def _beside(number: int, there: Collection[int]) -> list[int]:
    earlier = max((one for one in there if one < number), default=None)
    if earlier is not None:
        return [earlier, number]
    return [number, min((one for one in there if one > number), default=number)]


def pieces(old: str, new: str) -> list[Piece]:
    """The two texts as one: what was kept, what is gone, what is new, in reading order. Paragraphs are compared first.

    A change so large that it would take long is shown as gone and new as a whole.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Piece] = []
    for tag, a, b, c, d in opcodes(before, after):
        was, now = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            found.append((Fate.KEPT, was))
        else:
            share = (len(was) + len(now)) / (len(old) + len(new))  # so that a large change leaves enough for a small one
            found += _by_token(was, now, int(EFFORT * share))
    return list(_joined(found))


def _by_token(was: str, now: str, effort: int) -> Iterator[Piece]:
    """Words are compared without the space behind them, which would be equal everywhere."""
    old, new = _token().findall(was), _token().findall(now)
    for tag, a, b, c, d in opcodes([word for word, _ in old], [word for word, _ in new], effort):
        if tag == "equal":
            for (word, space), (_, other) in zip(old[a:b], new[c:d], strict=True):
                yield Fate.KEPT, word
                yield from [(Fate.KEPT, space)] if space == other else [(Fate.GONE, space), (Fate.NEW, other)]
        else:
            yield from (
                (fate, "".join(word + space for word, space in side)) for fate, side in ((Fate.GONE, old[a:b]), (Fate.NEW, new[c:d]))
            )


@cache
def _token() -> re.Pattern[str]:
    """A word with the marks on its letters, a character of a script without spaces with its own, or a sign; and the space behind it."""
    marks, letter = f"{combining_marks()}*+", rf"[^\W{SPACELESS}]++"
    return re.compile(rf"((?:{letter}{marks})++|[{SPACELESS}]{marks}|\n++|[^\S\n]++|[^\w\s]{marks})([^\S\n]*+)")


def _joined(found: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of one fate as one, what is gone before what is new; the space that both end with was kept."""
    kept = ""
    for is_kept, run in groupby((piece for piece in found if piece[1]), key=lambda piece: piece[0] is Fate.KEPT):
        texts = list(run)
        if is_kept:
            kept += "".join(text for _, text in texts)
            continue
        gone, new = ("".join(text for fate_, text in texts if fate_ is fate) for fate in (Fate.GONE, Fate.NEW))
        same = _shared_space(gone, new)
        end = len(gone) - same
        yield from ((fate, text) for fate, text in ((Fate.KEPT, kept), (Fate.GONE, gone[:end]), (Fate.NEW, new[: len(new) - same])) if text)
        kept = gone[end:]
    if kept:
        yield Fate.KEPT, kept


def _shared_space(one: str, other: str) -> int:
    """How many spaces, but no line breaks, both end with."""
    ends = zip(reversed(one), reversed(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1] and pair[0].isspace() and pair[0] != "\n", ends))


# on a terminal

_STYLES = {Fate.KEPT: "", Fate.GONE: "red strike", Fate.NEW: "green underline"}
_MARKS = {Fate.KEPT: ("", ""), Fate.GONE: ("[-", "-]"), Fate.NEW: ("{+", "+}")}


def diff_page(old: Version, new: Version, *, coloured: bool) -> Group:
    """The change as a terminal shows it. Without colours, what is gone stands in [-...-], what is new in {+...+}."""
    lines: list[RenderableType] = [Text(line, style="dim") for line in _headings(old, new)]
    for name, before, after in _facts(old, new):
        lines.append(Text(f"{name}: ", style="bold").append_text(_marked(pieces(before, after), coloured=coloured)))
    lines += [Text(), _marked(pieces(old.text, new.text), coloured=coloured)]
    return Group(*lines)


def _marked(found: Sequence[Piece], *, coloured: bool) -> Text:
    text = Text()  # a terminal folds it; in a pipe lines are as long as they are
    for fate, piece in found:
        begin, end = ("", "") if coloured else _MARKS[fate]
        text.append(f"{begin}{visible(piece)}{end}", style=_STYLES[fate])
    return text


def _headings(old: Version, new: Version) -> list[str]:
    lines = [f"{state.number}  seen {state.seen:%Y-%m-%d %H:%M} UTC  capture {state.capture[:10]}" for state in (old, new)]
    return [*lines, new.remark] if new.remark and new.number == old.number + 1 else lines


def _facts(old: Version, new: Version) -> Iterator[tuple[str, str, str]]:
    """Name, old and new words of the title, and of what else differs."""
    yield "title", old.title, new.title
    rest = {
        "authors": [", ".join(state.authors) for state in (old, new)],
        "published": [when(state.published, state.seen) if state.published else "" for state in (old, new)],
        "modified": [when(state.modified, state.seen) if state.modified else "" for state in (old, new)],
    }
    yield from ((name, before, after) for name, (before, after) in rest.items() if before != after)


# as a page

_TAGS = {Fate.KEPT: ("", ""), Fate.GONE: ("<del>", "</del>"), Fate.NEW: ("<ins>", "</ins>")}
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.1rem/1.6 serif; color-scheme: light dark }}
del {{ color: light-dark(#a40000, #ff8a80) }}
ins {{ color: light-dark(#006b2d, #7ee2a8) }}
p {{ white-space: pre-wrap }}
small {{ font-family: sans-serif; opacity: .75 }}
</style></head><body>
<h1>{heading}</h1>
<small>{facts}</small>
{paragraphs}
</body></html>
"""


def diff_html(article: Article, old: Version, new: Version) -> str:
    """The change as a page of its own, which loads nothing."""
    facts = [html.escape(visible(line)) for line in (article.url, *_headings(old, new))]
    facts += [f"{name}: {_tagged(pieces(before, after))}" for name, before, after in _facts(old, new) if name != "title"]
    return _PAGE.format(
        language=html.escape(article.language or "und"),
        title=html.escape(visible(new.title)),
        heading=_tagged(pieces(old.title, new.title)),
        facts="<br>".join(facts),
        paragraphs=f"<p>{_tagged(pieces(old.text, new.text))}</p>",
    )


def _tagged(found: Sequence[Piece]) -> str:
    return "".join(f"{_TAGS[fate][0]}{html.escape(visible(piece))}{_TAGS[fate][1]}" for fate, piece in found)
