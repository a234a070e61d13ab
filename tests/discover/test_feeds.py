"""Feeds of every kind, whole and damaged."""

import gzip
import json
import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.urls import canonical
from newscrawl.discover.documents import Cut
from newscrawl.discover.feeds import MAX_ENTRIES, Feed, FeedEntry, read_feed, without_source
from tests.discover.damage import CHINESE, CUT_OFF, DAMAGED, IN_CHINESE, STORIES, atom, rss

URL = "https://gazette.example/news/feed"
SITE = "https://gazette.example/"


def read(text: str | bytes) -> Feed:
    return read_feed(text if isinstance(text, bytes) else text.encode(), URL)


def entry(markup: str) -> FeedEntry:
    (only,) = read(f"<rss><channel>{markup}</channel></rss>").entries
    return only


def told(feed: Feed) -> list[tuple[str, str]]:
    return [(found.url, found.title) for found in feed.entries]


@pytest.mark.parametrize("damage", DAMAGED)
def test_every_entry_of_a_damaged_feed_is_found(damage):
    body = DAMAGED[damage]
    feed = read(body)
    assert told(feed) == STORIES
    assert feed.title == "The Gazette"
    assert read(gzip.compress(body if isinstance(body, bytes) else body.encode())) == feed


@pytest.mark.parametrize("damage", IN_CHINESE)
def test_the_charset_is_what_the_bytes_are_in(damage):
    assert told(read(IN_CHINESE[damage])) == CHINESE


@pytest.mark.parametrize("kind", CUT_OFF)
def test_the_entries_before_the_end_of_a_torn_feed_are_found(kind):
    feed = read(CUT_OFF[kind])
    assert told(feed) == STORIES[:12]
    assert feed.cut is Cut.TORN


def test_everything_that_rss_says_of_an_article():
    assert entry(
        "<item><title>Old bridge</title><link>/a</link><guid>https://gazette.example/?p=7</guid>"
        "<author>desk@gazette.example (Ann Li)</author><pubDate>Fri, 01 May 2026 08:00:00 GMT</pubDate>"
        "<atom:updated>2026-05-02</atom:updated></item>"
    ) == FeedEntry(f"{SITE}a", "Old bridge", "Fri, 01 May 2026 08:00:00 GMT", "2026-05-02", author="Ann Li", permalink=f"{SITE}?p=7")


def test_everything_that_atom_says_of_an_article():
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">The Gazette</title><author><name>The desk</name></author>'
        '<link rel="self" href="/self"/><link rel="next" href="?page=2"/><link href="https://hub.example/" rel="hub"/>'
        '<entry><link rel="edit" href="/edit/7"/><link rel="alternate" type="application/json" href="/a.json"/><link href="/a"/>'
        "<source><title>Other</title><id>https://other.example/</id></source><title>Old bridge</title><id>tag:7</id>"
        "<author><name>Ann Li</name><email>a@gazette.example</email></author><contributor><name>Bo</name></contributor>"
        "<published>2026-05-01</published><updated>2026-05-02</updated></entry></feed>"
    )
    assert feed == Feed(
        (FeedEntry(f"{SITE}a", "Old bridge", published="2026-05-01", updated="2026-05-02", author="Ann Li"),),
        "The Gazette",
        next=f"{URL}?page=2",
        hub="https://hub.example/",
    )


def test_everything_that_json_feed_says_of_an_article():
    feed = {
        "title": "The Gazette",
        "next_url": "?page=2",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "items": [
            {
                "id": "https://gazette.example/?p=7",
                "url": "/a",
                "title": "Old &amp; <b>new</b>",
                "date_published": "2026-05-01",
                "date_modified": "2026-05-02",
                "authors": [{"name": "Ann Li"}, {"name": "Bo"}],
                "content_html": "<p>A text.</p>",
            },
            {"id": 8, "external_url": "https://other.example/b", "title": None, "author": {"name": "Bo"}},
            {"id": "https://gazette.example/c"},
            {"id": "9", "title": "Leads nowhere"},
            {"url": 10},
            "no entry",
        ],
    }
    found = read("\ufeff \n" + json.dumps(feed))
    assert (found.title, found.next, found.hub, found.cut) == ("The Gazette", f"{URL}?page=2", "https://hub.example/", Cut.NO)
    first = FeedEntry(f"{SITE}a", "Old & new", "2026-05-01", "2026-05-02", author="Ann Li", permalink=f"{SITE}?p=7")
    assert found.entries == (first, FeedEntry("https://other.example/b", author="Bo"), FeedEntry(f"{SITE}c"))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ('{"items": [', Cut.TORN),
        ('{"items": {}}', Cut.TORN),
        ("{}", Cut.TORN),
        ('{"items": [{"x": ' + "[" * 5000 + "]" * 5000 + '}, {"url": "/b"}]}', Cut.TORN),
        ('{"items": ' + "[" * 100_000, Cut.TORN),
        ('{"items": [], "x": "' + "y" * 3_000_000 + '"}', Cut.SIZE),
        ('{"items": [' + '{"url": "/a"},' * MAX_ENTRIES + '{"url": "/b"}]}', Cut.COUNT),
    ],
)
def test_json_that_is_no_feed_or_too_much_of_one(text, cut):
    feed = read(text)
    assert feed.cut is cut
    assert f"{SITE}b" not in {found.url for found in feed.entries}


