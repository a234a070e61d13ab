import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.store.terms import gram_pattern, grams, phrases, sure_grams, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("天气预报 OK", "天 气 预 报 ok"),
        ("第3号，Straße", "第 3 号 strasse"),
        ("ＡＢＣ ﬁn ½", "abc fin 1 2"),
        ("cafe\u0301 café", "café café"),
        ("snake_case don't 3.5", "snake case don t 3 5"),
        ("हिन्दी שָׁלוֹם", "हिन्दी שָׁלוֹם"),
        ("ひらカナー々", "ひ ら カ ナ ー 々"),
        ("ไทย", "ไ ท ย"),
        ("𠮷野家", "𠮷 野 家"),
        ("\u0301\0\ud800 —！", ""),
    ],
)
def test_tokens(text: str, expected: str) -> None:
    """Both indexes are made of these: whoever changes a line here writes a migration for each store."""
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("天气预报 OK 雨", "天气 气预 预报 报 ok 雨"), ("天，气", "天气 气"), ("plain words", "plain words"), ("", "")],
)
def test_grams(text: str, expected: str) -> None:
    assert grams(text) == expected


def test_phrases_leave_out_what_has_no_token() -> None:
    assert phrases(["a!", "!", "", "雨 "]) == ["a!", "雨 "]


def test_sure_grams_are_those_that_nothing_can_lengthen() -> None:
    assert sure_grams("天气预") == ["天气", "气预"]
    assert sure_grams("ok 天") == ["ok"]
    assert sure_grams("天 ok") == ["天", "ok"]
    assert sure_grams("天") == []


TEXTS = st.text("天气ab ，é\u0301") | st.text()


@given(text=TEXTS, phrase=TEXTS.filter(lambda text: phrases([text])))
def test_gram_patterns_stand_for_phrases_of_tokens(text: str, phrase: str) -> None:
    indexed = f" {grams(text)} "
    held = f" {tokens(phrase)} " in f" {tokens(text)} "
    assert (gram_pattern(phrase) in indexed) == held
    assert not held or all(f" {gram} " in indexed for gram in sure_grams(phrase))


@given(TEXTS, TEXTS)
def test_a_text_holds_its_parts(before: str, after: str) -> None:
    assert tokens(f"{before} . {after}") == f"{tokens(before)} {tokens(after)}".strip()


@given(st.text())
def test_tokens_are_their_own_tokens(text: str) -> None:
    assert tokens(tokens(text)) == tokens(text)
