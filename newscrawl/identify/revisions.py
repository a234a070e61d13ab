"""Whether an article that was read again is another text than it was, or only looks different: what makes a revision and what doesn't."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from itertools import takewhile

from newscrawl.identify.counters import is_counter
from newscrawl.models import Article, Moment, Revision

_DROPPED = re.compile(  # all but letters, digits, the point of 3.5, and the minus of -5, which a Chinese character may precede
    r"(?:(?!(?<=\d)[.,](?=\d)|(?<![^\W\u3400-\u9fff]|-)-(?=\d))[\W_])+"
)
_SAME = (  # full-width forms, dashes, and how an emoji is drawn
    {0xFEE0 + code: code for code in range(0x21, 0x7F)}
    | dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
    | dict.fromkeys(range(0xFE00, 0xFE10))
)
_SENTENCE = re.compile(r"[.!?。！？…।۔؟][\"'”’»」』)）]*\s*$")
_TAIL = 1 / 3  # of a text's letters; a longer end without sentences is the text itself
_ABSOLUTE = re.compile(r"\d{4}|\d{1,2}\s*[-/.年月]\s*\d{1,2}|\d{1,2}月")
_SPAN = {"second": timedelta(minutes=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def former(article: Article, changed: tuple[str, ...], *, at: datetime, silent: bool = False, reader: str = "") -> Revision:
    """The state that an article is in, as one that was replaced at a time. The rest is as in `Revision`."""
    return Revision(
        article=article.id,
        number=article.revision,
        seen=article.changed or article.first_seen,
        changed=changed,
        title=article.title,
        text=article.text,
        capture=article.capture,
        authors=article.authors,
        published=article.published,
        modified=article.modified,
        replaced=at,
        silent=silent,
        reader=reader,
    )


def changes(old: Article, new: Article) -> tuple[str, ...]:
    """The fields in which an article has become another: of title, text, authors, published.

    A name or date that is there in one of the two only may be a failure to read it, and says nothing.
    """
    differ = {
        "title": letters(old.title) != letters(new.title),
        "text": not same_text(old.text, new.text),
        "authors": bool(old.authors and new.authors) and {*map(letters, old.authors)} != {*map(letters, new.authors)},
        "published": old.published is not None and new.published is not None and _moved(old.published, new.published),
    }
    return tuple(name for name, changed in differ.items() if changed)


def is_silent(old: Article, new: Article, changed: tuple[str, ...]) -> bool:
    """Whether the page has other words under the date of change that it had before."""
    stated = old.modified is not None and new.modified is not None
    return stated and bool({"title", "text"} & set(changed)) and old.modified.time == new.modified.time  # type: ignore[union-attr]  # stated


def same_text(old: str, new: str) -> bool:
    """Whether two texts differ in nothing but white space, punctuation, counters, and headlines listed below them."""
    return letters(old) == letters(new) or letters(_substance(old)) == letters(_substance(new))


def letters(text: str) -> str:
    """What an edit changes: letters with their marks, digits, and the signs of numbers, without regard to case, width and kind of dash.

    Less is left out than by `exact.content_hash`, by which addresses are joined, and which is stored.
    """
    return _DROPPED.sub(_marks, _folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_SAME).casefold()


def _marks(dropped: re.Match[str]) -> str:
    """The vowel signs and accents that stand behind a letter: no letters to Python."""
    run = dropped[0]
    return "" if run.isascii() else "".join(takewhile(lambda char: unicodedata.category(char).startswith("M"), run))


def _substance(text: str) -> str:
    """The text without lines that count its readers, and without two or more lines at its end that are no sentences."""
    lines = [line for line in text.split("\n") if not is_counter(_folded(line))]
    end = len(lines)
    while end and not _SENTENCE.search(lines[end - 1]):
        end -= 1
    tail = sum(map(len, lines[end:]))
    return "\n".join(lines[:end] if len(lines) - end >= 2 and tail <= _TAIL * sum(map(len, lines)) else lines)


def _moved(old: Moment, new: Moment) -> bool:
    """Whether a stated time has changed by more than it leaves open. "3 hours ago" leaves open twice as much, read at another time."""
    if old.raw == new.raw or old.source != new.source:
        return False
    span = max(_SPAN.get(old.precision, timedelta(days=1)), _SPAN.get(new.precision, timedelta(days=1)))
    absolute = _ABSOLUTE.search(old.raw) and _ABSOLUTE.search(new.raw)
    return abs(old.time - new.time) >= (span if absolute else 2 * max(span, timedelta(hours=1)))
