import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.damage import damages

SOUND = {
    "fr": "À l’été, l’œuvre « Ça ira » â bientôt",
    "pt": "AMANHÃ” disse; NÃO, MAÇÃ, Ângela",
    "de": "Brücke, Straße – „Über“",
    "ru": "Россия, С. Петров: «Старый мост»",
    "zh": "老桥要重修了。",
    "vi": "Cầu cũ sẽ được xây lại",
}


@pytest.mark.parametrize("language", SOUND)
def test_sound_texts_raise_no_alarm(language):
    assert damages(SOUND[language]) == ()


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Die Brücke über den Fluß, für alle Bürger", "cp1252"),
        ("It’s “the old bridge”", "cp1252"),
        ("Старый мост перестроят", "latin-1"),
        ("Старый мост перестроят", "cp1251"),
        ("老桥要重修了", "latin-1"),
    ],
)
def test_text_read_in_the_wrong_encoding_is_found(text, read_as):
    garbled = text.encode().decode(read_as, "ignore")
    assert {kind for kind, _ in damages(garbled)} == {"mojibake"}


def test_replacement_characters_are_shown_in_their_surroundings():
    assert damages("Die Br\ufffd\ufffdcke\nist alt") == (("replacement characters", "Die Br\ufffd\ufffdcke ist alt"),)
    assert damages("锟斤拷" + "桥" * 50) == (("mojibake", "锟斤拷" + "桥" * 20),)


def test_a_long_garbled_text_is_told_in_three_places():
    assert len(damages("\ufffd bridge " * 100)) == 3


@given(st.text(alphabet=st.characters(max_codepoint=0x7E)))
def test_ascii_is_sound(text):
    assert damages(text) == ()
