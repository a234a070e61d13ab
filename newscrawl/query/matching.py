"""Which parts of two sequences are the same, within a bounded time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import takewhile
from operator import eq

Opcode = tuple[str, int, int, int, int]  # as of difflib

# Steps of difflib, each an element held against one that is equal to it: 0.15 µs or less, so the paragraphs of two texts and then their
# words take less than half a second together. Versions of a text of 3,000 words that differ in every second one need 1.1 million.
# What makes a comparison long is what stands everywhere: each match splits the texts, and it is found again in all the rest, so without a
# bound the time grows with the cube of the length.
EFFORT = 1_500_000
_LOOK_UP = 5  # steps it takes as long as to look up where an element stands


def opcodes(old: Sequence[str], new: Sequence[str], effort: int = EFFORT) -> Sequence[Opcode]:
    """How the new sequence comes of the old one, as of difflib: the longest runs first.

    When the effort is used up, of each passage that is left only what both begin or end with is told as equal.
    """
    return _Bounded(old, new, effort).get_opcodes()


class _Bounded(SequenceMatcher[str]):
    def __init__(self, old: Sequence[str], new: Sequence[str], effort: int) -> None:
        super().__init__(None, old, new, autojunk=False)
        self._old, self._new, self._left = old, new, effort
        self._places = self.b2j  # where in the new one an element stands, ascending

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        ahi, bhi = len(self._old) if ahi is None else ahi, len(self._new) if bhi is None else bhi
        counts = Counter(self._old[alo:ahi])
        self.b2j = {element: self._within(element, blo, bhi) for element in counts}  # else difflib looks at all places every time
        cost = _LOOK_UP * (ahi - alo + bhi - blo) + sum(count * len(self.b2j[element]) for element, count in counts.items())
        if cost <= self._left:
            self._left -= cost
            return super().find_longest_match(alo, ahi, blo, bhi)
        if same := _alike(range(alo, ahi), range(blo, bhi), self._old, self._new):
            return Match(alo, blo, same)
        same = _alike(range(ahi - 1, alo - 1, -1), range(bhi - 1, blo - 1, -1), self._old, self._new)
        return Match(ahi - same, bhi - same, same)

    def _within(self, element: str, start: int, end: int) -> list[int]:
        places = self._places.get(element, [])
        return places[bisect_left(places, start) : bisect_left(places, end)]


def _alike(here: range, there: range, old: Sequence[str], new: Sequence[str]) -> int:
    """How many of the first places hold the same."""
    return sum(takewhile(bool, map(eq, map(old.__getitem__, here), map(new.__getitem__, there))))
