"""Changes side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.query.columns import columns, is_changed
from newscrawl.query.diff import pieces

TEXTS = st.lists(st.sampled_from(["one", "two", "港口", "three four", "", "five"]), max_size=6).map("\n".join)


def shown(old, new):
    return [tuple("".join(text for _, text in side).strip("\n") for side in row) for row in columns(pieces(old, new))]


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        ("a\nb", "a\nb", [("a", "a"), ("b", "b")]),
        ("a x c\nb", "a y c\nb", [("a x c", "a y c"), ("b", "b")]),
        ("a\nb\nc", "a\nc", [("a", "a"), ("b", ""), ("c", "c")]),
        ("a\nc", "a\nb\nc", [("a", "a"), ("", "b"), ("c", "c")]),
        ("a", "a\nb", [("a", "a"), ("", "b")]),
        ("a\nb", "a", [("a", "a"), ("b", "")]),
        ("", "a", [("", "a")]),
        ("", "", []),
    ],
)
def test_paragraphs_stand_beside_each_other(old, new, rows):
    assert shown(old, new) == rows


@given(TEXTS, TEXTS)
def test_each_side_is_its_text(old, new):
    found = columns(pieces(old, new))
    for side, text in enumerate((old, new)):
        assert "".join(part for row in found for _, part in row[side]).replace("\n", "") == text.replace("\n", "")
    assert (old == new) <= (not any(map(is_changed, found)))
