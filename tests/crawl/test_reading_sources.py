"""Answers that are feeds or sitemaps, or were thought to be."""

import gzip
import json

import pytest

from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, State, Target
from tests.crawl.readings import BODY, HOME, addresses, page_read, reader_of
from tests.exchanges import AT, exchange

RSS = (
    "<rss version='2.0'><channel><title>Gazette</title>"
    "<item><title>The flood that nobody had expected</title><link>https://gazette.example/news/flood</link>"
    "<pubDate>Sat, 01 Aug 2026 05:00:00 GMT</pubDate></item></channel></rss>"
)
URLSET = "<urlset><url><loc>https://gazette.example/news/flood</loc><lastmod>2026-08-01</lastmod></url></urlset>"
INDEX = "<sitemapindex><sitemap><loc>https://gazette.example/news-1.xml.gz</loc></sitemap></sitemapindex>"
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "url": f"{HOME}news/flood", "title": "The flood that nobody had expected"}],
    }
)
LINK = '<a href="/news/fire">Timber burns at the old river port</a>'


def found(visit: Visit) -> list[tuple[str, Kind]]:
    return [(target.url, target.kind) for target in visit.found]


# by what they are


@pytest.mark.parametrize("kind", [Kind.FEED, Kind.PAGE])
@pytest.mark.parametrize("content_type", ["application/rss+xml; charset=utf-8", "text/xml", "text/html", "text/plain", ""])
def test_a_feed_is_one_whatever_it_is_called(kind, content_type):
    visit = page_read("rss", RSS, target={"kind": kind}, Content_Type=content_type)
    assert (visit.result, visit.detail, visit.target.kind, visit.reading) == (Result.LISTING, "1 entries", Kind.FEED, None)
    (entry,) = visit.found
    assert (entry.url, entry.kind, entry.link_text, entry.place) == (
        f"{HOME}news/flood", Kind.PAGE, "The flood that nobody had expected", "",
    )  # fmt: skip
    assert entry.listed == "Sat, 01 Aug 2026 05:00:00 GMT"


@pytest.mark.parametrize("content_type", ["application/feed+json", "application/json"])
def test_a_json_feed(content_type):
    visit = page_read("feed.json", JSON_FEED, target={"kind": Kind.FEED}, Content_Type=content_type)
    assert (visit.result, addresses(visit)) == (Result.LISTING, [f"{HOME}news/flood"])


def test_json_is_read_only_where_a_feed_is_expected():
    visit = page_read("api/list", JSON_FEED, Content_Type="application/json")
    assert (visit.result, visit.detail, visit.found) == (Result.NOT_HTML, "application/json", ())


@pytest.mark.parametrize("content_type", ["application/xml", "text/xml", "text/html", "application/octet-stream"])
def test_a_sitemap(content_type):
    visit = page_read("sitemap.xml", URLSET, target={"kind": Kind.SITEMAP}, Content_Type=content_type)
    assert (visit.result, visit.detail, visit.target.kind) == (Result.LISTING, "1 entries", Kind.SITEMAP)
    assert found(visit) == [(f"{HOME}news/flood", Kind.PAGE)]


@pytest.mark.parametrize("content_type", ["application/gzip", "application/x-gzip", "application/octet-stream", "application/xml"])
def test_a_packed_sitemap(content_type):
    visit = page_read("news-1.xml.gz", gzip.compress(URLSET.encode()), target={"kind": Kind.SITEMAP}, Content_Type=content_type)
    assert (visit.result, found(visit)) == (Result.LISTING, [(f"{HOME}news/flood", Kind.PAGE)])


def test_one_that_is_packed_for_the_way_only():
    body = gzip.compress(URLSET.encode())
    visit = page_read("sitemap.xml", body, target={"kind": Kind.SITEMAP}, Content_Type="text/xml", Content_Encoding="gzip")
    assert found(visit) == [(f"{HOME}news/flood", Kind.PAGE)]


def test_an_archive_that_a_page_links_to_is_no_sitemap():
    visit = page_read("backup", gzip.compress(URLSET.encode()), Content_Type="application/gzip")
    assert (visit.result, visit.found) == (Result.NOT_HTML, ())


def test_an_index_leads_to_its_sitemaps():
    visit = page_read("sitemap.xml", INDEX, target={"kind": Kind.SITEMAP, "depth": 1}, Content_Type="text/xml")
    (child,) = visit.found
    assert (child.url, child.kind, child.priority, child.depth, child.place) == (f"{HOME}news-1.xml.gz", Kind.SITEMAP, 1, 2, "")


