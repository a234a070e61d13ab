"""The one spider: any portal, known or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.archive.exchange import Exchange
from newscrawl.config import Config
from newscrawl.crawl.figures import answer_figures
from newscrawl.crawl.guard import refusal
from newscrawl.crawl.scheduler import FrontierScheduler
from newscrawl.crawl.visit import Visit
from newscrawl.crawl.wire import Heads
from newscrawl.crawl.wishes import ALL, Wishes, read_wishes
from newscrawl.errors import InputError
from newscrawl.models import Result, Target, now
from newscrawl.sites import SiteDefinition, load_sites, named_sites, site_for_url


class PortalSpider(scrapy.Spider):
    """`-a url=ADDRESS`, `-a site=SLUG` or `-a sites=all` (or several, divided by commas).

    `-a limit=N`: articles a site at most. `-a since=DATE`: nothing published before.
    """

    name = "portal"
    scheduler: FrontierScheduler  # set when it opens

    def __init__(self, *, definitions: Sequence[SiteDefinition], wishes: Wishes = ALL) -> None:
        super().__init__()
        self.definitions, self.wishes = definitions, wishes

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:  # noqa: ARG003 - Scrapy's signature
        """The spider for the arguments of the command line. Raises InputError or ConfigError."""
        config: Config = crawler.settings["NEWSCRAWL"]
        definitions = kwargs.get("definitions") or chosen_sites(config, kwargs)
        spider = cls(definitions=definitions, wishes=kwargs.get("wishes") or read_wishes(kwargs.get("limit"), kwargs.get("since")))
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the frontier knows what is due."""
        return
        yield

    def parse(self, response: Response, **_: Any) -> list[Visit] | Coroutine[Any, Any, list[Visit]]:
        """What the answer to a target came to; later, if scripts have to be run first."""
        assert response.request is not None
        target: Target = response.request.meta["target"]
        self.scheduler.frontiers[target.site].counters.update(answer_figures(response.request.meta["download_latency"]))
        visit = self.scheduler.read(target, exchange_of(response))
        return self.scheduler.run_scripts(visit) if visit.scripts else [visit]

    def failed(self, failure: Failure) -> list[Visit]:
        """What a target came to that gave no answer."""
        target: Target = failure.request.meta["target"]  # type: ignore[attr-defined]
        error = failure.value
        result, detail = Result.UNREACHABLE, f"{type(error).__name__}: {error}"[:500]
        if isinstance(error, DownloadCancelledError):
            result = Result.TOO_LARGE
        elif isinstance(error, CannotResolveHostError) and (why := refusal(urlsplit(target.url).hostname or "")):
            result, detail = Result.BAD_ADDRESS, why
        return [self.scheduler.unanswered(target, result, detail)]


def chosen_sites(config: Config, arguments: dict[str, Any]) -> list[SiteDefinition]:
    """The sites that -a url, -a site and -a sites name. Raises InputError or ConfigError."""
    unknown = arguments.keys() - {"url", "site", "sites", "limit", "since"}
    if unknown:
        raise InputError(f"-a {min(unknown)}: unknown argument; allowed: url, site, sites, limit, since")
    if arguments.get("sites") == "all":
        if found := load_sites(config.sites_folder):
            return found
        raise InputError(f"-a sites=all: {config.sites_folder} holds no site; add <slug>.toml there, or crawl an address with -a url=…")
    addresses, *slugs = (_listed(arguments.get(key)) for key in ("url", "site", "sites"))
    names = [*(site_for_url(address).url for address in addresses), *(name for named in slugs for name in named)]
    if not names:
        raise InputError("nothing to crawl: give -a url=ADDRESS, -a site=SLUG or -a sites=all")
    return named_sites(names, config.sites_folder)


def _listed(value: Any) -> list[str]:
    return [name for part in str(value or "").split(",") if (name := part.strip())]


def exchange_of(response: Response) -> Exchange:
    """The exchange as it went over the wire."""
    request = response.request
    assert request is not None
    heads: Heads = request.meta["heads"]
    return Exchange(
        url=request.meta["target"].url,
        time=now(),
        status=response.status,
        headers=heads.received,
        payload=response.body,
        method=request.method,
        request_headers=heads.sent,
        protocol=response.protocol or "HTTP/1.1",
        reason=heads.reason,
        address=heads.address,
    )
