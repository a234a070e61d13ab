from newscrawl.extract.blocks import Block
from newscrawl.extract.prose import prose
from newscrawl.extract.rules import outside
from tests.extract.test_body import CHINESE, PARAGRAPHS


def test_worth_grows_with_prose_and_falls_with_links():
    text = PARAGRAPHS[0]
    plain, linked, all_link = (prose(Block(text, "p", 0, links)) for links in (0, 30, len(text)))
    assert plain > linked > 0 > all_link
    assert plain > prose(Block(text, "div", 0, 0)) > prose(Block(text, "li", 0, 0)) > 0
    assert prose(Block("Three short words", "p", 0, 0)) < 0
    assert prose(Block(CHINESE[1], "p", 0, 0)) > len(CHINESE[1])
    assert outside(Block(text, "p", 0, 0)) < 0
