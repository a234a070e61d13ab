"""Pictures by their first bytes, and where pages name them."""

import time

import pytest

from newscrawl.archive.pictures import size_of, sources, with_pictures
from newscrawl.demo.drawings import landscape
from tests.crawl.illustrated import png


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (png(320, 200), ("image/png", 320, 200)),
        (b"GIF89a\x01\0\x02\0\x80\0\0" + bytes(20), ("image/gif", 1, 2)),
        (landscape(1), ("image/svg+xml", 0, 0)),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- by hand --><svg >', ("image/svg+xml", 0, 0)),
    ],
)
def test_a_picture_is_known_by_its_head(data, told):
    size = size_of(data)
    assert (size.kind, size.width, size.height) == told


@pytest.mark.parametrize(
    "data", [b"", b"<html><svg>", b"BM", b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF    WEBP", b"%PDF-1.7"]
)
def test_what_is_none_or_half_is_none(data):
    assert size_of(data) is None


def test_where_a_page_names_them():
    page = b"<IMG alt=\"a > b\" src=/a.jpg loading=lazy><img data-src='/b.png?a=1&amp;b=2' src=x.gif/><img src=data:x><img><image src=c>"
    assert sources(page) == ["/a.jpg", "/b.png?a=1&b=2"]


def test_a_picture_is_put_into_the_page_and_all_else_stays():
    page = '<p>断桥<img class="wide" src="/a.svg" srcset="/a2.svg 2x" alt="a > b"><img src=/other.png>'.encode("gbk")
    shown = with_pictures(page, {"/a.svg": landscape(1), "/other.png": b"no picture"})
    assert shown.startswith('<p>断桥<img src="data:image/svg+xml;base64,'.encode("gbk"))
    assert shown.endswith(b'" class="wide" alt="a > b"><img src=/other.png>')
    assert with_pictures(page, {}) == page


def test_a_page_that_names_a_picture_many_times_shows_it_as_often_as_there_is_room():
    picture, named = png(320, 200), b"<img src=/a.png>"
    shown = with_pictures(named * 300, {"/a.png": picture}, room=3 * len(picture) + 1)
    assert (shown.count(b"base64,"), shown.count(named)) == (3, 297)
    large = png(320, 200) + bytes(1 << 20)
    assert len(with_pictures(named * 300, {"/a.png": large})) < 90 << 20  # in base64 a third more than the pictures


@pytest.mark.parametrize("hostile", [b'<img "' * 300_000, b"<img a='" * 300_000, (b"<img " + b'a="' + b"x" * 8_000 + b'" ') * 200])
def test_a_page_made_to_be_slow_is_not(hostile):
    begun = time.process_time()
    assert sources(hostile) == []
    assert time.process_time() - begun < 2
