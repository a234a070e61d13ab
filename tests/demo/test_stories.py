from datetime import UTC, datetime, timedelta
from tomllib import TOMLDecodeError

import pytest

from newscrawl.demo.stories import read_story, stories

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEAD = 'number = 1\nsection = "news"\ntitle = "A goat"\npublished = 2026-05-01T10:00:00+08:00\n'


def test_a_story_has_its_paragraphs_by_page():
    story = read_story(f"+++\n{HEAD}+++\nOne.\n\nTwo.\n---\nThree.\n")
    assert story.parts == (("One.", "Two."), ("Three.",))
    assert story.paragraphs == ("One.", "Two.", "Three.")
    assert story.day.utcoffset() == timedelta(hours=8)


def test_lists_in_the_head_are_frozen():
    assert read_story(f'+++\n{HEAD}comments = [["Nan", "Well."]]\n+++\nOne.').comments == (("Nan", "Well."),)


def test_an_unknown_key_is_an_error():
    with pytest.raises(TypeError, match="colour"):
        read_story(f'+++\n{HEAD}colour = "red"\n+++\nOne.')


def test_a_broken_head_is_an_error():
    with pytest.raises(TOMLDecodeError):
        read_story("+++\nnumber =\n+++\nOne.")


@pytest.mark.parametrize(("portal", "count"), [("luting", 15), ("pellbrook", 14)])
def test_stories_come_newest_first_and_every_one_reads_like_a_story(portal, count):
    told = stories(portal, edition=1, now=NOW)
    assert len(told) == count
    assert [story.day for story in told] == sorted((story.day for story in told), reverse=True)
    for story in told:
        assert 3 <= len(story.paragraphs) <= 9, story.title
        assert story.authors, story.title
        assert all(text == text.strip() and len(text) > 25 and "\n" not in text for text in story.paragraphs), story.title


def test_hours_ago_are_reckoned_from_now():
    fog = next(story for story in stories("luting", edition=1, now=NOW) if story.hours_ago)
    assert fog.day == NOW - timedelta(hours=3)


def test_fixed_dates_lie_before_june_2026():
    for portal in ("luting", "pellbrook"):
        assert all(datetime(2026, 3, 1, tzinfo=UTC) < story.day < NOW for story in stories(portal, edition=2, now=NOW))


def test_the_second_edition_edits_one_adds_one_drops_one():
    first, second = ({story.number: story for story in stories("luting", edition=edition, now=NOW)} for edition in (1, 2))
    assert set(first) - set(second) == {1054}
    assert set(second) - set(first) == {1055}
    assert [number for number in set(first) & set(second) if first[number] != second[number]] == [1053]
    assert second[1053].modified is not None
    assert stories("pellbrook", edition=1, now=NOW) == stories("pellbrook", edition=2, now=NOW)
