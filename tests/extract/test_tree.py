import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.tree import parse

HOSTILE = {
    "nested": "<div>" * 400_000 + "the end",
    "nested and closed": "<div>" * 200_000 + "the middle" + "</div>" * 200_000,
    "lists": "<ul><li>" * 200_000,
    "text": "<p>" + "word " * 2_000_000,
    "table": "<table>" + "<tr><td>7</td><td>8</td></tr>" * 60_000 + "</table>",
    "open fonts": "<p>" + "".join(f"<font c={n}>" for n in range(2000)) + "</p>" + "<p>x" * 5000,
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(60_000)) + ">",
    "attributes with >": "<div " + " ".join(f'a{n}=">"' for n in range(60_000)) + ">",
    "open script": "<script>" * 100_000,
    "open comment": "<!--" * 200_000,
    "NUL": "\0" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_parsed_in_a_second(name):
    start = time.process_time()
    parse(HOSTILE[name])
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("name", "cut"),
    [("nested", "depth"), ("text", "size"), ("attributes", "attributes"), ("attributes with >", "attributes"), ("table", "")],
)
def test_a_cut_page_says_why(name, cut):
    assert parse(HOSTILE[name]).cut == cut


def test_what_stands_before_the_cut_is_kept():
    page = parse("<p>the beginning</p>" + HOSTILE["nested"])
    assert page.tree.css_first("p").text() == "the beginning"


def test_caps_are_the_callers():
    assert parse("<p>one two three</p>", max_chars=10).cut == "size"
    assert parse("<div>" * 1500 + "</div>" * 1500, max_work=1000).cut == "depth"


@pytest.mark.parametrize(
    "taken_out",
    [
        "<script>var a = '<p>no</p>'</script>",
        "<SCRIPT type=module>no</SCRIPT>",
        "<Script>no</script >",
        "<style>p { color: no }</style>",
        "<!-- <p>no</p> -->",
        "<!-->",
    ],
)
def test_scripts_styles_and_comments_are_taken_out(taken_out):
    assert parse(f"<body>before {taken_out}after").tree.body.text() == "before after"


def test_json_ld_is_kept_apart():
    page = parse(
        '<script type="application/ld+json">{"a": 1}</script><script>no()</script><script type=application/LD+JSON>{"b": 2}</script>'
    )
    assert page.json_ld == ('{"a": 1}', '{"b": 2}')


def test_an_unclosed_script_does_not_swallow_what_is_before():
    assert "kept" in parse("<p>kept<script>never closed").tree.body.text()


def test_names_that_begin_like_script_stay():
    assert parse("<p><strike>gone</strike> <scripture>stays</scripture></p>").tree.body.text() == "gone stays"


@given(st.text(alphabet="<>!-/ ='\"sScCrRiIpPtTab\n", max_size=200))
def test_any_markup_parses(markup):
    assert parse(markup).tree is not None
