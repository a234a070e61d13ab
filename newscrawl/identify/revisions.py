"""Whether an article that was read again is another text than it was, or only looks different: what makes a revision and what doesn't."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from newscrawl.models import Article, Moment, Revision

_NOT_WORD = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r"[.!?。！？…][\"'”’»」』)）]*\s*$")
_COUNTER = re.compile(  # how often a page was looked at or talked about; a short line with one of these and a number that is no sentence
    r"(?=.*\d)(?:.*\b(?:views?|reads?|clicks?|hits|comments?|shares?|likes?|aufrufe|kommentare?|leser|visitas|lecturas|comentarios|vistas"
    r"|vues?|lectures|commentaires|visualizzazioni|commenti|просмотр\w*|комментари\w*)\b.*|.*(?:阅读|閱讀|浏览|瀏覽|点击|點擊|评论|評論|\d[万萬]?次|次[数數]).*)",
    re.IGNORECASE,
)
_SHORT = 40  # characters of such a line
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
    """Letters and digits alone, without regard to case."""
    return _NOT_WORD.sub("", text).casefold()


def _substance(text: str) -> str:
    """The text without lines that count its readers, and without two or more lines at its end that are no sentences."""
    lines = [line for line in text.split("\n") if not _is_counter(line)]
    end = len(lines)
    while end and not _SENTENCE.search(lines[end - 1]):
        end -= 1
    tail = sum(map(len, lines[end:]))
    return "\n".join(lines[:end] if len(lines) - end >= 2 and tail <= _TAIL * sum(map(len, lines)) else lines)


def _is_counter(line: str) -> bool:
    return len(line) <= _SHORT and not _SENTENCE.search(line) and _COUNTER.fullmatch(line) is not None


def _moved(old: Moment, new: Moment) -> bool:
    """Whether a stated time has changed by more than it leaves open. "3 hours ago" leaves open twice as much, read at another time."""
    if old.raw == new.raw or old.source != new.source:
        return False
    span = max(_SPAN.get(old.precision, timedelta(days=1)), _SPAN.get(new.precision, timedelta(days=1)))
    absolute = _ABSOLUTE.search(old.raw) and _ABSOLUTE.search(new.raw)
    return abs(old.time - new.time) >= (span if absolute else 2 * max(span, timedelta(hours=1)))
