import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.clock import zone_named
from newscrawl.extract.moments import read_moment
from tests.shared import shared_folder

FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1991, 2023))  # hypothesis wants naive ones
PRECISE_ENOUGH = {3: ("day", "hour", "minute", "second"), 5: ("hour", "minute", "second"), 6: ("second",)}


def local(moment):
    """Year, month, … of a moment where it was written."""
    return list(moment.time.astimezone(zone_named(moment.zone) or UTC).timetuple()[:6])


def test_all_shared_cases_are_read():
    cases = json.loads((shared_folder() / "cases" / "dates.json").read_text(encoding="utf-8"))
    now = datetime(*cases["now"], tzinfo=UTC)
    wrong = []
    for case in cases["dates"]:
        moment = read_moment(case["text"], at=now, languages=(case["lang"],))
        expected = case["expect"]
        if moment is None or local(moment)[: len(expected)] != expected or moment.precision not in PRECISE_ENOUGH[len(expected)]:
            wrong.append((case["text"], moment))
    assert wrong == []
    assert [
        text for text in cases["not_dates"] for language in ((), ("zh",), ("en",), ("cs",)) if read_moment(text, at=now, languages=language)
    ] == []


@pytest.mark.parametrize(
    ("text", "language", "expected", "precision"),
    [
        ("2023-05-17", "", [2023, 5, 17], "day"),
        ("20230517", "", [2023, 5, 17], "day"),
        ("2023-05-17T09:32:11.500", "", [2023, 5, 17, 9, 32, 11], "second"),
        ("1684315920", "", [2023, 5, 17, 9, 32, 0], "second"),
        ("1684315920000", "", [2023, 5, 17, 9, 32, 0], "second"),
        ("Wed May 17 09:32:00 CST 2023", "zh", [2023, 5, 17, 9, 32, 0], "second"),
        ("时间：2012年1月3日11:35 来源：本站", "zh", [2012, 1, 3, 11, 35], "minute"),
        ("二〇一二年十二月二十一日", "zh", [2012, 12, 21], "day"),
        ("5月7日 10:22", "zh", [2023, 5, 7, 10, 22], "minute"),
        ("12月30日", "zh", [2022, 12, 30], "day"),
        ("05-07 10:22", "zh", [2023, 5, 7, 10, 22], "minute"),
        ("3 May 2023", "en", [2023, 5, 3], "day"),
        ("Jan. 6th, 2012, 9:30 PM", "en", [2012, 1, 6, 21, 30], "minute"),
        ("Dec 24", "en", [2022, 12, 24], "day"),
        ("07.05.23", "de", [2023, 5, 7], "day"),
        ("09:32 Uhr, 17. März 2023", "de", [2023, 3, 17, 9, 32], "minute"),
        ("7 may. 2023", "es", [2023, 5, 7], "day"),
        ("martedì 2 maggio 2023 ore 18:05", "it", [2023, 5, 2, 18, 5], "minute"),
        ("17. května 2023", "cs", [2023, 5, 17], "day"),
        ("1er août 2022", "fr", [2022, 8, 1], "day"),
        ("17. maj 2023 kl. 09.32", "da", [2023, 5, 17, 9, 32], "minute"),
        ("Rabu, 17 Mei 2023 | 09:32 WIB", "id", [2023, 5, 17, 9, 32], "minute"),
        ("Thứ tư, 17/5/2023, 09:32 (GMT+7)", "vi", [2023, 5, 17, 9, 32], "minute"),
        ("17 พ.ค. 2566 09.32 น.", "th", [2023, 5, 17, 9, 32], "minute"),
        ("17 พฤษภาคม พ.ศ. 2566", "th", [2023, 5, 17], "day"),
        ("17 พ.ค. 66", "th", [2023, 5, 17], "day"),
        ("17 พฤษภาคม 2023", "th", [2023, 5, 17], "day"),
        ("17 أيار 2023", "ar", [2023, 5, 17], "day"),
        ("الأربعاء 17 ماي 2023 - 09:32", "ar", [2023, 5, 17, 9, 32], "minute"),
        ("17 تشرين الثاني 2022", "ar", [2022, 11, 17], "day"),
        ("2023 m. gegužės 17 d. 09:32", "lt", [2023, 5, 17, 9, 32], "minute"),
        ("2023. gada 17. maijs", "lv", [2023, 5, 17], "day"),
        ("17 травня 2023, 09:32", "uk", [2023, 5, 17, 9, 32], "minute"),
        ("2023. május 17. 9:32", "hu", [2023, 5, 17, 9, 32], "minute"),
        ("17 mai 2023, 09:32", "ro", [2023, 5, 17, 9, 32], "minute"),
        ("17 de maig de 2023", "ca", [2023, 5, 17], "day"),
        ("১৭ মে ২০২৩, ০৯:৩২", "bn", [2023, 5, 17, 9, 32], "minute"),
        ("民國110年5月17日", "zh-Hant", [2021, 5, 17], "day"),
        ("110年5月17日 9:32", "zh-Hant", [2021, 5, 17, 9, 32], "minute"),
        ("令和3年5月17日", "ja", [2021, 5, 17], "day"),
        ("令和元年5月17日", "ja", [2019, 5, 17], "day"),
        ("3 ชั่วโมงที่แล้ว", "th", [2023, 5, 17, 12], "hour"),
        ("3 giờ trước", "vi", [2023, 5, 17, 12], "hour"),
        ("3 jam yang lalu", "id", [2023, 5, 17, 12], "hour"),
    ],
)
def test_dates_as_written(text, language, expected, precision, at):
    moment = read_moment(text, at=at, languages=(language,) if language else ())
    assert local(moment)[: len(expected)] == expected
    assert moment.precision == precision
    assert moment.raw == text


