"""Tags to records, in and out of order."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discover.documents import Cut
from newscrawl.discover.markup import Record, attribute, characters, records


def read(text: str, most: int = 100) -> list[Record]:
    return list(records(text, around={"item"}, fields={"title", "link", "date", "body"}, without={"image"}, most=most))


def item(text: str) -> Record:
    first, _ = read(text)
    return first


def titles(text: str) -> list[str]:
    return [one.text for record in read(text) for one in record.all("title")]


def test_items_come_in_order_and_the_rest_behind_them():
    first, second, head = read("<a><title>Paper</title><item><title>One</title></item><item><title>Two</title></item><link>/</link></a>")
    assert [first.text("title"), second.text("title"), head.text("title"), head.text("link")] == ["One", "Two", "Paper", "/"]
    assert [first.name, head.name] == ["item", ""]


def test_no_items_leave_the_head():
    (head,) = read("nothing <b>at</b> all")
    assert head == Record()


@pytest.mark.parametrize(
    "written",
    [
        "Old & new",
        "Old &amp; new",
        "Old &#38; new",
        "Old &#x26; new",
        "<![CDATA[Old & new]]>",
        "Old <![CDATA[&]]> new",
        "\n  Old\t&amp;\r\n new ",
        "Old <!-- and gone > --> & new",
        "<b>Old</b> &amp; <font color=red>new</font>",
        "<div xmlns='http://www.w3.org/1999/xhtml'>Old &amp; new</div>",
        "<?sort key?>Old & new",
        "O\x08ld & ne\x00w",
    ],
)
def test_spellings_of_one_text(written):
    assert item(f"<item><title>{written}</title></item>").text("title") == "Old & new"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&eacute;&nbsp;&hellip;", "é\xa0…"),
        ("a=1&copy=2&lt=3", "a=1&copy=2&lt=3"),
        ("&bridge;", "&bridge;"),
        ("&amp;amp;", "&amp;"),
        ("&#0;&#xd800;&#99999999;", "\ufffd\ufffd\ufffd"),
        ("&;&#;&", "&;&#;&"),
    ],
)
def test_entities_are_resolved_once_and_only_with_their_semicolon(written, meant):
    assert characters(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "<item><title>One</title><link>/1</link></item>",
        "<x:item><x:title>One</x:title><x:link>/1</x:link></x:item>",
        "<ITEM><Title>One</TITLE><LINK>/1</Link></Item>",
        "<item><title>One<link>/1</item>",
        "<item><title>One</wrong><link>/1</b></link>more</item>",
        "<item><image><title>Other</title><link>/2</link></image><title>One</title><link>/1</link></item>",
        "<item><image><image/><title>Other</title></image><title>One</title><link>/1</link></item>",
        "<item><image href='/2'/><title>One</title><link>/1</link></item>",
        "<item><body>five < six <3</body><title>One</title><link>/1</link></item>",
        "<item a='>' b=\"a > b\"><title c='>'>One</title><link>/1</link></item>",
        "<item a='><title b=\">One</title><link>/1</link></item>",
        "<item><title>One</title<link>/1</link</item>",
        "<item><date/><title>One</title><link>/1</link></item>",
        "<item><unknown><deeper><title>One</title></deeper><link>/1</link></item>",
    ],
)
def test_spellings_of_one_item(text):
    found = item(f"<list>{text}</list>")
    assert (found.text("title"), found.text("link")) == ("One", "/1")


def test_the_next_item_ends_the_one_that_was_left_open():
    assert titles("<item><title>One</title><image><item><title>Two<item><title>Three</title></item>") == ["One", "Two", "Three"]


def test_fields_without_a_prefix_come_first():
    found = item("<item><m:title>Caption</m:title><title/><title>Headline</title></item>")
    assert found.text("title") == "Headline"
    assert [one.prefix for one in found.all("title")] == ["", "", "m"]
    assert item("<item><m:title>Caption</m:title></item>").text("title") == "Caption"


def test_names_are_asked_for_in_order():
    found = item("<item><date>Monday</date><link/><body>Text</body></item>")
    assert found.text("link", "body", "date") == "Text"
    assert found.text("title") == ""


@pytest.mark.parametrize("end", ["", "<", "</", "<b", "<b>", "&am", "<![CDATA[ bri", "<!-- bri"])
def test_a_text_that_the_document_ends_in_is_not_whole(end):
    *_, last, head = read(f"<item><title>One</title></item><item><link>/2</link><title>The old{end}")
    assert (last.text("link"), last.text("title"), last.cut, head.cut) == ("/2", "", Cut.TORN, Cut.TORN)


@pytest.mark.parametrize("end", ["</title", "</title>", "</titl", "<link"])
def test_a_text_that_a_tag_ends_is_whole(end):
    last, _ = read(f"<item><title>The old bridge{end}")
    assert (last.text("title"), last.cut) == ("The old bridge", Cut.TORN)


def test_no_more_than_asked_for():
    text = "<title>Paper</title>" + "<item><title>One</title></item>" * 3
    assert [record.cut for record in read(text, most=3)] == [Cut.NO] * 4
    assert [record.cut for record in read(text, most=2)] == [Cut.NO, Cut.NO, Cut.COUNT]
    assert read(text, most=2)[-1].text("title") == "Paper"


def test_a_record_keeps_a_bounded_part_of_what_a_hostile_page_puts_into_it():
    assert len(item(f"<item>{'<title>One</title>' * 1000}</item>").elements) == 100
    assert len(item(f"<item><title>{'long<b>' * 100_000}</title></item>").text("title")) <= 10_000


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        (' href="/a?x=1&amp;y=2"', "/a?x=1&y=2"),
        (" rel=self HREF = '/a' /", "/a"),
        (" href=/a", "/a"),
        (' href="" href="/b"', ""),
        (' xml:href="/b"', ""),
        ("href", ""),
        ("", ""),
        (" href=' /a\n'", "/a"),
    ],
)
def test_attributes(markup, value):
    assert attribute(markup, "href") == value


PIECES = """<item> </item> <title> </title> <link <image> <![CDATA[ ]]> <!-- --> <? &amp; a=' " x < >""".split()


@pytest.mark.parametrize("piece", [*PIECES, "<a ", "<a:", "a", "&a", "<!DOCTYPE a [", "<a x='\"", "<item/>", "<item><link>"])
def test_no_document_takes_more_than_linear_time(piece):
    def seconds(size: int) -> float:
        text = "<item><title>" + piece * (size // len(piece))
        start = time.process_time()
        read(text)
        return time.process_time() - start

    assert seconds(800_000) < 0.1 + 16 * seconds(100_000)  # 64 times, if it were quadratic


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join))
def test_no_text_makes_it_raise_and_the_head_is_last(text):
    *items, head = read(text, most=3)
    assert head.name == ""
    assert all(record.name == "item" for record in items)
    assert len(items) <= 3


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="&<"), min_size=1)


@given(st.lists(WORDS))
def test_texts_come_back_as_they_were_written(texts):
    assert titles("".join(f"<item><title>{text}</title></item>" for text in texts)) == texts
