"""The query language: what is understood, and what points at the place of a mistake."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import InputError, QueryError
from newscrawl.query.language import joined
from newscrawl.query.search import parsed_query, parsed_search
from newscrawl.store.conditions import All, Among, Field, Holds, Like, Not, Some, Within

A, B, C = Holds("a"), Holds("b"), Holds("c")
AUGUST, SEPTEMBER = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words", "conditions"),
    [
        ("a b AND c", ("a", "b", "c"), ()),
        ("-a", (), (Not(A),)),
        ("NOT a b", ("b",), (Not(A),)),
        ("- a!", ("a!",), ()),
        ("harbour-master", ("harbour-master",), ()),
        ("a b OR c", ("a",), (Some((B, C)),)),
        ("a OR -b OR c", (), (Some((A, Not(B), C)),)),
        ("a OR !", ("a",), ()),
        ("(a b) OR c", (), (Some((All((A, B)), C)),)),
        ("((a))", ("a",), ()),
        ("-(a OR b)", (), (Not(Some((A, B))),)),
        ("()", (), None),
        ('"a b"c', ("a b", "c"), ()),
        ("「a」『b』«c»", ("a", "b", "c"), ()),
        ("„a b“ “b c”", ("a b", "b c"), ()),
        ("or and not", ("or", "and", "not"), ()),
        ("site:gazette", (), (Among(Field.SITE, ("gazette",)),)),
        ("Author：陳", (), (Like(Field.AUTHOR, "陈"),)),
        ('author:"Ann Lee"', (), (Like(Field.AUTHOR, "ann lee"),)),
        ("section:City -lang:zh", (), (Like(Field.SECTION, "city"), Not(Like(Field.LANGUAGE, "zh")))),
        ("title:「新大橋」", (), (Holds("新大桥", title=True),)),
        ("cluster:3fa2", (), (Among(Field.CLUSTER, ("3fa2",)),)),
        ("since:2026-08 until:2026-08", (), (Within(since=AUGUST), Within(until=SEPTEMBER))),
        ("9:30 他说：好", ("9:30", "他说:好"), ()),
    ],
)
def test_a_query_is_understood(text, words, conditions):
    if conditions is None:
        with pytest.raises(InputError, match="holds no word"):
            parsed_query(text)
    else:
        found = parsed_query(text)
        assert (found.words, found.conditions) == (words, conditions)


@pytest.mark.parametrize(
    ("text", "marked", "reason"),
    [
        ("a OR", "OR", "something on both sides"),
        ("OR a", "OR", "something on both sides"),
        ("(a OR) b", "OR", "something on both sides"),
        ("a OR OR b", "OR", "something on both sides"),
        ("a AND", "AND", "something on both sides"),
        ("港口 (a", "(", "never closed"),
        ("港口）", "）", "no bracket"),
        ('港口 "a b', '"', "never closed"),
        ("港口 sitte:x", "sitte:", "no field sitte"),
        ("site: x", "site:", "right behind it"),
        ("site:", "site:", "right behind it"),
        ("author:!", "author:", "right behind it"),
        ("a since:tomorrow", "tomorrow", "is no date"),
        ("a --sicne", "--sicne", "no such option"),
        ("NOT", "NOT", "nothing follows"),
        ("a -)", "-", "nothing follows"),
    ],
)
def test_a_mistake_is_pointed_at(text, marked, reason):
    with pytest.raises(QueryError, match=reason) as caught:
        parsed_search([text])
    error = caught.value
    assert error.text[error.start : error.end] == marked


def test_the_sign_stands_below_the_place_where_characters_are_wide():
    with pytest.raises(QueryError) as caught:
        parsed_search(["港口 OR"])
    assert str(caught.value).splitlines() == ["OR needs something on both sides", "  港口 OR", "       ^^"]


def test_brackets_and_words_have_a_bound():
    with pytest.raises(QueryError, match="more than 20 brackets"):
        parsed_query("(" * 21 + "a" + ")" * 21)
    with pytest.raises(QueryError, match="more than 200 words"):
        parsed_query("a " * 201)
    with pytest.raises(QueryError) as caught:
        parsed_query("a " * 100_000)
    assert len(str(caught.value)) < 300


def test_arguments_that_the_shell_took_the_quotes_from_are_phrases():
    assert joined(["city council", "a", "b OR c", "-d e", "x:y z"]) == '"city council" a b OR c -d e x:y z'


# The signs of the language, so that they meet.
QUERIES = st.text() | st.lists(
    st.sampled_from(["a", "港", " ", "(", ")", "（", "-", "OR", " OR ", '"', "“", "site:", "since:", "：", "!"])
).map("".join)


@given(QUERIES)
def test_any_text_is_a_search_or_an_error_that_points_into_it(text):
    with contextlib.suppress(InputError):
        place = mistake(text)
        assert place is None or 0 <= place[0] < place[1] <= len(text)


def mistake(text):
    """Where the query is wrong; None if it isn't."""
    try:
        parsed_query(text)
    except QueryError as error:
        return error.start, error.end
    return None
