"""From a target to the request that Scrapy sends."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy import Spider
from scrapy.http import Request

from newscrawl.clean.urls import host_of
from newscrawl.config import Config
from newscrawl.crawl.guard import proxy_for
from newscrawl.models import Kind, Target


def request_for(target: Target, spider: Spider, config: Config, *, conditions: Mapping[str, str]) -> Request:
    """The request for a target, under conditions (headers) that spare the server an answer we have; its answer goes to the spider."""
    is_image = target.kind is Kind.IMAGE
    return Request(
        target.url,
        callback=spider.parse,
        errback=spider.failed,  # type: ignore[attr-defined]
        meta={
            "target": target,
            "download_slot": target.site,
            "download_timeout": config.crawl.timeout,
            "download_maxsize": config.crawl.image_bytes if is_image else config.crawl.max_bytes,
            "proxy": proxy_for(target.url.partition(":")[0], host_of(target.url)),
        },
        headers={
            "User-Agent": config.user_agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip, deflate, br",
            **(_as_for_a_page(target) if is_image else {}),
            **conditions,
        },
    )


def _as_for_a_page(image: Target) -> dict[str, str]:
    """What a browser tells the server of an image that a page shows: many servers give images to nobody else."""
    scheme, _, rest = image.parent.partition("://")
    if host_of(image.parent) != host_of(image.url):
        rest = f"{host_of(image.parent)}/"  # other servers than the page's own learn no more than where it is
    told = {"Accept": "image/avif,image/webp,image/*;q=0.8,*/*;q=0.5"}
    return told if scheme == "https" and image.url.startswith("http:") else {**told, "Referer": f"{scheme}://{rest}"}
