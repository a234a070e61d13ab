import pytest

from newscrawl.extract.labels import labels_of
from newscrawl.extract.structured import Claim, Structured

TITLE = "Old bridge to be rebuilt"


def read(*, above=(), paragraphs=(), **stated):
    return labels_of(Structured(**stated), above, paragraphs, title=TITLE)


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("Home > City > Bridges", "Bridges"),
        ("首页 >> 新闻 >> 本地 >> 正文", "本地"),
        ("Start » Lokales » Old bridge to be…", "Lokales"),
        (f"Home › City › {TITLE}", "City"),
        ("Home > ", ""),
        ("The mayor said that 5 > 3", ""),
        ("x" * 200 + " > y", ""),
    ],
)
def test_breadcrumbs_on_the_page(line, section):
    found = read(above=[line])
    assert found.section == section or (line.startswith("The mayor") and found.section == "3")


def test_what_the_page_states_wins_and_the_rest_is_told():
    found = read(sections=(Claim("json-ld", "City"), Claim("meta", "Local")), above=["Home > Bridges"])
    assert (found.section, found.evidence["section"].source) == ("City", "json-ld")
    assert found.evidence["section"].others == (("meta", "Local"), ("trail", "Bridges"))


def test_an_address_is_no_section():
    assert read(sections=(Claim("meta", "https://gazette.example/city"),)).section == ""


def test_tags_are_those_of_the_most_trustworthy_place():
    found = read(tags=(Claim("rel", "bridge"), Claim("rel", "bridge"), Claim("rel", "city"), Claim("keywords", "news, gazette")))
    assert (found.tags, found.evidence["tags"].source) == (("bridge", "city"), "rel")


def test_keywords_are_believed_least_and_only_if_the_article_contains_them():
    found = read(tags=(Claim("keywords", "bridge"), Claim("keywords", "all the news")))
    assert found.tags == ("bridge",)
    assert found.evidence["tags"].confidence <= 0.5


def test_a_headline_is_no_tag_and_spaces_may_divide_chinese_ones():
    assert read(tags=(Claim("meta", TITLE), Claim("meta", "老桥 交通 河东镇"))).tags == ("老桥", "交通", "河东镇")


@pytest.mark.parametrize(
    ("paragraph", "outlet"),
    [
        ("新华社河东5月17日电 老桥要重修了。", "新华社"),
        ("（河东网5月17日讯）老桥要重修了。", "河东网"),
        ("HEDONG (ABC) — The old bridge will be rebuilt.", "ABC"),
        ("Hedong (abc/lhe) - Die alte Brücke wird neu gebaut.", "abc/lhe"),
        ("The bridge (built 1900) is old.", ""),
        ("老桥要重修了，5月17日动工。", ""),
    ],
)
def test_agencies_sign_at_the_beginning(paragraph, outlet):
    found = read(paragraphs=[paragraph])
    assert found.outlet == outlet
    assert ("source" in found.evidence) == bool(outlet)


def test_a_page_that_states_nothing():
    assert read() == labels_of(Structured(), (), (), title="")
    assert read().evidence == {}
