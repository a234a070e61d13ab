from hypothesis import given
from hypothesis import strategies as st

from newscrawl.demo.annotations import annotated, hidden_address

READINGS = {"數": "shù", "書": "shū", "島": "dǎo"}


def test_every_listed_character_gets_its_reading():
    assert annotated("島上的書，書上的字", READINGS) == "島(dǎo)上的書(shū)，書(shū)上的字"


def test_two_bytes_that_look_like_a_character_shift_the_rest():
    # 輸 is DD94 and 到 is B5BD: between them lies 94B5, which is 數
    assert annotated("運輸到島上", READINGS) == "運輸?shù)綅u(dǎo)上"


def test_a_byte_left_over_at_the_end_is_a_question_mark():
    assert annotated("運輸到", READINGS) == "運輸?shù)?"


@given(st.text(st.sampled_from("山水風雨 abc，。"), max_size=40))
def test_other_text_stays_as_it_is(text):
    assert annotated(text, READINGS) == text


@given(st.emails(), st.integers(0, 255))
def test_a_hidden_address_can_be_read_with_its_key(address, key):
    first, *rest = bytes.fromhex(hidden_address(address, key))
    assert first == key
    assert bytes(byte ^ key for byte in rest).decode() == address
