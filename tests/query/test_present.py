"""Articles on a terminal."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from newscrawl.models import Revision
from newscrawl.query.present import article_page, found, visible, when
from tests.examples import article, published


def shown(renderable, *, terminal=False, width=100):
    out = io.StringIO()
    Console(file=out, force_terminal=terminal, width=width, color_system="truecolor" if terminal else None).print(renderable)
    return out.getvalue()


def test_a_hit_shows_title_site_date_id_and_the_sentence():
    text = shown(found([article(1, title="Bridge opens", text="Nobody came.\nThe old bridge stays.")], ["bridge"]))
    assert "Bridge opens" in text
    assert "gazette · 2026-08-01 07:00 · 0000000100" in text
    assert "The old bridge stays." in text
    assert "\x1b" not in text


def test_found_words_stand_out_on_a_terminal():
    text = shown(found([article(1, title="新大橋開通", text="大桥")], ["大桥"]), terminal=True)
    assert "大橋\x1b[0m" in text
    assert "\x1b[30;43m大桥\x1b[0m" in text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (published("2026-08-01 22:30"), "2026-08-01 22:30"),
        (published("2026-08-01 22:30", zone="+08:00"), "2026-08-02 06:30 +08:00"),
        (published("2026-07-31 16:00", precision="day", zone="+08:00"), "2026-08-01"),
        (None, "seen 2026-08-03"),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_is_known(moment, text):
    assert when(moment, datetime(2026, 8, 3, tzinfo=UTC)) == text


def test_an_article_is_shown_with_what_is_known_about_it():
    one = article(1, title="Bridge", text="First.\nSecond.", authors=("Ana Cho",), tags=("roads", "north"), repairs={"pinyin": 3})
    old = Revision(article=one.id, number=1, seen=one.first_seen, changed=("title",), title="Brige", text="", capture="c")
    text = shown(article_page(one, [old]))
    for expected in (
        "Bridge",
        "https://gazette.example/1",
        "Ana Cho",
        "roads, north",
        "3 × pinyin",
        "2026-08-01 07:00 title",
        "(from meta)",
        "First.",
        "Second.",
    ):
        assert expected in text
    assert "editor" not in text


def test_an_article_that_is_gone_from_its_site_says_since_when():
    one = article(1)
    text = shown(article_page(replace(one, gone=datetime(2026, 8, 3, 9, 5, tzinfo=UTC)), []))
    assert re.search(r"^gone +since 2026-08-03 09:05 UTC", text, re.MULTILINE)
    assert "gone" not in shown(article_page(one, []))


def test_an_article_that_was_gone_says_from_when_to_when():
    gone, back = (datetime(2026, 8, day, 9, 5, tzinfo=UTC) for day in (3, 5))
    text = shown(article_page(replace(article(1), absences=((gone, back),)), []))
    assert re.search(r"^was gone +from 2026-08-03 09:05 to 2026-08-05 09:05 UTC", text, re.MULTILINE)


def test_a_silent_change_is_named():
    one = article(1)
    seen, replaced = one.first_seen, datetime(2026, 8, 3, 9, 5, tzinfo=UTC)
    old = Revision(one.id, 1, seen, ("text",), one.title, "Before.", "c", replaced=replaced, silent=True)
    assert "2026-08-03 09:05 text, silently (revision 2)" in shown(article_page(one, [old]))


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x1b]0;title\x07", "\u202e", "\x9b31m", "\r", "\x00"])
def test_no_page_moves_the_cursor_or_turns_text_around(evil):
    one = article(1, title=f"a{evil}b", text=f"c{evil}d", authors=(evil,), url=f"https://gazette.example/{evil}")
    for renderable in (found([one], ["c"]), article_page(one, [])):
        assert not set(shown(renderable)) & {"\x1b", "\x07", "\u202e", "\x9b", "\r", "\x00"}


def test_what_is_harmless_stays_and_what_is_broken_goes():
    assert visible("新大桥 Ünï\n– ok 👍") == "新大桥 Ünï\n– ok 👍"
    assert visible("a\ud800b") == "ab"  # half a character, which no terminal takes
