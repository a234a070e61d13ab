"""A site that is visited again and again: what is found, what is asked for, what becomes of articles. By real crawls of a small site."""

import gzip
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from newscrawl.demo.pages import Page
from newscrawl.demo.server import Exchange, Server
from newscrawl.models import Result, now
from tests.crawl.crawls import ROOT, Holding, Place, Ran
from tests.crawl.pages import headline, listing, publish, story

PUBLISHED = (now() - timedelta(hours=3)).isoformat()
LIE = ("Last-Modified", "Sat, 01 Aug 2026 06:00:00 GMT")  # of every story, changed or not
FEED = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
NAMES = ("Aal", "Bern", "Cork")  # stories that the front page links to
HIDDEN = ("/hidden/Gozo", "/fed/Delft")  # that only the sitemap, and only the feed, name


def written(name: str, *, text: str = "") -> Page:
    """A story that is three hours old, with an ETag that follows its content and a date that does not."""
    page = story(name, extra=text, published=PUBLISHED)
    return replace(page, headers=(("ETag", f'"{name}{len(text)}"'), LIE))


def front(*links: str, head: str = FEED) -> Page:
    page = listing(*links)
    return replace(page, body=page.body.replace(b"</head>", head.encode() + b"</head>"))


def sitemaps(origin: str) -> dict[str, Page]:
    """An index, named by robots.txt, with a packed child that names a story."""
    index = f"<sitemapindex><sitemap><loc>{origin}/news.xml.gz</loc></sitemap></sitemapindex>"
    child = f"<urlset><url><loc>{origin}{HIDDEN[0]}</loc></url></urlset>"
    return {
        "/robots.txt": Page(f"User-agent: *\nDisallow:\n\nSitemap: {origin}/index.xml\n".encode(), "text/plain"),
        "/index.xml": Page(index.encode(), "application/xml"),
        "/news.xml.gz": Page(gzip.compress(child.encode()), "application/gzip"),
    }


def feed(*paths: str) -> Page:
    items = "".join(f"<item><title>{headline(path)}</title><link>{path}</link></item>" for path in paths)
    return Page(f"<rss version='2.0'><channel><title>Gazette</title>{items}</channel></rss>".encode(), "application/rss+xml")


def site(origin: str) -> dict[str, Page]:
    """The site as it is at first."""
    stories = {f"/news/{name}": written(name) for name in NAMES}
    hidden = {path: written(path.rpartition("/")[2]) for path in HIDDEN}
    return {
        **sitemaps(origin),
        **stories,
        **hidden,
        "/": front(*stories, "/city/"),
        "/city/": listing(*stories),
        "/rss.xml": feed(HIDDEN[1]),
    }


