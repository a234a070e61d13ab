import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.names import is_han_name, is_name, is_organisation, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jane Doe, Hedong News", ["Jane Doe"]),
        ("Jane Doe (Berlin)", ["Jane Doe"]),
        ("Jane Doe | CNN", ["Jane Doe"]),
        ("Jane Doe, John Roe & Ann Poe", ["Jane Doe", "John Roe", "Ann Poe"]),
        ("Theresa May", ["Theresa May"]),
        ("Jane Doe November", ["Jane Doe"]),
        ("https://hedong.example/jane", []),
        ("jane@hedong.example", []),
        ("王小明 李强", ["王小明", "李强"]),
        ("李 强", ["李强"]),
        ("大渡 美咲", ["大渡 美咲"]),
        ("实习记者 王小明", ["王小明"]),
        ("联系本文记者王小明", ["王小明"]),
        ("Anna Müller Redakteurin", ["Anna Müller"]),
        ("Jane Doe Today", ["Jane Doe"]),
        ("Hosted by", []),
        ("Hedong Sp. z o.o.", []),
        ("Forum! Team", []),
        ("被称为最好的老桥", []),
    ],
)
def test_names_in_a_byline(text, names):
    assert names_in(text) == names


@given(st.text(max_size=80))
def test_whatever_is_read_is_a_name(text):
    assert all(is_name(name) for name in names_in(text))


def test_a_space_in_a_japanese_name_divides_nothing():
    assert names_in("石川 文子", language="ja") == ["石川 文子"]
    assert names_in("石川 文子") == ["石川", "文子"]


@pytest.mark.parametrize("name", ["河东日报", "Hedong Publishers", "hedong.pl", "河东新闻网", "中文学术期刊"])
def test_organisations(name):
    assert is_organisation(name)


@pytest.mark.parametrize("name", ["Jane Doe", "王小明", "J. R. Doe", "阿里·本·萨利赫"])
def test_people_are_no_organisations(name):
    assert not is_organisation(name)


@pytest.mark.parametrize(
    ("text", "is_one"), [("王小明", True), ("張三", True), ("打印", False), ("金融网", False), ("王", False), ("小明王", False)]
)
def test_chinese_names_begin_with_a_family_name(text, is_one):
    assert is_han_name(text) == is_one
