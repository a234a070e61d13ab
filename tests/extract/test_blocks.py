import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract import hints
from newscrawl.extract.blocks import email, layout, plain
from newscrawl.extract.tree import parse


def read(html, **caps):
    return layout(parse(html), **caps)


def texts(html):
    return [block.text for block in read(html).blocks]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<td>&nbsp;&nbsp;One<br><br>\nTwo<br>Three", ["One", "Two", "Three"]),
        ("<div>One <b>bold</b> <i>word</i><p>Two</p>after</div>", ["One bold word", "Two", "after"]),
        ("<ul><li>One<li>Two<ul><li>Three</ul></ul>", ["One", "Two", "Three"]),
        ("<table><tr><td>One</td><td>Two</td></tr></table>", ["One", "Two"]),
        ("<h2>Head</h2>text<hr>more", ["Head", "text", "more"]),
        ("<pre>One\nTwo\n\nThree</pre>", ["One", "Two", "Three"]),
        ("<p>河东镇的老桥\n  要重修了</p>", ["河东镇的老桥要重修了"]),
        ("<p>the old\n  bridge</p>", ["the old bridge"]),
        ("<p>　　老桥\u200b要重修\u00ad了</p>", ["老桥要重修了"]),
        ("<p>汉<ruby>字<rp>(</rp><rt>zì</rt><rp>)</rp></ruby></p>", ["汉字"]),
        (
            "<p>kept<noscript>no</noscript><select><option>no</select><svg><text>no</text></svg><button>no</button></p><nav>no</nav>",
            ["kept"],
        ),
        ("<p> \n </p><div><span> </span></div>", []),
        ("<?xml version='1.0'?><body><p>kept", ["kept"]),
        ("", []),
    ],
)
def test_blocks_of_a_page(html, blocks):
    assert texts(html) == blocks


def test_a_block_knows_its_element_and_its_links():
    layout = read("<div><h2>Head</h2><p>see <a href=/x>the <b>other</b> page</a> now</p></div>")
    head, paragraph = layout.blocks
    assert (head.tag, head.linked) == ("h2", 0)
    assert (paragraph.tag, paragraph.linked) == ("p", len("the") + len("other") + len("page"))
    assert [box.tag for box in layout.around(paragraph.box)] == ["p", "div", "body"]


def test_boxes_span_their_blocks():
    layout = read("<div id=a><p>1</p><p>2</p></div><div id=b>3</div>")
    spans = {(box.tag, box.depth): (box.first, box.end) for box in layout.boxes}
    assert spans["body", 0] == (0, 3)
    assert spans["div", 1] == (2, 3)
    assert spans["p", 2] == (1, 2)


@pytest.mark.parametrize("attributes", ['style="display: none"', 'style="color:red;DISPLAY:none"', 'style="visibility:hidden"'])
def test_hidden_boxes_are_marked(attributes):
    layout = read(f"<div {attributes}>secret</div>")
    assert layout.boxes[layout.blocks[0].box].hints & hints.HIDDEN


def test_emails_behind_placeholders_are_decoded():
    cipher = "42" + bytes(byte ^ 0x42 for byte in b"desk@example.org").hex()
    html = f'<p>Write to <a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{cipher}">[email&#160;protected]</a>.</p>'
    assert texts(html) == ["Write to desk@example.org."]


@pytest.mark.parametrize("cipher", ["", "4", "zz12", "42"])
def test_what_is_no_cipher_has_no_address(cipher):
    assert email(cipher) == ""


@given(st.emails(), st.integers(0, 255))
def test_emails_survive_the_cipher(address, key):
    assert email(bytes([key, *(byte ^ key for byte in address.encode())]).hex()) == address


def test_marks_are_the_elements_of_time_and_byline():
    layout = read("<p>Text</p><time datetime=2023-05-17>last week</time> <span class=author-name>Jane Doe</span> <span class=big>no</span>")
    moment, author = layout.marks
    assert (moment.value, moment.text, moment.block) == ("2023-05-17", "last week", 1)
    assert author.hints & hints.BYLINE
    assert author.text == "Jane Doe"


def test_pictures_are_taken_from_where_lazy_pages_keep_them():
    layout = read('<p>Text</p><img src="data:image/gif;base64,R0" data-src="/a.jpg" alt=" a  bridge "><img src="data:image/gif;base64,R0">')
    assert [(picture.url, picture.alt, picture.block) for picture in layout.pictures] == [("/a.jpg", "a bridge", 1)]


def test_caps_end_the_walk_and_close_what_is_open():
    cut = read("<div>" + "<p>word</p>" * 100, max_nodes=50)
    assert cut.cut
    assert 0 < len(cut.blocks) < 100
    assert all(box.end >= box.first for box in cut.boxes)
    assert sum(len(block.text) for block in read("<p>" + "word " * 100, max_text=50).blocks) <= 50


def test_deep_nesting_does_not_recurse():
    assert texts("<div>" * 2000 + "deep") == ["deep"]


@given(
    st.recursive(
        st.text("ab <", max_size=5),
        lambda inner: st.tuples(st.sampled_from(["p", "div", "a", "b", "li", "br"]), st.lists(inner, max_size=3)),
    )
)
def test_boxes_always_nest(shape):
    def html(part):
        return part if isinstance(part, str) else f"<{part[0]}>{''.join(map(html, part[1]))}</{part[0]}>"

    layout = read(html(shape))
    for box in layout.boxes:
        around = layout.boxes[box.parent] if box.parent >= 0 else box
        assert around.first <= box.first <= box.end <= around.end
    assert all(0 <= block.linked <= len(block.text) for block in layout.blocks)


@given(st.text())
def test_plain_text_is_one_trimmed_line(text):
    once = plain(text)
    assert once == " ".join(once.split())
    assert plain(once) == once


@pytest.mark.parametrize(
    "spoiler",
    [
        '<span style="display:none">x7#k</span>',
        '<span style="font-size:0px">x7#k</span>',
        '<font class="jammer" style="font-size:10px">x7#k</font>',
        "<rt>qiáo</rt>",
    ],
)
def test_what_is_put_among_words_to_spoil_copies_is_left_out(spoiler):
    assert [block.text for block in layout(parse(f"<p>The old {spoiler}bridge</p>")).blocks] == ["The old bridge"]


def test_marks_keep_apart_what_stands_in_elements_of_its_own():
    (mark,) = layout(parse("<p class=byline><span>Jane Doe</span><span>John  Roe</span></p>")).marks
    assert mark.text == "Jane Doe\nJohn Roe"


@given(st.emails(), st.integers(0, 255))
def test_any_address_comes_back_from_cloudflare(address, key):
    assert email(bytes([key, *(byte ^ key for byte in address.encode())]).hex()) == address


@pytest.mark.parametrize("code", ["", "5", "zz", "00ff"])
def test_a_broken_cloudflare_code_is_no_address(code):
    assert email(code) == ""
