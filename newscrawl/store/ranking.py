"""What is relevant: BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009), a word in the title counting as several.

How often a phrase stands in a text is counted in the few articles that are best without it: whose titles and texts hold the most and the
rarest of the phrases, of equal ones the newest. So a common word costs no more than a rare one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from newscrawl.store.terms import occurrences, title_of

WINDOW = 200  # articles whose texts are looked at

_TITLE = 4  # what a word in the title counts, besides being in the text
_SATURATION = 1.2  # k1 of BM25: how little more often is worth
_LENGTH = 0.75  # b of BM25: how much long texts are held back


def rarities(holders: Sequence[int], articles: int) -> list[float]:
    """What a phrase is worth that so many of the articles hold: BM25's inverse document frequency."""
    return [math.log1p((articles - many + 0.5) / (many + 0.5)) for many in holders]


def reordered(best: Sequence[int], texts: Mapping[int, str], rarity: Mapping[str, float]) -> list[int]:
    """The articles by BM25 of their texts in search form; equal ones, and those without text, stay in the order they have."""
    mean = sum(map(len, texts.values())) / max(len(texts), 1) or 1
    patterns = [(occurrences(phrase), worth) for phrase, worth in rarity.items()]

    def score(n: int) -> float:
        text, total = texts.get(n, ""), 0.0
        length = _SATURATION * (1 - _LENGTH + _LENGTH * len(text) / mean)
        for pattern, worth in patterns:
            often = len(pattern.findall(text)) + _TITLE * len(pattern.findall(title_of(text)))
            total += worth * often * (_SATURATION + 1) / (often + length) if often else 0
        return total

    return sorted(best, key=lambda n: -score(n))
