"""Feeds and sitemaps as ways to articles."""

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.crawl.sources import SITEMAP_PLACE, feeds_of, guessed, read_source, sitemaps_of
from newscrawl.discover.formats import Format
from newscrawl.extract.tree import parse
from newscrawl.models import Candidate, Kind

HOME = "https://gazette.example/"
HEADLINE = "The flood that nobody had expected"
LAST = datetime(2026, 8, 1, 6, tzinfo=UTC)
NEVER = None


def source(form: Format, xml: str, path: str = "sitemap.xml", *, last: datetime | None = NEVER):
    return read_source(form, xml.encode(), HOME + path, charset="", last=last, at=LAST + timedelta(hours=2))


def sitemap(*entries: str, **more: object):
    return source(Format.SITEMAP, f"<urlset>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>", **more)


def feed(*items: str, **more: object):
    return source(Format.FEED, f"<rss><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>", "rss.xml", **more)


# feeds


def test_entries_of_a_feed_are_pages_with_a_headline_and_a_date():
    read = feed(f"<title>{HEADLINE}</title><link>/news/flood</link><pubDate>Sat, 01 Aug 2026 05:00:00 GMT</pubDate>")
    assert read.candidates == (
        Candidate(f"{HOME}news/flood", Kind.PAGE, text=HEADLINE, listed="Sat, 01 Aug 2026 05:00:00 GMT"),
    )  # fmt: skip
    assert read.detail == "1 entries"


def test_an_entry_of_a_feed_is_no_hunch_whatever_its_headline():
    (entry,) = feed("<title>Rain</title><link>/news/rain</link>").candidates
    assert (entry.text, entry.place) == ("Rain", "")


def test_an_entry_that_was_only_updated_shows_that_date():
    atom = f"<feed><entry><title>{HEADLINE}</title><link href='/a'/><updated>2026-08-01T05:00:00Z</updated></entry></feed>"
    assert source(Format.FEED, atom).candidates[0].listed == "2026-08-01T05:00:00Z"


def test_a_feed_may_go_on():
    atom = f"<feed><link rel='next' href='/feed?page=2'/><entry><title>{HEADLINE}</title><link href='/a'/></entry></feed>"
    assert source(Format.FEED, atom).candidates[1:] == (Candidate(f"{HOME}feed?page=2", Kind.FEED, number=2),)


# sitemaps


def test_entries_of_a_news_sitemap_are_headlines():
    news = f"<news:news><news:publication_date>2026-08-01</news:publication_date><news:title>{HEADLINE}</news:title></news:news>"
    read = sitemap(f"<loc>{HOME}news/flood</loc><lastmod>2026-08-02</lastmod>{news}")
    assert read.candidates == (Candidate(f"{HOME}news/flood", Kind.PAGE, text=HEADLINE, listed="2026-08-01"),)


@pytest.mark.parametrize("title", ["", "<news:title>Rain</news:title>"])
def test_entries_without_a_headline_have_to_show_what_they_are_worth_together(title):
    read = sitemap(*(f"<loc>{HOME}{name}</loc><lastmod>2026-08-02</lastmod>{title}" for name in ("a", "b")), path="maps/2026-08.xml")
    assert {(entry.place, entry.listed) for entry in read.candidates} == {(f"{SITEMAP_PLACE}/maps/*.xml", "2026-08-02")}
    assert read.detail == "2 entries"


def test_pictures_and_documents_are_left():
    assert [entry.url for entry in sitemap(f"<loc>{HOME}a.pdf</loc>", f"<loc>{HOME}a</loc>").candidates] == [f"{HOME}a"]


def test_sitemaps_of_an_index_are_read_packed_or_not():
    children = "".join(f"<sitemap><loc>{HOME}{name}</loc></sitemap>" for name in ("a.xml", "b.xml.gz"))
    read = source(Format.SITEMAP, f"<sitemapindex>{children}</sitemapindex>")
    assert read.candidates == (Candidate(f"{HOME}a.xml", Kind.SITEMAP), Candidate(f"{HOME}b.xml.gz", Kind.SITEMAP))


def test_what_can_not_be_read_names_nothing_and_says_why():
    read = source(Format.SITEMAP, f"<!DOCTYPE x [<!ENTITY a 'b'>]><urlset><url><loc>{HOME}&a;</loc></url></urlset>")
    assert (read.candidates, read.detail) == ((), "0 entries, cut: entities")


# what changed


def test_what_changed_since_the_last_visit():
    stamps = {"before": "2026-08-01T05:59:59Z", "after": "2026-08-01T06:00:01Z", "undated": ""}
    entries = [f"<loc>{HOME}{name}</loc><lastmod>{stamp}</lastmod>" for name, stamp in stamps.items()]
    assert sitemap(*entries, last=LAST).changed == (f"{HOME}after",)
    assert sitemap(*entries, last=NEVER).changed == ()


def test_where_everything_has_changed_nothing_is_believed():
    """Many systems write the time at which they made the sitemap, and all articles would be fetched at every visit."""
    entries = [f"<loc>{HOME}{number}</loc><lastmod>2026-08-01T06:30:00Z</lastmod>" for number in range(10)]
    assert sitemap(*entries, last=LAST).changed == ()
    assert len(sitemap(*entries[1:], last=LAST).changed) == 9


def test_sitemaps_that_changed_are_among_them():
    child = f"<sitemap><loc>{HOME}a.xml</loc><lastmod>2026-08-01T06:30:00Z</lastmod></sitemap>"
    assert source(Format.SITEMAP, f"<sitemapindex>{child}</sitemapindex>", last=LAST).changed == (f"{HOME}a.xml",)


def test_of_a_feed_only_what_says_so_itself():
    """A date of publication after the last visit is that of a new entry."""
    entry = "<entry><link href='/{0}'/><{0}>2026-08-01T06:30:00Z</{0}></entry>"
    assert source(Format.FEED, f"<feed>{entry.format('updated')}{entry.format('published')}</feed>", last=LAST).changed == (
        f"{HOME}updated",
    )


# where they may be


def feeds(html: str) -> list[Candidate]:
    return list(feeds_of(parse(html).tree, HOME))


def test_feeds_that_a_page_names():
    assert feeds('<link rel=alternate type="application/rss+xml" href="/a.rss">') == [Candidate(f"{HOME}a.rss", Kind.FEED)]


def test_where_it_names_none_they_are_guessed_and_are_hunches_of_one_place():
    candidates = feeds("<p>No feeds here.")
    assert f"{HOME}feed/" in {candidate.url for candidate in candidates}
    assert {(candidate.kind, candidate.place) for candidate in candidates} == {(Kind.FEED, "guessed feed")}


def test_sitemaps_are_guessed_likewise():
    candidates = list(guessed(f"{HOME}city/"))
    assert f"{HOME}sitemap.xml" in {candidate.url for candidate in candidates}
    assert {(candidate.kind, candidate.place) for candidate in candidates} == {(Kind.SITEMAP, "guessed sitemap")}


def test_sitemaps_that_robots_txt_names_are_no_guess():
    robots = "User-agent: *\nDisallow: /x\nSitemap: /a.xml\nSITEMAP: https://cdn.example/b.xml\n"
    assert list(sitemaps_of(robots, f"{HOME}robots.txt")) == [
        Candidate(f"{HOME}a.xml", Kind.SITEMAP),
        Candidate("https://cdn.example/b.xml", Kind.SITEMAP),
    ]
