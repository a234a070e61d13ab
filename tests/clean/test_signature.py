import pytest

from newscrawl.clean.signature import editor_named, signature

STORY = ("镇里的老桥要重修了。", "新桥预计后年通车。")


@pytest.mark.parametrize(
    ("bracket", "authors"),
    [
        ("(林晓禾)", ("林晓禾",)),
        ("（罗宁）", ("罗宁",)),
        ("（记者 陈大桥）", ("陈大桥",)),
        ("（記者陳大橋）", ("陳大橋",)),
        ("（本报记者 林晓禾 通讯员 罗宁）", ("林晓禾", "罗宁")),
        ("(文/罗宁)", ("罗宁",)),
        ("（林晓禾、罗宁）", ("林晓禾", "罗宁")),
        ("(Ada Millbridge)", ("Ada Millbridge",)),
        ("(Von Jörg van der Brück)", ("Jörg van der Brück",)),
    ],
)
def test_a_name_in_brackets_at_the_end_is_the_author(bracket, authors):
    signed = signature((*STORY, f"河边的人都很高兴。{bracket}"))
    assert signed == ((*STORY, "河边的人都很高兴。"), authors, "")


NO_AUTHORS = """
(完)|（图）|(组图)|（未完待续）|(高清组图)|(视频)|（江苏）|(武汉)|（河东镇）|（江东网）|（金桥晚报）|（罗宁 摄）|（据新华社电）
（作者单位略）|（作者为律师）|（文昌市民）|(林晓禾罗宁)|(2024年)|(15.3%)|(dpa)|(AP)
(Associated Press)|(New Millbridge)|(City Council)|(ada millbridge)|(Ada)
"""


@pytest.mark.parametrize("bracket", NO_AUTHORS.strip().replace("\n", "|").split("|"))
def test_other_brackets_stay(bracket):
    paragraphs = (*STORY, f"河边的人都很高兴。{bracket}")
    assert signature(paragraphs) == (paragraphs, (), "")


def test_a_bare_name_must_follow_a_sentence():
    paragraphs = (*STORY, "图为镇长（罗宁）")
    assert signature(paragraphs).paragraphs == paragraphs


def test_only_the_last_paragraph_signs():
    paragraphs = ("开工了。（罗宁）", "后来下雨了。")
    assert signature(paragraphs).authors == ()


def test_a_signature_of_its_own_line_goes_with_the_line():
    assert signature((*STORY, "（记者 罗宁）")) == (STORY, ("罗宁",), "")


def test_editor_behind_author():
    assert signature((*STORY, "都很高兴。(记者 罗宁)（责任编辑：林晓禾）")) == ((*STORY, "都很高兴。"), ("罗宁",), "林晓禾")
    assert signature((*STORY, "（罗宁）", "责任编辑：林晓禾")) == (STORY, ("罗宁",), "林晓禾")


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("责任编辑：罗宁", "罗宁"),
        ("責任編輯:羅寧", "羅寧"),
        ("[责编: 罗宁 ]", "罗宁"),
        ("编辑：罗宁 校对：林晓禾", "罗宁"),
        ("Editor: Ada Millbridge", "Ada Millbridge"),
        ("Redaktion: Jörg Brück", "Jörg Brück"),
        ("编辑部就老桥发表声明：", ""),
        ("The editor said: no", ""),
        ("责任编辑：" + "很长" * 40, ""),
        ("", ""),
    ],
)
def test_editor_named(line, editor):
    assert editor_named(line) == editor


def test_nothing_in_nothing_out():
    assert signature(()) == ((), (), "")
