"""The links of a page, as portals and hostile pages write them."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newscrawl.clean.urls import canonical
from newscrawl.discover.links import NEXT_WORDS, Link, Links, find_links, in_site

FRONT = "https://gazette.example/"
PAGE = "https://gazette.example/news/today.html"


def links(html: str, url: str = PAGE) -> Links:
    """What is found, without the places: these pages have but one."""
    found = find_links(LexborHTMLParser(html), url)
    return replace(found, links=tuple(replace(link, place="") for link in found.links))


def link(html: str) -> Link:
    (only,) = links(html).links
    return only


def placeless(html: str) -> tuple[Link, ...]:
    """The links, wherever they stand."""
    return tuple(replace(one, place="") for one in links(html).links)


def urls(html: str, url: str = PAGE) -> list[str]:
    return [found.url.removeprefix(FRONT) for found in links(html, url).links]


def test_links_come_in_page_order_with_their_text_on_one_line():
    found = placeless(
        '<a href=b.html>Bridge\n  <b>opens</b> </a> <a href="/a?utm_source=front" title="Airport closed for fog">Airport …</a>'
    )
    assert found == (
        Link(FRONT + "news/b.html", "Bridge opens"),
        Link(FRONT + "a", "Airport …", title="Airport closed for fog"),
    )


def test_base_href_moves_relative_links():
    assert urls('<base href="/archive/2026/"><a href=a.html>A story</a>') == ["archive/2026/a.html"]


@pytest.mark.parametrize("base", ["", "mailto:x", "http://[", "data:text/html,"])
def test_a_base_that_leads_nowhere_is_passed_over(base):
    assert urls(f'<base href="{base}"><a href=a.html>A story</a>') == ["news/a.html"]


def test_only_the_first_base_counts():
    assert urls('<base href="/one/"><base href="/two/"><a href=a>A story</a>') == ["one/a"]


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#",
        "#comments",
        " #comments",
        "today.html",
        "?",
        "./today.html#x",
        "mailto:a@b.example",
        "javascript:go()",
        "tel:110",
        "data:,x",
        "file:///etc/hostname",
        "http://",
        "http://[",
        "https://a b/",
        "photo.JPG",
        "/a.pdf?page=2",
        "feed.mp3#t=3",
    ],
)
def test_what_is_no_link_to_another_page(href):
    assert urls(f'<a href="{href}">Some words</a>') == []


@pytest.mark.parametrize("href", ["a.jpg.html", "a?file=b.pdf", "/pdf", "/a.phtml", "/a.asp", "/story.docs/"])
def test_what_only_looks_like_an_asset(href):
    assert len(urls(f'<a href="{href}">Some words</a>')) == 1


@pytest.mark.parametrize("rel", ["nofollow", "NoFollow", "noopener nofollow", "nofollow\nugc"])
def test_nofollow_is_obeyed(rel):
    assert urls(f'<a rel="{rel}" href=/a>A story</a>') == []


def test_a_link_that_is_followed_elsewhere_on_the_page_is_followed():
    assert urls("<a rel=nofollow href=/a>A story</a><a href=/a>A story</a>") == ["a"]


@pytest.mark.parametrize("text", [*sorted(NEXT_WORDS), "2", "[3]", "( 4 )", "第5页", "6頁", " NEXT  ", "下一页"])
def test_links_that_turn_pages(text):
    assert link(f"<a href=/p>{text.replace('>', '&gt;')}</a>").turns


@pytest.mark.parametrize("text", ["Next year's budget", "2 dead", "12345", "第5页的新闻很多很多", "[", "", "二〇二六"])
def test_links_that_only_look_like_it(text):
    assert not link(f"<a href=/p>{text}</a>").turns


@pytest.mark.parametrize(
    "html", ['<a rel="NEXT" href=/p>Continue reading</a>', '<link rel="next" href=/p>', '<link rel="Next prefetch" href="/p">']
)
def test_rel_next_turns_pages_whatever_it_says(html):
    assert link(html).turns


def test_rel_next_keeps_what_the_page_says_of_the_link():
    found = link("<link rel=next href=/p><a href=/p>Continue reading</a>")
    assert (found.text, found.turns) == ("Continue reading", True)


def test_rel_next_to_the_page_itself_is_nothing():
    assert urls('<link rel=next href="today.html"><link rel=next href="mailto:x">') == []


def test_links_to_one_address_are_merged():
    html = '<a href=/a><img src=x></a><li><a href=/a title="Bridge opens at last">Bridge opens</a> 2026-05-01</li><a href="/a#top">More</a>'
    assert placeless(html) == (Link(FRONT + "a", "Bridge opens", title="Bridge opens at last", listed="2026-05-01"),)


@pytest.mark.parametrize("order", [1, -1])
def test_the_number_of_comments_beside_a_headline_turns_no_page(order):
    both = ["<a href=/a>Bridge opens</a>", "<a href=/a#comments>3</a>"][::order]
    assert placeless("".join(both)) == (Link(FRONT + "a", "Bridge opens"),)


@pytest.mark.parametrize("order", [1, -1])
def test_a_page_is_turned_by_an_arrow_and_a_number_alike(order):
    assert link("".join(["<a href=/p2><img src=x></a>", "<a href=/p2>2</a>", "<a href=/p2>下一页</a>"][::order])).turns


@pytest.mark.parametrize(
    "html",
    [
        "<li><a href=/a>Bridge opens</a> {}</li>",
        "<li><a href=/a>Bridge opens</a><span>{}</span></li>",
        "<li><a href=/a>Bridge opens</a><!-- x --> <em>[{}]</em></li>",
        "<h3><a href=/a>Bridge opens</a></h3><p>Posted: {} by the desk</p>",
        "<p><a href=/a>Bridge opens</a> <span>{}</span></p>",
        "<p>\n <a href=/a>Bridge opens</a> {}</p>",
        "<dt><a href=/a>Bridge opens</a></dt><dd>{}</dd>",
        "<td><a href=/a>Bridge opens</a></td><td>{}</td>",
    ],
)
@pytest.mark.parametrize(
    "date", ["2026-05-01", "05-01", "2026年5月1日", "2026/05/01 08:30", "May 1, 2026", "1 May 2026", "3小时前", "2天前"]
)
def test_the_date_beside_a_link(html, date):
    found = link(html.format(date)).listed
    assert found
    assert found in date
    assert date.startswith(found[:4])


@pytest.mark.parametrize(
    "html",
    [
        "<a href=/a>Bridge opens</a><a href=mailto:x>2026-05-01</a>",
        "<a href=/a>Bridge opens</a><p>A first sentence that runs on for more than the sixty characters before 2026-05-01</p>",
        "<a href=/a>Bridge opens</a> – 7",
        "<a href=/a>Bridge opens</a><script>at('2026-05-01')</script>",
        "<a href=/a>2</a> 2026-05-01",
        "<p>Of the <a href=/a>bridges opened</a> in 2025, 12 are closed again.</p>",
        "<p><a href=/a>Bridge opens</a></p><p><a href=mailto:x>Flood</a> 2026-05-01</p>",
        "<a href=/a>Top</a> 2026-05-01",
    ],
)
def test_dates_that_are_not_beside_the_link(html):
    assert link(html).listed == ""


@pytest.mark.parametrize("rel", ["canonical", "Canonical", " canonical ", "canonical alternate"])
def test_the_canonical_address(rel):
    assert links(f'<link rel="{rel}" href="/a?utm_medium=x">').canonical == FRONT + "a"


def test_the_first_canonical_address_that_is_one():
    html = '<link rel=canonical href=""><link rel=canonical href="mailto:x"><link rel=canonical href=/a><link rel=canonical href=/b>'
    assert links(html.replace('href=""', 'href="http://["')).canonical == FRONT + "a"


def test_frames_are_shown_inside_the_page():
    html = "<iframe src=/inner></iframe><iframe></iframe><iframe src=about:blank></iframe><iframe src=ad.swf></iframe>"
    assert links(html).frames == (FRONT + "inner",)
    assert links("<frameset><frame src=left.html><frame src=right.html></frameset>").frames == (
        FRONT + "news/left.html",
        FRONT + "news/right.html",
    )


MARKUP = st.text("<>a href=/\"'#?&;:\\ \n\x00é新2next", max_size=80)
HREFS = st.text(max_size=30) | st.sampled_from(
    ["http://[::1", "//", "///", "http:\\\\x", "javascript:", "%", "http://%zz/", "\ud83d", "a" * 9000]
)


@given(
    MARKUP | st.builds('<base href="{}"><a rel=next href="{}">{}</a><link rel=canonical href="{}"><iframe src="{}">'.format, *[HREFS] * 5)
)
def test_no_markup_makes_it_raise(html):
    found = links(html.encode("utf-8", "replace").decode())
    every = [*(one.url for one in found.links), *found.frames, *([found.canonical] if found.canonical else [])]
    assert all(canonical(url) == url for url in every)


def test_naughty_strings_and_hostile_addresses_never_raise(hostile):
    strings = [
        line
        for path in sorted((hostile / "strings").iterdir())
        if path.is_file()
        for line in path.read_text("utf-8", "replace").splitlines()
    ]
    for path in sorted((hostile / "urls").glob("*urltestdata.json")):
        strings += [case["input"] for case in json.loads(path.read_text("utf-8")) if isinstance(case, dict)]
    assert len(strings) > 500
    for text in strings:
        clean = text.encode("utf-8", "replace").decode()
        links(f"<a href='{clean}'>{clean}</a> {clean}<base href='{clean}'>")


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://gazette.example/a", FRONT),
        ("http://gazette.example/a", FRONT),
        ("https://www.gazette.example/a", FRONT),
        ("https://m.gazette.example/a", "https://www.gazette.example/"),
        ("https://gazette.example/a", "https://www.gazette.example/"),
        ("https://www.gov.cn/a", "https://www.gov.cn/"),
        ("https://m.town.gov.cn/a", "https://www.town.gov.cn/"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/"),
    ],
)
def test_inside_the_site(url, front):
    assert in_site(url, front)


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://notgazette.example/a", FRONT),
        ("https://gazette.example.evil.example/", FRONT),
        ("https://example/", FRONT),
        ("https://gazette.example/", "https://m.gazette.example/"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8000/"),
        ("http://127.0.0.1/a", "http://127.0.0.1:8000/"),
        ("https://other.example/?https://gazette.example/", FRONT),
        ("https://gazette.example:8443/", FRONT),
        ("https://town.gov.cn/", "https://www.gov.cn/"),
        ("https://paper.co.uk/", "https://www.co.uk/"),
    ],
)
def test_outside_the_site(url, front):
    assert not in_site(url, front)


def test_the_place_of_a_link_is_what_its_list_shares():
    html = """<div class="top big"><ul class="nav"><li><a href="/a">Town</a></li><li><b><a href="/b">Sport</a></b></li></ul></div>
    <div id="post-17"><a href="/c">x</a></div>"""
    places = [link.place for link in find_links(LexborHTMLParser(html), "https://ferry.example/").links]
    assert places == ["div.top ul.nav", "div.top ul.nav", "body div.post-0"]
