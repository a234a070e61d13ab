import pytest
from pypinyin import Style, pinyin

from newscrawl.demo.vocabulary import vocabulary


@pytest.mark.parametrize("slug", ["luting", "pellbrook"])
def test_a_portal_has_sections_and_the_usual_texts(slug):
    words = vocabulary(slug)
    assert len(words.sections) >= 4
    assert len(words.texts) == 4
    assert words.section(words.sections[0].path) is words.sections[0]
    assert words.section("weather") is None


def test_readings_are_real_ones():
    for character, reading in vocabulary("luting").readings.items():
        assert reading in pinyin(character, style=Style.TONE, heteronym=True)[0], character
