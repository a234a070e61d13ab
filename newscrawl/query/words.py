"""Words that set the articles found apart from the rest of the archive.

Both sides are samples, drawn evenly by id, so the cost is bounded and the answer does not change from one look to the next. The archive is
sampled in the languages of what was found, or the commonest words of a language would tell most. A word counts once an article. Words are
ranked by the log-likelihood ratio (Dunning 1993, "Accurate methods for the statistics of surprise and coincidence") of standing in so many
articles of the one and so many of the other. Chinese has no spaces: there, strings of two to four characters are looked at, and those taken
for words that stand beside ever other characters and are no mere piece of a longer one.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log

from newscrawl.store.conditions import Among, Field
from newscrawl.store.protocol import Search, Store
from newscrawl.store.terms import combining_marks

SAMPLE, BACKGROUND = 200, 400  # articles
TEXT = 1_000  # characters of each that are read: news says first what it is about
_LANGUAGES = 4  # of what was found, the most frequent, in which the archive is sampled
_FEW = 0.1  # of what was found, below which a language is left out: what is rare takes long to find
_LEAST = 3  # articles that hold a word; in fewer it is theirs alone
_SURE = 10.83  # of the ratio, below which chance is an explanation: once in a thousand
_TRIED = 400  # candidates whose neighbours are looked at
_LONGEST = 4  # characters of a Chinese word
_PIECE = 0.7  # of a string's articles in which a longer one has it: then it is a piece of that
_TIED = 0.75  # of a string's places in which the same character precedes or follows
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+")
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff]")  # no strings of these are taken for words
_GRAMMAR = frozenset("的了是在也就都而或把被这那其之们着很又但则并且我你他她它")  # no Chinese word of the news begins or ends with them


@dataclass(frozen=True, slots=True)
class Word:
    """A word in the form that search looks at: simplified characters, small letters."""

    text: str
    found: int  # articles of the sample of what was found that hold it
    known: int  # articles of the sample of the archive
    weight: float  # log-likelihood ratio


@dataclass(frozen=True, slots=True)
class Words:
    """What sets a result apart."""

    words: tuple[Word, ...]  # the weightiest first
    found: int  # articles in the sample of what was found
    known: int  # in that of the archive


async def top_words(store: Store, query: Search, limit: int = 40) -> Words:
    """The words of what is found, without those asked for. The query's names were looked up. Raises StoreError."""
    found, known = await store.sample(query, SAMPLE), await _background(store, query)
    words = await asyncio.to_thread(telling, found, known, query.phrases)
    return Words(tuple(words[:limit]), len(found), len(known))


async def _background(store: Store, query: Search) -> list[str]:
    """Articles of the archive, in the languages of what was found and their shares; in all if none is known."""
    languages = await store.facet(query, Field.LANGUAGE, _LANGUAGES)
    whole = sum(count for _, count in languages)
    shares = [(Search(conditions=(Among(Field.LANGUAGE, (name,)),)), count / whole) for name, count in languages if count >= whole * _FEW]
    drawn = [await store.sample(of_language, round(BACKGROUND * share)) for of_language, share in shares or [(Search(), 1)]]
    return [text for texts in drawn for text in texts]


def telling(found: Sequence[str], known: Sequence[str], asked: Sequence[str] = ()) -> list[Word]:
    """The words in `found` that `known` does not explain, both texts in search form; without `asked` and pieces of these."""
    cut = [text[:TEXT] for text in found]
    frequent = _frequent(cut)
    usual = Counter(unit for text in known for unit in _known_units(text[:TEXT], frequent))
    weighed = [
        Word(unit, count, usual[unit], _ratio(count, len(found), usual[unit], len(known)))
        for unit, count in frequent.items()
        if not any(unit in phrase for phrase in asked)
    ]
    best = sorted((word for word in weighed if word.weight >= _SURE and _may_be_word(word.text, usual, len(known))), key=_rank)[:_TRIED]
    tied = _tied({word.text for word in best if _is_han(word.text)}, cut)
    return _whole([word for word in best if word.text not in tied])


def _rank(word: Word) -> tuple[float, str]:
    return -word.weight, word.text


