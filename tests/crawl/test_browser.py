"""Chromium by itself: pages in, pages out, and no way to the network."""

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from newscrawl.crawl.browser import NO_NETWORK, BrowserError, PageError, Renderer, Supply, Wish, missing, program
from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from tests.crawl.pages import publish
from tests.knobs import browser_knobs

KNOBS = browser_knobs(settle_seconds=0.3)
URL = "https://gazette.example/list"
needs_browser = pytest.mark.skipif(bool(missing(KNOBS)), reason=f"no browser: {missing(KNOBS)}")


@dataclass
class Given:
    """Errands that find everything, and write down what was wanted."""

    wishes: list[Wish] = field(default_factory=list)
    held: int = 0

    async def supplied(self, wish: Wish) -> Supply | None:
        self.wishes.append(wish)
        return Supply(200, {"content-type": "text/plain; charset=utf-8"}, "断桥".encode())


async def rendered(html: str, errands: Given, *, most: int = 100_000, seconds: float = 5.0) -> str:
    renderer = Renderer(KNOBS, "newscrawl/test (nobody)", seconds=seconds, max_chars=most)
    try:
        return await renderer.render(URL, html, errands)
    finally:
        await renderer.close()


def test_the_first_program_that_is_there_is_taken(tmp_path: Path) -> None:
    there = tmp_path / "chromium"
    there.touch(0o755)
    knobs = browser_knobs(programs=("no-such-program", str(there), "/bin/sh"))
    assert program(knobs) == str(there)
    assert program(browser_knobs(programs=("no-such-program",))) == ""


@pytest.mark.skipif("newscrawl[javascript]" in missing(KNOBS), reason="newscrawl[javascript] is not installed")
def test_what_is_missing_is_named() -> None:
    assert missing(browser_knobs(programs=("no-such-program",))).startswith("install Chromium, or name yours in browser.programs")


@needs_browser
class TestChromium:
    async def test_a_page_is_given_back_as_its_scripts_leave_it(self) -> None:
        given = Given()
        script = "fetch('/api').then(a => a.text()).then(t => document.body.append(t + navigator.userAgent))"
        html = await rendered(f"<title>高桥</title><body><script>{script}</script></body>", given)
        assert "断桥newscrawl/test (nobody)" in html
        assert "<title>高桥</title>" in html
        assert [(wish.url, wish.kind, wish.method) for wish in given.wishes] == [("https://gazette.example/api", "fetch", "GET")]

    async def test_a_page_that_grows_without_end_is_cut(self) -> None:
        html = await rendered("<body><script>document.body.append('x'.repeat(1e6))</script></body>", Given(), most=5_000)
        assert len(html) == 5_000

    @pytest.mark.parametrize("code", ["while (true) { }", "Element.prototype.__defineGetter__('outerHTML', () => ({slice: () => 7}))"])
    async def test_a_page_that_can_not_be_read_is_an_error_in_time(self, code: str) -> None:
        with pytest.raises(PageError):
            await asyncio.wait_for(rendered(f"<body><script>{code}</script></body>", Given(), seconds=1.0), 15)

    async def test_memory_that_scripts_take_is_bounded(self) -> None:
        code = "const all = []; while (true) all.push(new Array(1e6).fill(Math.random()))"
        with pytest.raises((PageError, BrowserError)):
            await asyncio.wait_for(rendered(f"<body><script>{code}</script></body>", Given(), seconds=10.0), 30)

    async def test_one_page_sees_nothing_of_another(self) -> None:
        renderer = Renderer(KNOBS, "newscrawl/test", seconds=5.0, max_chars=100_000)
        code = "document.body.append(`had: ${localStorage.length}${document.cookie}`); localStorage.x = 1; document.cookie = 'x=1'"
        try:
            pages = [await renderer.render(URL, f"<body><script>{code}</script></body>", Given()) for _ in range(2)]
        finally:
            await renderer.close()
        assert all("had: 0<" in page for page in pages)

    @pytest.mark.parametrize("shut", [True, False])
    async def test_what_slips_past_us_ends_in_the_browser(self, *, shut: bool) -> None:
        """Nobody watches here; without its flags, the control, the browser does get out."""
        from playwright.async_api import Error, async_playwright

        with Server() as server:
            publish(server, {"/secret": Page(b"secret")})
            async with async_playwright() as playwright:
                flags = list(NO_NETWORK) if shut else []
                browser = await playwright.chromium.launch(executable_path=program(KNOBS), args=flags, chromium_sandbox=False)
                page = await browser.new_page()
                with pytest.raises(Error, match="PROXY") if shut else nullcontext():
                    await page.goto(f"{server.origins[0]}/secret")
                await browser.close()
            assert bool(server.requests) is not shut
