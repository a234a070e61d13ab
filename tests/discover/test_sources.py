"""Where feeds and sitemaps are said to be, and where they usually are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego
from selectolax.lexbor import LexborHTMLParser

from newscrawl.clean.urls import canonical, join
from newscrawl.discover.sources import FEED_PATHS, SITEMAP_PATHS, guessed_feeds, guessed_sitemaps, named_feeds, named_sitemaps

SITE = "https://gazette.example/"
ROBOTS = f"{SITE}robots.txt"
PAGE = f"{SITE}news/today.html"


def feeds(html: str) -> list[str]:
    return [address.removeprefix(SITE) for address in named_feeds(LexborHTMLParser(html), PAGE)]


@pytest.mark.parametrize(
    "line",
    [
        "Sitemap: https://gazette.example/map.xml",
        "SITEMAP:https://gazette.example/map.xml",
        "  sitemap :\t/map.xml  ",
        "Sitemap: /map.xml # the whole site",
        "Sitemap: map.xml#top",
        "Site-map: /map.xml",
        "Sitemaps: /map.xml",
        "\ufeffSitemap: /map.xml",
        "User-agent: *\rDisallow: /x\rSitemap: /map.xml\rCrawl-delay: 1",
        "User-agent: *\r\nSitemap: /map.xml\r\nSitemap: /map.xml",
        "Sitemap:\nSitemap: mailto:x\nSitemap: /map.xml",
    ],
)
def test_a_sitemap_that_robots_txt_names(line):
    assert named_sitemaps(line, ROBOTS) == (f"{SITE}map.xml",)


@pytest.mark.parametrize(
    "line", ["# Sitemap: /map.xml", "Sitemap:", "Sitemap: # none", "Disallow: /sitemap: /map.xml", "My sitemap: /a", ""]
)
def test_lines_that_name_none(line):
    assert named_sitemaps(line, ROBOTS) == ()


def test_sitemaps_keep_their_order_and_may_be_elsewhere():
    text = "Sitemap: /b.xml\nSitemap: https://maps.example/a.xml\nSitemap: /b.xml#x\nSitemap: /a.xml.gz"
    assert named_sitemaps(text, ROBOTS) == (f"{SITE}b.xml", "https://maps.example/a.xml", f"{SITE}a.xml.gz")


def test_real_robots_files_name_the_sitemaps_that_protego_sees(hostile):
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted((hostile / "robots").iterdir())]
    named = [set(named_sitemaps(text, ROBOTS)) for text in texts]
    assert named == [{join(ROBOTS, address) for address in Protego.parse(text).sitemaps} - {""} for text in texts]
    assert sum(map(len, named)) > 500


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="alternate" type="application/rss+xml" href="/f">',
        "<LINK REL=Alternate TYPE='Application/Atom+XML; charset=utf-8' HREF='/f'>",
        '<link rel="alternate home" type="application/feed+json" href="/f" title="The Gazette">',
        '<link rel="feed" href="/f">',
        '<link rel="alternate" type="text/xml" href="https://gazette.example/f#x">',
        '<base href="https://gazette.example/"><link rel="alternate" type="application/rss+xml" href="f">',
        '<base href="mailto:x"><link rel="alternate" type="application/rss+xml" href="../f">',
    ],
)
def test_a_feed_that_the_head_names(html):
    assert feeds(html) == ["f"]


@pytest.mark.parametrize(
    "href",
    [
        "feed",
        "feed/",
        "city/feed/",
        "rss",
        "feeds",
        "sport/rss.xml",
        "atom.xml",
        "news_rss.xml",
        "city.rss",
        "index.rdf",
        "rss.php?section=2",
        "?feed=rss2",
        "list?format=atom&n=20",
        "feeds/posts/default",
        "feed.json",
    ],
)
def test_links_that_look_like_feeds(href):
    assert feeds(f'<a href="/{href}">RSS</a>') == [href]


@pytest.mark.parametrize(
    "html",
    [
        "<a href=/feedback/>Feedback</a>",
        "<a href=/news/feeding-the-ducks.html>Ducks</a>",
        "<a href=/express/>Press</a>",
        "<a href=/rss-explained.html>What is RSS?</a>",
        "<a href=/news?q=rss>Search</a>",
        '<link rel="alternate" hreflang="en" href="/en/">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/7">',
        '<link rel="stylesheet" type="text/xml" href="/x.xsl">',
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">',
        '<link rel="alternate" type="application/rss+xml" href="mailto:x">',
        '<link rel="alternate" type="application/rss+xml">',
        '<a href="/?feed=comments-rss2">Comments</a>',
        "",
    ],
)
def test_what_names_no_feed_of_articles(html):
    assert feeds(html) == []


def test_the_head_comes_first_and_each_feed_once():
    html = (
        "<a href=/sport.rss>Sport</a><a href=https://feeds.feedburner.com/gazette>All</a><a href='/feed/#x'>All</a>"
        "<link rel=alternate type=application/rss+xml href=/feed/><link rel=alternate type=application/atom+xml href=/atom>"
    )
    assert feeds(html) == ["feed/", "atom", "sport.rss", "https://feeds.feedburner.com/gazette"]


def test_guesses_are_at_the_root_of_the_host():
    assert guessed_sitemaps(PAGE)[:2] == (f"{SITE}sitemap.xml", f"{SITE}sitemap_index.xml")
    assert guessed_feeds("http://127.0.0.1:8000/de/")[0] == "http://127.0.0.1:8000/feed/"


def test_guesses_are_few_and_each_is_one():
    for paths, guess in ((SITEMAP_PATHS, guessed_sitemaps), (FEED_PATHS, guessed_feeds)):
        assert len(set(guess(SITE))) == len(paths) <= 10
        assert all(path == "/" + address.removeprefix(SITE) for path, address in zip(paths, guess(SITE), strict=True))


@given(st.text("Sitemap: /#\r\n\t\ufeffx.http", max_size=80) | st.text(max_size=40).map("Sitemap: {}".format))
def test_no_robots_txt_makes_it_raise(text):
    assert all(canonical(address) == address for address in named_sitemaps(text, ROBOTS))


@given(st.text(max_size=30).filter(lambda text: text.isprintable()))
def test_no_page_makes_it_raise(text):
    html = f'<base href="{text}"><link rel=alternate type=text/xml href="{text}"><a href="/feed/{text}">'
    assert all(canonical(address) == address for address in named_feeds(LexborHTMLParser(html), PAGE))
