"""Sitemaps of every kind, whole and damaged."""

import gzip
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.urls import canonical
from newscrawl.discover.documents import Cut
from newscrawl.discover.sitemaps import MAX_ENTRIES, ChildSitemap, Sitemap, SitemapEntry, read_sitemap

URL = "https://gazette.example/maps/sitemap.xml"
SITE = "https://gazette.example/"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def read(text: str | bytes) -> Sitemap:
    return read_sitemap(text if isinstance(text, bytes) else text.encode(), URL)


def urls(text: str | bytes) -> list[str]:
    return [entry.url.removeprefix(SITE) for entry in read(text).entries]


def test_a_set_of_addresses():
    text = f'<?xml version="1.0"?><urlset {NAMESPACE}><url><loc>{SITE}a</loc><lastmod>2026-05-01</lastmod></url><url><loc>/b</loc></url>'
    assert read(f"{text}</urlset>") == Sitemap((SitemapEntry(f"{SITE}a", "2026-05-01"), SitemapEntry(f"{SITE}b")))


def test_an_index_of_sitemaps():
    text = f"<sitemap><loc>{SITE}1.xml.gz</loc><lastmod>2026-05-01</lastmod></sitemap><sitemap><loc>2.xml</loc></sitemap>"
    assert read(f"<sitemapindex {NAMESPACE}>{text}</sitemapindex>") == Sitemap(
        children=(ChildSitemap(f"{SITE}1.xml.gz", "2026-05-01"), ChildSitemap(f"{SITE}maps/2.xml"))
    )


def test_a_news_sitemap_with_pictures_and_films():
    assert read(
        "<urlset><url><loc>/a</loc><image:image><image:loc>/a.jpg</image:loc><image:title>A photo</image:title></image:image>"
        "<news:news><news:publication><news:name>The Gazette</news:name><news:language>zh-cn</news:language></news:publication>"
        "<news:publication_date>2026-05-01T08:00:00+08:00</news:publication_date><news:title>老桥重修 &amp; 通车</news:title></news:news>"
        "<video:video><video:title>A film</video:title><video:publication_date>2020</video:publication_date></video:video>"
        '<xhtml:link rel="alternate" hreflang="en" href="/en/a"/></url></urlset>'
    ).entries == (SitemapEntry(f"{SITE}a", title="老桥重修 & 通车", published="2026-05-01T08:00:00+08:00", language="zh-cn"),)


def test_a_picture_in_front_is_not_the_page():
    assert urls("<urlset><url><image:image><image:loc>/a.jpg</image:loc></image:image><loc>/a</loc></url></urlset>") == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "<urlset><url><loc>/a</loc></url></urlset>",
        "<sm:urlset xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9'><sm:url><sm:loc>/a</sm:loc></sm:url></sm:urlset>",
        "<URLSET><URL><LOC>/a</LOC></URL></URLSET>",
        "<urlset><url><loc>\n  https://gazette.example/a\n</loc></url></urlset>",
        "<urlset><url><loc><![CDATA[https://gazette.example/a]]></loc></url></urlset>",
        "<urlset><url><loc>https://GAZETTE.example:443/a#top</loc></url></urlset>",
        "<urlset><url><loc>/a</loc><url><loc>mailto:a@gazette.example</loc></url><url><loc/></url><url></url><url><loc>http://[</loc></url></urlset>",
        "<urlset><loc>/b</loc><url><loc>/a</loc></url></urlset>",
        "<urlset><url><loc>/a</loc></url><url><loc>/a#x</loc><lastmod>2026</lastmod></url></urlset>",
        "<br><b>Warning</b>: no such file<urlset><url><loc>/a</loc></url></urlset>",
        "<urlset><url><loc>/a</lastmod></url>",
        "\ufeff<urlset><url><loc>/a</loc></url></urlset>",
    ],
)
def test_spellings_of_one_address(text):
    assert urls(text) == ["a"]


