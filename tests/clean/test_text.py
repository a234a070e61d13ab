import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean import text as repairs

ALL = (*repairs.BEFORE_ANNOTATIONS, *repairs.AFTER_ANNOTATIONS)
SPACED = "镇 里 的 老 桥 要 重 修 了 ， 新 桥 宽 十 二 米 ， 两 边 各 有 一 条 人 行 道 。"


@pytest.mark.parametrize(
    ("spoilt", "mended", "count"),
    [
        ("Fish &amp; chips", "Fish & chips", 1),
        ("5&nbsp;km &#8211; &quot;far&quot;", '5\xa0km – "far"', 4),
        ("&amp;amp;quot;", '"', 3),
        ("a &lt;b&gt; &#60; tag", "a &lt;b&gt; &#60; tag", 0),
        ("AT&T; Q&A; &unheard;", "AT&T; Q&A; &unheard;", 0),
        ("one&#10;line", "one line", 1),
    ],
)
def test_entities(spoilt, mended, count):
    assert repairs.entities(spoilt) == (mended, count)


@pytest.mark.parametrize(
    ("spoilt", "mended"),
    [
        ("Write to [email protected].", "Write to."),
        ("請聯繫我們([email\xa0protected])!", "請聯繫我們!"),
        ("a\n[email protected]\nb", "a\n\nb"),
    ],
)
def test_email_placeholders(spoilt, mended):
    assert repairs.email_placeholders(spoilt) == (mended, 1)


@pytest.mark.parametrize(
    ("spoilt", "mended", "count"),
    [
        ("老\u200b桥\ufeff要\u200d修", "老桥要修", 3),
        ("Don\xadau", "Donau", 1),
        ("\u200eLeft\u202a", "Left", 2),
        ("bell\x07", "bell", 1),
        ("می\u200cخواهم\u200f", "می\u200cخواهم\u200f", 0),  # Persian needs its non-joiner
        ("👩\u200d🚒", "👩\u200d🚒", 0),  # one picture, of three characters
        ("tab\tand\nline", "tab\tand\nline", 0),
    ],
)
def test_unseen(spoilt, mended, count):
    assert repairs.unseen(spoilt) == (mended, count)


def test_windows_controls_are_the_quotes_they_were():
    assert repairs.windows_controls("It\x92s \x93new\x94 \x96 now\x81") == ("It’s “new” – now", 5)


def test_composed():
    assert repairs.composed("Bru\u0308cke") == ("Brücke", 1)
    assert repairs.composed("Brücke") == ("Brücke", 0)


def test_spaces_between_all_characters_go():
    mended, count = repairs.spaced_han(SPACED)
    assert mended == SPACED.replace(" ", "")
    assert count == SPACED.count(" ")


@pytest.mark.parametrize(
    "text",
    [
        "春 夏 秋 冬",
        "出席的有 张 三 李 四 。" + "会议讨论了镇里的老桥和新桥的问题。" * 3,
        "北京 上海 广州 深圳 天津 重庆 武汉 成都 西安 南京 杭州 苏州 长沙 郑州 沈阳 大连 青岛 济南 宁波 厦门 福州 无锡 合肥 昆明",
        "An English sentence has a space between every two of its many many words, and that is as it should be in it.",
    ],
)
def test_other_spaces_stay(text):
    assert repairs.spaced_han(text) == (text, 0)


@pytest.mark.parametrize(
    ("spoilt", "mended", "count"),
    [
        ("\u3000\u3000镇里的老桥\xa0要重修了。 ", "镇里的老桥 要重修了。", 1),
        (" a  b \n\n\tc", "a b\n\nc", 2),
        ("as it is\nand was", "as it is\nand was", 0),
    ],
)
def test_white_space(spoilt, mended, count):
    assert repairs.white_space(spoilt) == (mended, count)


@pytest.mark.parametrize(("name", "repair"), ALL)
@given(text=st.text(st.sampled_from("a桥é& ;#x1\xa0\u3000\u200b\u200d\x92\n\u0301ם[]().。lt") | st.characters(), max_size=60))
def test_every_repair_can_be_repeated_and_counts_what_it_does(name, repair, text):
    mended, count = repair(text)
    assert (count > 0) == (mended != text)
    assert repair(mended) == (mended, 0)
    assert mended.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("The OLD Bridge", "the old bridge"),
        ("Ｎｅｗｓ：ｆｉｎｅ", "news:fine"),
        ("STRASSE straße", "strasse strasse"),
        ("鎮裏的老橋", "镇里的老桥"),
        ("\uf92c", "郎"),  # a compatibility form
    ],
)
def test_search_form(text, form):
    assert repairs.search_form(text) == form


@given(st.text())
def test_the_search_form_is_in_compatibility_form(text):
    form = repairs.search_form(text)
    assert unicodedata.is_normalized("NFKC", form)
    assert text.isascii() == form.isascii() or form.isascii()