def test_one_wrong_item_of_a_json_feed_costs_only_itself():
    assert [found.url for found in read('{"items": [{"url": ["/a"]}, {"url": "/b"}, null]}').entries] == [f"{SITE}b"]


@pytest.mark.parametrize(
    "markup",
    [
        "<link>/a</link>",
        "<link>https://gazette.example/a</link>",
        "<link>\n https://gazette.example/a?utm_source=rss#top\n</link>",
        "<link href='/a'/>",
        "<link/><link rel='alternate' type='text/html' href='/a'/>",
        "<atom:link rel=self href='/b'/><link>/a</link>",
        "<atom:link rel=replies type='text/html' href='/b'/><atom:link href='/a'/>",
        "<guid isPermaLink='true'>https://gazette.example/a</guid>",
        "<link></link><guid>https://gazette.example/a</guid>",
        "<link>mailto:desk@gazette.example</link><guid>https://gazette.example/a</guid>",
        "<link>https://count.example/click/7</link><feedburner:origLink>https://gazette.example/a</feedburner:origLink>",
        "<image><link>/b</link></image><link>/a</link>",
        "<media:group><media:content><link>/b</link></media:content></media:group><link>/a</link>",
        "<link rel='alternate' type='application/pdf' href='/b'/><link rel='alternate' type='text/html' href='/a'/>",
        "<link>/a</link><link>/b</link>",
    ],
)
def test_where_the_address_of_an_article_stands(markup):
    assert entry(f"<item><title>Old bridge</title>{markup}</item>").url == f"{SITE}a"


@pytest.mark.parametrize("written", ["/a?x=1&y=2", "/a?x=1&amp;y=2", "/a?x=1&amp;amp;y=2", "<![CDATA[/a?x=1&amp;y=2]]>"])
def test_ampersands_of_addresses_in_all_spellings(written):
    assert entry(f"<item><link>{written}</link></item>").url == f"{SITE}a?x=1&y=2"


def test_parameters_that_look_like_entities_stay():
    assert entry("<item><link>/a?x=1&copy=2&lang=en&reg=3</link></item>").url == f"{SITE}a?x=1&copy=2&lang=en&reg=3"


@pytest.mark.parametrize(
    "markup",
    ["", "<link/>", "<link>javascript:go()</link>", "<guid>gazette-7</guid>", "<guid isPermaLink='FALSE'>https://gazette.example/a</guid>"],
)
def test_an_entry_that_leads_nowhere_is_left_out(markup):
    assert read(f"<rss><channel><link>/</link><item><title>Old bridge</title>{markup}</item></channel></rss>").entries == ()


def test_an_address_that_is_listed_twice_counts_once():
    markup = "<item><link>/a</link><title>First</title></item><item><link>/a#x</link><title>Second</title></item>"
    assert entry(markup).title == "First"


def test_rdf_names_an_article_by_what_it_is_about():
    assert entry('<item rdf:about="/a?x=1&amp;y=2"><title>Old bridge</title></item>').url == f"{SITE}a?x=1&y=2"


def test_addresses_are_relative_to_the_base_that_atom_names():
    feed = read('<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/x/"><entry><link href="a"/></entry></feed>')
    assert [found.url for found in feed.entries] == ["https://other.example/x/a"]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Old &amp;amp; new", "Old & new"),
        ("&lt;b&gt;Old&lt;/b&gt; bridge", "Old bridge"),
        ("<![CDATA[<em>Old</em> bridge&nbsp;&ndash; <br>new]]>", "Old bridge – new"),
        ("5 &lt; 6 and 7 &gt; 6", "5 < 6 and 7 > 6"),
        ("老桥&#8220;重修&#8221;", "老桥“重修”"),
    ],
)
def test_titles_are_plain_text(written, title):
    assert entry(f"<item><link>/a</link><title>{written}</title></item>").title == title


@pytest.mark.parametrize(
    ("markup", "published", "updated"),
    [
        ("<pubDate>Fri, 01 May 2026</pubDate>", "Fri, 01 May 2026", ""),
        ("<pubdate> 1. 5. 2026\n8:00 </pubdate>", "1. 5. 2026 8:00", ""),
        ("<dc:date>2026-05-01</dc:date>", "2026-05-01", ""),
        ("<dcterms:modified>2026-05-02</dcterms:modified><dcterms:created>2026-05-01</dcterms:created>", "2026-05-01", "2026-05-02"),
        ("<issued>2026-05-01</issued><modified>2026-05-02</modified>", "2026-05-01", "2026-05-02"),
        ("<dc:date>2026-05-03</dc:date><pubDate>2026年5月1日</pubDate>", "2026年5月1日", ""),
        ("<pubDate/>", "", ""),
    ],
)
def test_dates_are_given_as_they_are_written(markup, published, updated):
    found = entry(f"<item><link>/a</link>{markup}</item>")
    assert (found.published, found.updated) == (published, updated)


