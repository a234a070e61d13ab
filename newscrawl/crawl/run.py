"""One crawl in this process, for `newscrawl crawl` and `scrapy crawl portal` alike."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from newscrawl.config import Config
from newscrawl.crawl.guard import named_by
from newscrawl.crawl.portal import PortalSpider
from newscrawl.crawl.runs import check_whole
from newscrawl.crawl.settings import scrapy_settings
from newscrawl.models import Run
from newscrawl.sites import SiteDefinition
from newscrawl.summary import run_table


def crawl(config: Config, sites: Sequence[SiteDefinition], *, limit: int | None = None) -> list[Run]:
    """Crawl the sites, at most `limit` articles of each. Blocks; the runs, one a site.

    Raises PartialError if a run was not whole, StoreError or ArchiveError if it could not go on.
    """
    settings = Settings()
    settings.setdict(scrapy_settings(config), priority="project")
    return run(settings, sites, limit=limit)


def run(settings: Settings, sites: Sequence[SiteDefinition], *, limit: int | str | None = None) -> list[Run]:
    """As `crawl`, with Scrapy's settings given."""
    settings.set("NEWSCRAWL_NAMED", named_by(settings["NEWSCRAWL"], sites), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(PortalSpider)
    crawling = process.crawl(crawler, definitions=tuple(sites), limit=limit)
    process.start()
    crawling.result()
    spider = crawler.spider
    assert isinstance(spider, PortalSpider)
    scheduler = spider.scheduler
    if scheduler.failure is not None:
        raise scheduler.failure
    runs = list(scheduler.runs.values())
    show(runs)
    check_whole(runs)
    return runs


def show(runs: Sequence[Run]) -> None:
    """Print the summary of runs that ended."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    console.print(run_table(runs))
    if not any(run.counters.get("new") for run in runs):
        console.print("Nothing new.")
