"""Pages made by scripts: run where the site's definition and the installation allow it, reported where not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from scrapy.crawler import Crawler

from newscrawl.config import Config
from newscrawl.crawl.answers import tried
from newscrawl.crawl.browser import BrowserError, PageError, Renderer, missing
from newscrawl.crawl.errands import Shelf, SiteErrands
from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.reading import SiteReader
from newscrawl.crawl.visit import Visit
from newscrawl.errors import ConfigError
from newscrawl.models import Result
from newscrawl.sites import SiteDefinition

log = logging.getLogger(__name__)

_LISTED = 3  # refusals that are told


class Scripts:
    """Takes up visits whose pages seem to be made by scripts. `wake` is called when the site may be asked for more."""

    def __init__(self, crawler: Crawler, config: Config, *, wake: Callable[[], None]) -> None:
        self._crawler, self._config, self._wake = crawler, config, wake
        self._missing = missing(config.browser)
        self._shelves: dict[str, Shelf] = {}
        self._renderer = Renderer(config.browser, config.user_agent, seconds=config.crawl.timeout, max_chars=config.crawl.max_bytes // 2)

    def check(self, sites: Iterable[SiteDefinition]) -> None:
        """Raises ConfigError if one of the sites can't be crawled as it is defined."""
        for site in sites:
            if site.javascript == "always" and self._missing:
                raise ConfigError(f'{site.slug}: javascript = "always", but no browser can be used: {self._missing}, or set it to "auto"')

    async def run(self, visit: Visit, reader: SiteReader, frontier: SiteFrontier) -> Visit:
        """The visit after the scripts of its page, or with what speaks against running them. Raises ConfigError, see `check`."""
        if reader.site.javascript == "never" or self._missing:
            why = 'javascript = "never"' if reader.site.javascript == "never" else self._missing
            return self._left(visit, reader, f"{visit.scripts}: {why}")
        shelf = self._shelves.setdefault(reader.site.slug, Shelf())
        errands = SiteErrands(self._crawler, self._config, frontier, shelf, self._wake)
        assert visit.exchange is not None
        try:
            html = await self._renderer.render(visit.exchange.url, visit.html, errands)
        except PageError as error:
            return self._left(visit, reader, f"{visit.scripts}: {error}")
        except BrowserError as error:
            return self._broken(visit, reader, error)
        finally:
            errands.done = True
            frontier.counters["requests"] += errands.asked
            frontier.counters["bytes"] += errands.received
        return self._read(visit, html, reader, errands)

    def _read(self, visit: Visit, html: str, reader: SiteReader, errands: SiteErrands) -> Visit:
        """What the page says now."""
        assert visit.exchange is not None
        exchange = replace(visit.exchange, rendered=html.encode("utf-8", "replace"))
        after = reader.read(visit.target, exchange)
        if after.result is Result.ARTICLE and not visit.target.visits:
            errands.frontier.article_read()
        brought, after.found = bool(after.found), (*visit.found, *after.found)
        after.capture = visit.capture
        told = [f"after its scripts and {errands.asked} of their requests"]
        if errands.refused:
            told.append(f"without {', '.join(list(errands.refused)[:_LISTED])}")
            if after.result in (Result.LISTING, Result.OTHER) and not brought:
                after.result = Result.SCRIPTED
        after.detail = "; ".join((after.detail, *told))[:500]
        return after

    def _left(self, visit: Visit, reader: SiteReader, why: str) -> Visit:
        """The visit with its page as it was served, reported."""
        assert visit.exchange is not None
        plain = visit if visit.result else reader.read(visit.target, visit.exchange, plain=True)
        plain.capture, plain.html = visit.capture, ""
        if plain.result in (Result.LISTING, Result.OTHER):
            plain.result, plain.detail = Result.SCRIPTED, why[:500]
        return plain

    def _broken(self, visit: Visit, reader: SiteReader, error: BrowserError) -> Visit:
        """The visit when the browser failed, which is not the page's fault: tried again, if there is a browser to do so."""
        assert visit.exchange is not None
        if not self._renderer.ever_ran:
            log.warning("pages made by scripts are left: %s", error)
            self._missing = str(error)
            self.check([reader.site])
            return self._left(visit, reader, f"{visit.scripts}: {error}")
        again = tried(visit, Result.SCRIPTED, self._config.crawl, at=visit.exchange.time)
        again.detail = f"{visit.scripts}: {error}"[:500]
        return again

    async def close(self) -> None:
        """End the browser."""
        await self._renderer.close()
