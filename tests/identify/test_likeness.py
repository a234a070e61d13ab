from dataclasses import replace

import pytest

from newscrawl.identify.likeness import COPY, likeness, link, weight
from newscrawl.identify.near import Overlap, fingerprint
from newscrawl.reprints import Likeness, Link
from tests.identify.test_near import FORM, words

COPIED = Overlap(of_a=0.9, of_b=0.6, lead_a=0.8, lead_b=0.7, numbers=1.0, grams=300, slots=0.0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Likeness.REPRINT),
        ({"of_a": 0.19, "of_b": 0.1}, Likeness.NONE),
        ({"slots": 0.1}, Likeness.TEMPLATE),
        ({"lead_a": 0.0, "lead_b": 0.2, "of_a": 0.7}, Likeness.TEMPLATE),
        ({"lead_a": 0.0, "of_a": 0.7}, Likeness.QUOTE),
        ({"lead_a": 0.0, "of_a": 0.85}, Likeness.REPRINT),
        ({"of_b": 0.3, "lead_b": 0.1}, Likeness.PASSAGE),
        ({"of_b": 0.3, "lead_b": 0.8}, Likeness.REPRINT),
        ({"of_b": 0.2, "lead_b": 0.8}, Likeness.REPRINT),
        ({"of_b": 0.2, "lead_b": 0.8, "of_a": 0.6}, Likeness.PASSAGE),
        ({"grams": 40, "of_a": 0.6}, Likeness.TEMPLATE),
        ({"grams": 40, "of_a": 0.75}, Likeness.REPRINT),
        ({"grams": 40, "of_a": 0.75, "numbers": 0.5}, Likeness.TEMPLATE),
    ],
)
def test_what_two_texts_are_to_each_other(change, expected):
    assert likeness(replace(COPIED, **change)) is expected


def test_a_site_reprints_only_what_is_nearly_the_same():
    assert likeness(replace(COPIED, of_a=0.8), same_site=True) is Likeness.TEMPLATE
    assert likeness(replace(COPIED, of_a=0.95), same_site=True) is Likeness.REPRINT


def side(name, text, site=""):
    return name, site, fingerprint(text)


def test_a_link_names_the_smaller_id_first():
    long, short = side("b", words(100)), side("a", words(80))
    assert link(long, short) == link(short, long) == Link("a", "b", 1.0, pytest.approx(0.8, abs=0.02), Likeness.REPRINT)


def test_links_to_forms_and_strangers_have_no_weight():
    one, other = (FORM.format(*numbers) for numbers in ((5, 20, 31, 8), (6, 21, 28, 0)))
    assert link(side("a", one), side("b", other)).kind is Likeness.TEMPLATE
    assert link(side("a", words(100)), side("b", words(100, seed=2))).kind is Likeness.NONE


def test_sites_that_are_not_known_are_not_the_same():
    pair = words(100), f"{words(80)} {words(30, seed=2)}"
    assert link(side("a", pair[0]), side("b", pair[1])).kind is Likeness.REPRINT
    assert link(side("a", pair[0], "herald"), side("b", pair[1], "herald")).kind is Likeness.TEMPLATE


def test_only_a_reprint_or_most_of_it_is_reason_enough():
    assert weight(Link("a", "b", 0.5, 0.4, Likeness.REPRINT)) >= COPY
    assert weight(Link("a", "b", 0.6, 0.5, Likeness.QUOTE)) < COPY
    assert weight(Link("a", "b", 1.0, 0.3, Likeness.PASSAGE)) < COPY
    assert weight(Link("a", "b", 1.0, 0.4, Likeness.PASSAGE)) >= COPY
    assert weight(Link("a", "b", 1.0, 1.0, Likeness.TEMPLATE)) == 0
