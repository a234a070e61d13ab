"""A takedown takes the pages that name the article as their canonical one along, and none that is met later brings its text back."""

from collections.abc import Iterator

import pytest

from newscrawl.archive.verify import verify_folder
from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from newscrawl.models import Result, State
from tests.archive.test_removal import unpacked
from tests.crawl.crawls import Place
from tests.crawl.pages import headline, listing, publish, story
from tests.crawl.test_visits import time_passes

CANONICAL = '<link rel="canonical" href="/read/ferry.html">'
SHORT = '<link rel="canonical" href="/go/ferry">'  # which redirects to the article
TEXT = f"<h1>{headline('Eelmouth')}</h1>".encode()  # as only pages hold it, not lists
KEPT = f"<h1>{headline('Otherton')}</h1>".encode()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        yield served


def site(**more: Page) -> dict[str, Page]:
    """An article as its own page, as one for small screens, by a short address and as one that names that; and another article."""
    pages = {
        "/read/ferry.html": story("Eelmouth"),
        "/amp/ferry.html": story("Eelmouth", head=CANONICAL, extra="<p>For small screens.</p>"),
        "/go/ferry": Page(status=301, headers=(("Location", "/read/ferry.html"),)),
        "/mail/ferry.html": story("Eelmouth", head=SHORT, extra="<p>To be sent by mail.</p>"),
        "/read/other.html": story("Otherton"),
        "/amp/other.html": story("Otherton", head='<link rel="canonical" href="/read/other.html">'),
        **{f"/{name}/ferry.html": page for name, page in more.items()},
    }
    return {"/robots.txt": Page(b"User-agent: *\nDisallow:\n", "text/plain"), "/": listing(*pages), **pages}


def crawl(place: Place, server: Server, pages: dict[str, Page]) -> list[str]:
    """What was asked for."""
    server.requests.clear()
    publish(server, pages)
    ran = place.crawl("-a", f"url={server.origins[0]}", crawl_concurrency=1)
    assert ran.code == 0, ran.stderr
    return [exchange.target for exchange in server.requests]


def test_pages_that_name_it_go_along_and_no_later_one_is_kept(place: Place, server: Server) -> None:
    home = server.origins[0]
    crawl(place, server, site())
    assert {place.frontier()[f"{home}/{path}/ferry.html"].result for path in ("amp", "mail")} == {Result.VARIANT}
    assert unpacked(place.archive).count(TEXT) == 3, "the test is worth nothing otherwise"
    ran = place.run("archive", "takedown", place.holding().article(f"{home}/read/ferry.html").id, "--yes")
    assert ran.code == 0, ran.stderr
    assert f"{home}/amp/ferry.html" in ran.stdout
    assert "3 captures, 3 addresses" in ran.stdout
    assert TEXT not in unpacked(place.archive)
    left = {capture.url.removeprefix(home) for capture in place.holding().captures}
    assert {"/read/other.html", "/amp/other.html"} <= left
    assert not {"/read/ferry.html", "/amp/ferry.html", "/mail/ferry.html"} & left
    assert verify_folder(place.archive).findings == []

    time_passes(place, 40)
    later = {
        "print": story("Eelmouth", head=CANONICAL, extra="<p>To be printed.</p>"),
        "share": story("Eelmouth", head=SHORT, extra="<p>To be shared.</p>"),
        "moved": Page(TEXT, status=301, headers=(("Location", "/read/ferry.html"),)),
    }
    asked = crawl(place, server, site(**later))
    assert {f"/{name}/ferry.html" for name in later} <= set(asked)
    assert not {"/read/ferry.html", "/amp/ferry.html", "/mail/ferry.html"} & set(asked)
    data = unpacked(place.archive)
    assert (TEXT in data, KEPT in data) == (False, True)
    frontier = place.frontier()
    for path in ("read", "amp", "mail", *later):
        gone = frontier[f"{home}/{path}/ferry.html"]
        assert (gone.result, gone.state) == (Result.TAKEN_DOWN, State.SKIPPED), path
    holding = place.holding()
    assert {article.title for article in holding.articles} == {headline("Otherton")}
    assert place.verified() == len(holding.captures)

    time_passes(place, 40)
    assert not [target for target in crawl(place, server, site(**later)) if "ferry" in target]


def test_what_was_an_article_before_it_named_this_one_stays(place: Place, server: Server) -> None:
    """It has a text and captures of its own, and goes by its own id."""
    home = server.origins[0]
    before = story("Tidewater").body.replace(b"late", b"full").replace(b"eels", b"herrings").replace(b"tide", b"boat")
    crawl(place, server, site(film=Page(before)))
    one = place.holding().article(f"{home}/film/ferry.html")
    time_passes(place, 5000)
    crawl(place, server, site(film=story("Eelmouth", head=CANONICAL)))
    assert place.frontier()[one.url].result is Result.VARIANT
    ran = place.run("archive", "takedown", place.holding().article(f"{home}/read/ferry.html").id, "--yes")
    assert ran.code == 0, ran.stderr
    assert one.id in {article.id for article in place.holding().articles}
    assert one.capture in {capture.id for capture in place.holding().captures}
    assert place.run("archive", "takedown", one.id, "--yes").code == 0
    assert TEXT not in unpacked(place.archive)