def test_what_is_cut_off_says_so():
    visit = page_read("a.xml.gz", gzip.compress(URLSET.encode())[:-9], target={"kind": Kind.SITEMAP}, Content_Type="application/gzip")
    assert visit.detail.endswith("entries, cut: torn")


def test_a_seed_that_is_a_feed_stays_a_seed():
    """Every visit of the site begins there."""
    visit = page_read("rss", RSS, target={"kind": Kind.SEED}, Content_Type="text/xml")
    assert (visit.result, visit.target.kind, addresses(visit)) == (Result.LISTING, Kind.SEED, [f"{HOME}news/flood"])


def test_pages_and_feeds_of_other_sites_are_left():
    elsewhere = RSS.replace("gazette.example", "elsewhere.example")
    assert page_read("rss", elsewhere, target={"kind": Kind.FEED}, Content_Type="text/xml").found == ()


# when they are web pages after all


@pytest.mark.parametrize("kind", [Kind.FEED, Kind.SITEMAP])
@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_a_guess_that_brings_a_page_was_wrong_and_its_links_are_not_followed(kind, content_type):
    """Many sites answer any address with their front page."""
    target = {"kind": kind, "place": f"guessed {kind}"}
    visit = page_read("feed/", f"<html><title>Gazette</title>{LINK}", target=target, Content_Type=content_type)
    assert (visit.result, visit.detail, visit.found, visit.target.kind) == (Result.OTHER, f"no {kind}", (), kind)


def test_a_page_that_was_named_as_a_feed_is_read_as_what_it_is():
    links = "".join(f'<li><a href="/news/{number}">Timber burns at the old river port, part {number}</a>' for number in range(4))
    visit = page_read("feeds/", f"<html><ul>{links}</ul>", target={"kind": Kind.FEED})
    assert (visit.result, visit.target.kind, len(visit.found)) == (Result.LISTING, Kind.LISTING, 4)


def test_data_that_was_named_as_a_feed_and_is_none():
    visit = page_read("feed.json", '{"items": []}', target={"kind": Kind.FEED}, Content_Type="application/json")
    assert (visit.result, visit.found) == (Result.NOT_HTML, ())


# where they may be


def guessed(visit: Visit) -> list[tuple[str, Kind]]:
    return [(target.url.removeprefix(HOME), target.kind) for target in visit.found if target.place]


def seed(html: str = LINK, **other: object) -> Visit:
    return page_read("", html, **{"target": {"kind": Kind.SEED}, **other})


def test_where_the_front_page_names_no_feed_it_is_looked_for_last():
    visit = seed()
    kinds = [kind for _, kind in guessed(visit)]
    assert (kinds.count(Kind.FEED), kinds.count(Kind.SITEMAP)) == (10, 9)
    assert {("feed/", Kind.FEED), ("sitemap.xml", Kind.SITEMAP)} < set(guessed(visit))
    assert {(target.place, target.priority) for target in visit.found} == {("", 2), ("guessed feed", 5), ("guessed sitemap", 5)}


def test_the_feeds_that_it_names_are_read_soon_and_no_others_are_looked_for():
    visit = seed(f'<link rel=alternate type="application/rss+xml" href="/news.rss">{LINK}')
    assert [(target.url, target.priority) for target in visit.found if target.kind is Kind.FEED] == [(f"{HOME}news.rss", 1)]
    assert {kind for _, kind in guessed(visit)} == {Kind.SITEMAP}


def test_on_a_second_visit_sitemaps_are_not_looked_for_again():
    assert {kind for _, kind in guessed(seed(target={"kind": Kind.SEED, "visits": 1}))} == {Kind.FEED}


def test_other_pages_are_not_asked_for_feeds():
    assert guessed(page_read("city", LINK)) == []


# robots.txt


def robots(text: str, reader=None) -> Visit:
    reader = reader or reader_of()
    asked = Target(
        id=target_id("gazette.example", f"{HOME}robots.txt"), site="gazette.example", url=f"{HOME}robots.txt", kind=Kind.ROBOTS, due=AT
    )
    visit = Visit(asked, Result.ROBOTS)
    reader.read_robots(visit, exchange(text.encode(), url=asked.url), text)
    return visit


