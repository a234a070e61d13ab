import json
import sys
from subprocess import run

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.clean.pinyin import repair
from tests.clean.annotator import annotated

STORY = (
    "河東鎮的老橋要重修了。鎮長說,橋面太窄,貨車過橋時行人無處可躲。\n"
    "新橋寬十二米,兩邊各有一條人行道,預計後年春天通車(工期十八個月)。\n"
    "住在橋頭的陳阿姨(退休教師)說,她小時候就在這條河邊學游泳。"
)
READINGS = {
    "東": "dōng",
    "鎮": "zhèn",
    "橋": "qiáo",
    "長": "zhǎng",
    "車": "chē",
    "過": "guò",
    "無": "wú",
    "寬": "kuān",
    "條": "tiáo",
    "學": "xué",
}


def test_a_document_that_shows_the_artefact_is_repaired_and_counted():
    spoilt = annotated(STORY, READINGS)
    repaired = repair(spoilt)
    assert repaired.text == STORY
    assert repaired.counts == {"pinyin": spoilt.count("(") - STORY.count("(")}


def test_brackets_that_are_no_readings_stay_in_a_repaired_document():
    text = repair(annotated(STORY, READINGS)).text
    assert "(工期十八個月)" in text
    assert "(退休教師)" in text


@pytest.mark.parametrize(
    "text",
    [
        "學(xué)習汉字,学会写字。",  # one annotation in a language lesson
        "生字表：橋(qiáo)、鎮(zhèn)、條(tiáo)。我们过橋,进鎮,橋很长,鎮很小,條条大路。",  # a word list; the text below has none
        "他姓李(lǐ),李家三代行医,李医生说。",
        "阿里(Ali)和小米(mi)的公司(gongsi)在北京(BJ)开会(hui)。",
        "A plain sentence (really) with (some) brackets (in it).",
        "",
    ],
)
def test_a_genuine_text_is_left_alone(text):
    assert repair(text).text == text
    assert repair(text).counts == {}


def test_a_known_site_needs_no_proof():
    assert repair("橋(qiáo)上").counts == {}
    assert repair("橋(qiáo)上", known=True).text == "橋上"


@pytest.mark.parametrize(
    ("spoilt", "mended"),
    [
        ("鎮（zhèn）上", "鎮上"),
        ("鎮(zhen4)上", "鎮上"),
        ("鎮(zhe\u0300n)上", "鎮上"),
        ("綠(lv4)地", "綠地"),
        ("長(zhǎng)(cháng)", "長"),
        ("過橋(qi...", "過橋(qi..."),  # no tone yet, and 橋 has none elsewhere
        ("過橋(qiá...", "過橋..."),
        ("過橋(qiáo", "過橋"),
        ("橋(qiáo)頭,過橋(qi…", "橋頭,過橋…"),
        ("橋(qiáo)頭,過橋(", "橋頭,過橋"),
        ("橋(qiáo)頭,橋(Qiao)", "橋頭,橋"),
        ("孩子們(men)和橋(qiáo)", "孩子們和橋"),
    ],
)
def test_the_ways_of_writing_an_annotation(spoilt, mended):
    assert repair(spoilt, known=True).text == mended


@pytest.mark.parametrize("text", ["橋(bridge)", "橋(lù)", "橋(Qiao)先生", "孩子們(men)", "橋(q)", "(qiáo)", "A(qiáo)", "橋()", "橋(一)"])
def test_what_stays_even_on_a_known_site(text):
    assert repair(text, known=True).text == text


def test_pypinyin_is_not_loaded_for_ordinary_texts():
    code = f"import sys; from newscrawl.clean.pinyin import repair; repair({STORY!r}); assert 'pypinyin' not in sys.modules"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.lists(st.sampled_from(sorted(READINGS)), min_size=4, max_size=40))
@settings(deadline=None)  # the first example loads the tables
def test_every_annotation_of_any_text_goes(characters):
    text = "、".join(characters) + "橋"
    spoilt = annotated(text, READINGS)
    assert repair(spoilt, known=True).text == text


@given(st.text(alphabet="橋東(（)）aāáqiáo4. \n…?丶", max_size=60))
@settings(deadline=None)  # the first example loads the tables
def test_no_input_breaks_it_and_lines_stay_lines(text):
    repaired = repair(text, known=True).text
    assert repaired.count("\n") == text.count("\n")
    assert len(repaired) <= len(text)


def test_shared_cases(shared):
    cases = json.loads((shared / "cases/pinyin.json").read_text("utf-8"))
    wrong = [(raw, got) for raw, expected in cases["repair"] + cases["byte_shift"] if (got := repair(raw, known=True).text) != expected]
    assert not wrong
    assert not [raw for raw in cases["keep"] if repair(raw, known=True).text != raw]
