"""A site's own definition, where the defaults fail."""

from datetime import UTC, datetime

from newscrawl.extract.directed import SITE_FILE, Directions, read_directed
from newscrawl.extract.tree import parse

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://ferry.example/news/1"
PAGE = """<html><head><title>Ferry stays in harbour</title></head><body><h1>Ferry stays in harbour</h1>
<p class="when">seen 3/4/2026</p>
<div class="intro"><p>The harbour office has closed the landing stage until the wind drops, and nobody expects that before the evening.</p>
<p>Passengers for the island were told to wait in the old customs house, where the kettle is on.</p></div>
<div class="note"><p>Short.</p><p>Tide: low.</p><p class="promo">Our newsletter, every morning.</p></div></body></html>"""


def read(**directions):
    return read_directed(parse(PAGE), URL, Directions(**directions), at=AT)


def test_without_directions_the_defaults_hold():
    assert "closed the landing stage" in read().paragraphs[0]


def test_the_body_is_what_the_selector_finds_without_what_is_dropped():
    reading = read(body="div.note", drop=[".promo"])
    assert reading.paragraphs == ("Short.", "Tide: low.")
    assert reading.evidence["body"] == SITE_FILE


def test_a_selector_that_finds_nothing_changes_nothing():
    assert read(body="div.nothing", date="time.none") == read()


def test_the_date_is_read_as_the_site_writes_it():
    reading = read(date="p.when", locale="en-GB", zone="Europe/London")
    assert reading.published.time == datetime(2026, 4, 3, 12, tzinfo=UTC)
    assert read(date="p.when", locale="en-US").published.time.date().isoformat() == "2026-03-04"
    assert reading.published.source == "site file"


def test_a_page_without_an_article_stays_one():
    assert read_directed(parse("<p></p>"), URL, Directions(body="p"), at=AT) is None
