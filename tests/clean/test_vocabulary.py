import pytest

from newscrawl.clean.text import search_form
from newscrawl.clean.vocabulary import not_names, phrases
from newscrawl.remarks import Dropped

PLACES = ("heading", "opening", "inside", "greeting")


@pytest.mark.parametrize("place", PLACES)
def test_every_phrase_can_match_a_line(place):
    for reason, words in phrases(place):
        assert isinstance(reason, Dropped)
        assert all(word == search_form(word) for word in words)
        assert all(len(word.strip()) > 1 or place == "heading" or word == "©" for word in words)


def test_no_names():
    assert "江苏" in not_names("zh")
    assert all(word == word.lower() for word in not_names("any"))
