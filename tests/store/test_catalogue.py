"""What is kept of phrases, and when it is not."""

import numpy as np
import pytest

from newscrawl.store import catalogue
from newscrawl.store.catalogue import Catalogue, is_vain, needed
from newscrawl.store.conditions import All, Holds, Not, Some
from newscrawl.store.protocol import Order, Search
from tests.store.test_columns import told

FERRY, PORT = Holds("ferry"), Holds("port")


def numbers(*each: int) -> np.ndarray:
    return np.array(each, np.int64)


def test_what_was_kept_is_forgotten_with_a_change() -> None:
    kept = Catalogue()
    kept.take([told(0)])
    kept.keep(FERRY, numbers(0), kept.changes)
    kept.take([])
    assert kept.known(FERRY).tolist() == [0]
    kept.take([told(1)])
    assert kept.known(FERRY) is None
    kept.keep(FERRY, numbers(0), kept.changes)
    kept.take([], [1])
    assert kept.known(FERRY) is None


def test_an_answer_that_a_change_has_overtaken_is_not_kept() -> None:
    kept = Catalogue()
    asked = kept.changes
    kept.take([told(0)])
    kept.keep(FERRY, numbers(), asked)
    assert kept.known(FERRY) is None


def test_what_was_not_asked_for_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_MOST_KEPT", 3_000)
    kept = Catalogue()
    for word in "abcd":
        kept.keep(Holds(word), numbers(1), 0)
        kept.known(Holds("a"))
    assert [word for word in "abcd" if kept.known(Holds(word)) is not None] == ["a", "d"]
    kept.keep(Holds("long"), np.arange(1000), 0)
    assert [word for word in ("a", "d", "long") if kept.known(Holds(word)) is not None] == ["long"]


def test_phrases_are_needed_once_and_titles_only_for_relevance() -> None:
    conditions = (Some((FERRY, Not(All((PORT, Holds("！")))))), Holds("x", title=True))
    assert needed(Search(words=("ferry", "!"), conditions=conditions)) == [FERRY, PORT, Holds("x", title=True)]
    wanted = needed(Search(words=("ferry",), conditions=(Not(PORT),), order=Order.RELEVANCE))
    assert wanted == [FERRY, PORT, Holds("ferry", title=True)]


def test_a_word_that_nobody_holds_makes_all_else_vain() -> None:
    query = Search(words=("ferry", "port"), conditions=(Some((Holds("x"),)),))
    assert not is_vain(query, {FERRY: numbers(1)})
    assert is_vain(query, {FERRY: numbers(1), PORT: numbers()})
    assert not is_vain(query, {FERRY: numbers(1), Holds("x"): numbers()})