def test_robots_txt_names_sitemaps():
    visit = robots(
        "User-agent: *\nDisallow:\n\nSitemap: https://gazette.example/a.xml\nSitemap: https://cdn.example/b.xml\nsitemap: /c.xml"
    )
    assert [(target.url, target.kind, target.place, target.state) for target in visit.found] == [
        (f"{HOME}a.xml", Kind.SITEMAP, "", State.DUE),
        (f"{HOME}c.xml", Kind.SITEMAP, "", State.DUE),
    ]


@pytest.mark.parametrize(("text", "looked_for"), [("Sitemap: /a.xml", False), ("User-agent: *", True)])
def test_sitemaps_are_looked_for_only_where_it_names_none(text, *, looked_for):
    reader = reader_of()
    robots(text, reader)
    assert (Kind.SITEMAP in {kind for _, kind in guessed(seed(reader=reader))}) is looked_for


# what they tell of an article


ABOUT = (
    f"<title>The history of this newspaper since its beginnings</title><h1>The history of this newspaper since its beginnings</h1>{BODY}"
)


def listed_read(path: str, html: str, source: Visit) -> Visit:
    """The page behind the one address that a source names, as the frontier would hand it out."""
    (entry,) = source.found
    fields = ("kind", "place", "listed", "link_text")
    return page_read(path, html, target={name: getattr(entry, name) for name in fields})


def test_when_a_page_last_changed_is_not_when_it_was_published():
    """Sitemaps hold imprints too, and the date of their last change is no sign of an article."""
    sitemap = page_read("sitemap.xml", URLSET, target={"kind": Kind.SITEMAP})
    visit = listed_read("news/flood", ABOUT, sitemap)
    assert (visit.result, visit.reading) == (Result.OTHER, None)


def test_the_date_of_a_feeds_entry_is_that_of_the_article():
    visit = listed_read("news/flood", ABOUT, page_read("rss", RSS, target={"kind": Kind.FEED}))
    assert visit.result is Result.ARTICLE
    assert visit.reading is not None
    assert visit.reading.published is not None
    assert (visit.reading.published.source, f"{visit.reading.published.time:%Y-%m-%d %H}") == ("listing", "2026-08-01 05")


# what they tell on a second visit


def again(html: str, kind: Kind, **target: object) -> tuple[str, ...]:
    """What of it has changed since a visit on 1 August, 6:00."""
    last = AT.replace(hour=6, minute=0, second=0)
    return page_read("source", html, target={"kind": kind, "visits": 1, "visited": last, **target}).revived


def ids(*paths: str) -> tuple[str, ...]:
    return tuple(target_id("gazette.example", HOME + path) for path in paths)


def test_what_changed_since_is_due_again():
    url = "<url><loc>https://gazette.example/{}</loc><lastmod>{}</lastmod></url>"
    stamps = {"early": "2026-08-01T05:59:00Z", "late": "2026-08-01T06:01:00Z", "unknown": "", "odd": "lately"}
    assert again(f"<urlset>{''.join(url.format(*stamp) for stamp in stamps.items())}</urlset>", Kind.SITEMAP) == ids("late")


def test_sitemaps_of_an_index_too():
    """A day is not over before the next, but to look is cheap."""
    child = "<sitemap><loc>https://gazette.example/{}.xml</loc><lastmod>{}</lastmod></sitemap>"
    stamps = {"may": "2026-08-02", "june": "2026-08-01", "july": "2026-07-31", "all": ""}
    index = f"<sitemapindex>{''.join(child.format(*stamp) for stamp in stamps.items())}</sitemapindex>"
    assert again(index, Kind.SITEMAP) == ids("may.xml", "june.xml")
    found = page_read("index.xml", index, target={"kind": Kind.SITEMAP}).found
    assert {target.url.rpartition("/")[2].partition(".")[0]: target.listed for target in found} == stamps


def test_a_feed_tells_it_by_its_updates_and_not_by_its_dates():
    entry = "<entry><title>Flood</title><link href='https://gazette.example/{0}'/><{1}>2026-08-01T06:01:00Z</{1}></entry>"
    assert again(f"<feed>{entry.format('a', 'updated')}{entry.format('b', 'published')}</feed>", Kind.FEED) == ids("a")


def test_pages_of_other_sites_are_not_revived():
    assert again(URLSET.replace("gazette.example", "elsewhere.example").replace("08-01", "08-02"), Kind.SITEMAP) == ()


def test_on_a_first_visit_nothing_has_changed_since():
    assert again(URLSET.replace("08-01", "08-02"), Kind.SITEMAP, visits=0) == ()
