"""Scrapy's item pipelines: each calls one stage and counts what came of it."""

from __future__ import annotations

import logging

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from newscrawl.crawl.portal import PortalSpider
from newscrawl.crawl.stages import cleaned, identified
from newscrawl.crawl.visit import Visit
from newscrawl.errors import NewscrawlError
from newscrawl.remarks import Alarm

log = logging.getLogger(__name__)


class CleanPipeline:
    """Reading -> cleaned texts."""

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CleanPipeline:
        """As Scrapy builds its components."""
        return cls(crawler)

    def process_item(self, item: Visit) -> Visit:
        """The visit with its reading cleaned; one without a reading passes through, as in the pipelines behind."""
        if ItemAdapter(item)["reading"] is not None and cleaned(item).cleaned is not None:
            self._stats.inc_value("clean/article")
            self._raise_alarms(item)
        return item

    def _raise_alarms(self, item: Visit) -> None:
        """Say that a text is garbled or not whole: it is stored all the same, but not silently."""
        assert item.cleaned is not None
        body = item.cleaned.reading.evidence.get("body")
        for reason, detail in body.others if body else ():
            if reason in (Alarm.DAMAGED, Alarm.CUT):
                self._stats.inc_value(f"clean/{reason}")
                log.warning("%s is %s: %s", item.target.url, reason, detail, extra={"site": item.target.site, "stage": "clean"})


class IdentifyPipeline:
    """Cleaned texts -> an article or part with its ids."""

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> IdentifyPipeline:
        """As Scrapy builds its components."""
        return cls(crawler)

    def process_item(self, item: Visit) -> Visit:
        """The visit with its article or part."""
        if ItemAdapter(item)["cleaned"] is not None:
            identified(item)
            self._stats.inc_value(f"identify/{'part' if item.part else 'article'}")
        return item


class StorePipeline:
    """A visit is over when it is durable: captured, settled, its links in the frontier."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        """As Scrapy builds its components."""
        return cls(crawler)

    async def process_item(self, item: Visit) -> Visit:
        """The visit, once the store has it. Raises DropItem if it can't be kept."""
        spider = self._crawler.spider
        assert isinstance(spider, PortalSpider)
        try:
            settlement = await spider.scheduler.commit(item)
        except NewscrawlError as error:  # the crawl is ending, and its last line will say why
            raise DropItem("not stored", log_level="DEBUG") from error
        self._crawler.stats.inc_value(f"store/{settlement.target.result.value}")
        return item
