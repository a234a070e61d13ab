from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.demo.desk import desk
from newscrawl.demo.old_article import expected, story_pages
from newscrawl.demo.old_frame import story_path

AT = desk("luting", "http://here", edition=1, now=datetime(2026, 6, 1, tzinfo=UTC))
STORIES = {story.number: story for story in AT.stories}


def tree(number, part=1):
    story = STORIES[number]
    page = story_pages(AT, story)[story_path(AT, story, part=part)]
    return LexborHTMLParser(page.body.decode(story.encoding or "gbk"))


def text(number, selector, part=1):
    return tree(number, part).css_first(selector).text(strip=True)


def test_addresses_hold_section_day_and_number():
    story = STORIES[1036]
    assert story_path(AT, story, part=2) == "/wenhua/2026-03/21/content_1036_2.html"
    assert story_path(AT, STORIES[1045], section="bendi") == "/bendi/2026-04/12/content_1045.html"


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (1031, "发布时间：2026-03-02 08:40　　来源：芦汀新闻网　　作者：沈禾　　责任编辑：唐栗"),
        (1036, "发布时间：2026-03-21 09:00　　来源：芦汀新闻网　　作者：沈禾、顾小满　　责任编辑：米兰心"),
        (1038, "发布时间：3小时前　　来源：芦汀新闻网　　作者：顾小满　　责任编辑：唐栗"),
        (1034, "发布时间：2026-03-15 10:12"),
    ],
)
def test_the_line_under_the_headline(number, line):
    assert text(number, ".info") == line


def test_pages_of_an_article_point_to_each_other():
    assert tree(1036).css_first(".pages").text() == "1 2 3 下一页"
    assert [node.attributes["href"] for node in tree(1036, 2).css(".pages a")] == [
        "/wenhua/2026-03/21/content_1036.html",
        "/wenhua/2026-03/21/content_1036.html",
        "/wenhua/2026-03/21/content_1036_3.html",
        "/wenhua/2026-03/21/content_1036_3.html",
    ]
    assert "下一页" not in text(1036, ".pages", 3)
    assert tree(1031).css_first(".pages") is None


def test_pictures_stand_on_the_first_page_only():
    assert tree(1036).css_first(".pic img").attributes["src"] == "/pic/1036.svg"
    assert tree(1036, 2).css_first(".pic") is None


def test_paragraphs_may_be_no_elements():
    assert tree(1044).css(".content > p") == []
    assert len(tree(1044).css(".content > br")) == 8


def test_headlines_at_the_side_are_cut_off():
    ranked = [node.text() for node in tree(1031).css("td.right ul")[0].css("a")]
    assert all(headline.endswith("...") for headline in ranked)


@pytest.mark.parametrize("story", AT.stories, ids=lambda story: story.number)
def test_the_truth_names_every_page_that_is_served(story):
    told = expected(AT, story)
    addresses = {told.url, *told.further, *told.aliases}
    assert addresses == {f"http://here{path}" for path in story_pages(AT, story)}


def test_print_version_and_mobile_twin_name_the_original():
    for number, path in ((1045, "/print.asp?id=1045"), (1033, "/wap/1033.html")):
        page = LexborHTMLParser(story_pages(AT, STORIES[number])[path].body.decode("gbk"))
        assert page.css_first("link[rel=canonical]").attributes["href"] == f"http://here{story_path(AT, STORIES[number])}"
