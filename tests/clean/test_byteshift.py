import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from newscrawl.clean.byteshift import repair
from newscrawl.clean.readings import syllable
from tests.clean.annotator import annotated, is_character

PLAIN = "河边的风景很好我们明天去看大桥和新的学校老师同学都在那里工作生活"


def shifting(first: str, second: str) -> str:
    """The character made of the end of one and the beginning of another."""
    return (first.encode("gbk")[1:] + second.encode("gbk")[:1]).decode("gbk")


# 當 is AE 94, 地 is B5 D8; 94 B5 is 數. The second byte of 東, 區 and 條 is below 0x80: there the bytes meet again.
@pytest.mark.parametrize("text", ["當地社區很熱鬧", "當地東岸", "到了當地社區,當地和山東"])
def test_a_shift_is_realigned_to_where_the_bytes_meet_again(text):
    spoilt = annotated(text, {"數": "shù"})
    assert spoilt != text
    assert repair(spoilt, {("數", syllable("shù"))})[:2] == (text, text.count("當地"))


def test_the_artefact_of_the_generator_looks_like_the_real_one():
    assert shifting("當", "地") == "數"
    assert annotated("當地,", {"數": "shù"}).startswith("當?shù)")


def test_a_shift_behind_an_annotated_character():
    spoilt = annotated("當地東岸", {"數": "shù", "當": "dāng"})
    assert repair(spoilt, ())[0] == "當(dāng)地東岸"


def test_a_shift_that_ends_at_another_annotation():
    spoilt = annotated("當地和大橋通車", {"數": "shù", "橋": "qiáo"})
    known = {("數", syllable("shù")), ("橋", syllable("qiáo"))}
    assert repair(spoilt, known)[0].replace("(qiáo)", "") == "當地和大橋通車"


def test_a_decoder_that_keeps_the_bracket():
    spoilt = annotated("當地社區", {"數": "shù"}).replace("?", "\ufffd(")
    assert repair(spoilt, ())[:2] == ("當地社區", 1)


def test_what_was_lost_with_the_last_half_character_stays_unknown():
    assert repair(annotated("當地,過年", {"數": "shù"}), ())[:2] == ("當?過年", 1)


@pytest.mark.parametrize("text", ["真的嗎?shù)", "當?hello)", "", "?shù)", "為什麼? (因為)", "當?shù)", "abc?shù)地"])
def test_what_no_lost_byte_explains_stays(text):
    assert repair(text, ()) == (text, 0, 0)


@given(st.text(alphabet="?\ufffd()shù當數地丶爸苓 \n1a", max_size=40))
@settings(deadline=None)  # the first example loads the tables
def test_no_input_breaks_it(text):
    repaired, shifts, _ = repair(text, ())
    assert repaired.count("\n") == text.count("\n")
    assert shifts or repaired == text


@given(st.text(alphabet=PLAIN, min_size=1, max_size=12))
@settings(deadline=None)  # the first example loads the tables
def test_any_text_behind_the_torn_character_comes_back(rest):
    text = f"當地{rest}東"
    raw = text.encode("gbk")
    assume(raw.count("數".encode("gbk")) == 1)
    assume(all(is_character(raw[at : at + 2]) for at in range(3, len(raw) - 2, 2)))
    assert repair(annotated(text, {"數": "shù"}), {("數", syllable("shù"))})[:2] == (text, 1)
