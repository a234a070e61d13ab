"""Feeds that hold an article's words are found, whatever they wrap them in."""

import json
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest

from newscrawl.jobs.mentions import _holding, words_of
from tests.archive.folders import written
from tests.exchanges import AT, exchange
from tests.store.records import article

TITLE = "Storm takes the roof off the old customs house"
LINE = "The storm of Tuesday night has taken half of the roof off the customs house at the river port."
WORDS = words_of(article("a", title=TITLE, text=f"{LINE}\nShort line."))
RSS = """<?xml version="1.0" encoding="{charset}"?>
<rss><channel><item><title>{title}</title><description>{text}</description></item></channel></rss>"""
CHINESE = "台风掀翻旧海关大楼屋顶"


@pytest.mark.parametrize(
    ("feed", "holds"),
    [
        (RSS.format(charset="utf-8", title=TITLE.upper(), text=""), True),
        (RSS.format(charset="utf-8", title="Storm", text=escape("<p>The <b>storm</b> of Tuesday&nbsp;night has taken&hellip;</p>")), True),
        (RSS.format(charset="utf-8", title="Storm", text=f"<![CDATA[<p>{LINE}</p>]]>"), True),
        (json.dumps({"items": [{"title": "Storm", "content_html": f"<p>\n{LINE}</p>"}]}), True),
        (RSS.format(charset="utf-8", title="Storm", text="The storm of Tuesday night is over. Short line."), False),
        ("", False),
    ],
)
def test_a_feed_holds_title_or_beginning_of_a_paragraph(tmp_path: Path, feed: str, *, holds: bool) -> None:
    placed = written(tmp_path, [exchange(feed.encode(), Content_Type="application/rss+xml")])
    assert _holding(tmp_path, placed, WORDS) == (placed if holds else [])


def test_a_feed_in_another_charset(tmp_path: Path) -> None:
    feed = RSS.format(charset="gbk", title=CHINESE, text="").encode("gbk")
    placed = written(tmp_path, [exchange(feed, Content_Type="application/rss+xml")])
    assert _holding(tmp_path, placed, words_of(article("a", title=CHINESE, text="短"))) == placed


def test_the_same_feed_on_several_days_is_found_each_time_and_a_lost_one_is_not(tmp_path: Path) -> None:
    feed = RSS.format(charset="utf-8", title=TITLE, text=LINE * 10).encode()
    placed = written(tmp_path, [exchange(feed, time=AT + timedelta(days=day)) for day in range(3)])
    assert _holding(tmp_path, placed, WORDS) == placed
    (tmp_path / placed[0].file).unlink()
    assert _holding(tmp_path, placed, WORDS) == []


def test_what_is_short_tells_nothing() -> None:
    assert words_of(article("a", title="News", text="One.\nTwo.", text_published="One.\nTwo.")) == ()
