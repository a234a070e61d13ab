"""From a target to the request that Scrapy sends."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy import Spider
from scrapy.http import Request

from newscrawl.clean.urls import host_of
from newscrawl.config import Config
from newscrawl.crawl.guard import proxy_for
from newscrawl.models import Target


def request_for(target: Target, spider: Spider, config: Config, *, conditions: Mapping[str, str]) -> Request:
    """The request for a target, under conditions (headers) that spare the server an answer we have; its answer goes to the spider."""
    return Request(
        target.url,
        callback=spider.parse,
        errback=spider.failed,  # type: ignore[attr-defined]
        meta={
            "target": target,
            "download_slot": target.site,
            "download_timeout": config.crawl.timeout,
            "proxy": proxy_for(target.url.partition(":")[0], host_of(target.url)),
        },
        headers={
            "User-Agent": config.user_agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip, deflate, br",
            **conditions,
        },
    )
