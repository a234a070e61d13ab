"""The pages in a real browser: what a reader does, and that nothing runs or asks anywhere else."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest

from newscrawl.crawl.browser import missing, program
from tests.knobs import browser_knobs
from tests.web.conftest import COPY, Served

pytestmark = pytest.mark.skipif(bool(missing(browser_knobs())), reason=f"no browser: {missing(browser_knobs())}")

PAGES = ("/?q=ferry", "/words?q=council", "/flows", "/edits", "/gone", "/sites", "/sites/gazette", "/runs", "/?q=(a")
_FOCUS = """(() => {
  const here = document.activeElement, part = here.closest('.ask, .views, .timeline, .hit, .facet')
  return [part ? part.getAttribute('class') : here.outerHTML, getComputedStyle(here).outlineStyle]
})()"""
Opened = Callable[..., tuple[Any, list[str]]]


@pytest.fixture(scope="module")
def browser(served: Served) -> Iterator[Any]:  # after the archive was filled: Playwright keeps the thread's loop
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program(browser_knobs()), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: Any, served: Served) -> Iterator[Opened]:
    """Opens a page; tells what it asked of others and complained of."""
    pages = []

    def open_page(target: str, **how: Any) -> tuple[Any, list[str]]:
        page = browser.new_page(**how)
        pages.append(page)
        page.set_default_timeout(15_000)
        troubles: list[str] = []
        page.on("request", lambda request: request.url.startswith(served.address) or troubles.append(request.url))
        page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        page.goto(served.address.rstrip("/") + target)
        return page, troubles

    yield open_page
    for page in pages:
        page.close()


def all_pages(served: Served) -> list[str]:
    article = f"/article/{served.ferry.id}"
    return [*PAGES, article, f"{article}/changes", f"/archived/{served.ferry.id}/{served.ferry.capture}"]


def test_a_reader_searches_narrows_down_and_reads(opened: Opened) -> None:
    page, troubles = opened("/")
    page.fill("#q", "ferry OR council")
    page.press("#q", "Enter")
    assert page.inner_text(".count") == "46 articles"
    page.click("aside >> text=gazette")
    assert page.input_value("#q") == 'ferry OR council site:"gazette"'
    assert page.inner_text(".count") == "1 article"
    page.click("text=Ferry stays in port")
    assert page.inner_text("h1") == "Ferry stays in port"
    page.click("text=What changed")
    assert "sails today" in page.inner_text("del >> nth=1")
    assert troubles == []


def test_a_bar_of_the_timeline_narrows_to_its_time(opened: Opened) -> None:
    page, troubles = opened("/?q=council&by=day")
    page.click(".timeline a >> nth=0", position={"x": 2, "y": 100})
    assert page.input_value("#q") == "council since:2026-08-03 until:2026-08-03"
    assert page.inner_text(".count") == "16 articles"
    page.fill(".zone [name=zone]", "Asia/Shanghai")
    page.click(".zone button")
    assert page.input_value(".zone [name=zone]") == "Asia/Shanghai"
    assert page.input_value("#q") == "council since:2026-08-03 until:2026-08-03"
    assert page.inner_text(".count") == "8 articles"
    assert troubles == []


def test_results_are_turned_page_by_page(opened: Opened) -> None:
    page, troubles = opened("/?q=council")
    page.click("text=further →")
    page.click("text=further →")
    assert "page 3 of 3" in page.inner_text(".turn")
    assert page.locator(".hit").count() == 5
    page.click("text=← newer")
    assert "page 2 of 3" in page.inner_text(".turn")
    assert troubles == []


def test_the_views_keep_the_question(opened: Opened) -> None:
    page, troubles = opened("/?q=site:council")
    page.click(".views >> text=Gone")
    assert page.input_value("#q") == "site:council"
    assert page.inner_text(".hit h2") == "Council meets 0"
    page.fill("#q", "ferry")
    page.press("#q", "Enter")
    assert page.locator(".hit").count() == 0
    page.click(".views >> text=Edits")
    assert page.inner_text(".hit h2 del") == "sails"
    page.click(".hit h2 a")
    assert "sails today" in page.inner_text(".changes")
    assert troubles == []


def test_copies_are_drawn_by_time(opened: Opened, served: Served) -> None:
    page, troubles = opened(f"/article/{served.ferry.id}")
    first, second = (page.locator(".lanes circle").nth(at).bounding_box() for at in (0, 1))
    assert first["x"] < second["x"]
    assert first["y"] < second["y"]
    page.click(".lanes >> text=herald")
    assert page.inner_text("h1") == COPY.title
    page.click("nav >> text=Search")
    page.click(".views >> text=Reprints")
    assert page.text_content(".flows text >> nth=0") == "gazette"
    assert troubles == []


def test_the_archived_page_is_seen_and_asks_for_nothing(browser: Any, served: Served) -> None:
    page = browser.new_page()
    asked, refused = [], []
    page.on("request", lambda request: request.url.startswith(served.address) or asked.append(request.url))
    page.on("requestfailed", lambda request: request.failure == "csp" and refused.append(request.url))
    page.goto(f"{served.address}archived/{served.ferry.id}/{served.ferry.capture}")
    page.wait_for_load_state("networkidle")
    assert "As it was archived." in page.frames[1].inner_text("body")
    assert page.title() != "ran"
    assert asked == refused
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_shows_all_of_a_page(opened: Opened, served: Served, scheme: str) -> None:
    page, _ = opened("/", viewport={"width": 360, "height": 740}, color_scheme=scheme)
    for target in all_pages(served):
        page.goto(served.address.rstrip("/") + target)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, target


def test_the_keyboard_is_enough(opened: Opened) -> None:
    page, _ = opened("/?q=ferry")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    reached: set[str] = set()
    while page.evaluate("document.activeElement !== document.body") and len(reached) < 99:
        place, outline = page.evaluate(_FOCUS)
        assert outline != "none", place
        reached.add(place)
        page.keyboard.press("Tab")
    assert {"ask", "views", "timeline", "hit", "facet"} <= reached


def test_nothing_that_is_stored_runs(opened: Opened, served: Served) -> None:
    page, troubles = opened("/?q=site:hostile")
    for link in page.eval_on_selector_all(".hit h2 a", "links => links.map(link => link.getAttribute('href'))"):
        page.goto(served.address.rstrip("/") + link)
        assert page.title() != "ran"
    assert troubles == []


def test_an_error_points_at_the_place(opened: Opened) -> None:
    page, _ = opened("/?q=ferry (a OR")
    assert page.inner_text(".query mark") == "OR"
    assert page.input_value("#q") == "ferry (a OR"


@pytest.mark.parametrize(("scheme", "rules"), [("light", []), ("dark", ["color-contrast"])])
def test_axe_finds_no_serious_barrier(opened: Opened, served: Served, scheme: str, rules: list[str]) -> None:
    page, _ = opened("/", color_scheme=scheme)
    serious = {}
    for target in [target for target in all_pages(served) if target not in {"/gone", "/runs", "/?q=(a"}][:: 2 if rules else 1]:
        page.goto(served.address.rstrip("/") + target)
        told = barriers(page, rules)
        serious |= {target: told} if told else {}
    assert serious == {}


def test_axe_would_find_one(opened: Opened) -> None:
    page, _ = opened("/")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('#q').removeAttribute('placeholder')")
    assert [told.partition(":")[0] for told in barriers(page, ["label"])] == ["label"]


def barriers(page: Any, rules: list[str]) -> list[str]:
    """What axe-core calls serious or critical, by the rules named or all."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    how = {"resultTypes": ["violations"], "iframes": False} | ({"runOnly": rules} if rules else {})
    found = page.evaluate("how => axe.run(document, how)", how)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in {"serious", "critical"}]