@pytest.mark.parametrize(
    ("text", "languages", "day"),
    [
        ("05/07/2022", ("en-US",), (2022, 5, 7)),
        ("05/07/2022", ("en-GB",), (2022, 7, 5)),
        ("05/07/2022", ("es",), (2022, 7, 5)),
        ("05/17/2022", ("es",), (2022, 5, 17)),
        ("05.07.2022", ("en-US",), (2022, 7, 5)),
        ("05/07/2023", (), (2023, 5, 7)),  # the fifth of July is still to come
    ],
)
def test_the_order_of_day_and_month(text, languages, day, at):
    assert read_moment(text, at=at, languages=languages).time.timetuple()[:3] == day


@pytest.mark.parametrize(
    "text", ["", "2023", "May", "17", "2023-13-40", "31.02.2022", "192.168.10.1", "v1.2.3", "2031-01-01", "1969-12-31", "第5页", "3:2"]
)
def test_what_is_no_date(text, at):
    assert read_moment(text, at=at) is None


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2023-05-17 01:30", "", ("2023-05-17T01:30", "", "")),
        ("2023-05-17 01:30", "Asia/Shanghai", ("2023-05-16T17:30", "+08:00", "site")),
        ("2023-05-17 01:30", "-05:00", ("2023-05-17T06:30", "-05:00", "site")),
        ("2023-05-17T01:30+02:00", "Asia/Shanghai", ("2023-05-16T23:30", "+02:00", "text")),
        ("2023-05-17 01:30 ET", "Asia/Shanghai", ("2023-05-17T05:30", "-04:00", "text")),
        ("2023-05-17", "Asia/Shanghai", ("2023-05-17T12:00", "", "")),
    ],
)
def test_zones(text, zone, expected, at):
    moment = read_moment(text, at=at, zone=zone)
    assert (f"{moment.time:%Y-%m-%dT%H:%M}", moment.zone, moment.zone_source) == expected


def test_today_is_the_sites_day():
    late = datetime(2023, 5, 17, 20, 0, tzinfo=UTC)  # already the 18th in Shanghai
    assert read_moment("今天", at=late, zone="Asia/Shanghai").time.day == 18
    assert read_moment("今天", at=late).time.day == 17


@given(
    st.dates(date(1991, 1, 1), date(2023, 5, 16)),
    st.sampled_from(["%Y-%m-%d", "%Y年%m月%d日", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y"]),
)
def test_a_day_stays_that_day_in_nearly_every_zone(day, form):
    moment = read_moment(day.strftime(form), at=datetime(2023, 5, 17, tzinfo=UTC))
    for hours in range(-12, 12):
        assert moment.time.astimezone(zone_named(f"{hours:+03}:00")).date() == day
    assert abs(moment.time - datetime.combine(day, time.min, UTC)) < timedelta(days=1)


@given(st.datetimes(FIRST, LAST), st.integers(-12, 14))
def test_iso_times_survive(moment, hours):
    aware = moment.replace(microsecond=0, tzinfo=zone_named(f"{hours:+03}:00"))
    assert read_moment(aware.isoformat(), at=datetime(2023, 5, 17, tzinfo=UTC)).time == aware


@given(st.text(max_size=60), st.sampled_from([(), ("zh",), ("en",), ("de",)]))
def test_any_text_is_a_plausible_date_or_none(text, languages):
    now = datetime(2023, 5, 17, tzinfo=UTC)
    moment = read_moment(text, at=now, languages=languages)
    if moment:
        assert datetime(1990, 1, 1, tzinfo=UTC) <= moment.time <= now + timedelta(days=2)
