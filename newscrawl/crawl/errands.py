"""What the scripts of a page may ask for, and how it is got: by our own downloader, under the rules that hold for every request."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from newscrawl.archive.exchange import Exchange, content
from newscrawl.clean.urls import canonical, host_of, join
from newscrawl.config import Config
from newscrawl.crawl.answers import REDIRECTS, answered
from newscrawl.crawl.browser import Supply, Wish
from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.guard import proxy_for
from newscrawl.crawl.hosts import Refusal, Turn
from newscrawl.crawl.visit import Visit
from newscrawl.discover.links import in_site
from newscrawl.errors import ArchiveError
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, Target, now

log = logging.getLogger(__name__)

WANTED = frozenset({"script", "xhr", "fetch"})  # kinds of requests that can bring articles
_TOLD = frozenset({"accept", "origin", "referer", "x-requested-with"})  # of the headers that a script sets, those that the server sees
_OURS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie", "set-cookie2"})
_POLL = 0.05  # seconds between two looks at whether the site may be asked
_KEPT = 20_000_000  # bytes of scripts that are kept for the next pages


class NoLongerWanted(Exception):  # noqa: N818 - no error
    """A page has gone before it got what it asked for."""


@dataclass(slots=True)
class Shelf:
    """Scripts that were fetched in this run: the pages of a site share them, and need not ask again."""

    _scripts: dict[str, Supply] = field(default_factory=dict)
    _locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _bytes: int = 0

    def lock(self, url: str) -> asyncio.Lock:
        """To be held by who fetches a script, so that the next page waits for it instead of asking too."""
        return self._locks[url]

    def get(self, url: str) -> Supply | None:
        """The script at an address, if it was fetched."""
        return self._scripts.get(url)

    def put(self, url: str, supply: Supply) -> None:
        """Keep a script, unless there are too many already."""
        if supply.status == 200 and self._bytes + len(supply.body) <= _KEPT:
            self._scripts[url] = supply
            self._bytes += len(supply.body)


@dataclass(slots=True)
class SiteErrands:
    """The errands of one page. Only GET, only to the site and the hosts that its definition names, only what robots.txt allows."""

    crawler: Crawler
    config: Config
    frontier: SiteFrontier
    shelf: Shelf
    wake: Callable[[], None]  # the scheduler: it may have something to hand out
    done: bool = False  # the page has gone: nothing more is got for it
    held: int = 0
    asked: int = 0
    received: int = 0  # bytes, as sent
    refused: dict[str, None] = field(default_factory=dict)  # what was refused that might have brought articles, each once

    async def supplied(self, wish: Wish) -> Supply | None:
        """What the page gets."""
        if wish.kind == "stylesheet":
            return Supply(200, {"content-type": "text/css"}, b"")  # scripts wait for it to load, and nobody looks at the page
        if wish.kind not in WANTED:
            return None
        try:
            return await (self._script(wish) if wish.kind == "script" else self._fetched(wish))
        except Exception as error:  # whatever a server does to a script's request: the page has to live with it, as in any browser
            log.debug("%s, for a script: %r", wish.url, error)
            return None

    async def _script(self, wish: Wish) -> Supply | None:
        async with self.shelf.lock(wish.url):
            if (known := self.shelf.get(wish.url)) is not None:
                return known
            if (supply := await self._fetched(wish)) is not None:
                self.shelf.put(wish.url, supply)
            return supply

    async def _fetched(self, wish: Wish) -> Supply | None:
        url = wish.url.partition("#")[0]
        for _ in range(self.config.crawl.max_hops + 1):
            if why := await self._refusal(url, wish.method):
                self.refused[why] = None
                return None
            response = await self._download(url, wish)
            location = (response.headers.get(b"Location") or b"").decode("latin-1")
            if response.status not in REDIRECTS or not location:
                return self._supply(response)
            url = join(url, location)
        return None

    async def _refusal(self, url: str, method: str) -> str:
        """Why an address is not asked for; "" if it may be."""
        if not canonical(url):
            return "addresses that are not fetched"
        host = host_of(url)
        if not in_site(url, self.frontier.site.url) and host not in self.frontier.site.script_hosts:
            return f"{host} (not in script_hosts)"
        if method != "GET":
            return f"{method} requests"
        if why := await self._forbidden(self._target(url)):
            return f"{url} ({why})"
        if self.asked >= self.config.browser.max_requests or self.received > self.config.crawl.max_bytes:
            return "more than browser.max_requests or crawl.max_bytes allow"
        return ""

    async def _forbidden(self, wanted: Target) -> str:
        """What the host's robots.txt, which is asked for as always if it isn't known, or its state says against it; "" if nothing."""
        hosts = self.frontier.hosts
        while not isinstance(turn := hosts.turn(wanted, time.monotonic()), Refusal):
            if turn is Turn.AFTER_ROBOTS:
                self.frontier.window.appendleft(hosts.robots_target(wanted))
            elif hosts.goes_on(wanted):
                return ""
            self._check_wanted()
            self.wake()
            await asyncio.sleep(_POLL)
        return turn.detail

    def _check_wanted(self) -> None:
        """Raises NoLongerWanted once the page has gone, or the site is left."""
        if self.done or self.frontier.over:
            raise NoLongerWanted

    async def _download(self, url: str, wish: Wish) -> Response:
        """The answer; what it says of the host is heard as if a page had been asked for. Raises what downloading raises."""
        self.asked += 1
        wanted = self._target(url)
        await self._turn(wanted)
        visit = Visit(target=wanted, result=Result.UNREACHABLE)
        try:
            assert self.crawler.engine is not None
            response = await self.crawler.engine.download_async(self._request(url, wish))
            visit, _ = answered(wanted, _exchange(response), self.config.crawl)
        finally:
            clock = time.monotonic()
            self.frontier.pace.finished(clock)
            self.frontier.heard(wanted, visit, clock)
            self.wake()
        self.received += len(response.body)
        return response

    async def _turn(self, wanted: Target) -> None:
        """Return when the site may be asked; pages that are due have to wait meanwhile."""
        self.held += 1
        self.frontier.errands += 1
        try:
            while (rest := self.frontier.hosts.ready_at([wanted]) - time.monotonic()) > 0:
                self._check_wanted()
                await asyncio.sleep(min(rest, _POLL))
            self._check_wanted()
            self.frontier.hosts.asked(wanted, time.monotonic())
        finally:
            self.frontier.errands -= 1
            self.held -= 1

    def _target(self, url: str) -> Target:
        slug = self.frontier.site.slug
        return Target(target_id(slug, url), slug, url, Kind.PAGE, now())

    def _request(self, url: str, wish: Wish) -> Request:
        told = {name: value for name, value in wish.headers.items() if name.lower() in _TOLD}
        return Request(
            url,
            headers={**told, "User-Agent": self.config.user_agent, "Accept-Encoding": "gzip, deflate, br"},
            meta={
                "download_slot": self.frontier.site.slug,
                "download_timeout": self.config.crawl.timeout,
                "proxy": proxy_for(url.partition(":")[0], host_of(url)),
            },
        )

    def _supply(self, response: Response) -> Supply | None:
        """An answer as the page gets it: decompressed, without cookies."""
        exchange = _exchange(response)
        try:
            body = content(exchange, self.config.crawl.max_bytes)
        except ArchiveError:
            return None
        return Supply(response.status, {name: value for name, value in exchange.headers if name not in _OURS}, body)


def _exchange(response: Response) -> Exchange:
    named = ((name.decode("latin-1").lower(), b", ".join(values).decode("latin-1")) for name, values in response.headers.items())
    return Exchange(response.url, now(), response.status, tuple(named), response.body)
