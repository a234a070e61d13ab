import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.blocks import Block, Box, Layout, layout
from newscrawl.extract.containers import containers
from newscrawl.extract.features import features
from newscrawl.extract.prose import prose
from newscrawl.extract.tree import parse

PAGE = """<ul class=menu><li><a href=/>Home</a><li><a href=/s>Sport</a></ul>
<div class=story><h1>Rain at last</h1><p>Rain fell, at last; 12 mm of it.</p><p>昨天下雨了。</p></div>
<table><tr><td>Mill<td>12</tr><tr><td>Quay<td>9</tr></table>"""


def seen(html, headline=-1, title=""):
    shown = layout(parse(html))
    return shown, features(shown, [prose(block) for block in shown.blocks], [], containers(shown), headline=headline, title=title)


def column(page, name):
    return page.values[:, page.names.index(name)]


def test_one_row_a_block_and_one_name_a_column():
    shown, page = seen(PAGE)
    assert page.values.shape == (len(shown.blocks), len(page.names))
    assert page.values.dtype == np.float32
    assert len(set(page.names)) == len(page.names)


def test_what_a_text_is_made_of():
    _, page = seen("<p>Ab, c. 12</p><p>桥，河。</p>")
    assert column(page, "digit share") == pytest.approx([2 / 9, 0])
    assert column(page, "wide share") == pytest.approx([0, 0.5])
    assert column(page, "first upper").tolist() == [1, 0]
    assert column(page, "last digit").tolist() == [1, 0]
    assert column(page, "last stop").tolist() == [0, 1]
    assert page.words.tolist() == [3, 3]  # spaces and wide characters, and one more


def test_what_names_and_links_tell():
    _, page = seen(PAGE)
    assert column(page, "linked share").tolist()[:3] == [1, 1, 0]
    assert column(page, "in navigation").tolist()[:3] == [1, 1, 0]
    assert column(page, "tag li").tolist()[:3] == [1, 1, 0]
    assert column(page, "in body").tolist()[3:5] == [1, 1]


def test_the_headline_and_lines_that_say_the_same():
    _, page = seen(PAGE + "<p>RAIN AT LAST!</p>", headline=2, title="Rain at last")
    assert column(page, "title line").nonzero()[0].tolist() == [2, len(page.values) - 1]
    assert column(page, "behind headline").tolist()[:4] == [0, 0, 0, 1]
    assert column(seen(PAGE)[1], "has headline").tolist()[0] == 0


def test_containers_and_sections():
    shown, page = seen(PAGE)
    of = {block.text: (page.container[index], page.section[index]) for index, block in enumerate(shown.blocks)}
    assert of["Home"][0] == of["Sport"][0] != of["Rain at last"][0]
    assert of["Mill"][0] == of["12"][0] != of["Quay"][0]
    assert of["Mill"][1] == of["Quay"][1]


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=8))
def test_any_text_has_finite_features(texts):
    boxes = [Box("body", -1, 0, 0, 0, len(texts))]
    shown = Layout([Block(text, "body", 0, len(text) // 2) for text in texts], boxes)
    page = features(shown, [prose(block) for block in shown.blocks], [], containers(shown), headline=0, title=texts[0])
    assert np.isfinite(page.values).all()
    assert (page.words > 0).all()
