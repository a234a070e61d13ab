"""One date as written, in many languages, to a Moment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from newscrawl.extract import calendar, relative
from newscrawl.extract.clock import Clock, offset_text, read_clock, zone_named
from newscrawl.models import Moment, utc

_LONGEST = 120  # characters that are looked at
_EARLIEST = 1990
_AHEAD = timedelta(days=2)  # a site's clock may be ahead of ours, and its zone is
_NOON = time(12, tzinfo=UTC)

_CHINESE_NUMBER = re.compile(r"[〇零一二三四五六七八九十]+(?=\s*[年月日号號点點時时分])")
_CHINESE_DIGIT = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

_ERA = re.compile(rf"({'|'.join(calendar.ERA)})\s*(\d{{1,3}}|元)\s*年")
_MINGUO = re.compile(r"(?<![\d年])(1[0-3]\d)(?=\s*年\s*\d{1,2}\s*月)")  # of Taiwan, where all else is clear
_THAI_MONTHS = "|".join(sorted(map(re.escape, calendar.THAI_MONTH), key=len, reverse=True))
_THAI = re.compile(rf"(?<!\d)(\d{{1,2}})\s*({_THAI_MONTHS})\s*(?:พ\.ศ\.\s*)?(\d{{4}}|\d{{2}})(?!\d)")
_ARABIC_TWO_WORDS = re.compile("|".join(calendar.TWO_WORDS))

_WORD = r"(?P<month>[^\W\d_][^\s\d.,;:/()\[\]|-]*)"
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s*(?:[-/.]|年|년)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月|월)\s*(?P<day>\d{1,2})(?!\d)\s*[日号號일]?"
)
_DIGITS_ONLY = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=$|T|\d{6}$)")
_DAY_MONTH = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?[.\s]{{0,3}}(?:de |of |-|/)?\s?{_WORD}\.?,?[\s/-]{{0,2}}(?:del? |of )?"
    r"(?P<year>\d{4}(?!\d)|'?\d\d(?![\d:.h]))?"
)
_MONTH_DAY = re.compile(rf"{_WORD}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:\s*,?\s+(?P<year>\d{{4}})(?!\d))?")
_YEAR_NAMED = re.compile(  # 2023 m. gegužės 17 d., 2023. gada 17. maijs
    rf"(?<!\d)(?P<year>\d{{4}})\s*(?:m\.|\.?\s*gada)\s*(?P<first>\d{{1,2}})?\.?\s*{_WORD}\s*(?P<second>\d{{1,2}})?(?!\d)"
)
_NUMBERS = re.compile(
    r"(?<![\d.])(?P<first>\d{1,2})\s?(?P<by>[-/.])\s?(?P<second>\d{1,2})\s?(?P=by)\s?(?P<year>\d{4}|\d\d)(?![\d]|[-/.]\d)"
)
_NO_YEAR = re.compile(
    r"(?<![\d年])(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日号號일]|^\W*(?P<month2>\d\d)-(?P<day2>\d\d)(?=\W*$|\s+\d{1,2}:\d\d)"
)
_LATE_YEAR = re.compile(r"\d:\d\d\s(?:\w{1,5}\s)?((?:19|20)\d\d)(?!\d)")  # "Wed May 17 09:32:00 CST 2023"
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")

# Languages that the readers here know: dateparser would only find less in them.
OWN = frozenset(("zh", "ja", "ko", "en", "de", "es", "fr", "it", "pt", "nl", "ru", "pl", "tr", "el", "ar", "hi", "th", "lt", "lv"))


def read_moment(text: str, *, at: datetime, languages: Sequence[str] = (), zone: str = "") -> Moment | None:
    """The first date in `text`; None if there is none, or none that news could have.

    Relative dates count from `at`, the (aware) time of the fetch. `languages` (BCP 47, best first) decide whether 5/7 is in May, and may
    bring in dateparser. A time of day without a zone is in `zone` ("Asia/Shanghai", "+08:00"), or in UTC if that is empty.

    A day without a time of day becomes noon UTC of that day: read as UTC, or in any zone from -12:00 to +11:59, it is still that day, and
    it is less than 24 hours from any moment of it.
    """
    raw = text.strip()[:_LONGEST]
    legible = _legible(raw)
    home = zone_named(zone)
    moment = _told_from_now(legible.lower(), at, home) or _written(legible, at, languages, home) or _foreign(legible, at, languages)
    if moment is None or moment.time > at + _AHEAD or moment.time.year < _EARLIEST:
        return None
    return Moment(moment.time, moment.precision, moment.zone, moment.zone_source, raw, moment.source)


def _legible(text: str) -> str:
    """The text with all digits ASCII: full-width, Arabic, Devanagari, and Chinese numerals before 年, 月, 日."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(char)) if not char.isascii() and char.isdecimal() else char for char in text)
    text = _CHINESE_NUMBER.sub(lambda found: _arabic(found[0]), text)
    text = _MINGUO.sub(lambda found: str(int(found[1]) + 1911), _ERA.sub(_common_year, text))
    text = _ARABIC_TWO_WORDS.sub(lambda found: calendar.TWO_WORDS[found[0]], text)
    return _THAI.sub(_common_date, text)


def _common_year(found: re.Match[str]) -> str:
    """令和5年 as 2023年."""
    return f"{calendar.ERA[found[1]] + (1 if found[2] == '元' else int(found[2]))}年"


def _common_date(found: re.Match[str]) -> str:
    """17 พ.ค. 2566 as 2023-05-17; some sites write the common year, and some two digits of the Buddhist one."""
    year = int(found[3])
    if year < 100:
        year += 2500
    return f"{year - calendar.BUDDHIST if year > 2400 else year}-{calendar.THAI_MONTH[found[2]]}-{found[1]}"


