import json
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.demo.desk import desk
from newscrawl.demo.modern_article import expected, story_pages
from newscrawl.demo.modern_frame import author_path, story_path

AT = desk("pellbrook", "http://here", edition=1, now=datetime(2026, 6, 1, tzinfo=UTC))
STORIES = {story.number: story for story in AT.stories}


def tree(number, part=1):
    story = STORIES[number]
    return LexborHTMLParser(story_pages(AT, story)[story_path(story, part)].body.decode())


def structured(number):
    return json.loads(tree(number).css_first('script[type="application/ld+json"]').text())


def test_addresses():
    assert story_path(STORIES[207], 2) == "/life/the-lighthouse-ledger/?page=2"
    assert author_path("Orla Fenwick") == "/authors/orla-fenwick/"
    assert author_path("沈禾") == "/authors/%E6%B2%88%E7%A6%BE/"


@pytest.mark.parametrize("number", sorted(set(STORIES) - {210}))
def test_structured_data_say_what_the_story_says(number):
    data, story = structured(number), STORIES[number]
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == story.title
    assert datetime.fromisoformat(data["datePublished"]) == story.day
    assert [author["name"] for author in data["author"]] == list(story.authors)


def test_structured_data_may_hide_in_a_graph():
    types = [node["@type"] for node in structured(210)["@graph"]]
    assert types == ["NewsMediaOrganization", "WebPage", "NewsArticle"]


def test_every_page_names_its_own_address_and_the_next():
    one, two = tree(207), tree(207, 2)
    assert one.css_first("link[rel=canonical]").attributes["href"] == "http://here/life/the-lighthouse-ledger/"
    assert one.css_first("link[rel=next]").attributes["href"] == "http://here/life/the-lighthouse-ledger/?page=2"
    assert two.css_first("link[rel=canonical]").attributes["href"] == "http://here/life/the-lighthouse-ledger/?page=2"
    assert two.css_first("link[rel=next]") is None
    assert one.css_first(".pager a").text() == "Next"
    assert two.css_first(".pager a").text() == "Previous"


def test_a_later_change_is_shown_beside_the_date():
    shown = [node.attributes["datetime"] for node in tree(210).css(".dates time")]
    assert shown == ["2026-05-13T07:15:00+01:00", "2026-05-13T16:40:00+01:00"]
    assert len(tree(201).css(".dates time")) == 1


def test_a_reprint_names_its_source_and_its_language():
    page = tree(206)
    assert page.css_first(".source").text() == "Source: 芦汀新闻网"
    assert page.css_first("article").attributes["lang"] == "zh-Hans"


def test_an_advertisement_stands_between_the_paragraphs():
    body = tree(201).css_first(".story")
    assert [node.tag for node in body.css("p, aside")] == ["p", "p", "aside", "p", "p"]


@pytest.mark.parametrize("story", AT.stories, ids=lambda story: story.number)
def test_the_truth_names_every_page_that_is_served(story):
    told = expected(AT, story)
    served = {f"http://here{path}" for path in story_pages(AT, story)}
    tracked = {alias for alias in told.aliases if "?utm_" in alias}
    assert {told.url, *told.further, *told.aliases} - tracked == served
    assert bool(tracked) is (story.number in AT.words.most_read)
