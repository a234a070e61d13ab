from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newscrawl.demo.desk import desk, truth

AT = desk("luting", "http://here", edition=1, now=datetime(2026, 6, 1, tzinfo=UTC))


def numbers(stories):
    return [story.number for story in stories]


def test_a_section_lists_what_it_shares():
    assert 1045 in numbers(AT.shown("bendi"))
    assert 1045 in numbers(AT.shown("minsheng"))
    assert 1045 not in numbers(AT.shown("wenhua"))


def test_listing_pages_hold_all_and_never_more_than_their_room():
    sheets = AT.sheets("minsheng")
    assert [story for sheet in sheets for story in sheet] == AT.shown("minsheng")
    assert {len(sheet) for sheet in sheets[:-1]} == {AT.words.per_page}
    assert AT.sheets("weather") == [[]]


def test_the_ranking_leaves_out_what_is_gone():
    first, *others = AT.words.most_read
    assert numbers(AT.most_read()) == [first, *others]
    assert numbers(replace(AT, stories=tuple(story for story in AT.stories if story.number != first)).most_read()) == others


@pytest.mark.parametrize("story", AT.stories, ids=lambda story: story.number)
def test_related_stories_are_two_others(story):
    related = numbers(AT.related(story))
    assert len(set(related)) == 2
    assert story.number not in related


def test_the_truth_has_full_addresses_and_both_texts():
    story = AT.stories[-1]
    told = truth(AT, story, ["/a", "/a_2"], ["/b"], str.upper)
    assert (told.url, told.further, told.aliases) == ("http://here/a", ("http://here/a_2",), ("http://here/b",))
    assert told.addresses == {"http://here/a", "http://here/b"}
    assert told.pages == 2
    assert told.published_title == told.title.upper()
    assert (told.language, told.section) == ("zh-Hans", "本地")