@pytest.mark.parametrize(
    ("markup", "author"),
    [
        ("<author>Ann Li</author>", "Ann Li"),
        ("<author>desk@gazette.example</author>", "desk@gazette.example"),
        ("<dc:creator><![CDATA[Ann &amp; Bo]]></dc:creator><author>x@y.example (Desk)</author>", "Ann & Bo"),
        ("<author><name>Ann Li</name><uri>https://gazette.example/ann</uri></author>", "Ann Li"),
    ],
)
def test_authors(markup, author):
    assert entry(f"<item><link>/a</link>{markup}</item>").author == author


@pytest.mark.parametrize("link", ['<atom:link rel="next" href="?paged=2"/>', '<link href="?paged=2" rel="prev-archive" />'])
def test_the_next_page_of_a_feed(link):
    assert read(f"<rss><channel><item><link>/a</link></item>{link}</channel></rss>").next == f"{URL}?paged=2"


def test_a_feed_with_entities_of_its_own_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "bridge"><!ENTITY b "&a;&a;&a;&a;">]>' + rss().replace("Bridge", "&b;")
    assert read(bomb) == Feed(cut=Cut.ENTITIES)


def test_no_more_entries_than_allowed():
    feed = read("<rss>" + "".join(f"<item><link>/{number}</link></item>" for number in range(MAX_ENTRIES + 1)))
    assert (len(feed.entries), feed.cut) == (MAX_ENTRIES, Cut.COUNT)


@pytest.mark.parametrize("text", ["", "<html><head><title>Not found</title></head><body><a href=/a>Home</a></html>", "no feed", "[]", "\0"])
def test_what_is_no_feed_has_no_entries(text):
    assert read(text).entries == ()


def test_every_address_in_the_hostile_feeds_is_found(hostile):
    """Ill-formed feeds and feeds in all encodings: 90, of which 20 have an entry, 4 of these with an address."""
    paths = [path for path in hostile.glob("feeds/**/*.xml") if path.is_file()]
    feeds = {path.name: read(path.read_bytes()) for path in paths}
    assert len(feeds) == 90
    assert {name: [found.url for found in feed.entries] for name, feed in feeds.items() if feed.entries} == {
        "http_text_xml_charset_2.xml": ["http://purl.org/rss/2.0/?item"],
        "http_text_xml_charset_overrides_encoding_2.xml": ["http://purl.org/rss/2.0/?item"],
        "rdf_channel_empty_textinput.xml": ["http://example.com/1"],
        "rss_item_link_corrupted_ampersands.xml": ["http://link/get?a=1&b=2"],
    }
    assert feeds["always_strip_doctype.xml"].title == "found"
    assert feeds["euc-kr.xml"].title == "\ub144"


TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="<&"), min_size=1)
PATHS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-/", min_size=1).map(lambda path: canonical(f"{SITE}x{path}?q=1&r=2"))


@given(st.dictionaries(PATHS, TITLES, max_size=5), st.sampled_from([rss, atom]))
def test_generated_feeds_come_back(stories, kind):
    assert told(read(kind(list(stories.items())))) == list(stories.items())


@given(st.dictionaries(PATHS, TITLES, max_size=5))
def test_generated_json_feeds_come_back(stories):
    items = [{"id": url, "url": url, "title": escape(title)} for url, title in stories.items()]
    assert told(read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))) == list(stories.items())


SCRAPS = [*re.findall(r"<[^>]*>|[^<]+", atom(STORIES[:2]) + rss(STORIES[:2])), '{"items": [', '{"url": "/a"}', "]}", "<![CDATA[", "<!--"]


@given(st.lists(st.sampled_from(SCRAPS).map(str.encode) | st.binary(max_size=8), max_size=30).map(b"".join))
def test_no_bytes_make_it_raise_and_every_address_is_canonical(body):
    feed = read(body)
    assert all(canonical(found.url) == found.url for found in feed.entries)
    repr(feed).encode()


# what only tells that a feed led there


@pytest.mark.parametrize("query", ["ref=rss", "source=feed", "from=news_rss", "SRC=RSS2"])
def test_a_query_that_names_the_feed_and_that_all_entries_share_is_no_part_of_their_addresses(query):
    entries = [FeedEntry(f"https://gazette.example/{name}?{query}", name) for name in ("a", "b")]
    assert [(entry.url, entry.title) for entry in without_source(entries)] == [
        ("https://gazette.example/a", "a"),
        ("https://gazette.example/b", "b"),
    ]


@pytest.mark.parametrize(
    "queries", [("ref=rss", ""), ("id=1", "id=2"), ("from=beijing", "from=beijing"), ("ref=rss&id=1", "ref=rss&id=2"), ("", "")]
)
def test_any_other_is(queries):
    entries = [FeedEntry(f"https://gazette.example/a{'?' if query else ''}{query}") for query in queries]
    assert without_source(entries) == entries
    assert without_source([]) == []
