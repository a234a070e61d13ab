import pytest

from newscrawl.extract.blocks import layout
from newscrawl.extract.parts import inherit
from newscrawl.extract.prose import prose
from newscrawl.extract.rules import richest
from newscrawl.extract.tree import parse
from tests.extract.test_body import COMMENT, PARAGRAPHS, TEASER, TEXT


def chosen(html, headline=-1):
    shown = layout(parse(html))
    values = [prose(block) for block in shown.blocks]
    return [shown.blocks[index].text for index in richest(shown, values, inherit(shown, values, headline), headline)]


@pytest.mark.parametrize(
    "html",
    [
        f"<div class=post>{TEXT}</div>",
        f"<ul><li><a href=/a>City news and weather</a><li><a href=/b>Sport and results</a></ul><div>{TEXT}</div><div>{TEASER * 5}</div>",
        f"<div>{TEXT}<div class=related>{TEASER * 3}</div></div>",
        f"<div>{TEXT}<div class=comments>{COMMENT * 40}</div></div>",
    ],
)
def test_the_box_that_is_worth_most(html):
    assert chosen(f"<body>{html}</body>") == list(PARAGRAPHS)


def test_text_in_a_strange_place_is_better_than_none():
    assert chosen(f"<footer>{TEXT}</footer>") == list(PARAGRAPHS)


def test_nothing_is_chosen_where_nothing_reads_like_an_article():
    assert chosen("<ul><li><a href=/a>One headline of today</a><li><a href=/b>Another headline</a></ul>") == []


def test_what_stands_above_the_headline_is_left_out():
    assert chosen(f"<div><p>Today in the paper: rivers, bridges, and more.</p><h1>A bridge is rebuilt</h1>{TEXT}</div>", 1) == list(
        PARAGRAPHS
    )
