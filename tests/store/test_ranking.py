"""What is relevant."""

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


@given(st.lists(st.text("ab \n", max_size=9), max_size=6))
def test_all_stay_and_what_is_alike_keeps_its_order(texts: list[str]) -> None:
    order = reordered(range(len(texts)), dict(enumerate(texts)), {"a": 1.0})
    assert sorted(order) == list(range(len(texts)))
    for text in texts:
        alike = [n for n in order if texts[n] == text]
        assert alike == sorted(alike)
