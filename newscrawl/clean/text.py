"""Repairs of characters: each takes a text and gives it back mended, with how often it had to mend."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

from newscrawl.clean.hanzi import HAN, simplified

Repair = Callable[[str], tuple[str, int]]

_ENTITY = re.compile(r"&(?!(?:lt|gt|#60|#62|#x3[ce]);)(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_EMAIL = re.compile(r"[ \xa0]*[(（\[]?\[email[\s\xa0]protected\][)）\]]?")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")
_JOINING = "[\x20-\u024f\u3000-\u9fff\uff00-\uffef]"  # scripts in which joiners do nothing
# Characters nobody sees: put into a text to spoil copies of it, or left behind by editors.
_UNSEEN = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]|(?<={_JOINING})[\u200c\u200d]")
_SUSPECT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # direction of writing
_C1 = {code: bytes((code,)).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_ANY_C1 = re.compile("[\x80-\x9f]")
_SPACES = re.compile("[ \t\r\f\v\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_ODD_SPACE = re.compile("[\t\r\f\v\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ROOM = re.compile(r" ?\n ?|^ | \Z")
_WIDE = f"{HAN}，。、；：？！“”‘’（）《》【】…—"
_BETWEEN = re.compile(rf"(?<=[{_WIDE}])[ \xa0\u3000](?=[{_WIDE}])")
_PAIR = re.compile(rf"(?<=[{HAN}])(?=[{HAN}])")
_SPACED_PAIR = re.compile(rf"(?<=[{HAN}])[ \xa0\u3000](?=[{HAN}])")
_MIN_SPACED = 20  # pairs of Chinese characters with a space between
_MIN_SPACED_SHARE = 0.9


def entities(text: str) -> tuple[str, int]:
    """Entities that were escaped twice and so outlived the parser; not < and >, which would be markup again."""
    total = 0
    while "&" in text:
        found = sum(_meant(entity) != entity for entity in _ENTITY.findall(text))
        if not found:
            break
        text, total = _ENTITY.sub(lambda match: _meant(match[0]), text), total + found
    return text, total


def _meant(entity: str) -> str:
    character = html.unescape(entity)
    if character in {"<", ">"}:
        return entity
    return " " if character in {"\n", "\r"} else character  # a line stays a line


def email_placeholders(text: str) -> tuple[str, int]:
    """Without the words that Cloudflare shows in place of an address; an address that its page holds was decoded when it was read."""
    return _EMAIL.subn("", text) if "[email" in text else (text, 0)


def unseen(text: str) -> tuple[str, int]:
    """Without characters that nobody sees; joiners and direction marks stay in the scripts that need them."""
    if not _SUSPECT.search(text):
        return text, 0
    text, count = _UNSEEN.subn("", text)
    if text.isascii() or _RIGHT_TO_LEFT.search(text):
        return text, count
    text, marks = _MARKS.subn("", text)
    return text, count + marks


def windows_controls(text: str) -> tuple[str, int]:
    """Control characters U+0080 to U+009F as the quotes and dashes of Windows-1252 that they were."""
    count = 0 if text.isascii() else len(_ANY_C1.findall(text))
    return (text.translate(_C1), count) if count else (text, 0)


def composed(text: str) -> tuple[str, int]:
    """Letters and their accents in one (NFC); counts 1 for a text."""
    if unicodedata.is_normalized("NFC", text):
        return text, 0
    return unicodedata.normalize("NFC", text), 1


def spaced_han(text: str) -> tuple[str, int]:
    """Without the space that some sites put between every two Chinese characters; only if a whole document is like that."""
    if text.isascii() or text.count(" ") + text.count("\u3000") + text.count("\xa0") < _MIN_SPACED:
        return text, 0
    spaced = sum(1 for _ in _SPACED_PAIR.finditer(text))
    if spaced < _MIN_SPACED or spaced < _MIN_SPACED_SHARE * (spaced + sum(1 for _ in _PAIR.finditer(text))):
        return text, 0
    return _BETWEEN.subn("", text)


def white_space(text: str) -> tuple[str, int]:
    """Runs of white space as one space, none at the ends of lines (full-width indents); counts lines that change."""
    if not (_ODD_SPACE.search(text) or any(run in text for run in ("  ", " \n", "\n ")) or text[:1] == " " or text[-1:] == " "):
        return text, 0  # nearly all texts, at a tenth of the time
    folded = _ROOM.sub(lambda room: "\n" if "\n" in room[0] else "", _SPACES.sub(" ", text))
    if folded == text:
        return text, 0
    return folded, sum(before != after for before, after in zip(text.split("\n"), folded.split("\n"), strict=True))


BEFORE_ANNOTATIONS: tuple[tuple[str, Repair], ...] = (
    ("entities", entities),
    ("email", email_placeholders),
    ("windows-controls", windows_controls),
    ("unseen", unseen),
)
# Composing comes after byte shifts are realigned: it replaces characters whose bytes tell what was lost.
AFTER_ANNOTATIONS: tuple[tuple[str, Repair], ...] = (("composed", composed), ("spaced-han", spaced_han), ("white-space", white_space))


def search_form(text: str) -> str:
    """What search looks at: compatibility forms resolved, case folded, Chinese in simplified characters."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return simplified(folded if unicodedata.is_normalized("NFKC", folded) else unicodedata.normalize("NFKC", folded))
