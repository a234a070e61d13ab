"""Chromium without a network: it runs the scripts of a page that we fetched, and whatever they ask for is for us to answer.

So nothing that a page does gets round what holds for every request: robots.txt, delay, size, the check of the address connected to.
A browser that is let out and merely watched resolves names by itself once more, and follows redirects unwatched.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from newscrawl.config import BrowserKnobs

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright, Route

# A proxy that no resolver finds, for all addresses, and nothing that goes without one: a request that slips past us ends in the browser.
NO_NETWORK = (
    "--proxy-server=http://nowhere.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)
_PLAIN = ("--disable-gpu", "--disable-sync", "--no-first-run", "--disable-background-networking", "--disable-component-update")
_HEAP = "--js-flags=--max-old-space-size=256"  # megabytes that the scripts of a page may fill
_POPUPS = "--disable-popup-blocking"  # of Playwright's own making, and not for us
_CLOSED = "has been closed"  # what is said of a page shortly before the browser counts as gone; a page may also close itself
_STEP = 0.1  # seconds between two looks at a page
_SIZE = "document.getElementsByTagName('*').length"
_MARKUP = "most => document.documentElement.outerHTML.slice(0, most)"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a page asks for."""

    url: str
    kind: str  # "script", "fetch", "xhr", "image", ... as browsers divide them
    method: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Supply:
    """What it gets."""

    status: int
    headers: dict[str, str]
    body: bytes


class BrowserError(Exception):
    """The browser can't be started, or has died."""


class PageError(Exception):
    """A page keeps its browser so busy that nothing can be got out of it."""


class Errands(Protocol):
    """Who goes and gets what a page asks for."""

    held: int  # wishes that wait for our own politeness: time that is not held against the page

    async def supplied(self, wish: Wish) -> Supply | None:
        """What the page gets; None if the wish is not granted."""


def missing(knobs: BrowserKnobs) -> str:
    """What has to be installed before pages can be rendered; "" if all is there."""
    if importlib.util.find_spec("playwright") is None:
        return "install newscrawl[javascript]"
    return "" if program(knobs) else f"install Chromium, or name yours in browser.programs (there is no {' or '.join(knobs.programs)})"


def program(knobs: BrowserKnobs) -> str:
    """The path of the Chromium that is to be used; "" if there is none."""
    return next((path for name in knobs.programs if (path := shutil.which(name))), "")


class Renderer:
    """Starts Chromium when the first page needs it, and again if it has died."""

    def __init__(self, knobs: BrowserKnobs, user_agent: str, *, seconds: float, max_chars: int) -> None:
        self._knobs, self._user_agent, self._seconds, self._max_chars = knobs, user_agent, seconds, max_chars
        self._starting = asyncio.Lock()
        self._open = asyncio.Semaphore(knobs.pages)
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self.ever_ran = False

    async def render(self, url: str, html: str, errands: Errands) -> str:
        """The page at `url`, served as `html`, as its scripts leave it when they have come to rest, or their time is over.

        Raises PageError or BrowserError.
        """
        from playwright.async_api import Error

        async with self._open:
            browser = await self._started()
            try:
                context = await browser.new_context(
                    user_agent=self._user_agent, service_workers="block", accept_downloads=False, permissions=[], locale="en-US"
                )
                try:
                    return await self._rendered(context, url, html, errands)
                except TimeoutError:
                    raise PageError(f"its scripts kept the browser busy for {self._seconds:g} s") from None
                finally:
                    await _quietly(context.close(), seconds=self._seconds)
            except PageError:
                raise
            except Exception as error:
                if isinstance(error, Error) and browser.is_connected() and _CLOSED not in error.message:
                    raise PageError(f"the browser could not show it: {error.message.splitlines()[0][:200]}") from error
                raise BrowserError("the browser has died") from error  # of a driver that dies come exceptions without a class of their own

    async def _rendered(self, context: BrowserContext, url: str, html: str, errands: Errands) -> str:
        served = Served(html, errands)
        await context.route("**/*", served.answer)
        page = await context.new_page()
        await page.goto(url, wait_until="commit", timeout=self._seconds * 1000)
        await self._rest(page, served)
        markup: Any = await asyncio.wait_for(page.evaluate(_MARKUP, self._max_chars), self._seconds)
        if not isinstance(markup, str):
            raise PageError("its scripts have changed what scripts are made of")
        return markup

    async def _rest(self, page: Page, served: Served) -> None:
        """Return when the page has neither asked for nor changed anything for a while, or has used up its time."""
        clock = asyncio.get_running_loop().time
        spent, quiet, size, before = 0.0, 0.0, None, clock()
        while quiet < self._knobs.settle_seconds and spent < self._seconds:
            await asyncio.sleep(_STEP)
            now_size: Any = await asyncio.wait_for(page.evaluate(_SIZE), self._seconds)
            passed, before = clock() - before, clock()
            spent += 0.0 if served.errands.held else passed
            quiet = quiet + passed if now_size == size and not served.under_way else 0.0
            size = now_size

    async def _started(self) -> Browser:
        """The browser, once it runs. Raises BrowserError."""
        from playwright.async_api import Error, async_playwright

        async with self._starting:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            await self.close()
            root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium refuses to make a sandbox for root
            try:
                self._playwright = await async_playwright().start()
                self._browser = await self._playwright.chromium.launch(
                    executable_path=program(self._knobs),
                    args=[*NO_NETWORK, *_PLAIN, _HEAP],
                    ignore_default_args=[_POPUPS],
                    chromium_sandbox=self._knobs.sandbox and not root,
                )
            except (Error, OSError) as error:
                await self.close()
                reason = str(error).strip().splitlines()[0][:200]
                raise BrowserError(f"{program(self._knobs)} could not be started: {reason}; see browser.sandbox for containers") from error
            self.ever_ran = True
            return self._browser

    async def close(self) -> None:
        """End the browser, if it was started."""
        browser, playwright, self._browser, self._playwright = self._browser, self._playwright, None, None
        if browser is not None:
            await _quietly(browser.close())
        if playwright is not None:
            await _quietly(playwright.stop())


class Served:
    """A page of ours in the browser: itself as it was fetched, everything else through its errands."""

    def __init__(self, html: str, errands: Errands) -> None:
        self._html, self.errands = html, errands
        self._shown = False
        self.under_way = 0  # wishes that are not answered yet

    async def answer(self, route: Route) -> None:
        """Answer one request of the browser: the very first with the page, no other that would show a page."""
        request = route.request
        if not self._shown:
            self._shown = True
            await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=self._html)
            return
        self.under_way += 1
        try:
            wish = Wish(request.url, request.resource_type, request.method, request.headers)
            supply = None if request.resource_type == "document" else await self.errands.supplied(wish)
            if supply is None:
                await _quietly(route.abort("aborted"))  # of all errors the one that leaves a page that wants to move where it is
            else:
                await _quietly(route.fulfill(status=supply.status, headers=supply.headers, body=supply.body))
        finally:
            self.under_way -= 1


async def _quietly(action: Awaitable[None], *, seconds: float = 10.0) -> None:
    """Do what may come too late: the page or the browser may be gone."""
    with suppress(Exception):
        await asyncio.wait_for(action, seconds)
