"""What is relevant."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.store.ranking import rarities, reordered


def test_rare_phrases_are_worth_more() -> None:
    few, many, everybody = rarities([1, 50, 100], 100)
    assert few > many > everybody > 0


def test_often_rare_in_the_title_and_short_come_first() -> None:
    worth = {"ferry": 1.0, "harbour": 3.0}
    texts = {
        1: "plain\nferry " + "x " * 50,
        2: "plain\nferry ferry ferry " + "x " * 50,
        3: "plain\nharbour " + "x " * 50,
        4: "harbour\n" + "x " * 51,
        5: "plain\nferry " + "x " * 500,
        6: "plain\nferryman",
    }
    assert reordered([1, 2, 3, 4, 5, 6, 7], texts, worth) == [4, 3, 2, 1, 5, 6, 7]


def test_a_text_is_read_as_far_as_it_tells_what_it_is_about() -> None:
    late = {1: "plain\n" + "x " * 50_000 + "ferry " * 50, 2: "plain\nferry " + "x " * 50_000}
    assert reordered([1, 2], late, {"ferry": 1.0}) == [2, 1]


def test_the_rarest_of_many_phrases_count() -> None:
    common = {f"common{n}": 0.1 for n in range(60)}
    texts = {1: "plain\n" + " ".join(common), 2: "plain\nferry", 3: "plain"}
    assert reordered([3, 1, 2], texts, {**common, "ferry": 3.0}) == [2, 1, 3]
    assert reordered([3, 2], texts, {**common, "ferry": 0.01}) == [3, 2]


HOSTILE = [("same", ["same " * 398 + "other"]), ("same", ["same " * 9 + f"other{n}" for n in range(30)]), ("同", ["同" * 400 + "x"])]


@pytest.mark.parametrize(("word", "wanted"), HOSTILE, ids=["one phrase", "thirty phrases", "Chinese"])
def test_long_phrases_over_long_texts_are_counted_in_time(word: str, wanted: list[str]) -> None:
    texts = dict.fromkeys(range(200), "title\n" + f"{word} " * 40_000)
    begun = time.process_time()
    reordered(range(200), texts, dict.fromkeys(wanted, 1.0))
    assert time.process_time() - begun < 6  # mostly 1 s; without bounds it is minutes


@given(st.lists(st.text("ab \n", max_size=9), max_size=6))
def test_all_stay_and_what_is_alike_keeps_its_order(texts: list[str]) -> None:
    order = reordered(range(len(texts)), dict(enumerate(texts)), {"a": 1.0})
    assert sorted(order) == list(range(len(texts)))
    for text in texts:
        alike = [n for n in order if texts[n] == text]
        assert alike == sorted(alike)
