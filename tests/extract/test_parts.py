from newscrawl.extract import hints
from newscrawl.extract.blocks import layout
from newscrawl.extract.parts import inherit
from newscrawl.extract.prose import prose
from newscrawl.extract.tree import parse
from tests.extract.test_body import TEXT


def test_inherited_flags_stop_at_the_headline():
    shown = layout(parse(f"<div class=promo><h1>Bridge</h1>{TEXT}<div class=share><p>Tell a friend, or two.</p></div></div>"))
    flags = inherit(shown, [prose(block) for block in shown.blocks])
    assert not flags[shown.blocks[1].box] & hints.OUTSIDE
    assert flags[shown.blocks[-1].box] & hints.SHARE
