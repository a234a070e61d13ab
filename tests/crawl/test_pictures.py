"""Pictures of articles (media = true): which are asked for, what is kept of what comes; and they are seen again without the network."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from newscrawl.archive.verify import verify_folder
from newscrawl.archive.warc import read_exchange
from newscrawl.crawl.browser import missing, program
from newscrawl.crawl.reception import Reception
from newscrawl.models import Kind, Result, State, Target
from tests.crawl.crawls import Holding, Place
from tests.crawl.illustrated import (
    ARTICLES,
    CLOSED,
    COPY,
    ELSEWHERE,
    MOVED,
    NEVER,
    NOT_KEPT,
    OLD,
    PRIVATE,
    SHARED,
    SHOWN,
    TOO_LONG,
    Illustrated,
    illustrated,
)  # fmt: skip
from tests.crawl.readings import BODY, GAZETTE, page_read, reader_of
from tests.exchanges import AT
from tests.knobs import browser_knobs
from tests.query.test_wacz import urls

needs_browser = pytest.mark.skipif(bool(missing(browser_knobs())), reason=f"no browser: {missing(browser_knobs())}")
KNOBS = {"crawl_allow_private": "127.0.0.2", "crawl_image_bytes": 200_000, "crawl_retry_seconds": 0.1}
SEEN = (*SHOWN, COPY, MOVED, SHARED)  # on the site's own host


@dataclass(frozen=True, slots=True)
class Crawled:
    """A crawl of the site, what it asked for, and what it left."""

    site: Illustrated
    place: Place
    asked: list[str]
    holding: Holding

    def result(self, path: str) -> tuple[State, Result]:
        told = self.place.frontier()[path if "://" in path else self.site.home.rstrip("/") + path]
        return told.state, told.result


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("pictures")
    place = Place(folder)
    with illustrated(folder) as site:
        ran = place.crawl("-a", "site=gazette", settings=site.settings, **KNOBS)
        assert ran.code == 0, ran.stderr
        yield Crawled(site, place, site.asked(), place.holding())


def test_what_an_articles_body_shows_is_asked_for_once_and_nothing_that_counts_readers(crawled: Crawled) -> None:
    wanted = {*SEEN, OLD, *NOT_KEPT, TOO_LONG, ELSEWHERE}
    pictures = [target for target in crawled.asked if target.rpartition(".")[2] in ("png", "gif", "svg", "gif?reader=1")]
    assert sorted(pictures) == sorted(wanted)
    assert not set(NEVER) & set(crawled.asked)
    assert "/pic/logo.png" not in crawled.asked, "it is not in the article's body"
    assert CLOSED not in crawled.asked
    assert crawled.result(CLOSED) == (State.SKIPPED, Result.FORBIDDEN)


def test_the_address_guard_holds_for_pictures(crawled: Crawled) -> None:
    assert crawled.result("http://127.0.0.3/robots.txt") == (State.SKIPPED, Result.BAD_ADDRESS)
    assert crawled.result(PRIVATE)[1] is Result.UNREACHABLE


def test_robots_txt_of_another_host_is_asked_for_before_its_picture(crawled: Crawled) -> None:
    there = [one.target for one in crawled.site.server.requests if one.origin == crawled.site.server.origins[1]]
    assert there == ["/robots.txt", ELSEWHERE]


def test_servers_are_told_what_a_browser_tells_them(crawled: Crawled) -> None:
    asked = {one.target: one.headers for one in crawled.site.server.requests}
    home = crawled.site.home
    assert asked["/pic/harbour.png"]["referer"] == home.rstrip("/") + ARTICLES[0]
    assert asked[ELSEWHERE]["referer"] == home, "another host learns where, not what"
    assert asked["/pic/harbour.png"]["accept"].startswith("image/")
    assert "referer" not in asked[ARTICLES[0]]


def test_pictures_are_kept_and_what_is_none_is_not(crawled: Crawled) -> None:
    kept = {capture.url.removeprefix(crawled.site.home.rstrip("/")): capture for capture in crawled.holding.captures}
    for path in SEEN:
        assert crawled.result(path) == (State.DONE, Result.IMAGE), path
        assert read_exchange(crawled.place.archive, kept[path]).payload.startswith((b"\x89PNG", b"<svg"))
    for path in NOT_KEPT:
        assert crawled.result(path) == (State.DONE, Result.NOT_IMAGE), path
        assert path not in kept
    assert crawled.result(TOO_LONG)[1] is Result.TOO_LARGE
    assert TOO_LONG not in kept
    first, again = kept["/pic/harbour.png"], kept[COPY]
    assert (again.refers_to, again.digest) == (first.id, first.digest)
    assert verify_folder(crawled.place.archive).findings == []
    assert crawled.holding.run("gazette").counters["image"] == len(SEEN) + 1


def test_a_second_visit_asks_for_none_of_them_again(crawled: Crawled) -> None:
    crawled.site.server.requests.clear()
    crawled.place.crawl("-a", "site=gazette", settings=crawled.site.settings, **KNOBS)
    assert not {*SEEN, OLD, ELSEWHERE, *NOT_KEPT} & set(crawled.site.asked())


async def shown_in(address: str) -> list[int]:
    """The widths of the pictures that a browser shows of an archived page."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(browser_knobs()), args=["--no-sandbox"])
        page = await browser.new_page()
        await page.goto(address)
        await asyncio.sleep(0.5)
        widths = await page.frames[1].evaluate("[...document.images].map(image => image.naturalWidth)")
        await browser.close()
    return sorted(width for width in widths if width)


