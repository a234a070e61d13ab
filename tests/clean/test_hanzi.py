import pytest

from newscrawl.clean.hanzi import has_han, simplified


@pytest.mark.parametrize("text", ["橋", "a桥", "\U00020000", "\uf92c", "〇"])
def test_chinese_characters_are_seen(text):
    assert has_han(text)


@pytest.mark.parametrize("text", ["", "bridge", "мост", "はし", "다리", "，。"])
def test_nothing_else_is(text):
    assert not has_han(text)


def test_simplified_goes_by_words_and_keeps_the_words():
    assert simplified("乾隆年間的乾糧和滑鼠") == "乾隆年间的干粮和滑鼠"


def test_text_without_chinese_is_left_alone():
    assert simplified("Brücke über den Fluß") == "Brücke über den Fluß"
