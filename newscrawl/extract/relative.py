"""Dates told from the present: "3 hours ago", "gestern, 08:11 Uhr"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from newscrawl.extract import calendar

_NUMBER = r"(?P<n>\d{1,3}|" + "|".join(sorted(map(re.escape, calendar.NUMBER_WORD), key=len, reverse=True)) + ")"
_UNIT = r"(?P<unit>[^\W\d_][^\s\d,;]{0,11}?)"
_BEHIND = re.compile(rf"(?<!\w){_NUMBER}\s*(?:个|個)?\s*{_UNIT}\s*(?:{calendar.AGO_BEHIND})(?!\w)")
_BEFORE = re.compile(rf"(?<!\w)(?:{calendar.AGO_BEFORE})\s+{_NUMBER}\s*{_UNIT}(?!\w)")
_DAY = re.compile(
    "(?:"
    + "|".join(sorted(map(re.escape, calendar.DAY_WORD), key=len, reverse=True))
    + r")(?!\w)|"
    + "[今昨前][天日](?=\\s*\\d|[上下早晚中凌])"
)
_LABEL = re.compile(r"[^\d:：]{1,24}[:：]\s*")
_REST = re.compile(  # nothing, or a time of day
    r"[\s,，|·-]*(?:(?:at|um|à|a las?|às|as|alle(?: ore)?|om|kl|ore|в|o|saat)\.?\s+)?"
    r"(?:(?:[上下早晚中凌午].?|오전|오후)?\s*(?:\d{1,2}\s?[:：h点點時时시.].{0,20}|\d{1,2}\s?[ap]\.?m.{0,10}))?"
)


def ago(text: str, at: datetime) -> tuple[datetime, str] | None:
    """The time and precision of "3 hours ago" and its like. `text` is lower case."""
    if any(word in text for word in calendar.JUST_NOW):
        return at, "minute"
    for pattern in (_BEHIND, _BEFORE):
        if found := pattern.search(text):
            unit = _seconds(found["unit"])
            if not unit:
                continue
            number = calendar.NUMBER_WORD.get(found["n"]) or float(found["n"])
            if number < 1 and unit == 3600:
                return at - timedelta(seconds=number * unit), "minute"
            precision = "day" if unit >= 86400 else "hour" if unit == 3600 else "minute"
            return at - timedelta(seconds=number * unit), precision
    return None


def day_word(text: str) -> tuple[int, str] | None:
    """How many days ago "yesterday at 8:11" was, and what stands behind the word. `text` is lower case.

    Nothing but a label may stand before the word and nothing but a time behind it: 今日头条 is no date.
    """
    label = _LABEL.match(text)
    found = _DAY.match(text, label.end() if label else 0) or _DAY.match(text)
    if not found:
        return None
    rest = text[found.end() :]
    if not _REST.fullmatch(rest):
        return None
    return calendar.DAY_WORD[found[0]], rest


def _seconds(word: str) -> int:
    """Seconds of the unit that `word` begins with, 0 if none."""
    for length in range(min(len(word), calendar.LONGEST_UNIT), 0, -1):
        if seconds := calendar.UNIT.get(word[:length]):
            return seconds
    return 0
