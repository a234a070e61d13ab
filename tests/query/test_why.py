"""Why an article was read as it was, on a terminal."""

from dataclasses import replace

import pytest

from newscrawl.models import Evidence, Image
from newscrawl.query.why import LEFT_OUT, REPAIRS, reasons_page, sureness
from newscrawl.remarks import Alarm, Dropped
from tests.examples import article, published
from tests.query.test_present import shown

STORY = article(
    title="Old bridge to be rebuilt",
    authors=("Ana Cho",),
    section="City",
    modified=published("2026-08-02 09:00", zone="+01:00"),
    images=(Image("https://gazette.example/1.jpg"),),
    repairs={"pinyin": 12, "new-kind": 1},
    evidence={
        "title": Evidence("h1", 0.95, (("og", "Bridge: what now?"),)),
        "authors": Evidence("byline", 0.75, (("meta", "Gazette"),)),
        "section": Evidence("a new place", 0.5),
        "body": Evidence("blocks", 0.9, ((Dropped.SHARE, "Share this"), (Dropped.SHARE, "Print"), ("new reason", "Something"))),
    },
)


@pytest.mark.parametrize(
    "expected",
    [
        "title      Old bridge to be rebuilt",
        "sure, 95%: from the main heading",
        "not taken, from og: elements in the page's head: Bridge: what now?",
        "likely, 75%: from a line near the headline or the end",
        "a guess, 50%: from a new place",
        "body       1 paragraph, 21 characters",
        "published  2026-08-01 07:00  (written “2026-08-01 07:00”; exact to the minute, taken for UTC, as no zone is known)",
        "modified   2026-08-02 10:00 +01:00",
        "nothing is known of where it stood",
        "images     1, the first https://gazette.example/1.jpg",
        "Left out of the text: 3 lines",
        "an invitation to share, print, comment or subscribe  Share this",
        "new reason",
        "12 × readings behind Chinese characters taken out",
        "1 × new-kind",
    ],
)
def test_each_field_tells_where_it_stood(expected):
    assert expected in shown(reasons_page(STORY), width=140)


def test_what_was_not_found_is_not_told():
    text = shown(reasons_page(article()))
    assert "section" not in text
    assert "Left out" not in text
    assert "Mended" not in text


def test_who_was_refused_as_author_is_told_though_nobody_is_left():
    nobody = Evidence("", 0.0, (("meta", "Gazette Publishers"),))
    text = shown(reasons_page(article(evidence={"authors": nobody})))
    assert "authors    none" in text
    assert "not taken, from meta elements in the page's head: Gazette Publishers" in text


def test_alarms_stand_out():
    body = Evidence("blocks", 0.9, ((Alarm.DAMAGED, "mojibake: the brÃ¼cke"), (Alarm.CUT, "size")))
    text = shown(reasons_page(replace(STORY, evidence={"body": body})))
    assert "garbled    mojibake: the brÃ¼cke" in text
    assert "not whole  the page was read up to a limit only (size)" in text
    assert "Left out" not in text


def test_text_from_the_web_moves_no_cursor():
    body = Evidence("\x1b[2J", 0.9, ((Dropped.SHARE, "Share\x1b[2J"), (Alarm.DAMAGED, "\x1b[2J")))
    assert "\x1b" not in shown(reasons_page(replace(STORY, title="\x1b[2J", evidence={"body": body, "title": body})))


@pytest.mark.parametrize(("confidence", "words"), [(1.0, "sure, 100%"), (0.9, "sure, 90%"), (0.89, "likely, 89%"), (0.2, "a guess, 20%")])
def test_sureness(confidence, words):
    assert sureness(confidence) == words


def test_every_reason_has_its_words():
    from newscrawl.clean.text import AFTER_ANNOTATIONS, BEFORE_ANNOTATIONS

    assert set(LEFT_OUT) == set(Dropped)
    assert {name for name, _ in (*BEFORE_ANNOTATIONS, *AFTER_ANNOTATIONS)} | {"pinyin", "byte-shift"} <= set(REPAIRS)