@pytest.mark.parametrize("written", ["/a?x=1&y=2", "/a?x=1&amp;y=2", "/a?x=1&#38;y=2", "/a?x=1&amp;amp;y=2", "<![CDATA[/a?x=1&amp;y=2]]>"])
def test_ampersands_in_all_spellings(written):
    assert urls(f"<urlset><url><loc>{written}</loc></url></urlset>") == ["a?x=1&y=2"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gbk", "big5"])
def test_encodings(encoding):
    title = "河東鎮的老橋要重修了，工期十八個月"
    text = f"<?xml version='1.0' encoding='{encoding}'?><urlset><url><loc>/a</loc><news:title>{title}</news:title></url></urlset>"
    assert read(text.encode(encoding)).entries == (SitemapEntry(f"{SITE}a", title=title),)


@pytest.mark.parametrize("end", range(1, 60))
def test_a_torn_sitemap_gives_the_addresses_that_are_whole(end):
    text = "<urlset>" + "".join(f"<url><loc>/story-{number}</loc></url>" for number in range(10, 13)) + "</urlset>"
    found = urls(text[:-end])
    assert found == ["story-10", "story-11", "story-12"][: len(found)]
    assert len(found) >= 1
    assert bool(read(text[:-end]).cut) == (text.rfind("<url", 0, -end) > text.rfind("</url", 0, -end))


def test_a_gzipped_sitemap_and_a_torn_one():
    text = "<urlset>" + "".join(f"<url><loc>/{number * 7919 % 10007}</loc></url>" for number in range(5000)) + "</urlset>"
    packed = gzip.compress(text.encode())
    assert len(read(packed).entries) == 5000
    torn = read(packed[: len(packed) // 2])
    assert torn.cut is Cut.TORN
    assert 1000 < len(torn.entries) < 5000


def test_a_sitemap_in_plain_text():
    text = f"\ufeff{SITE}a\r\n\n  {SITE}b?x=1&y=2  \nstory/c\nftp://gazette.example/\n{SITE}a\n{SITE}d"
    assert read(text) == Sitemap(tuple(SitemapEntry(f"{SITE}{path}") for path in ("a", "b?x=1&y=2", "d")))


def test_the_last_line_of_a_torn_text_is_not_whole():
    sitemap = read_sitemap(f"{SITE}abc\n{SITE}def".encode(), URL, max_bytes=len(SITE) * 2 + 5)
    assert sitemap == Sitemap((SitemapEntry(f"{SITE}abc"),), cut=Cut.SIZE)


@pytest.mark.parametrize(("before", "after"), [("<url><loc>", "</loc></url>"), ("", "\n")])
def test_no_more_entries_than_the_protocol_allows(before, after):
    text = "".join(f"{before}{SITE}{number}{after}" for number in range(MAX_ENTRIES + 1))
    sitemap = read(text)
    assert (len(sitemap.entries), sitemap.cut) == (MAX_ENTRIES, Cut.COUNT)
    assert read(text[: text.rindex(before + SITE)]).cut is Cut.NO


def test_a_sitemap_with_entities_of_its_own_is_refused():
    text = '<!DOCTYPE urlset [<!ENTITY site "https://gazette.example">]><urlset><url><loc>&site;/a</loc></url></urlset>'
    assert read(text) == Sitemap(cut=Cut.ENTITIES)


@pytest.mark.parametrize("text", ["", "<html><a href=/a>Home</a></html>", "{}", "Not found", "<rss><item><link>/a</link></item></rss>"])
def test_what_is_no_sitemap_names_nothing(text):
    assert read(text) == Sitemap()


PATHS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-/", min_size=1).map(lambda path: canonical(f"{SITE}x{path}?q=1&r=2"))
DATES = st.dates().map(str)


@given(st.dictionaries(PATHS, DATES, max_size=6), st.dictionaries(PATHS, DATES, max_size=3))
def test_generated_sitemaps_come_back(pages, maps):
    def write(tag: str, found: dict[str, str]) -> str:
        return "".join(f"<{tag}><loc>{escape(url)}</loc><lastmod>{date}</lastmod></{tag}>\n" for url, date in found.items())

    sitemap = read(f"<urlset>{write('url', pages)}</urlset>{write('sitemap', maps)}")
    assert {entry.url: entry.lastmod for entry in sitemap.entries} == pages
    assert {child.url: child.lastmod for child in sitemap.children} == {url: date for url, date in maps.items() if url not in pages}


SCRAPS = [
    "<urlset>",
    "<url>",
    "<loc>",
    "</loc>",
    "</url>",
    "/a",
    "https://b.example/",
    "<sitemap>",
    "<![CDATA[",
    "<image:image>",
    "\n",
    "&#x0;",
]


@given(st.lists(st.sampled_from(SCRAPS).map(str.encode) | st.binary(max_size=8), max_size=30).map(b"".join))
def test_no_bytes_make_it_raise_and_every_address_is_canonical(body):
    sitemap = read(body)
    assert all(canonical(found.url) == found.url for found in (*sitemap.entries, *sitemap.children))
    repr(sitemap).encode()
