"""Which lines count a page's readers, and which only have a number in them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.identify.counters import is_counter


@pytest.mark.parametrize(
    "line",
    [
        "views: 1,234",
        "views: 1,234.",
        "1.2k views · 12 comments · 3 shares",
        "this page has been viewed 1,234 times",
        "12 people like this",
        "gelesen: 1234",
        "1.234 mal gelesen",
        "bisher 12 aufrufe",
        "lu 1 234 fois",
        "1.234 visitas",
        "visualizações: 12",
        "152 просмотра",
        "lượt xem: 1234",
        "조회수 1234",
        "댓글 12개",
        "المشاهدات: 1234",
        "人气：1234",
        "閲覧数 1234",
        "訪問人數 1234",
        "阅读：1234。",
        "阅读量 1.3万+",
        "浏览次数：12",
        "本文已被阅读 12 次",
        "12次播放",
        "累计阅读 123",
        "1234人浏览过",
        "조회수 1.2만회",
        "เข้าชม 1234 ครั้ง",
        "views 1234 | 3 hours ago",
        "1.3 万次",
        "2026年3月5日 阅读(345) 评论(2)",
    ],
)
def test_counters(line):
    assert is_counter(line)


@pytest.mark.parametrize(
    "line",
    [
        "views",
        "1234",
        "views of the sea from 12 windows",
        "shares fell 12 percent",
        "police hits: 3 people dead",
        "lectures from 7 pm, town hall",
        "greens like 3 candidates",
        "the council has read 31 comments",
        "12 people have died",
        "reviews: 12",
        "他3次夺冠",
        "警方：评论员3人被捕",
        "11次列车晚点",
        "2人遇难",
        "3天前看过他",
        "hits 3 days after the fire",
        "views 1 " * 10,
    ],
)
def test_no_counters(line):
    assert not is_counter(line)


@given(st.text(alphabet="abcdefgxyz", min_size=3, max_size=8), st.integers(0, 10**6))
def test_an_unknown_word_makes_it_a_line_of_the_text(word, number):
    assert is_counter(f"views: {number:,}")
    assert is_counter(f"{word}xq views: {number:,}") is False


def test_no_line_takes_long():
    start = time.process_time()
    for line in ("1," * 500_000, "views 1 " + "просмотр" * 7, "次 1" * 20, "a été " * 9 + "1 vue x"):
        is_counter(line)
    assert time.process_time() - start < 1
