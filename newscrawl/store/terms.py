"""What search compares: the tokens of a text, the same in every store.

A token is a word, or one character of a script that puts no spaces between words. Both indexes are made of tokens, so a change
of what is a token needs a migration in each store that builds its index anew.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise

# Ranges of a regular expression's class. Punctuation of these blocks is left out.
SPACELESS = (
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3005-\u3007"  # Han
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # Kana
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf"  # Thai, Lao
    "\u1000-\u103f\u1050-\u109d\u1780-\u17d3"  # Burmese, Khmer
)
LONGEST_KEY = 64  # characters of a word that an index takes
_LONGEST_TITLE = 1_000  # characters
_MOST_COMPARED = 50  # tokens of a phrase: at each place of a text that repeats itself, as many as were typed would be compared
_is_spaceless = re.compile(f"[{SPACELESS}]").match
_SPACED = re.compile(rf"[^\W_{SPACELESS}]")  # a letter or digit of a script that divides its words
_MOST_MARKS = 3  # on a letter; Hebrew may have a vowel, a point and an accent
_BETWEEN = rf"(?:[^\w{SPACELESS}]|_)"  # what is part of no token: no token begins with it, so there is one way only in which a phrase fits


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(f"[{SPACELESS}]++|(?:[^\\W_{SPACELESS}]++{combining_marks()}*+)++")


@cache
def combining_marks() -> str:
    r"""A class of a regular expression: the marks that Arabic, Hebrew and Indic words are written with, which Python's `\w` lacks.

    To look them up takes 6 ms, so not at import.
    """
    marks = [code for code in range(0x300, 0x12000) if unicodedata.category(chr(code)).startswith("M")]
    ranges = [[code for _, code in run] for _, run in groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0])]
    return f"[{''.join(f'{chr(run[0])}-{chr(run[-1])}' for run in ranges)}]"


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """Words (False) and strings of spaceless characters (True), without regard to case, width and punctuation."""
    pieces = _piece().findall(unicodedata.normalize("NFKC", text).casefold())
    for spaceless, run in groupby(pieces, key=lambda piece: _is_spaceless(piece) is not None):
        if spaceless:
            yield True, "".join(run)
        else:
            yield from ((False, word) for word in run)


def tokens(text: str) -> str:
    """The tokens in the order of the text, divided by spaces: "天气预报 OK" gives "天 气 预 报 ok"."""
    return " ".join(" ".join(run) if spaceless else run for spaceless, run in _runs(text))


def grams(text: str) -> str:
    """Tokens, each single character with the one that follows it: "天气预报 OK" gives "天气 气预 预报 报 ok"."""
    return " ".join(" ".join([run[at : at + 2] for at in range(len(run))]) if spaceless else run for spaceless, run in _runs(text))


def phrases(words: Sequence[str]) -> list[str]:
    """The words in which there is something to look for: all but "!" and the like."""
    return [word for word in words if next(_runs(word), None)]


def gram_pattern(phrase: str) -> str:
    """What stands in `" " + grams(text) + " "` when, and only when, the text holds the phrase."""
    pieces = grams(phrase)
    # A phrase's last character pairs with nothing; the text's may pair with whatever follows.
    return f" {pieces}" if _is_spaceless(pieces[-1]) else f" {pieces} "


def keys(text: str) -> set[str]:
    """What phrases are looked up by where an index takes whole values: tokens, and pairs of tokens that follow each other."""
    found: set[str] = set()
    before = ""
    for spaceless, run in _runs(text):
        if spaceless:
            found.update(run)
            found.update(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.add(run[:LONGEST_KEY])
        if before:
            found.add(_pair(before, run[0] if spaceless else run))
        before = run[-1] if spaceless else run
    return found


def needed_keys(phrase: str) -> tuple[frozenset[str], bool]:
    """The keys that a text with this phrase has, as few as suffice; and whether a text that has them is sure to hold the phrase."""
    found, before = list[str](), ""
    for spaceless, run in _runs(phrase):
        if before:
            found.append(_pair(before, run[0] if spaceless else run))
        if spaceless:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
        before = run[-1] if spaceless else run
    if not found:
        return frozenset((before[:LONGEST_KEY],)), len(before) < LONGEST_KEY
    return frozenset(found), len(found) == 1


def _pair(left: str, right: str) -> str:
    """A key of ten characters for two tokens of which one is a word; 56 bits, so that of a billion questions hardly one finds too much."""
    return (
        base64.b64encode(hashlib.blake2b(f"{left} {right}".encode("utf-8", "surrogatepass"), digest_size=7).digest()).decode().rstrip("=")
    )


def occurrences(phrase: str) -> re.Pattern[str]:
    """What finds a phrase in a text in search form as stores do: words whole, Chinese anywhere, punctuation between them ignored.

    Of a phrase of more than 50 tokens, which stores look for whole, it finds the first 50.
    """
    found = tokens(phrase).split()[:_MOST_COMPARED]
    pattern = first = re.escape(found[0])
    if _SPACED.match(found[0]):
        # What may not stand before is looked at last: a pattern that begins with letters is found ten times as fast.
        pattern += "".join(f"(?<!{_SPACED.pattern}{combining_marks() * marks}{first})" for marks in range(_MOST_MARKS + 1))
    for left, right in pairwise(found):
        word = _SPACED.match(left) is not None
        pattern += f"(?!{combining_marks()})" * word + _BETWEEN + ("++" if word and _SPACED.match(right) else "*+") + re.escape(right)
    behind = f"(?!{_SPACED.pattern}|{combining_marks()})" if _SPACED.match(found[-1]) else ""
    return re.compile(pattern + behind)


def title_of(text_search: str) -> str:
    """The title, which is the first line of what search looks at, as far as one reads."""
    return text_search.partition("\n")[0][:_LONGEST_TITLE]
