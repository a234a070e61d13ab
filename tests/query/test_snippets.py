"""Where the words of a search stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from newscrawl.query.snippets import marked, snippet


def pieces(text, *words):
    return [text[start:end] for start, end in marked(text, words).marks]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("The Bridge opens; a bridgehead does not.", ["bridge"], ["Bridge"]),
        ("City  Council met. The city-council left.", ["city council"], ["City  Council", "city-council"]),
        ("citycouncil", ["city council"], []),
        ("新大橋今天開通", ["大桥"], ["大橋"]),
        ("在5月开通BRT线", ["brt", "5月"], ["5月", "BRT"]),
        ("ＡＢＣ公司", ["abc"], ["ＡＢＣ"]),
        ("abcabc 开通开通", ["开通", "通开"], ["开通开通"]),
        ("C++ (new)", ["c++"], ["C"]),
        ("Straße", ["strasse"], ["Straße"]),
        ("", ["x"], []),
    ],
)
def test_words_are_found_as_stores_find_them(text, words, found):
    assert pieces(text, *words) == found


def test_a_snippet_shows_the_first_occurrence_on_one_line():
    text = "one line\n" + "filler " * 100 + "the new bridge opens\ntoday " + "filler " * 100
    piece = snippet(text, ["bridge"], width=60)
    assert "\n" not in piece.text
    assert piece.text.startswith("…")
    assert piece.text.endswith("…")
    assert [piece.text[start:end] for start, end in piece.marks] == ["bridge"]


def test_a_text_without_the_words_begins_at_its_beginning():
    assert snippet("short", ["absent"]).text == "short"
    assert snippet("long " * 100, [], width=20).text.startswith("long long")


def test_a_long_phrase_is_marked_from_its_beginning():
    phrase = " ".join(f"word{n}" for n in range(80))
    (mark,) = pieces(f"So: {phrase}.", phrase)
    assert mark == " ".join(f"word{n}" for n in range(50))


def test_a_long_text_is_looked_through_as_far_as_articles_go():
    assert snippet("filler " * 2_000 + "bridge", ["bridge"]).marks
    late = snippet("filler " * 200_000 + "bridge", ["bridge"], width=20)
    assert (late.text[:6], late.text[-1], late.marks) == ("filler", "…", ())


def test_a_query_of_very_many_words_marks_the_first_of_them():
    words = [f"word{at}" for at in range(2_000)]
    found = marked(" ".join(words), words)
    assert found.marks[0] == (0, 5)
    assert 20 < len(found.marks) < 200


def test_chinese_takes_two_columns_a_character():
    piece = snippet("水" * 400 + "桥" + "水" * 400, ["桥"], width=60)
    assert 56 <= cell_len(piece.text) <= 66


@given(st.text(alphabet="ab 桥橋\nＡß-", max_size=60), st.sampled_from(["a", "b a", "桥", "ss"]), st.integers(1, 40))
def test_marks_always_lie_within_the_text(text, word, width):
    for piece in (marked(text, [word]), snippet(text, [word], width=width)):
        ends = [at for mark in piece.marks for at in mark]
        assert ends == sorted(set(ends))
        assert all(0 <= at <= len(piece.text) for at in ends)
