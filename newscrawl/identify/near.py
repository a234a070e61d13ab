"""Fingerprints of texts: which copies of one article share, whatever was cut, changed or put around it.

Broder's shingling: a text is the set of its grams, five characters where words have no spaces between them, three words elsewhere.
Its keys, the smallest of the grams' hashes, are a sample that any process draws alike (bottom-k sketch; Cohen & Kaplan 2007).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

KEYS = 32  # a text: two copies that share a third of their grams have 2 of them in common 99 times in 100
SHORTEST = 16  # grams; a shorter text says too little to be told from others
_CHARACTERS, _WORDS = 5, 3  # in a gram
_SPACELESS_SHARE = 0.2  # of a text's letters, from which on it is taken by characters
_LEAD = 0.3  # of a text's grams: where a copy begins alike, and a later report does not

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that it has an inverse
_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))
_WORD_START = np.uint64(1 << 24)  # beyond all code points
_WORTH_COUNTING = 0.2  # containment
EQUAL = 0.8  # of the numbers, from which on two texts have the same
_FEW = 3  # numbers; fewer say nothing of what a text is
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")

_NO_LETTER, _LETTER, _SPACELESS = 0, 1, 2
_ASTRAL = 0x10000
_SPACELESS_BLOCKS = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF),  # Thai and Lao, Burmese, Khmer
    (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF),  # Japanese
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),  # Chinese
)  # fmt: skip


@dataclass(frozen=True)
class Fingerprint:
    """What is compared of a text."""

    grams: Hashes = field(repr=False)  # in the order of the text
    unique: Hashes = field(repr=False)  # sorted, each once
    text: str = field(repr=False)

    @property
    def keys(self) -> tuple[int, ...]:
        """Up to KEYS signed integers of 64 bits, sorted by the unsigned ones they are made of; () for a text that is too short."""
        return () if len(self.unique) < SHORTEST else tuple(self.unique[:KEYS].view(np.int64).tolist())

    @cached_property
    def numbers(self) -> Counter[str]:
        """The numbers in the text, as written."""
        return Counter(_NUMBER.findall(self.text))

    @cached_property
    def blanked(self) -> Hashes:
        """As `unique`, as if all numbers were the same."""
        return fingerprint(_NUMBER.sub("0", self.text)).unique


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts, a and b, have in common: parts of 1."""

    of_a: float  # how much of a stands in b
    of_b: float
    lead_a: float  # how much of the beginning of a stands in b
    lead_b: float
    numbers: float  # of the numbers in the one that has fewer, how many are in the other; 1 if there are next to none
    grams: int  # of the shorter, each counted once
    slots: float  # how much more of the shorter would stand in the longer if all numbers were alike; 0 if most of them are

    @property
    def containment(self) -> float:
        """Of the text that has more in common with the other."""
        return max(self.of_a, self.of_b)

    @property
    def lead_of_longer(self) -> float:
        """How much of the beginning of the longer text stands in the shorter."""
        return self.lead_a if self.of_a < self.of_b else self.lead_b


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text in search form (simplified characters, case folded)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds()[np.minimum(codes, _ASTRAL)]
    letters = kinds > _NO_LETTER
    values = codes[letters].astype(np.uint64)
    spaceless = np.count_nonzero(kinds == _SPACELESS) > _SPACELESS_SHARE * len(values)
    grams = _by_characters(values) if spaceless else _by_words(values, letters)
    return Fingerprint(grams, _each_once(grams), text)


def _each_once(grams: Hashes) -> Hashes:
    """As numpy's `unique`, in a quarter of its time."""
    ordered = np.sort(grams)
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def overlap(a: Fingerprint, b: Fingerprint) -> Overlap:
    """What two texts have in common, measured on all grams."""
    common = _common(a.unique, b.unique)
    of_a, of_b = len(common) / max(1, len(a.unique)), len(common) / max(1, len(b.unique))
    numbers = _equal_numbers(a.numbers, b.numbers) if max(of_a, of_b) >= _WORTH_COUNTING else 1.0
    slots = _alike_but_for_numbers(a, b) - max(of_a, of_b) if numbers < EQUAL else 0.0
    return Overlap(of_a, of_b, _lead(a, common), _lead(b, common), numbers, min(len(a.unique), len(b.unique)), slots)


