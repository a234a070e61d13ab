"""Address patterns that yield nothing: endless calendars, facets, sessions."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_LONG_HEX = re.compile(r"(?<=[/=_.-])[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4}(?=$|[/&_.-])", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)


def pattern(url: str) -> str:
    """The address with every number and long hexadecimal word blanked: what generated addresses share."""
    rest = url.partition("://")[2]
    return _DIGITS.sub("0", _LONG_HEX.sub("x", rest))


def repeats_itself(url: str) -> bool:
    """Whether a path names the same segment three times or more, as relative links that loop do."""
    segments = [part for part in url.partition("://")[2].partition("?")[0].split("/")[1:] if part]
    return bool(segments) and max(Counter(segments).values()) >= 3


@dataclass(slots=True)
class Novelty:
    """What the patterns of one site have yielded so far. `patience` barren pages, no fruitful one: the pattern is left."""

    patience: int = 8
    _barren: Counter[str] = field(default_factory=Counter)
    _fruitful: set[str] = field(default_factory=set)

    def record(self, url: str, *, fruitful: bool) -> None:
        """A page was read; it was fruitful if it is an article, or lists some."""
        key = pattern(url)
        if fruitful:
            self._fruitful.add(key)
            self._barren.pop(key, None)
        elif key not in self._fruitful:
            self._barren[key] += 1

    def exhausted(self, url: str) -> bool:
        """Whether this address follows a pattern that has been tried often enough for nothing."""
        return self._barren[pattern(url)] >= self.patience
