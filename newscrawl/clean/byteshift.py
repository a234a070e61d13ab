"""GBK text that lost its alignment because something was put between the two bytes of a character.

An annotator that replaces bytes finds 數 (94 B5) inside 當地 (AE 94, B5 D8) and writes its reading between B5 and D8. B5 then stands
before a bracket, which no pair of GBK has, and both become a question mark; D8 pairs with the first byte of the next character, and so on
until a single byte puts the text right again. What was lost is known: the byte that makes, with the end of the character before it, a
character of that reading.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from newscrawl.clean.hanzi import simplified
from newscrawl.clean.readings import LETTERS, Syllable, readings, syllable

_SOUND = f"([{LETTERS}]{{1,9}}[0-5]?)[)）]"
_ANNOTATION = re.compile(f"[(（]{_SOUND}")
_TORN = re.compile(rf"[?\ufffd][(（]?{_SOUND}")  # a lost byte and bracket, the reading
_SHIFT = re.compile(rf"([^\0-\x7f])(?:{_ANNOTATION.pattern})?({_TORN.pattern})")
_LONGEST = 400  # characters; a shift ends at the first digit or Latin letter, long before

Known = Collection[tuple[str, Syllable]]  # characters that the document annotates, with the reading it gives
Realigned = tuple[str, int, int]  # text, where the damage ended, whole annotations that stood inside


def repair(text: str, known: Known) -> tuple[str, int, int]:
    """The text with every shift realigned, how many there were, and how many whole annotations went with them."""
    parts, position, shifts, taken = [], 0, 0, 0
    for match in _SHIFT.finditer(text):
        if match.start() < position:
            continue
        mended = _realigned(text, match, known)
        if mended:
            realigned, end, inside = mended
            parts += [text[position : match.start(3)], realigned]
            position, shifts, taken = end, shifts + 1, taken + inside
    return "".join([*parts, text[position:]]), shifts, taken


def _realigned(text: str, match: re.Match[str], known: Known) -> Realigned | None:
    """The likeliest text behind a torn annotation, or None if no lost byte explains it."""
    sound = syllable(match[4])
    border = _bytes(match[1])[-1]
    choices = []
    for character in _spelled(border, sound):
        mended = _read_on(_bytes(character)[1], text, match.end(), known)
        if mended:
            choices.append(((character, sound) in known, _commonness(mended[0]), mended))
    if not choices:
        return None
    annotated, common, best = max(choices, key=lambda choice: choice[:2])
    return best if annotated or common >= _commonness(text[match.end() : best[1]]) else None


def _read_on(lost: int, text: str, start: int, known: Known) -> Realigned | None:
    """The characters from `start` with the byte `lost` put before them, up to where both alignments meet."""
    read, lead, position, inside = "", lost, start, 0
    while position < min(len(text), start + _LONGEST):
        torn = _TORN.match(text, position)
        if torn:
            last = _likeliest(lead, syllable(torn[1]), known)
            return (read + last, torn.end(), inside) if last else None
        annotation = _ANNOTATION.match(text, position)
        if annotation:  # of two halves that looked like a character
            position, inside = annotation.end(), inside + 1
            continue
        if text[position] in "?\ufffd":  # the other half of the last character went with it
            return read + text[position], position + 1, inside
        pair = _bytes(text[position])
        read += _character(lead, pair[0])
        position += 1
        if len(pair) == 1:
            return (read, position, inside) if _character(lead, pair[0]) else None
        if not _character(lead, pair[0]):
            return None
        lead = pair[1]
        if lead < 0x80:
            return read + chr(lead), position, inside
    return None


def _likeliest(lead: int, sound: Syllable, known: Known) -> str:
    """The character of this first byte and this sound: one that the document annotates, else the commonest; "" if there is none."""
    return max(_spelled(lead, sound), key=lambda character: ((character, sound) in known, _commonness(character)), default="")


def _spelled(lead: int, sound: Syllable) -> Iterator[str]:
    """The characters of GBK with this first byte that are read so."""
    for trail in range(0x40, 0xFF):
        character = _character(lead, trail)
        if character and sound in readings(character):
            yield character


def _commonness(text: str) -> float:
    """The share of characters that are in everyday use: their simplified form is in the first level of GB 2312."""
    everyday = sum(0xB0 <= _bytes(character)[0] < 0xD8 for character in simplified(text))
    return everyday / max(1, len(text))


def _character(lead: int, trail: int) -> str:
    """The character of two bytes, or "" if they aren't one."""
    return bytes((lead, trail)).decode("gbk", "ignore") if lead > 0x80 else ""


def _bytes(character: str) -> bytes:
    return character.encode("gbk", "replace")
