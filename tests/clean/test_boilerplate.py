import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.boilerplate import drop
from newscrawl.remarks import Dropped

CHINESE = ("河東鎮的老橋要重修了，工期十八個月。", "住在橋頭的陳阿姨說，她小時候就在河邊學游泳。")
ENGLISH = ("The old bridge at Millbridge will be rebuilt next year, the council said.", "Work is to take eighteen months.")


def reasons(paragraphs, title=""):
    return {line: reason.value for line, reason in drop(paragraphs, title).dropped}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("金橋晚報歡迎您/jinqiao.example.cn/金橋晚報榮譽出品 |", "banner"),
        ("今天是：2031年5月4日 星期日", "banner"),
        ("老橋要重修", "title"),
        ("您的位置：首页 > 本地 > 正文", "meta"),
        ("发布时间：2031-05-04 09:30", "meta"),
        ("分享到：", "share"),
    ],
)
def test_what_stands_before_a_chinese_article(line, reason):
    kept = drop([line, *CHINESE], "老橋要重修")
    assert kept.paragraphs == CHINESE
    assert kept.indexes == (1, 2)
    assert kept.dropped == ((line, Dropped(reason)),)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["聲明:", "本文僅代表作者個人觀點,與金橋晚報無關。本站不作任何保證或承諾。"], "disclaimer"),
        (["免责声明：本站文章均来自读者。"], "disclaimer"),
        (["责任编辑：罗宁"], "editor"),
        (["Copyright © 2031 金橋晚報"], "copyright"),
        (["版权所有 金桥晚报社"], "copyright"),
        (["相關閱讀", "河東鎮今年種樹三千棵", "鎮上的新圖書館開門了"], "related"),
        (["我要评论"], "share"),
    ],
)
def test_what_stands_behind_a_chinese_article(lines, reason):
    kept = drop([*CHINESE, *lines])
    assert kept.paragraphs == CHINESE
    assert kept.dropped == tuple((line, Dropped(reason)) for line in lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["Related articles", "Library opens its doors", "Three thousand trees for the valley"],
        ["Share this article", "Advertisement"],
        ["© 2031 The Millbridge Courier. All rights reserved."],
        ["Disclaimer: the Courier is not liable for anything."],
        ["Die Kommentare geben nicht unbedingt die Meinung der Redaktion wieder."],
        ["Mehr zum Thema:", "Neue Bücherei öffnet"],
        ["Toute reproduction interdite sans l'accord du journal."],
        ["Todos los derechos reservados"],
        ["Читайте также: открыта новая библиотека", "© Вестник"],
        ["Διαβάστε επίσης:", "Άνοιξε η βιβλιοθήκη"],
        ["Leia também", "Biblioteca abre as portas"],
    ],
)
def test_what_stands_behind_articles_in_other_languages(lines):
    kept = drop([*ENGLISH, *lines])
    assert kept.paragraphs == ENGLISH
    assert [line for line, _ in kept.dropped] == lines


def test_a_line_before_and_behind_the_article_is_a_banner():
    assert reasons(["Our Valley", *ENGLISH, "Our Valley"]) == {"Our Valley": "banner"}


@pytest.mark.parametrize(
    "headlines",
    [
        ["河東鎮今年種樹三千棵,鄰", "河東鎮今年種樹三千棵,鄰鎮也要跟..."],
        ["河東鎮今年種樹三千棵，鄰…", "鎮上的新圖書館開門了，第一…"],
    ],
)
def test_headlines_cut_off_in_the_middle(headlines):
    assert reasons([*CHINESE, *headlines]) == dict.fromkeys(headlines, "cut-off")


@pytest.mark.parametrize(
    "last",
    [
        "“等橋修好的那天……”",
        "And then there was silence...",
        "Related work is planned for the spring.",
        "警方将依法追究其法律责任。",
        "平台表示，已及时删除相关内容。",
        "举报电话：12345",
        "Any unauthorized entry will be prosecuted, police said.",
        "Share prices of builders rose.",
        "欢迎大家来看新桥。",
        "老桥 1911",
    ],
)
def test_the_last_line_of_an_article_stays(last):
    assert drop([*CHINESE, last]).dropped == ()


def test_the_middle_is_never_touched():
    paragraphs = [*CHINESE, "相關閱讀", "免責聲明：本站不負責。", "分享到：", *ENGLISH]
    assert drop(paragraphs).dropped == ()


def test_a_list_that_ends_an_article_stays_when_only_a_button_stands_before_it():
    assert reasons([*ENGLISH, "Share", "Flour", "Two eggs"]) == {"Share": "share"}


def test_more_headlines_than_a_site_would_list_are_the_article():
    rows = [f"Row {number}" for number in range(40)]
    assert drop([*ENGLISH, "Related articles", *rows]).dropped == ()


def test_never_everything():
    lines = ["Share", "Print", "© 2031 The Courier"]
    assert drop(lines).paragraphs == tuple(lines)
    assert drop([]).paragraphs == ()


def test_a_head_that_outweighs_the_article_stays():
    notice = "转载请注明出处：金桥晚报，违者必究。" * 4
    assert drop([notice, "桥通了。"]).dropped == ()


def test_a_brief_may_be_shorter_than_its_disclaimer():
    brief = "桥通了。"
    disclaimer = "免责声明：" + "本站所载内容来自读者，不代表本站立场。" * 5
    assert drop([brief, disclaimer]).paragraphs == (brief,)


LINES = st.sampled_from(
    [*CHINESE, *ENGLISH, "Share", "相关阅读", "免责声明：无", "责任编辑：罗宁", "A headline", "Cut off…", "Cut off and more…", ""]
)


@given(st.lists(LINES, max_size=14), st.sampled_from(["", "A headline"]))
def test_kept_and_dropped_make_the_whole(lines, title):
    kept = drop(lines, title)
    assert kept.paragraphs == tuple(lines[index] for index in kept.indexes)
    assert sorted([*kept.paragraphs, *(line for line, _ in kept.dropped)]) == sorted(lines)
    assert bool(kept.paragraphs) == bool(lines)
    assert not {*CHINESE, *ENGLISH} & {line for line, reason in kept.dropped if reason is not Dropped.BANNER}


def test_what_the_sites_other_pages_show_is_left_out_wherever_it_stands():
    line = "Become a friend of the Post, from as little as a coffee a month."
    kept = drop([ENGLISH[0], line, ENGLISH[1]], repeated={1})
    assert kept.paragraphs == ENGLISH
    assert kept.dropped == ((line, Dropped.REPEATED),)


def test_an_article_that_the_site_has_under_several_headlines_is_kept():
    paragraphs = [*ENGLISH, "A new last line."]
    assert drop(paragraphs, repeated={0, 1}).paragraphs == tuple(paragraphs)


def test_a_repeated_line_hides_no_other_reason():
    paragraphs = [*ENGLISH, "Read also", "A storm tore off roofs", "The Post, every morning at six, on your doormat"]
    kept = drop(paragraphs, repeated={4})
    assert kept.paragraphs == ENGLISH
    assert dict(kept.dropped)["A storm tore off roofs"] is Dropped.RELATED
