import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newscrawl.discover.scripted import LONGEST_WAIT, filled_by_scripts, in_margin

FETCH = '<script>fetch("/api").then(function (a) { document.getElementById("%s").innerHTML = a })</script>'
SOURCE = '<script src="/js/app.js"></script>'
MENU = '<nav><a href="/">Home</a><a href="/imprint">Imprint</a></nav>'


def told(html: str) -> str:
    return filled_by_scripts(html, LexborHTMLParser(html))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ('<div id="latest"></div>' + FETCH % "latest", "#latest is empty until a script fills it"),
        ('<div id="zone"><p>One moment…</p></div>' + FETCH % "zone", "#zone is empty until a script fills it"),
        ('<ul id="zone"></ul><script>$.ajax("/x").done(d => $("#zone").html(d))</script>', "#zone is empty until a script fills it"),
        (f'<div id="root"></div>{SOURCE}', "#root is empty until a script fills it"),
        (f'<app-root id=""></app-root>{SOURCE}', "#app-root is empty until a script fills it"),
        (f'<div id="news-list"><span>Loading</span></div>{SOURCE}', "#news-list is empty until a script fills it"),
        ("<script>document.write('<a href=\"' + path + '\">' + title + '</a>')</script>", "a script writes links"),
        (f"<button>Load more…</button>{SOURCE}", 'a script stands behind "Load more"'),
        (f'<a href="javascript:more()"> 加载更多 </a>{SOURCE}', 'a script stands behind "加载更多"'),
        (f"<noscript>Please switch JavaScript on.</noscript>{SOURCE}", "the page says that it needs JavaScript"),
    ],
)
def test_what_only_scripts_fill_is_named(html: str, reason: str) -> None:
    assert told(MENU + html) == reason


@pytest.mark.parametrize(
    "html",
    [
        "",
        '<div id="latest"></div>',  # nobody fills it
        '<div id="root"></div><script type="application/ld+json" src="x">{}</script>',
        '<div id="latest"><a href="/a">The ferry is late</a></div>' + FETCH % "latest",  # it has something already
        f'<div id="latest">{"word " * LONGEST_WAIT}</div>' + FETCH % "latest",
        '<div id="latest"></div><script>track(document.getElementById("latest"))</script>',  # fetches nothing
        '<div id="comments"></div>' + FETCH % "comments",
        f'<div id="top_ad-list"></div>{SOURCE}',
        f'<div id="news-300x250"></div>{SOURCE}',
        '<div id="lblNumComments"></div>' + FETCH % "lblNumComments",
        '<div id="relatedArticles"></div>' + FETCH % "relatedArticles",
        f'<div id="zone"></div>{SOURCE}',
        "<script>document.write(new Date().getFullYear())</script>",
        f'<a href="/archive/">Load more</a>{SOURCE}',  # a plain link
        f"<noscript>JavaScript is needed for the map.</noscript><p>{'The ferry is late. ' * 40}</p>{SOURCE}",
        '<div id="latest"></div><script>fetch("/api").then(a => { document.getElementById("latest")',  # never closed: not run either
    ],
)
def test_nothing_else_is(html: str) -> None:
    assert told(MENU + html) == ""


@given(st.text(st.sampled_from("<script>/div id=\"'rotaps#.gEmnBIyd()fchX")))
def test_no_markup_breaks_it(html: str) -> None:
    assert isinstance(told(html), str)


def test_many_scripts_are_no_more_work_than_their_length() -> None:
    assert told("<script>" * 200_000) == ""
    assert told("<script>fetch('/x');$('#a')</script>" * 20_000) == ""


def test_what_stands_beside_the_page_is_known_by_its_boxes() -> None:
    assert in_margin("aside.side ol")
    assert in_margin("div.most-read_hot ul")
    assert not in_margin("main div.cards")
    assert not in_margin("")
