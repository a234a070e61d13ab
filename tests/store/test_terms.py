import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from newscrawl.clean.text import search_form
from newscrawl.store.terms import gram_pattern, grams, keys, needed_keys, occurrences, phrases, tokens


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


@pytest.mark.parametrize(
    ("phrase", "needed", "sure"),
    [
        ("天", {"天"}, True),
        ("天气", {"天气"}, True),
        ("天气预", {"天气", "气预"}, False),
        ("ok", {"ok"}, True),
        ("a" * 63, {"a" * 63}, True),
        ("a" * 64, {"a" * 64}, False),
        ("a" * 65, {"a" * 64}, False),
    ],
)
def test_keys_lead_to_a_phrase_and_some_prove_it(phrase: str, needed: set[str], *, sure: bool) -> None:
    assert needed_keys(phrase) == (needed, sure)


@pytest.mark.parametrize(("phrase", "many"), [("new harbour", 1), ("ok 天", 1), ("天 ok", 1), ("the new harbour", 2), ("天气 ok", 2)])
def test_two_tokens_have_a_key_of_their_own(phrase: str, many: int) -> None:
    needed, sure = needed_keys(phrase)
    assert (len(needed), sure) == (many, many == 1)
    assert not needed <= keys(" ".join(reversed(phrase.split())))


TEXTS = st.text("天气ab ，é\u0301") | st.text()


@pytest.mark.parametrize(("piece", "last"), [("late ", "x"), ("码", "头"), ("ab ", "c")])
def test_a_long_phrase_is_found_by_its_first_fifty_tokens(piece: str, last: str) -> None:
    """Compared whole at each place, these took a server 20 s of a text of 1 MB."""
    phrase = piece * 900 + last
    before = "so it was: "
    found = occurrences(phrase).search(before + phrase)
    assert found is not None
    assert found.start() == len(before)
    assert len(tokens(found[0]).split()) == 50
    start = time.process_time()
    occurrences(phrase).findall(piece * 20_000)
    assert time.process_time() - start < 0.5


def test_a_headline_is_found_whole() -> None:
    headline = " ".join(f"word{n}" for n in range(49))
    assert occurrences(f"{headline} end").search(f"{headline} other") is None
    assert occurrences(f"{headline} end").search(f"{headline}, end.") is not None


@settings(max_examples=40)  # 10 ms to make a pattern of so many tokens
@given(st.lists(st.sampled_from(["a", "b", "码", "头"]), min_size=1, max_size=80), TEXTS)
def test_a_phrase_of_any_length_begins_where_it_stands(words: list[str], before: str) -> None:
    phrase = " ".join(words)
    starts = [match.start() for match in occurrences(phrase).finditer(f"—{phrase}")]
    assert starts[:1] == [1]
    held = search_form(f"{before} . {phrase}")
    assert occurrences(phrase).search(held) is not None


@given(text=TEXTS, phrase=TEXTS.filter(lambda text: phrases([text])))
def test_gram_patterns_stand_for_phrases_of_tokens(text: str, phrase: str) -> None:
    indexed = f" {grams(text)} "
    held = f" {tokens(phrase)} " in f" {tokens(text)} "
    assert (gram_pattern(phrase) in indexed) == held
    needed, sure = needed_keys(phrase)
    assert needed <= keys(text) or not held
    assert not sure or held == (needed <= keys(text))


def test_a_phrase_of_marks_takes_no_longer_than_others():
    """Thai's vowels are tokens and no letters: were they also what may stand between tokens, this would take years."""
    phrase = "ด" + "้้้้้็็็็็" * 4
    assert occurrences(phrase).search(phrase[:-1] + "ด" + phrase[1:-1]) is None


@given(text=TEXTS, phrase=TEXTS.filter(lambda text: phrases([text])))
def test_occurrences_are_where_phrases_of_tokens_stand(text: str, phrase: str) -> None:
    assume("\u0301" * 4 not in text)
    held, sought = search_form(text), search_form(phrase)
    assert bool(occurrences(sought).search(held)) == (f" {tokens(sought)} " in f" {tokens(held)} ")


@given(TEXTS, TEXTS)
def test_a_text_holds_its_parts(before: str, after: str) -> None:
    assert tokens(f"{before} . {after}") == f"{tokens(before)} {tokens(after)}".strip()


@given(st.text())
def test_tokens_are_their_own_tokens(text: str) -> None:
    assert tokens(tokens(text)) == tokens(text)
