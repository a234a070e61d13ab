from datetime import timedelta

import pytest

from newscrawl.extract.relative import ago, day_word

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "before", "precision"),
    [
        ("3小时前", 3 * HOUR, "hour"),
        ("三个小时前", 3 * HOUR, "hour"),
        ("15分钟前", HOUR / 4, "minute"),
        ("半小时前", HOUR / 2, "minute"),
        ("2天前", 2 * DAY, "day"),
        ("1周前", 7 * DAY, "day"),
        ("an hour ago", HOUR, "hour"),
        ("posted 45 mins ago by us", 0.75 * HOUR, "minute"),
        ("2 weeks ago", 14 * DAY, "day"),
        ("vor 5 minuten", HOUR / 12, "minute"),
        ("vor einer stunde", HOUR, "hour"),
        ("hace 2 días", 2 * DAY, "day"),
        ("il y a 3 heures", 3 * HOUR, "hour"),
        ("há 2 horas", 2 * HOUR, "hour"),
        ("2 ore fa", 2 * HOUR, "hour"),
        ("3 uur geleden", 3 * HOUR, "hour"),
        ("5 минут назад", HOUR / 12, "minute"),
        ("2 godziny temu", 2 * HOUR, "hour"),
        ("3日前", 3 * DAY, "day"),
        ("刚刚", timedelta(0), "minute"),
    ],
)
def test_spans_before_the_fetch(text, before, precision, at):
    assert ago(text, at) == (at - before, precision)


@pytest.mark.parametrize(
    "text", ["3 hours", "ago", "in 3 hours", "hace mucho tiempo", "vor 5 gängen", "3 apples ago", "之前", "1234567 days ago"]
)
def test_what_tells_no_span(text, at):
    assert ago(text, at) is None


@pytest.mark.parametrize(
    ("text", "days", "rest"),
    [
        ("昨天", 1, ""),
        ("今天 07:05", 0, " 07:05"),
        ("发布：前天 21:00", 2, " 21:00"),
        ("今天下午3点", 0, "下午3点"),
        ("yesterday at 8:11 pm", 1, " at 8:11 pm"),
        ("gestern, 08:11 uhr", 1, ", 08:11 uhr"),
        ("ayer a las 20:11", 1, " a las 20:11"),
        ("hier à 08:11", 1, " à 08:11"),
    ],
)
def test_day_words(text, days, rest):
    assert day_word(text) == (days, rest)


@pytest.mark.parametrize(
    "text", ["今日头条", "today's weather", "heute im angebot", "hoy: fiesta", "昨天的雨", "seit gestern", "hierarchy"]
)
def test_day_words_in_other_text_are_no_dates(text):
    assert day_word(text) is None
