"""Where the words of a search stand in a text, and the piece of it worth showing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len

from newscrawl.clean.text import search_form
from newscrawl.store.terms import occurrences

_READ = 20_000  # characters of a text that are looked through, about 10 ms; hardly any article is longer, and a list shows many
_MARKED = 50  # words of a query that are marked: to prepare one takes 10 ms, and a query may have hundreds


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text, and the half-open ranges of it that were searched for."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def marked(text: str, words: Sequence[str]) -> Snippet:
    """The whole text with every occurrence of the words, which are in search form; of very many, the first."""
    pieces = list(map(_form, text))
    form = "".join(pieces)
    found = [match.span() for word in words[:_MARKED] for match in occurrences(word).finditer(form)]
    if len(form) != len(text) or max(map(len, pieces), default=1) > 1:  # where a folded character stands is not where it stood
        origin = [at for at, piece in enumerate(pieces) for _ in piece]
        found = [(origin[start], origin[end - 1] + 1) for start, end in found]
    return Snippet(text, tuple(_joined(sorted(found))))


def snippet(text: str, words: Sequence[str], *, width: int = 160) -> Snippet:
    """About `width` terminal columns of the text around the first occurrence, on one line; from the beginning if that comes late."""
    line = " ".join(text.split())
    whole = marked(line[:_READ], words)
    start = end = whole.marks[0][0] if whole.marks else 0
    room = width // 3
    while start > 0 and room > 0:
        start -= 1
        room -= cell_len(whole.text[start])
    room = width - width // 3 + max(room, 0)
    while end < len(whole.text) and room > 0:
        room -= cell_len(whole.text[end])
        end += 1
    head, tail = "…" * (start > 0), "…" * (end < len(line))
    shift = len(head) - start
    marks = tuple((left + shift, min(right, end) + shift) for left, right in whole.marks if left >= start and left < end)
    return Snippet(head + whole.text[start:end] + tail, marks)


@lru_cache(maxsize=1 << 14)
def _form(char: str) -> str:
    return search_form(char)


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sorted spans, those that overlap or touch made one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
