import pytest

from newscrawl.demo.templates import clipped, filled, link, listed, paragraphs


def test_a_template_without_all_its_values_is_an_error():
    with pytest.raises(KeyError, match="title"):
        filled("pellbrook/briefs.html", wait="")


def test_texts_and_addresses_are_escaped():
    assert link("/?a=1&b=2", "Fish & <chips>", ' rel="next"') == '<a href="/?a=1&amp;b=2" rel="next">Fish &amp; &lt;chips&gt;</a>'
    assert paragraphs(["1 < 2", "“so”"], "　") == "<p>　1 &lt; 2</p>\n<p>　“so”</p>"


def test_lists_take_html_as_it_is():
    assert listed(["<b>one</b>", "two"]) == "<li><b>one</b></li>\n<li>two</li>"


@pytest.mark.parametrize(("text", "shown"), [("abc", "abc"), ("abcd", "abc…")])
def test_only_long_headlines_are_cut(text, shown):
    assert clipped(text, 3, "…") == shown