def _common(a: Hashes, b: Hashes) -> Hashes:
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    return small[_within(small, large)]


def _alike_but_for_numbers(a: Fingerprint, b: Fingerprint) -> float:
    return len(_common(a.blanked, b.blanked)) / max(1, min(len(a.blanked), len(b.blanked)))


def _lead(of: Fingerprint, common: Hashes) -> float:
    lead = of.grams[: max(SHORTEST, int(len(of.grams) * _LEAD))]
    return float(np.count_nonzero(_within(lead, common))) / max(1, len(lead))


def _within(some: Hashes, others: Hashes) -> NDArray[np.bool_]:
    """Which of some hashes are among sorted others."""
    if not len(others):
        return np.zeros(len(some), dtype=np.bool_)
    places = np.searchsorted(others, some)
    found: NDArray[np.bool_] = others[np.minimum(places, len(others) - 1)] == some
    return found


def _equal_numbers(a: Counter[str], b: Counter[str]) -> float:
    fewer = min(a.total(), b.total())
    return (a & b).total() / fewer if fewer >= _FEW else 1.0


def _by_characters(values: Hashes) -> Hashes:
    many = len(values) - _CHARACTERS + 1
    if many < 1:
        return np.empty(0, dtype=np.uint64)
    hashes = values[:many].copy()
    for at in range(1, _CHARACTERS):
        hashes *= _BASE
        hashes += values[at : at + many]
    return _mixed(hashes)


def _by_words(values: Hashes, letters: NDArray[np.bool_]) -> Hashes:
    """Hashes of three words each, from sums over all letters before: that of a piece is the difference of two, shifted to the front."""
    before = np.empty_like(letters)
    before[:1], before[1:] = False, letters[:-1]
    starts = np.flatnonzero((letters & ~before)[letters])
    if len(starts) < _WORDS:
        return np.empty(0, dtype=np.uint64)
    values[starts] += _WORD_START
    powers, inverses = _powers(1 << len(values).bit_length())
    sums = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values * powers[: len(values)], out=sums[1:])
    ends = np.append(starts[_WORDS:], len(values))
    first = starts[: len(ends)]
    return _mixed((sums[ends] - sums[first]) * inverses[first])


def _mixed(hashes: Hashes) -> Hashes:
    """Every bit made to depend on every other (the finaliser of splitmix64)."""
    hashes ^= hashes >> np.uint64(30)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(27)
    hashes *= np.uint64(0x94D049BB133111EB)
    hashes ^= hashes >> np.uint64(31)
    return hashes


@cache
def _powers(many: int) -> tuple[Hashes, Hashes]:
    """Powers of the base and of its inverse, from 0 on."""
    ones = np.ones(1, dtype=np.uint64)
    up, down = (np.cumprod(np.full(many - 1, factor), dtype=np.uint64) for factor in (_BASE, _INVERSE))
    return np.concatenate((ones, up)), np.concatenate((ones, down))


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each code point of the basic plane is; the last entry stands for all beyond, which are rare characters of Chinese."""
    kinds: Any = np.zeros(_ASTRAL + 1, dtype=np.uint8)
    for code in range(_ASTRAL):
        kinds[code] = _LETTER if unicodedata.category(chr(code))[0] in "LNM" else _NO_LETTER
    for first, last in _SPACELESS_BLOCKS:
        block = kinds[first : last + 1]
        block[block == _LETTER] = _SPACELESS
    kinds[_ASTRAL] = _SPACELESS
    return kinds  # type: ignore[no-any-return]  # numpy's own types end where a part of an array is set
