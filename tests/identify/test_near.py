import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.identify.near import KEYS, SHORTEST, fingerprint, overlap

WORDS = [
    f"{first}{second}" for first in ("ba", "ke", "lo", "mi", "nu", "pra", "sto") for second in ("ven", "wol", "zar", "chi", "del", "fro")
]
HAN = [chr(0x4E00 + 13 * number) for number in range(800)]


def words(many: int, seed: int = 1) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=many))


def han(many: int, seed: int = 1) -> str:
    return "".join(random.Random(seed).choices(HAN, k=many))


def test_words_are_taken_by_threes_and_characters_by_fives():
    assert len(fingerprint("one two three four five").grams) == 3
    assert len(fingerprint("天气预报今天晴").grams) == 3
    assert len(fingerprint("天気予報は晴れ").grams) == 3


@pytest.mark.parametrize("text", ["", "!", "one", "one two", "天气", "👩‍👩‍👧", "\ud800", "𠮷野家"])
def test_what_is_too_short_has_no_grams_and_no_keys(text):
    found = fingerprint(text)
    assert (len(found.grams), found.keys) == (0, ())


def test_punctuation_and_room_make_no_difference():
    plain = fingerprint("one two three four five")
    assert np.array_equal(plain.grams, fingerprint("“one” — two,\nthree: four (five)!").grams)
    assert np.array_equal(fingerprint("天气预报今天晴").grams, fingerprint("天气预报，\n今天晴。").grams)


def test_where_words_end_makes_a_difference():
    assert not set(fingerprint("ab cd ef").grams) & set(fingerprint("abc d ef").grams)


def test_marks_are_part_of_their_words():
    assert len(fingerprint("हिन्दी में समाचार").grams) == 1
    assert len(fingerprint("خَبَرٌ عَاجِلٌ اليَوْمَ").grams) == 1


def test_a_foreign_name_does_not_change_how_a_text_is_taken():
    latin, chinese = words(60), han(60)
    assert len(fingerprint(f"{latin} 杭州").grams) == len(fingerprint(latin).grams) + 1
    assert len(fingerprint(f"{chinese} ok").grams) == len(fingerprint(chinese).grams) + 2


def test_keys_are_the_same_in_every_process():
    assert fingerprint(" ".join(f"word{number}" for number in range(40))).keys[:3] == PINNED


PINNED = (1085456549120848196, 1280454922016966588, 1480375922276042223)


def test_keys_are_few_sorted_and_of_64_bits():
    keys = fingerprint(words(400)).keys
    assert len(set(keys)) == KEYS
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert sorted(key % 2**64 for key in keys) == [key % 2**64 for key in keys]
    assert len(fingerprint(words(SHORTEST + 2)).keys) == SHORTEST
    assert fingerprint(words(SHORTEST + 1)).keys == ()


@given(st.text())
def test_any_text_has_a_fingerprint(text):
    found = fingerprint(text)
    assert len(found.unique) <= len(found.grams) <= len(text)


@given(st.text(), st.text())
def test_overlap_has_two_sides(a, b):
    there, back = overlap(fingerprint(a), fingerprint(b)), overlap(fingerprint(b), fingerprint(a))
    assert (there.of_a, there.lead_a, there.numbers, there.slots) == (back.of_b, back.lead_b, back.numbers, back.slots)


@pytest.mark.parametrize("made", [words, han])
def test_what_stands_in_both_is_measured_on_each(made):
    whole, half = made(200), made(100)
    joint = " " if made is words else ""
    found = overlap(fingerprint(whole), fingerprint(joint.join((half, made(100, seed=2)))))
    assert found.of_a == pytest.approx(0.5, abs=0.03)
    assert found.of_b == pytest.approx(0.5, abs=0.03)
    assert (found.lead_a, found.lead_b) == (1, 1)


def test_of_an_excerpt_all_stands_in_the_whole():
    found = overlap(fingerprint(words(200)), fingerprint(words(80)))
    assert (found.of_b, found.containment, found.lead_of_longer) == (1, 1, 1)
    assert found.of_a == pytest.approx(0.4, abs=0.02)


def test_what_is_put_before_is_seen_in_the_lead():
    found = overlap(fingerprint(words(100)), fingerprint(f"{words(100, seed=3)} {words(100)}"))
    assert (found.of_a, found.lead_a) == (1, 1)
    assert found.lead_b == pytest.approx(0, abs=0.05)


def test_strangers_have_nothing_in_common():
    found = overlap(fingerprint(words(200)), fingerprint(han(200)))
    assert (found.containment, found.lead_a, found.lead_b) == (0, 0, 0)


FORM = "the sun rises at {} and sets at {} with a highest temperature of {} degrees and {} mm of rain from the county station"


def test_a_form_filled_in_twice_is_alike_but_for_its_numbers():
    one, other = (fingerprint(f"{FORM.format(*numbers)} {words(20)}") for numbers in ((5, 20, 31, 8), (6, 21, 28, 0)))
    found = overlap(one, other)
    assert found.numbers == 0
    assert found.slots > 0.15
    assert overlap(one, one).slots == 0


def test_two_numbers_say_nothing():
    one, other = (fingerprint(f"{words(30)} {number} and {number + 1}") for number in (3, 7))
    assert overlap(one, other).numbers == 1
