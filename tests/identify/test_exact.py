"""Ids and hashes: equal for the same thing, different for others, the same in every process."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newscrawl.identify.exact import article_id, capture_id, content_hash, target_id

URLS = st.builds("https://gazette.example/{}?{}".format, st.text("abc/", max_size=5), st.text("ab=&", max_size=5))


def test_ids_never_change():
    """Stores hold them: another value orphans every article that was ever stored."""
    assert target_id("gazette", "https://gazette.example/a?b=2&a=1") == "77754757f82300158ae945e7"
    assert article_id("gazette", "https://gazette.example/a?b=2&a=1") == "3563e188568bef46951ca173"
    assert capture_id("00ff", 1_785_564_000_123) == "5b1afc2ca9ff822804109f7e"
    assert content_hash("桥 opens", "After ten years.") == "a3fac60e1b567945ef813aeb"


@given(URLS)
def test_an_id_does_not_tell_http_from_https(url):
    plain = url.replace("https", "http")
    assert target_id("s", url) == target_id("s", plain)
    assert article_id("s", url) == article_id("s", plain)


@given(URLS)
def test_one_address_has_different_ids_as_target_article_and_on_another_site(url):
    assert len({target_id("s", url), article_id("s", url), target_id("t", url), article_id("t", url)}) == 4


@pytest.mark.parametrize("make", [target_id, article_id])
def test_ids_are_24_hexadecimal_digits_of_any_text(make):
    made = make("gazette", "https://gazette.example/\ud800新")
    assert len(made) == 24
    assert int(made, 16)


def test_captures_of_a_target_differ_by_the_millisecond():
    assert len({capture_id("t", 1), capture_id("t", 2), capture_id("u", 1)}) == 3


@given(st.text(), st.text(min_size=1), st.sampled_from([" ", "\n", "　", "—", "_", "…", "“", "!", "\u200b"]), st.data())
def test_spaces_and_punctuation_do_not_count(title, text, mark, data):
    at = data.draw(st.integers(0, len(text)))
    assert content_hash(title, text[:at] + mark + text[at:]) == content_hash(title, text)
    assert content_hash(mark + title, text) == content_hash(title, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Fire", "It burns."), ("Flood", "It burns.")),
        (("Fire", "It burns."), ("Fire", "It burned.")),
        (("Fire", "Rows 1 2"), ("Fire", "Rows 1 3")),
        (("", "ab"), ("a", "b")),
    ],
)
def test_other_titles_and_texts_have_other_hashes(one, other):
    assert content_hash(*one) != content_hash(*other)


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "— * _ —"])
def test_a_text_without_a_letter_is_no_text(text):
    assert content_hash("Pictures of the day", text) == ""


@given(st.text(max_size=20), st.text(max_size=20))
def test_equal_hashes_mean_equal_letters(one, other):
    letters = ["".join(filter(str.isalnum, text)) for text in (one, other)]
    assume(all(letters))
    assert (content_hash("t", one) == content_hash("t", other)) == (letters[0] == letters[1])
