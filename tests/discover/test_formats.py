"""What a body is."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discover.formats import Format, sniff
from tests.discover.damage import CUT_OFF, DAMAGED, IN_CHINESE

RDF = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns{}>"


@pytest.mark.parametrize("body", [*DAMAGED.values(), *IN_CHINESE.values(), *CUT_OFF.values()])
def test_damaged_feeds_are_feeds_whatever_they_are_served_as(body):
    assert sniff(body if isinstance(body, bytes) else body.encode(), "text/html; charset=utf-8") is Format.FEED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<rss version='2.0'>", Format.FEED),
        ("<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?>\n<!-- <html> --><feed xmlns='http://www.w3.org/2005/Atom'>", Format.FEED),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", Format.FEED),
        (RDF.format("='http://purl.org/rss/1.0/'"), Format.FEED),
        (RDF.format(":foaf='http://xmlns.com/foaf/0.1/'"), Format.NONE),
        ("<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'><rss>", Format.FEED),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', Format.FEED),
        ('\ufeff {"title": "x", "version": "https:\\/\\/jsonfeed.org\\/version\\/1"', Format.FEED),
        ('{"status": "error"}', Format.NONE),
        ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", Format.SITEMAP),
        ("<sm:sitemapindex>", Format.SITEMAP),
        ("https://gazette.example/a\nhttps://gazette.example/b\nhttps://gaz", Format.SITEMAP),
        ("\ufeffHTTP://gazette.example/a", Format.SITEMAP),
        ("https://gazette.example/a is where it stands", Format.NONE),
        ("<!DOCTYPE html><p>A page", Format.HTML),
        ("<!doctype HTML>\n<html lang=en><head>", Format.HTML),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", Format.HTML),
        ("<head><title>A page</title>", Format.HTML),
        ("<header><bodyguard><rssfeed>", Format.NONE),
        ("<xsl:stylesheet>", Format.NONE),
        ("", Format.NONE),
    ],
)
@pytest.mark.parametrize("encode", [str.encode, lambda text: text.encode("utf-16"), lambda text: gzip.compress(text.encode())])
def test_the_first_bytes_tell(text, expected, encode):
    assert sniff(encode(text), "application/xml") is expected


def test_what_stands_further_down_is_not_looked_at():
    assert sniff(b" " * 2000 + b"<rss>") is Format.FEED
    assert sniff(b" " * 2048 + b"<rss>") is Format.NONE


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/rss+xml", Format.FEED),
        ("Application/Atom+XML; charset=utf-8", Format.FEED),
        ("application/feed+json", Format.FEED),
        ("text/html;charset=gbk", Format.HTML),
        ("application/xml", Format.NONE),
        ("text/plain", Format.NONE),
        ("image/png", Format.NONE),
        ("", Format.NONE),
    ],
)
def test_the_content_type_tells_where_the_body_does_not(content_type, expected):
    assert sniff(b"<item><link>/a</link></item>", content_type) is expected
    assert sniff(b"<urlset>", content_type) is Format.SITEMAP


def test_no_more_is_unpacked_than_looked_at():
    assert sniff(gzip.compress(b"<urlset>" + bytes(50_000_000))) is Format.SITEMAP


def test_the_hostile_feeds_are_feeds(hostile):
    paths = [path for path in hostile.glob("feeds/**/*.xml") if path.is_file()]
    assert {path.name for path in paths if sniff(path.read_bytes()) is not Format.FEED} == {"rss_empty_document.xml"}


@given(st.binary(max_size=60), st.text(max_size=20))
def test_no_bytes_make_it_raise(body, content_type):
    assert sniff(body, content_type) in Format
