"""What is relevant: BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009), a word in the title counting as several.

How often a phrase stands in a text is counted in the few articles that are best without it: whose titles and texts hold the most and the
rarest of the phrases, of equal ones the newest. So a common word costs no more than a rare one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from newscrawl.store.terms import occurrences, title_of, tokens

WINDOW = 200  # articles whose texts are looked at

# While texts are read, a store of SQLite answers nobody else.
_READ = 20_000  # characters of a text: its opening tells what it is about, and hardly any article is longer
_STEPS = (
    8_000_000  # characters read times tokens looked for; a second or two where texts nearly are what is looked for, else a tenth of one
)
_PHRASES = 30  # that count, the rarest: more tell little, and each takes some ms to prepare

_TITLE = 4  # what a word in the title counts, besides being in the text
_SATURATION = 1.2  # k1 of BM25: how little more often is worth
_LENGTH = 0.75  # b of BM25: how much long texts are held back


def rarities(holders: Sequence[int], articles: int) -> list[float]:
    """What a phrase is worth that so many of the articles hold: BM25's inverse document frequency."""
    return [math.log1p((articles - many + 0.5) / (many + 0.5)) for many in holders]


def reordered(best: Sequence[int], texts: Mapping[int, str], rarity: Mapping[str, float]) -> list[int]:
    """The articles by BM25 of their texts in search form; equal ones, and those without text, stay in the order they have.

    Texts are read as far as they tell what they are about, less far if many tokens are looked for.
    """
    counting = sorted(rarity, key=lambda phrase: -rarity[phrase])[:_PHRASES]
    patterns = [(occurrences(phrase), rarity[phrase]) for phrase in counting]
    read = _readable(len(best), counting)
    openings = {n: text[:read] for n, text in texts.items()}
    mean = sum(map(len, openings.values())) / max(len(openings), 1) or 1

    def score(n: int) -> float:
        text, total = openings.get(n, ""), 0.0
        length = _SATURATION * (1 - _LENGTH + _LENGTH * len(text) / mean)
        for pattern, worth in patterns:
            often = len(pattern.findall(text)) + _TITLE * len(pattern.findall(title_of(text)))
            total += worth * often * (_SATURATION + 1) / (often + length) if often else 0
        return total

    return sorted(best, key=lambda n: -score(n))


def _readable(articles: int, phrases: Sequence[str]) -> int:
    """Characters of each text for which there is time."""
    wanted = sum(len(tokens(phrase).split()) for phrase in phrases)
    return min(_READ, _STEPS // max(articles * wanted, 1))