@needs_browser
def test_the_pictures_are_seen_again_with_the_page_and_nothing_is_asked_for(crawled: Crawled) -> None:
    article = crawled.holding.article(crawled.site.home.rstrip("/") + ARTICLES[0])
    crawled.site.server.requests.clear()
    served = crawled.place.start("replay", article.id, "--no-browser", program=("-u", "-m", "newscrawl"))
    try:
        assert served.stdout is not None
        address = served.stdout.readline().strip()
        widths = asyncio.run(shown_in(address))
    finally:
        served.terminate()
        served.communicate()
    assert widths == [48, 64, 80, 96, 320, 320, 640]
    assert crawled.site.asked() == []


def test_a_wacz_of_an_article_holds_its_pictures_and_what_led_to_them(crawled: Crawled, tmp_path: Path) -> None:
    out = tmp_path / "fire.wacz"
    ran = crawled.place.crawl("export", "fire brigade", "--format", "wacz", "--out", str(out), program=("-m", "newscrawl"))
    assert ran.code == 0, ran.stderr
    paths = {url.removeprefix(crawled.site.home.rstrip("/")) for url in urls(out)}
    other = crawled.site.server.origins[1] + ELSEWHERE
    assert paths == {ARTICLES[0], *SEEN, OLD, other}


def test_without_the_wish_no_picture_is_asked_for(tmp_path: Path) -> None:
    with illustrated(tmp_path, "") as site:
        Place(tmp_path).crawl("-a", "site=gazette", settings=site.settings, **KNOBS)
        assert not [target for target in site.asked() if target.endswith((".png", ".svg", ".gif"))]


def test_no_more_of_an_article_than_are_wanted() -> None:
    site = msgspec.structs.replace(GAZETTE, media=True)
    pictures = "".join(f'<img src="/pic/{number}.png">' for number in range(9))
    page = f"<article><h1>Fire at the old river port</h1><time datetime='2026-08-01'>1 August</time>{BODY}{pictures}{BODY}</article>"
    visit = page_read("2026/08/fire.html", page, site=site, reader=reader_of(site, images=4))
    assert visit.result is Result.ARTICLE
    found = [found for found in visit.found if found.kind is Kind.IMAGE]
    assert [one.url.rpartition("/")[2] for one in found] == ["0.png", "1.png", "2.png", "3.png"]
    assert {one.parent for one in found} == {"https://gazette.example/2026/08/fire.html"}


def test_pictures_that_are_refused_do_not_end_a_crawl() -> None:
    reception = Reception("https://gazette.example/", 1.0)
    picture = Target("i", "gazette", "https://gazette.example/a.png", Kind.IMAGE, AT)
    assert {reception.heard(replace(picture, id=str(n)), Result.REFUSED, n) for n in range(30)} == {""}
    page = replace(picture, kind=Kind.PAGE)
    assert "refused" in {reception.heard(replace(page, id=str(n)), Result.REFUSED, n) for n in range(30)}, "the control"
