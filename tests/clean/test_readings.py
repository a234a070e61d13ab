import pytest

from newscrawl.clean.readings import Syllable, readings, syllable


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("wǎng", ("wang", 3)),
        ("wang3", ("wang", 3)),
        ("WǍNG", ("wang", 3)),
        ("wa\u030cng", ("wang", 3)),
        ("wɑ\u030cnɡ", ("wang", 3)),
        ("nǚ", ("nü", 3)),
        ("nv3", ("nü", 3)),
        ("lüè", ("lüe", 4)),
        ("men", ("men", 0)),
        ("men5", ("men", 0)),
    ],
)
def test_spellings_of_one_syllable_are_the_same(raw, expected):
    assert syllable(raw) == Syllable(*expected)


def test_a_character_has_all_its_readings():
    assert {Syllable("hang", 2), Syllable("xing", 2)} <= readings("行")


def test_a_traditional_character_is_read_as_its_simplified_form_too():
    assert readings("广") <= readings("廣")


def test_what_is_no_character_has_no_readings():
    assert readings("A") == readings("，") == frozenset()