def _arabic(number: str) -> str:
    """二〇二三 to 2023, 十七 to 17, 二十 to 20."""
    if "十" not in number:
        return "".join(str(_CHINESE_DIGIT[char]) for char in number)
    tens, _, ones = number.partition("十")
    return str((_CHINESE_DIGIT.get(tens[-1:], 0) if tens else 1) * 10 + _CHINESE_DIGIT.get(ones[:1], 0))


def _told_from_now(text: str, at: datetime, home: tzinfo | None) -> Moment | None:
    if found := relative.ago(text, at):
        moment, precision = found
        if precision == "day":
            return _day(moment.astimezone(home or UTC).date())
        return Moment(utc(moment), precision)
    if word := relative.day_word(text):
        days, rest = word
        return _moment(at.astimezone(home or UTC).date() - timedelta(days=days), read_clock(rest), home)
    return None


def _written(text: str, at: datetime, languages: Sequence[str], home: tzinfo | None) -> Moment | None:
    if _EPOCH.fullmatch(text):
        return Moment(utc(datetime.fromtimestamp(int(text[:10]), UTC)), "second", "+00:00", "text")
    for pattern, read in _READERS:
        for found in pattern.finditer(text):
            if day := read(found, at, languages):
                before, behind = text[: found.start()], text[found.end() :]
                if pattern is _MONTH_DAY and not found["year"] and (late := _LATE_YEAR.search(behind)):
                    day = _date(late[1], day.month, day.day) or day
                return _moment(day, read_clock(behind[:40], languages=languages) or read_clock(before[-25:], languages=languages), home)
    return None


def _moment(day: date, clock: Clock | None, home: tzinfo | None) -> Moment:
    if clock is None:
        return _day(day)
    moment = datetime.combine(day, time(clock.hour, clock.minute, clock.second or 0), clock.zone or home or UTC)
    precision = "minute" if clock.second is None else "second"
    if clock.zone or home:
        return Moment(utc(moment), precision, offset_text(moment), "text" if clock.zone else "site")
    return Moment(utc(moment), precision)


def _day(day: date) -> Moment:
    return Moment(datetime.combine(day, _NOON), "day")


def _numbered(found: re.Match[str], at: datetime, languages: Sequence[str]) -> date | None:  # noqa: ARG001  one signature for all readers
    return _date(found["year"], int(found["month"]), int(found["day"]))


def _named(found: re.Match[str], at: datetime, languages: Sequence[str]) -> date | None:  # noqa: ARG001
    month = calendar.MONTH.get(found["month"].lower())
    if not month:
        return None
    return _date(found["year"], month, int(found["day"])) if found["year"] else _latest(month, int(found["day"]), at)


def _year_named(found: re.Match[str], at: datetime, languages: Sequence[str]) -> date | None:  # noqa: ARG001
    month, day = calendar.MONTH.get(found["month"].lower()), found["first"] or found["second"]
    return _date(found["year"], month, int(day)) if month and day else None


def _either(found: re.Match[str], at: datetime, languages: Sequence[str]) -> date | None:
    """Day first, but month first where Americans write, and never a day to come if the other order has passed."""
    first, second = int(found["first"]), int(found["second"])
    day_first, month_first = _date(found["year"], second, first), _date(found["year"], first, second)
    language = languages[0] if languages else ""
    american = found["by"] == "/" and language in {"en", "en-US"}
    readings = [day for day in ((month_first, day_first) if american else (day_first, month_first)) if day]
    return next((day for day in readings if day <= (at + _AHEAD).date()), None)


def _this_year(found: re.Match[str], at: datetime, languages: Sequence[str]) -> date | None:  # noqa: ARG001
    return _latest(int(found["month"] or found["month2"]), int(found["day"] or found["day2"]), at)


def _latest(month: int, day: int, at: datetime) -> date | None:
    """The last such day that has come."""
    this = _date(str(at.year), month, day)
    return this if this and this <= (at + _AHEAD).date() else _date(str(at.year - 1), month, day)


def _date(year: str, month: int, day: int) -> date | None:
    number = int(year.lstrip("'"))
    try:
        return date(number + 2000 if number < 70 else number + 1900 if number < 100 else number, month, day)
    except ValueError:
        return None


_Reader = Callable[[re.Match[str], datetime, Sequence[str]], date | None]
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_YEAR_FIRST, _numbered),
    (_DIGITS_ONLY, _numbered),
    (_YEAR_NAMED, _year_named),
    (_DAY_MONTH, _named),
    (_MONTH_DAY, _named),
    (_NUMBERS, _either),
    (_NO_YEAR, _this_year),
)


def _foreign(text: str, at: datetime, languages: Sequence[str]) -> Moment | None:
    """What dateparser reads, in languages that the readers here don't know. It costs about a millisecond, so it is asked last."""
    unknown = [language.partition("-")[0] for language in languages if language.partition("-")[0] not in OWN]
    if not unknown or len(text) > 60 or not any(char.isdigit() for char in text):
        return None
    import dateparser  # a third of a second to import, and seldom needed

    settings = {"STRICT_PARSING": True, "PREFER_DATES_FROM": "past", "RELATIVE_BASE": at.astimezone(UTC).replace(tzinfo=None)}
    try:
        found = dateparser.parse(text, languages=unknown, settings=settings)
    except ValueError:  # a language that dateparser doesn't know either
        return None
    if found is None:
        return None
    if found.tzinfo or found.time() != time(0):
        return Moment(utc(found if found.tzinfo else found.replace(tzinfo=UTC)), "minute")
    return _day(found.date())