def changed(origin: str) -> dict[str, Page]:
    """Later: Aal was corrected, Bern is gone, Dover is new."""
    pages = site(origin)
    del pages["/news/Bern"]
    links = ("/news/Dover", "/news/Aal", "/news/Cork")
    edited = {"/news/Aal": written("Aal", text="<p>Correction: it was not the ferry that was late, but the train to it.</p>")}
    return {**pages, **edited, "/news/Dover": written("Dover"), "/": front(*links, "/city/"), "/city/": listing(*links)}


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit that is over."""

    ran: Ran
    holding: Holding
    requests: list[Exchange]
    place: Place

    @property
    def paths(self) -> list[str]:
        return [exchange.target for exchange in self.requests]


def visited(place: Place, server: Server, *arguments: str, **knobs: object) -> Visited:
    server.requests.clear()
    ran = place.crawl("-a", f"url={server.origins[0]}", *arguments, **knobs)
    assert ran.code == 0, ran.stderr
    return Visited(ran, place.holding(), list(server.requests), place)


def time_passes(place: Place, hours: int) -> None:
    """As if the last visit had been so long ago."""
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db, db:
        assert db.execute("UPDATE frontier SET again = again - ?1, visited = visited - ?1", (hours * 3_600_000,)).rowcount


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as served:
        yield served


@pytest.fixture(scope="module")
def first(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Visited:
    publish(server, site(server.origins[0]))
    return visited(Place(tmp_path_factory.mktemp("place")), server)


@pytest.fixture(scope="module")
def second(first: Visited, server: Server) -> Visited:
    publish(server, changed(server.origins[0]))
    return visited(first.place, server)


@pytest.fixture(scope="module")
def third(second: Visited, server: Server) -> Visited:
    """Hours later, when Cork was corrected."""
    time_passes(second.place, 5)
    publish(
        server, {**changed(server.origins[0]), "/news/Cork": written("Cork", text="<p>Correction: the eels were not delivered at all.</p>")}
    )
    return visited(second.place, server)


def urls(server: Server, *paths: str) -> list[str]:
    return sorted(server.origins[0] + path for path in paths)


# the first visit


def test_articles_are_found_that_no_page_links_to(first: Visited, server: Server) -> None:
    assert first.holding.urls == urls(server, *(f"/news/{name}" for name in NAMES), *HIDDEN)


def test_where_sitemaps_and_feeds_are_named_no_others_are_looked_for(first: Visited) -> None:
    asked = {"/robots.txt", "/index.xml", "/news.xml.gz", "/rss.xml", "/", "/city/", *HIDDEN, *(f"/news/{name}" for name in NAMES)}
    assert sorted(first.paths) == sorted(asked)


def test_a_first_visit_asks_for_nothing_under_conditions(first: Visited) -> None:
    assert not [exchange for exchange in first.requests if exchange.conditional]


# the second


def test_a_second_visit_asks_for_the_front_page_the_recent_articles_and_what_is_new(second: Visited) -> None:
    """Robots.txt is known for a day; listing, feed and sitemaps were read just now."""
    assert sorted(second.paths) == sorted(["/", "/news/Dover", *(f"/news/{name}" for name in NAMES), *HIDDEN])


def test_it_finds_what_is_new(second: Visited, server: Server) -> None:
    assert set(urls(server, "/news/Dover")) <= set(second.holding.urls)
    assert second.holding.runs[0].counters["new"] == 1


def test_what_was_corrected_has_a_revision_and_all_else_has_none(second: Visited, server: Server) -> None:
    revised = {article.url: article for article in second.holding.articles if article.revision > 1}
    assert list(revised) == urls(server, "/news/Aal")
    (article,) = revised.values()
    (former,) = second.place.revisions(article)
    assert article.text.startswith(former.text)
    assert "Correction" in article.text
    assert "Correction" not in former.text
    assert second.holding.runs[0].counters["changed"] == 1


def test_what_is_gone_is_marked_and_kept(second: Visited, server: Server) -> None:
    (gone,) = (article for article in second.holding.articles if article.gone)
    assert [gone.url] == urls(server, "/news/Bern")
    assert "Bern" in gone.text


def test_and_showing_it_tells(second: Visited, server: Server) -> None:
    def shown(path: str) -> str:
        command = [sys.executable, "-c", "from newscrawl.cli import main; main()", "show", server.origins[0] + path]
        return subprocess.run([*command, "--store", second.place.store], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "gone" in shown("/news/Bern")
    assert "gone" not in shown("/news/Cork")


# the third


def test_once_etags_have_proved_right_they_spare_articles_that_have_not_changed(third: Visited) -> None:
    """Of the articles that were seen twice one changed, and so did its ETag; the others did not."""
    conditional = {exchange.target: exchange.status for exchange in third.requests if "if-none-match" in exchange.headers}
    assert conditional == {
        **dict.fromkeys(("/news/Aal", "/news/Dover", *HIDDEN), 304), "/news/Cork": 200, "/news/Bern": 404,
    }  # fmt: skip


def test_dates_that_once_stayed_while_the_article_changed_are_not_believed(third: Visited) -> None:
    assert not [exchange.target for exchange in third.requests if "if-modified-since" in exchange.headers]


def test_so_a_later_correction_is_found_too(third: Visited, server: Server) -> None:
    assert "were not delivered" in third.holding.article(*urls(server, "/news/Cork")).text
    assert third.holding.article(*urls(server, "/news/Aal")).revision == 2


def test_what_is_still_there_was_seen_again(second: Visited, third: Visited, server: Server) -> None:
    (url,) = urls(server, "/news/Aal")
    assert third.holding.article(url).last_seen > second.holding.article(url).last_seen


def test_listing_feed_and_sitemaps_are_read_again_when_their_time_has_come(third: Visited) -> None:
    assert {"/city/", "/rss.xml", "/index.xml", "/news.xml.gz"} < set(third.paths)


# of their own


def test_articles_that_are_looked_at_again_do_not_count_against_a_limit(server: Server, place: Place) -> None:
    publish(server, site(server.origins[0]))
    visited(place, server)
    again = visited(place, server, "-a", "limit=1")
    assert again.holding.runs[0].outcome == "finished"
    assert len(again.paths) == 1 + len(NAMES) + len(HIDDEN)


def test_old_articles_are_not_looked_at_again(server: Server, place: Place) -> None:
    publish(server, site(server.origins[0]))
    visited(place, server, crawl_review_days=0.1)
    assert visited(place, server, crawl_review_days=0.1).paths == ["/"]


def test_a_listing_whose_etag_lied_once_is_always_read_whole(server: Server, place: Place) -> None:
    """It then changes with the list, as one should, and is the same when nothing has changed; then it lies again."""
    origin = server.origins[0]

    def edition(tag: str, *names: str) -> dict[str, Page]:
        pages = {f"/news/{name}": written(name) for name in names}
        listed = replace(listing(*pages), headers=(("ETag", f'"{tag}"'),))
        return {"/robots.txt": sitemaps(origin)["/robots.txt"], **pages, "/": front("/city/"), "/city/": listed, "/rss.xml": feed()}

    more = (*NAMES, "Dover")
    for tag, names in (("1", NAMES), ("1", more), ("2", (*more, "Eden")), ("2", (*more, "Eden")), ("2", (*more, "Eden", "Faro"))):
        publish(server, edition(tag, *names))
        seen = visited(place, server)
        assert seen.holding.urls == urls(server, *(f"/news/{name}" for name in names))
        assert [exchange.conditional for exchange in seen.requests if exchange.target == "/city/"] == [False]
        time_passes(place, 30)


def test_a_guess_that_brings_the_front_page_leads_nowhere(server: Server, place: Place) -> None:
    """As where every address that is not known shows it: no feed is found, and few are looked for."""
    home = listing("/news/Aal")
    server.publish(lambda target: written("Aal") if target == "/news/Aal" else Page(status=404) if target == "/robots.txt" else home)
    seen = visited(place, server)
    assert len(seen.holding.articles) == 1
    assert len(seen.paths) < 10
    results = {answered.result for url, answered in place.frontier().items() if url.endswith((".xml", "/feed/", "/rss"))}
    assert Result.TRAP in results
    assert results <= {Result.OTHER, Result.TRAP}


def test_a_sitemap_that_nobody_names_is_found_where_most_sites_have_it(server: Server, place: Place) -> None:
    pages = site(server.origins[0])
    named = {"/sitemap.xml": pages["/index.xml"], "/feed/": pages["/rss.xml"], "/": listing("/news/Aal")}
    publish(server, {**{path: page for path, page in pages.items() if path not in {"/index.xml", "/rss.xml", "/robots.txt"}}, **named})
    seen = visited(place, server)
    assert set(urls(server, *HIDDEN)) < set(seen.holding.urls)
    assert [exchange.status for exchange in seen.requests].count(404) < 8
