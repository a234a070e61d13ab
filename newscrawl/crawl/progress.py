"""What a crawl shows while it runs: a bar for each site on a terminal, else a line of JSON a period."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter
from scrapy.utils.asyncio import create_looping_call

from newscrawl.config import Config
from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.logs import log_as_json
from newscrawl.crawl.scheduler import FrontierScheduler


class QuietLogFormatter(LogFormatter):
    """Scrapy's lines about each page and item, left out: the frontier knows them better, and they cost an eighth of the CPU."""

    def crawled(self, *_args: Any, **_more: Any) -> Any:
        """None: nothing is logged. So in all of these."""

    def scraped(self, *_args: Any, **_more: Any) -> Any:
        """None."""

    def item_error(self, *_args: Any, **_more: Any) -> Any:
        """One line: what went wrong is logged where it is known, and the page itself is too long for a log."""
        return {"level": logging.ERROR, "msg": "a page could not be finished; it stays due", "args": {}}

    def download_error(self, *_args: Any, **_more: Any) -> Any:
        """None; the reason stands in the frontier, as the target's detail."""


class Progress:
    """A Scrapy extension that shows each site's figures every period."""

    def __init__(self, crawler: Crawler) -> None:
        config: Config = crawler.settings["NEWSCRAWL"]
        self._crawler, self._began = crawler, time.monotonic()
        self._console = Console(stderr=True)
        self._bars: Bars | None = None
        self._tasks: dict[str, Any] = {}
        self._period = 0.5 if self._console.is_terminal else config.progress.period
        self._showing: asyncio.Task[None] | None = None
        self._loop = create_looping_call(self._show)
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        """As Scrapy builds its components."""
        return cls(crawler)

    def _opened(self) -> None:
        if self._crawler.settings["NEWSCRAWL"].progress.logs == "json":
            log_as_json()  # not before: Scrapy sets up its handlers once more when a crawl begins
        if self._console.is_terminal:
            self._bars = Bars(
                TextColumn("[bold]{task.fields[site]}"),
                BarColumn(bar_width=30),
                TextColumn(
                    "{task.completed} pages  {task.fields[articles]} articles  {task.fields[queue]} waiting  {task.fields[rate]} pages/s"
                ),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            )
            self._bars.start()
        self._loop.start(self._period, now=False)

    def _closed(self) -> None:
        if self._loop.running:
            self._loop.stop()
        if self._bars is not None:
            self._bars.stop()

    def _show(self) -> None:
        if self._showing is None or self._showing.done():
            self._showing = asyncio.ensure_future(self._told())

    async def _told(self) -> None:
        scheduler: FrontierScheduler = self._crawler.spider.scheduler  # type: ignore[union-attr]
        for slug, frontier in scheduler.frontiers.items():
            waiting = 0 if frontier.over else (await scheduler.store.backlog(slug)).waiting
            if survey := frontier.wishes.survey:
                waiting = min(waiting, max(0, survey - frontier.counters["requests"]))  # the others are never asked for
            figures = self._figures(slug, frontier, waiting)
            if self._bars is None:
                sys.stderr.write(json.dumps({"event": "progress", **figures}) + "\n")
                sys.stderr.flush()
            else:
                self._draw(slug, figures)

    def _figures(self, slug: str, frontier: SiteFrontier, waiting: int) -> dict[str, Any]:
        pages = frontier.counters["requests"]
        seconds = time.monotonic() - self._began
        return {"site": slug, "pages": pages, "articles": frontier.counters["new"], "queue": waiting, "rate": round(pages / seconds, 2)}

    def _draw(self, slug: str, figures: dict[str, Any]) -> None:
        assert self._bars is not None
        if slug not in self._tasks:
            self._tasks[slug] = self._bars.add_task("", total=None, **figures)
        self._bars.update(self._tasks[slug], completed=figures["pages"], total=figures["pages"] + figures["queue"], **figures)
