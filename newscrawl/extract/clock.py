"""Times of day and zones as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from newscrawl.extract import calendar

_HALF = "|".join(
    sorted((re.escape(word) for word in (*calendar.AFTERNOON, *calendar.MORNING) if not word.isascii()), key=len, reverse=True)
)
_TIME = re.compile(
    rf"(?P<half>{_HALF})?\s*(?<![\d:.])(?P<hour>\d{{1,2}})\s?"
    r"(?:[:：][^\S\n]?(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?!\d)"  # 9:32, 09:32:11.5
    r"|[点點時时시]\s?(?:(?P<minute2>\d{1,2})\s?[分분]?(?:\s?(?P<second2>\d{1,2})\s?[秒초])?)?"  # 9时32分11秒
    r"|\s?h\s?(?P<minute3>\d\d)(?!\d)"  # 9h32
    r"|\.(?P<minute4>\d\d)(?=\s*(?:uhr|น)))"  # 9.32 Uhr
    r"\s?(?P<ampm>[ap]\.?\s?m\b\.?)?"
    r"|(?<![\d:.])(?P<hour2>\d{1,2})\s?(?P<ampm2>[ap]\.?m\b\.?)",  # 9 p.m.
    re.IGNORECASE,
)
_POINTED = re.compile(r"\b(kl|klo|ore|alle|pukul|um|om)(\.?\s*\d{1,2})\.(?=\d\d(?!\d|\.\d))", re.IGNORECASE)  # kl. 9.32
_OFFSET = re.compile(r"\s*\(?(?P<name>UTC|GMT)?\s?(?P<sign>[+\u2212-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?(?!\d)")
_NAME = re.compile(r"[\s,(]*(" + "|".join(sorted(map(re.escape, calendar.ZONE), key=len, reverse=True)) + r")(?![^\W\d_])")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    hour: int
    minute: int
    second: int | None
    zone: tzinfo | None  # if the text names one


def read_clock(text: str, *, languages: Sequence[str] = ()) -> Clock | None:
    """The first time of day in `text`, with the zone named behind it."""
    text = _POINTED.sub(r"\1\2:", text)
    for found in _TIME.finditer(text):
        part = found.groupdict()
        hour = int(part["hour"] or part["hour2"])
        half = (part["half"] or part["ampm"] or part["ampm2"] or "").lower().replace(" ", "")
        if half in calendar.AFTERNOON and hour < 12:
            hour += 12
        elif half in calendar.MORNING and hour == 12:
            hour = 0
        minute = int(part["minute"] or part["minute2"] or part["minute3"] or part["minute4"] or 0)
        second = part["second"] or part["second2"]
        if hour < 24 and minute < 60 and int(second or 0) < 60:
            return Clock(hour, minute, int(second) if second else None, _zone_behind(text[found.end() :], languages))
    return None


def zone_named(name: str) -> tzinfo | None:
    """The zone of "+08:00", "Asia/Shanghai" or "UTC"; None for an empty or unknown name."""
    if offset := _OFFSET.fullmatch(name):
        return _fixed(offset)
    return _place(name) if name else None


def offset_text(moment: datetime) -> str:
    """The UTC offset of an aware time: "+08:00"."""
    return f"{moment:%z}"[:3] + ":" + f"{moment:%z}"[3:5]


def _zone_behind(text: str, languages: Sequence[str]) -> tzinfo | None:
    if (offset := _OFFSET.match(text)) and (offset["name"] or offset["minutes"]):  # "9:30 -5" is no zone
        return _fixed(offset)
    if not (named := _NAME.match(text)):
        return None
    name = named[1]
    if name == "CST" and languages and languages[0].startswith("zh"):
        return zone_named("+08:00")  # China Standard Time; elsewhere Central
    return zone_named(calendar.ZONE[name])


def _fixed(offset: re.Match[str]) -> tzinfo | None:
    minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
    if minutes > 14 * 60:  # no place is further from UTC
        return None
    return timezone(timedelta(minutes=minutes if offset["sign"] == "+" else -minutes))


@lru_cache(maxsize=256)
def _place(name: str) -> tzinfo | None:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a zone's name, a folder of zones
        return None
