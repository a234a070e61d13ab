"""What is kept of a site, in sections."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.learned import read_learned, write_learned

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(st.dictionaries(NAMES, JSON.map(json.dumps)))
def test_sections_come_back(sections):
    assert read_learned(write_learned(sections)) == sections


def test_nothing_was_learned():
    assert read_learned("") == read_learned("{}") == {}


def test_what_was_written_before_there_were_sections():
    old = '{"shape /news/*": {"visits": 3, "news": 1, "barren": 0}}'
    assert read_learned(old) == {"worth": old}


@pytest.mark.parametrize("text", ["{", "[]", "3", '"a"', "\udc80".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_what_is_none_of_ours(text):
    with pytest.raises(ValueError):
        read_learned(text)