def _frequent(texts: Sequence[str]) -> dict[str, int]:
    """Words, and Chinese strings, that stand in enough of the texts: in how many. A string is only frequent if its pieces are."""
    counts = Counter(word for text in texts for word in _words(text))
    frequent = {word: count for word, count in counts.items() if count >= _LEAST}
    runs = [_RUN.findall(text) for text in texts]
    for size in range(1, _LONGEST + 1):
        counts = Counter(gram for of_text in runs for gram in {gram for run in of_text for gram in _grams(run, size, frequent)})
        frequent |= {gram: count for gram, count in counts.items() if count >= _LEAST}
    return frequent


def _words(text: str) -> set[str]:
    return {word for word in _word().findall(text) if len(word) > 2 and not _SPACELESS.search(word)}


@cache
def _word() -> re.Pattern[str]:
    """Letters and digits with the marks on them, a letter first."""
    marks, first, more = f"{combining_marks()}*+", rf"[^\W\d_{_HAN}]", rf"[^\W_{_HAN}]++"
    return re.compile(rf"{first}{marks}(?:{more}{marks})*+(?:['’-](?:{more}{marks})++)*+")


def _grams(run: str, size: int, frequent: Collection[str]) -> Iterator[str]:
    """The strings of a size both of whose shorter pieces are frequent."""
    for at in range(len(run) - size + 1):
        if size == 1 or (run[at : at + size - 1] in frequent and run[at + 1 : at + size] in frequent):
            yield run[at : at + size]


def _known_units(text: str, frequent: Collection[str]) -> set[str]:
    """Which of the frequent words and strings a text holds."""
    units = {word for word in _words(text) if word in frequent}
    for run in _RUN.findall(text):
        for at in range(len(run)):
            for size in range(1, min(_LONGEST, len(run) - at) + 1):
                if (gram := run[at : at + size]) not in frequent:
                    break  # nor is any longer one
                units.add(gram)
    return units


def _is_han(unit: str) -> bool:
    return _RUN.match(unit) is not None


def _may_be_word(text: str, usual: Mapping[str, int], known: int) -> bool:
    if not _is_han(text):
        return True
    ends = (text[0], text[-1])
    if len(text) == 1 or not _GRAMMAR.isdisjoint(ends):
        return False
    return len(text) == 2 or not any(usual[char] > known / 2 for char in ends)  # 和市政府: what joins words is everywhere


def _ratio(here: int, all_here: int, there: int, all_there: int) -> float:
    """Twice the logarithm of how much likelier the counts are with two shares than with one; 0 if the first share is the smaller one."""
    if here * all_there <= there * all_here:
        return 0.0
    share = (here + there) / (all_here + all_there)
    expected = [(here, all_here * share), (there, all_there * share)]
    missing = [(all_here - here, all_here * (1 - share)), (all_there - there, all_there * (1 - share))]
    return 2 * sum(count * log(count / by_chance) for count, by_chance in (*expected, *missing) if count)


def _tied(candidates: set[str], texts: Sequence[str]) -> set[str]:
    """Those that nearly always have the same character before or behind them: pieces of something longer."""
    beside: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for unit, before, behind in (place for text in texts for place in _places(candidates, text)):
        beside[unit][0][before] += 1
        beside[unit][1][behind] += 1
    return {unit for unit, sides in beside.items() if any(_is_tied(side) for side in sides)}


def _places(candidates: set[str], text: str) -> Iterator[tuple[str, str, str]]:
    for run in _RUN.findall(text):
        for size in range(2, min(_LONGEST, len(run)) + 1):
            for at in range(len(run) - size + 1):
                if (unit := run[at : at + size]) in candidates:
                    yield unit, run[at - 1 : at] if at else "", run[at + size : at + size + 1]


def _is_tied(side: Counter[str]) -> bool:
    """The edge of a run is no character, and ties nothing."""
    return max((count for char, count in side.items() if char), default=0) > _TIED * side.total()


def _whole(words: Sequence[Word]) -> list[Word]:
    """Without Chinese strings that mostly stand within a longer one of the list."""
    longer = [word for word in words if len(word.text) > 2 and _is_han(word.text)]
    return [
        word
        for word in words
        if not any(
            word.text in other.text and word.text != other.text and other.found >= _PIECE * word.found
            for other in longer
            if _is_han(word.text)
        )
    ]
