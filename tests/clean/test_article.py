"""The page that started the project, in words of our own; and, where it is at hand, that page itself."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.clean.article import clean
from newscrawl.clean.hanzi import simplified
from newscrawl.models import Evidence, Image, Reading
from newscrawl.remarks import Alarm
from tests.clean.annotator import annotated

BODY = (
    "河東鎮的老橋要重修了。鎮長在會上說,橋面太窄,貨車過橋時行人無處可躲。",
    "新橋寬十二米,兩邊各有一條人行道。設計時聽了當地社區的意見,還留了釣魚的位置(免費開放)。",
    "住在橋頭的陳阿姨說,她小時候就在這條河邊學游泳,“橋還在,人都老了”。",
)
BANNER = "金橋網歡迎您/jinqiao.example.cn/金橋網榮譽出品 |"
FURNITURE = (
    BANNER,
    "聲明:",
    "本文僅代表作者個人觀點,與金橋網無關,請自行核實相關內容。有問題請寫信給管理員([email protected])!",
    "河東鎮今年種樹三千棵,鄰",
    "河東鎮今年種樹三千棵,鄰鎮也要跟著...",
    "閱讀推薦",
    "點擊排行",
)
READINGS = {
    "東": "dōng", "鎮": "zhèn", "橋": "qiáo", "長": "zhǎng", "車": "chē", "過": "guò", "無": "wú", "寬": "kuān",
    "條": "tiáo", "學": "xué", "網": "wǎng", "數": "shù", "當": "dāng", "設": "shè", "計": "jì", "還": "hái", "與": "yǔ",
}  # fmt: skip


def page():
    """The reading of such a page: banner, body with signature, banner, disclaimer, sidebars, all annotated."""
    lines = [BANNER, *BODY[:-1], f"{BODY[-1]}。(林曉禾)", *FURNITURE]
    return Reading(title=annotated("河東鎮重修老橋", READINGS), paragraphs=tuple(annotated(line, READINGS) for line in lines))


def test_the_page_of_our_own():
    cleaned = clean(page())
    assert cleaned.reading.title == "河東鎮重修老橋"
    assert cleaned.reading.paragraphs == (*BODY[:-1], f"{BODY[-1]}。")
    assert cleaned.text == "\n".join(cleaned.reading.paragraphs)
    assert cleaned.text_search == simplified(f"{cleaned.reading.title}\n{cleaned.text}")
    assert cleaned.reading.authors == ("林曉禾",)
    assert {line for line, _ in cleaned.dropped} == {*FURNITURE[:2], FURNITURE[2].replace("([email protected])", ""), *FURNITURE[3:]}


def test_the_published_text_is_what_the_site_wrote():
    lines = page().paragraphs
    assert clean(page()).text_published == "\n".join(lines[1 : 1 + len(BODY)])
    assert "?shù)" in clean(page()).text_published


def test_every_repair_is_counted():
    whole = "".join((page().title, *page().paragraphs))
    readings = sum(whole.count(f"({reading})") for reading in READINGS.values())
    assert clean(page()).repairs == {"email": 1, "pinyin": readings, "byte-shift": 1}


def test_a_title_too_short_to_prove_anything_is_mended_with_its_document():
    alone = Reading(title="老橋(qiáo)", paragraphs=("A plain text.",))
    assert clean(alone).reading.title == "老橋(qiáo)"
    assert clean(alone, annotated=True).reading.title == "老橋"


def test_all_texts_of_a_reading_are_mended():
    reading = Reading(
        title="Fish &amp; chips",
        paragraphs=("The shop re\xadopens.", "\u3000"),
        authors=("Ada\xa0Millbridge",),
        source="Valley &amp; Sons",
        tags=("a&amp;b",),
        images=(Image("https://example.org/1.jpg", "Fish &amp; cook"),),
        summary="It&#39;s back",
    )
    mended = clean(reading).reading
    assert (mended.title, mended.authors, mended.source, mended.tags) == ("Fish & chips", ("Ada Millbridge",), "Valley & Sons", ("a&b",))
    assert mended.images == (Image("https://example.org/1.jpg", "Fish & cook"),)
    assert mended.summary == "It's back"
    assert mended.paragraphs == ("The shop reopens.",)


def test_a_byline_of_the_page_outranks_the_signature():
    byline = {"authors": Evidence("json-ld", 0.95)}
    reading = Reading(title="", paragraphs=("桥通了。(罗宁)", "责任编辑：林晓禾"), authors=("陈大桥",), evidence=byline)
    cleaned = clean(reading).reading
    assert cleaned.authors == ("陈大桥",)
    assert cleaned.editor == "林晓禾"
    assert cleaned.evidence["authors"] == byline["authors"]
    assert cleaned.evidence["editor"].source == "editor line"


def test_an_editor_above_the_footer_is_named():
    reading = Reading(title="", paragraphs=("桥通了。(罗宁)", "责任编辑：林晓禾", "版权所有 金桥网"))
    cleaned = clean(reading).reading
    assert (cleaned.authors, cleaned.editor, cleaned.paragraphs) == (("罗宁",), "林晓禾", ("桥通了。",))


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=20))
@settings(deadline=None)  # the first example loads the tables
def test_any_reading_can_be_cleaned(paragraphs, title):
    cleaned = clean(Reading(title=title, paragraphs=tuple(paragraphs)))
    assert cleaned.text.count("\n") == max(0, len(cleaned.reading.paragraphs) - 1)
    assert all(cleaned.reading.paragraphs)


def test_the_page_that_started_it(shared):
    gold = json.loads((shared / "seed/hzgou.gold.json").read_text("utf-8"))
    lines = (shared / "seed" / gold["source_file"]).read_text("utf-8").splitlines()
    cleaned = clean(Reading(title="", paragraphs=tuple(filter(None, lines))))
    assert list(cleaned.reading.paragraphs) == gold["body_original"]
    assert simplified(cleaned.text).split("\n") == gold["body_hans"]
    assert cleaned.text_search == simplified(f"{cleaned.reading.title}\n{cleaned.text}").lower()
    assert cleaned.reading.authors == (gold["author"],)
    assert cleaned.repairs["pinyin"] == gold["annotations_removed"]
    assert cleaned.repairs["byte-shift"] == len(gold["repairs"])
    assert len(cleaned.dropped) == len(lines) - len(gold["body_original"])


def test_what_was_left_out_and_why_stands_in_the_evidence():
    cleaned = clean(page())
    assert [line for _, line in cleaned.reading.evidence["body"].others] == [line[:120] for line, _ in cleaned.dropped]


def test_garbled_text_is_stored_with_an_alarm():
    body = Evidence("blocks", 0.9, (("cut", "size"),))
    cleaned = clean(Reading(title="Br\ufffdcke", paragraphs=("Die alte Br\ufffdcke wird neu gebaut.",), evidence={"body": body}))
    cut, *alarms = cleaned.reading.evidence["body"].others
    assert cut == ("cut", "size")
    assert {reason for reason, _ in alarms} == {Alarm.DAMAGED}
    assert "\ufffd" in cleaned.text
