"""What two sequences share."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.query.matching import opcodes

SOME = st.lists(st.sampled_from("abc"), max_size=12)


@given(SOME, SOME)
def test_with_enough_effort_it_is_difflib(old, new):
    assert opcodes(old, new) == SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


@given(SOME, SOME, st.integers(0, 200))
def test_whatever_the_effort_the_new_one_comes_of_the_old(old, new, effort):
    made, end = [], (0, 0)
    for tag, a, b, c, d in opcodes(old, new, effort):
        assert (a, c) == end
        assert (old[a:b] == new[c:d]) is (tag == "equal")
        made += old[a:b] if tag == "equal" else new[c:d]
        end = (b, d)
    assert (made, end) == (new, (len(old), len(new)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("abcde", "abcde", [("equal", 0, 5, 0, 5)]),
        ("aBCDe", "aXYe", [("equal", 0, 1, 0, 1), ("replace", 1, 4, 1, 3), ("equal", 4, 5, 3, 4)]),
        ("aXcXe", "aYcYe", [("equal", 0, 1, 0, 1), ("replace", 1, 4, 1, 4), ("equal", 4, 5, 4, 5)]),
        ("aa", "aaa", [("equal", 0, 2, 0, 2), ("insert", 2, 2, 2, 3)]),
    ],
)
def test_without_effort_only_both_ends_are_told(old, new, told):
    assert opcodes(old, new, 0) == told
