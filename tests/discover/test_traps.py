"""Patterns that yield nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discover.traps import Novelty, pattern, repeats_itself

HOST = "https://gazette.example"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/calendar?month=5&year=2026", "/calendar?month=12&year=2041"),
        ("/2026/05/01/", "/2019/12/31/"),
        ("/s/3f2a9c0d1e/view", "/s/00ffab12cd34ef56/view"),
        ("/s?token=deadbeef01", "/s?token=0123456789abcdef"),
        ("/i/6ba7b810-9dad-11d1-80b4-00c04fd430c8", "/i/00112233-4455-6677-8899-aabbccddeeff"),
    ],
)
def test_generated_addresses_share_a_pattern(one, other):
    assert pattern(HOST + one) == pattern(HOST + other)


@pytest.mark.parametrize(
    ("one", "other"), [("/fire", "/flood"), ("/a/1", "/b/1"), ("/effaced", "/facade"), ("/?a=1", "/?b=1"), ("/1", "/1/2")]
)
def test_written_addresses_do_not(one, other):
    assert pattern(HOST + one) != pattern(HOST + other)


def test_the_scheme_is_no_part_of_a_pattern():
    assert pattern("http://gazette.example/1") == pattern("https://gazette.example/2")


@given(st.text("0123456789abcdef/-_.?&=é", max_size=40))
def test_a_pattern_is_its_own_pattern(path):
    once = pattern(f"{HOST}/{path}")
    assert pattern(f"https://{once}") == once


@pytest.mark.parametrize(
    ("path", "loops"),
    [("/a/b/a/c/a", True), ("/en/en/en/", True), ("/a/b/a/b", False), ("/", False), ("/a?x=/b/b/b", False), ("//a//", False)],
)
def test_paths_that_loop(path, loops):
    assert repeats_itself(HOST + path) is loops


def test_a_host_is_no_segment():
    assert not repeats_itself("https://a/a/a")


def test_a_pattern_is_left_after_as_many_barren_pages_as_patience_allows():
    novelty = Novelty(patience=3)
    for day in range(3):
        assert not novelty.exhausted(f"{HOST}/calendar/{day}")
        novelty.record(f"{HOST}/calendar/{day}", fruitful=False)
    assert novelty.exhausted(f"{HOST}/calendar/77")
    assert not novelty.exhausted(f"{HOST}/news/77")


def test_one_fruitful_page_frees_its_pattern_for_good():
    novelty = Novelty(patience=2)
    for fruitful in (False, True, False, False, False):
        novelty.record(f"{HOST}/news/1", fruitful=fruitful)
    assert not novelty.exhausted(f"{HOST}/news/2")


def test_a_pattern_that_was_left_comes_back_with_a_fruitful_page():
    novelty = Novelty(patience=1)
    novelty.record(f"{HOST}/news/1", fruitful=False)
    assert novelty.exhausted(f"{HOST}/news/2")
    novelty.record(f"{HOST}/news/3", fruitful=True)
    assert not novelty.exhausted(f"{HOST}/news/2")


def test_asking_leaves_no_trace():
    novelty = Novelty()
    novelty.exhausted(f"{HOST}/never-read")
    assert novelty == Novelty()
