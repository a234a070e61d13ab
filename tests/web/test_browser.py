"""The pages in a real browser: what a reader does, and that nothing runs or asks anywhere else."""

from collections.abc import AsyncIterator

import pytest

from newscrawl.crawl.browser import missing, program
from tests.knobs import browser_knobs
from tests.web.conftest import Served

pytestmark = pytest.mark.skipif(bool(missing(browser_knobs())), reason=f"no browser: {missing(browser_knobs())}")


@pytest.fixture
async def browser() -> AsyncIterator[object]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program(browser_knobs()), args=["--no-sandbox"])
        yield opened
        await opened.close()


async def opened(browser, served, target, **how):
    """A page, and what it asked of others and complained of."""
    page = await browser.new_page(**how)
    page.set_default_timeout(15_000)
    troubles = []
    page.on("request", lambda request: request.url.startswith(served.address) or troubles.append(request.url))
    page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
    await page.goto(served.address.rstrip("/") + target)
    return page, troubles


async def test_a_reader_searches_narrows_down_and_reads(browser, served: Served) -> None:
    page, troubles = await opened(browser, served, "/")
    await page.fill("#q", "ferry OR council")
    await page.press("#q", "Enter")
    assert await page.inner_text(".count") == "46 articles"
    await page.click("aside >> text=gazette")
    assert await page.input_value("#q") == 'ferry OR council site:"gazette"'
    assert await page.inner_text(".count") == "1 article"
    await page.click("text=Ferry stays in port")
    assert await page.inner_text("h1") == "Ferry stays in port"
    await page.click("text=What changed")
    assert "sails today" in await page.inner_text("del >> nth=1")
    assert troubles == []


async def test_a_bar_of_the_timeline_narrows_to_its_time(browser, served: Served) -> None:
    page, troubles = await opened(browser, served, "/?q=council&by=day")
    await page.click(".timeline a >> nth=0", position={"x": 2, "y": 100})
    assert await page.input_value("#q") == "council since:2026-08-03 until:2026-08-03"
    assert await page.inner_text(".count") == "16 articles"
    assert troubles == []


async def test_the_archived_page_is_seen_and_asks_for_nothing(browser, served: Served) -> None:
    page = await browser.new_page()
    asked, refused = [], []
    page.on("request", lambda request: request.url.startswith(served.address) or asked.append(request.url))
    page.on("requestfailed", lambda request: request.failure == "csp" and refused.append(request.url))
    await page.goto(f"{served.address}archived/{served.ferry.id}/{served.ferry.capture}")
    await page.wait_for_load_state("networkidle")
    assert "As it was archived." in await page.frames[1].inner_text("body")
    assert await page.title() != "ran"
    assert asked == refused


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_telephone_shows_all_of_a_page(browser, served: Served, scheme: str) -> None:
    for target in ("/?q=ferry", f"/article/{served.ferry.id}", f"/article/{served.ferry.id}/changes", "/sites", "/sites/gazette", "/?q=(a"):
        page, _ = await opened(browser, served, target, viewport={"width": 360, "height": 740}, color_scheme=scheme)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, target
        await page.close()


async def test_nothing_that_is_stored_runs(browser, served: Served) -> None:
    page, troubles = await opened(browser, served, "/?q=site:hostile")
    for link in await page.eval_on_selector_all(".hit h2 a", "links => links.map(link => link.getAttribute('href'))"):
        await page.goto(served.address.rstrip("/") + link)
        assert await page.title() != "ran"
    assert troubles == []


async def test_an_error_points_at_the_place(browser, served: Served) -> None:
    page, _ = await opened(browser, served, "/?q=ferry (a OR")
    assert await page.inner_text(".query mark") == "OR"
    assert await page.input_value("#q") == "ferry (a OR"
