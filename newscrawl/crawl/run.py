"""One crawl in this process, for `newscrawl crawl` and `scrapy crawl portal` alike."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from newscrawl.config import Config
from newscrawl.crawl.guard import named_by
from newscrawl.crawl.portal import PortalSpider
from newscrawl.crawl.settings import scrapy_settings
from newscrawl.crawl.wishes import ALL, Wishes
from newscrawl.errors import PartialError
from newscrawl.models import Run
from newscrawl.sites import SiteDefinition

_ONE_SIGNAL = 1.0  # seconds in which repeated signals count as one: some senders signal a process and then its whole group


class _Process(AsyncCrawlerProcess):
    """Scrapy's own, which takes two signals at once for one. What it goes by is private (Scrapy 2.19), so a test holds it."""

    _signalled = 0.0  # time.monotonic()

    def __init__(self, settings: Settings) -> None:
        # If the loop it finds is of another class, Scrapy puts one of the right class in its place and leaves the former unclosed.
        if path := settings["ASYNCIO_EVENT_LOOP"]:
            asyncio.set_event_loop(load_object(path)())
        super().__init__(settings)

    def _signal_shutdown(self, signum: int, frame: Any) -> None:
        self._signalled = time.monotonic()
        super()._signal_shutdown(signum, frame)

    def _signal_kill(self, signum: int, frame: Any) -> None:
        if time.monotonic() - self._signalled > _ONE_SIGNAL:
            super()._signal_kill(signum, frame)


def crawl(config: Config, sites: Sequence[SiteDefinition], wishes: Wishes = ALL) -> list[Run]:
    """Crawl the sites as far as it is wished. Blocks; the runs, one a site.

    Raises LeaseError if all are being crawled already, StoreError or ArchiveError if they could not go on, PartialError if they were not
    let end in good order.
    """
    settings = Settings()
    settings.setdict(scrapy_settings(config), priority="project")
    return run(settings, sites, wishes)


def run(settings: Settings, sites: Sequence[SiteDefinition], wishes: Wishes) -> list[Run]:
    """As `crawl`, with Scrapy's settings given."""
    settings.set("NEWSCRAWL_NAMED", named_by(settings["NEWSCRAWL"], sites), priority="cmdline")
    process = _Process(settings)
    crawler = process.create_crawler(PortalSpider)
    crawling = process.crawl(crawler, definitions=tuple(sites), wishes=wishes)
    process.start()
    if not crawling.done():
        raise PartialError("stopped at once by a second signal. What was stored stays: run the same command again to go on")
    crawling.result()
    spider = crawler.spider
    assert isinstance(spider, PortalSpider)
    scheduler = spider.scheduler
    if scheduler.failure is not None:
        raise scheduler.failure
    return list(scheduler.runs.values())
