from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.extract.clock import offset_text, read_clock, zone_named

TIMES = {
    "09:32": (9, 32, None),
    "9:32:11": (9, 32, 11),
    "T09:32:11.250Z": (9, 32, 11),
    "9:32 p.m.": (21, 32, None),
    "9:32PM": (21, 32, None),
    "12:05 am": (0, 5, None),
    "12:05 pm": (12, 5, None),
    "9 pm": (21, 0, None),
    "09h32": (9, 32, None),
    "9.32 Uhr": (9, 32, None),
    "下午3时20分": (15, 20, None),
    "下午3：20": (15, 20, None),
    "凌晨12点10分": (0, 10, None),
    "9点": (9, 0, None),
    "오후 9:32": (21, 32, None),
    "25:10, then 9:10": (9, 10, None),
}


@pytest.mark.parametrize("text", TIMES)
def test_times_of_day(text):
    clock = read_clock(text)
    assert (clock.hour, clock.minute, clock.second) == TIMES[text]


@pytest.mark.parametrize("text", ["", "17.05", "99:99", "1:2:3:4:5", "12", "Nr. 9.32"])
def test_what_is_no_time(text):
    assert read_clock(text) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9:32 GMT", 0),
        ("9:32Z", 0),
        ("9:32+08:00", 8),
        ("9:32 -0530", -5.5),
        ("9:32 (UTC+2)", 2),
        ("9:32 -5", None),
        ("9:32 MESZ", 2),
        ("9:32 et quart", None),
    ],
)
def test_zones_behind_a_time(text, hours):
    zone = read_clock(text).zone
    assert (zone and zone.utcoffset(None)) == (None if hours is None else timedelta(hours=hours))


def test_eastern_time_knows_summer():
    zone = read_clock("9:32 a.m. ET").zone
    assert datetime(2023, 5, 17, tzinfo=zone).utcoffset() == timedelta(hours=-4)
    assert datetime(2023, 1, 17, tzinfo=zone).utcoffset() == timedelta(hours=-5)


def test_cst_is_chinas_on_chinese_pages():
    assert read_clock("9:32 CST", languages=("zh-Hans",)).zone.utcoffset(None) == timedelta(hours=8)
    assert read_clock("9:32 CST", languages=("en",)).zone.utcoffset(None) == timedelta(hours=-6)


@pytest.mark.parametrize("name", ["", "Nowhere/At_All", "../etc/passwd", "+99:00", "Asia"])
def test_unknown_zones_are_none(name):
    assert zone_named(name) is None


def test_zones_by_place_and_offset():
    noon = datetime(2023, 5, 17, 12, tzinfo=UTC)
    assert offset_text(noon.astimezone(zone_named("Asia/Shanghai"))) == "+08:00"
    assert offset_text(noon.astimezone(zone_named("-05:30"))) == "-05:30"
