"""How Chinese characters are read in Mandarin, and how people write that down."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from newscrawl.clean.hanzi import simplified

# The inside of a regex character class: Latin letters, those with tones, two IPA letters that stand for a and g, combining marks.
LETTERS = "a-zA-ZüÜāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿĀÁǍÀĒÉĚÈŌÓǑÒɑɡ\u0300\u0301\u0304\u0308\u030c"
_TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
_SPELLINGS = str.maketrans({"ɑ": "a", "ɡ": "g", "v": "ü"})
_TONE_MARK = re.compile(f"[{''.join(_TONES)}]")


class Syllable(NamedTuple):
    """A syllable apart from its tone, so that wang3 and wǎng are the same."""

    letters: str  # lower case, with ü
    tone: int  # 1 to 4; 0 if none is written


def syllable(raw: str) -> Syllable:
    """The syllable behind one of its spellings: wǎng, WANG3, nv3, nǚ in composed or combining form."""
    bare = raw.rstrip("0123456789")
    apart = unicodedata.normalize("NFD", bare.lower())
    marks = [_TONES[mark] for mark in _TONE_MARK.findall(apart)]
    letters = unicodedata.normalize("NFC", _TONE_MARK.sub("", apart)).translate(_SPELLINGS)
    digit = int(raw[len(bare) :][:1] or 0)
    return Syllable(letters, marks[0] if marks else digit % 5)


@cache
def readings(character: str) -> frozenset[Syllable]:
    """Every reading of a character or of its simplified form."""
    from pypinyin.constants import PINYIN_DICT  # 0.25 s and 55 MB: only for documents that look annotated

    entries = (PINYIN_DICT.get(ord(form), "") for form in {character, simplified(character)})
    return frozenset(syllable(raw) for entry in entries for raw in entry.split(",") if raw)
