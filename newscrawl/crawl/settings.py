"""Scrapy's settings, made from ours. Scrapy reads this module; nobody edits it: the knobs are in settings/newscrawl.toml."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from newscrawl.config import Config, load_config
from newscrawl.errors import NewscrawlError


def scrapy_settings(config: Config) -> dict[str, Any]:
    """Everything that Scrapy is told, with what it must not do switched off by name."""
    crawl = config.crawl
    return {
        "NEWSCRAWL": config,
        "BOT_NAME": "newscrawl",
        "SPIDER_MODULES": ["newscrawl.crawl.portal"],
        "COMMANDS_MODULE": "newscrawl.crawl.commands",
        "SCHEDULER": "newscrawl.crawl.scheduler.FrontierScheduler",
        "ITEM_PIPELINES": {
            "newscrawl.crawl.pipelines.CleanPipeline": 100,  # first: identity is a matter of the clean text
            "newscrawl.crawl.pipelines.IdentifyPipeline": 200,
            "newscrawl.crawl.pipelines.StorePipeline": 900,  # last: it ends the page
        },
        "EXTENSIONS": {"newscrawl.crawl.progress.Progress": 0},
        "LOG_FORMATTER": "newscrawl.crawl.progress.QuietLogFormatter",
        "TWISTED_DNS_RESOLVER": "newscrawl.crawl.guard.GuardedResolver",
        "USER_AGENT": config.user_agent,
        "DOWNLOAD_DELAY": min(crawl.delay, 0.001),  # not 0: Scrapy then forgets its limits; crawl.pace does the waiting
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": crawl.total_concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.total_concurrency,  # of connections kept, perhaps to a proxy; crawl.pace limits requests
        "CONCURRENT_ITEMS": 1,  # a page is one item; the default starts 100 tasks for it
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 4 * config.store.batch_bytes,  # pages that wait for their batch count in it
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # half an article is better than none; the digest is of what came
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "MEMUSAGE_LIMIT_MB": crawl.memory_mb,
        "MEMUSAGE_CHECK_INTERVAL_SECONDS": 5.0,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # reads the spider's source for each page; our callbacks are no generators
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(levelname)s %(name)s: %(message)s",
        **_EVENT_LOOP,
        **_OFF,
    }


try:
    import uvloop as _uvloop
except ImportError:  # not on Windows
    _EVENT_LOOP: Mapping[str, str] = {}
else:
    _EVENT_LOOP = {"ASYNCIO_EVENT_LOOP": f"{_uvloop.__name__}.Loop"}

_OFF: Mapping[str, Any] = {
    # The frontier, the WARC writer and the reader do what these did: redirects, retries, robots, sizes, decoding, depth.
    "DOWNLOADER_MIDDLEWARES_BASE": {"scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750},
    "SPIDER_MIDDLEWARES_BASE": {},
    "EXTENSIONS_BASE": {"scrapy.extensions.memusage.MemoryUsage": 0},
    "DOWNLOAD_HANDLERS": {
        "http": "newscrawl.crawl.wire.WireHandler",
        "https": "newscrawl.crawl.wire.WireHandler",
        **dict.fromkeys(("file", "data", "ftp", "s3")),  # a portal can name these in a link; none of them is the web
    },
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "COOKIES_ENABLED": False,
}

try:
    globals().update(scrapy_settings(load_config()))
except NewscrawlError as _error:  # Scrapy imports this module before any command of ours could catch it
    sys.stderr.write(f"newscrawl: {_error}\n")
    raise SystemExit(_error.exit_code) from _error
