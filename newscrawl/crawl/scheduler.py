"""The frontier as Scrapy's scheduler: requests come out of the store, visits go into it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine
from datetime import timedelta
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Request
from scrapy.utils.defer import deferred_from_coro

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.recovery import recover
from newscrawl.archive.warc import WarcWriter, captured
from newscrawl.config import Config
from newscrawl.crawl.answers import tried
from newscrawl.crawl.asking import request_for
from newscrawl.crawl.committer import Committer
from newscrawl.crawl.frontier import SAVED_EVERY, SiteFrontier
from newscrawl.crawl.lease import LeaseKeeper
from newscrawl.crawl.provenance import warc_info
from newscrawl.crawl.reading import SiteReader
from newscrawl.crawl.rendering import Scripts
from newscrawl.crawl.robots import RobotsAnswer, robots_answer
from newscrawl.crawl.runs import begin_run, check_free, end_run, held_run, save_meanwhile
from newscrawl.crawl.settling import Settler
from newscrawl.crawl.survey import SurveyFrontier
from newscrawl.crawl.visit import Visit
from newscrawl.errors import LeaseError, NewscrawlError, StoreError
from newscrawl.identify.exact import capture_id
from newscrawl.models import Kind, Result, Run, Settlement, Target, now
from newscrawl.sites import SiteDefinition
from newscrawl.store import open_store

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

    from newscrawl.crawl.portal import PortalSpider

log = logging.getLogger(__name__)

_MAY_COME = frozenset({Result.UNREACHABLE, Result.LEAKED})  # another time
LEASE_LOST = "lease lost"  # how the run ends of a site that another process has taken over
_JUDGED_WITHIN = 1.0  # seconds from an answer to `read`; Scrapy may ask for the next request in between, or lose the answer


class FrontierScheduler:
    """Owns the store, the WARC writer and one SiteFrontier a site. A Scrapy scheduler: `next_request` is asked, nothing is enqueued."""

    def __init__(self, crawler: Crawler, config: Config) -> None:
        self._crawler, self._config = crawler, config
        self._wake_timer: asyncio.TimerHandle | None = None
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.frontiers: dict[str, SiteFrontier] = {}
        self._readers: dict[str, SiteReader] = {}
        self.runs: dict[str, Run] = {}
        self.failure: NewscrawlError | None = None
        self._scripts = Scripts(crawler, config, wake=self._wake)
        crawler.signals.connect(self._answered, signals.request_left_downloader)
        crawler.signals.connect(self._idle, signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        """As Scrapy builds its components."""
        return cls(crawler, crawler.settings["NEWSCRAWL"])

    # life

    def open(self, spider: PortalSpider) -> Deferred[None]:
        """Open store and archive, take over what a dead run left, and begin a run of each site that nobody else is crawling."""
        return deferred_from_coro(self._open(spider))

    async def _open(self, spider: PortalSpider) -> None:
        config, spider.scheduler = self._config, self
        try:
            self._scripts.check(spider.definitions)
            self.store = open_store(config.store.uri)
            self._leases = LeaseKeeper(self.store, config.crawl.lease_seconds, lost=self._lost)
            await self.store.open()
            held = await self._leases.take([site.slug for site in spider.definitions])
            check_free(held, spider.definitions)
            self.runs = {lease.site: held_run(lease) for lease in held}
            await asyncio.to_thread(recover, config.archive_folder)
            self._writer = WarcWriter(
                config.archive_folder,
                rotate_bytes=config.archive.rotate_bytes,
                compression=config.archive.compression,
                info=warc_info(config),
            )
            self._settler = Settler(self.store, timedelta(days=config.crawl.review_days))
            self._committer = Committer(self._settler, self._writer, config.store, hurry=self._nothing_else, ours=self._leases.sure)
            for site in spider.definitions:
                if site.slug in self.runs:
                    continue
                self._add_site(site, spider)
                self.runs[site.slug] = await begin_run(self.store, site, self.frontiers[site.slug])
        except NewscrawlError as error:
            self._fail(error)

    def _add_site(self, site: SiteDefinition, spider: PortalSpider) -> None:
        crawl, make = self._config.crawl, SurveyFrontier.of if spider.wishes.survey else SiteFrontier.of
        frontier = self.frontiers[site.slug] = make(site, self.store, crawl, wishes=spider.wishes, refuse=self._refuse)
        addresses = self._settler.addresses[site.slug] = frontier.sparing.addresses
        self._readers[site.slug] = SiteReader(site, crawl, spider.wishes.since, frontier.template, parted=addresses.parted)

    def close(self, reason: str) -> Deferred[None]:
        """Flush, end the runs, and let go of store and archive."""
        return deferred_from_coro(self._close(reason))

    async def _close(self, reason: str) -> None:
        if self._wake_timer is not None:
            self._wake_timer.cancel()
        try:
            if hasattr(self, "_committer"):
                await self._committer.close()
                for task in tuple(self._tasks):
                    await asyncio.wait([task])
                for slug, frontier in self.frontiers.items():
                    if slug in self.runs:  # else it never began
                        self.runs[slug] = await end_run(self.store, self.runs[slug], frontier, reason, self._config.health)
        except NewscrawlError as error:
            self._fail(error)
        finally:
            await self._scripts.close()
            if hasattr(self, "store"):
                await self._leases.close()
                await self.store.close()

    # what Scrapy asks

    def next_request(self) -> Request | None:
        """The next request that any site may be sent now, the sites taking turns."""
        clock, sites = time.monotonic(), [] if self.frontiers and self._committer.is_crowded else list(self.frontiers.values())
        for step in range(len(sites)):
            frontier = sites[(self._turn + step) % len(sites)]
            if frontier.wants_refill:
                self._spawn(self._refill(frontier))
            if (target := frontier.take(clock)) is not None:
                self._turn += step + 1
                assert self._crawler.spider is not None
                return request_for(target, self._crawler.spider, self._config, conditions=frontier.validators.conditions(target))
        self._wake_at(min((frontier.next_chance(clock) for frontier in sites), default=inf), clock)
        return None

    def has_pending_requests(self) -> bool:
        """Whether any site may still hand something out in this run."""
        return self.failure is None and any(frontier.has_more for frontier in self.frontiers.values())

    def enqueue_request(self, request: Request) -> bool:
        """Always False: what is to be fetched goes through the frontier, else a crash would lose it."""
        log.error("%s was scheduled past the frontier and is dropped", request.url)
        return False

    # what comes back

    def read(self, target: Target, exchange: Exchange) -> Visit:
        """The visit that an answer makes, still to be cleaned, identified and stored."""
        frontier = self.frontiers[target.site]
        frontier.counters["requests"] += 1
        frontier.counters["bytes"] += len(exchange.payload)
        if target.kind is Kind.ROBOTS:
            answer = robots_answer(target, exchange, self._config.crawl)
            frontier.robots_answered(target, answer)
            visit = answer.visit
            self._readers[target.site].read_robots(visit, exchange, answer.rules.text if answer.rules else "")
        else:
            visit = self._readers[target.site].read(target, exchange)
        identity = capture_id(target.id, round(exchange.time.timestamp() * 1000))
        visit.capture = None if visit.result is Result.NOT_IMAGE else captured(exchange, id=identity, site=target.site, target=target.id)
        if visit.result is Result.ARTICLE and not target.visits:
            frontier.article_read()
        self._heard(target, visit)
        return visit

    async def run_scripts(self, visit: Visit) -> list[Visit]:
        """The visit once the scripts of its page have run, or with the reason why they were not; none if the crawl can't go on so."""
        try:
            return [await self._scripts.run(visit, self._readers[visit.target.site], self.frontiers[visit.target.site])]
        except NewscrawlError as error:
            self._fail(error)
            return []

    def unanswered(self, target: Target, result: Result, detail: str) -> Visit:
        """The visit to a target that gave no answer: due again where that may help."""
        frontier = self.frontiers[target.site]
        frontier.counters["requests"] += 1
        visit = Visit(target=target, result=result, detail=detail)
        if target.kind is Kind.ROBOTS:
            again = result in _MAY_COME and target.tries + 1 < self._config.crawl.max_tries
            frontier.robots_answered(target, RobotsAnswer(visit, again=again))
        elif result in _MAY_COME:
            visit = tried(visit, result, self._config.crawl, at=now())
        self._heard(target, visit)
        return visit

    def _heard(self, target: Target, visit: Visit) -> None:
        self.frontiers[target.site].heard(target, visit, time.monotonic())
        self._wake()

    async def commit(self, visit: Visit) -> Settlement:
        """Make a visit durable. Raises StoreError or ArchiveError, and ends the crawl, if that can't be done.

        Raises LeaseError, and ends the site's crawl, if another process has taken the site over.
        """
        try:
            settlement = await self._committer.commit(visit)
        except LeaseError:
            self.frontiers[visit.target.site].abandon(LEASE_LOST)
            raise
        except NewscrawlError as error:
            self._fail(error)
            raise
        frontier = self.frontiers[visit.target.site]
        frontier.settled(settlement, visit.article, leads_on=bool(visit.promoted))
        if frontier.unsaved >= SAVED_EVERY:
            self._spawn(save_meanwhile(self.store, frontier, ours=self._leases.sure))
        self._wake()
        return settlement

    def _refuse(self, target: Target, result: Result, detail: str) -> None:
        visit = Visit(target=target, result=result, detail=detail, again=target.due > now())  # put off: this was no try
        self._spawn(self._settle_quietly(visit))

    async def _settle_quietly(self, visit: Visit) -> None:
        with contextlib.suppress(NewscrawlError):  # `commit` has ended the crawl and kept the reason
            await self.commit(visit)

    async def _refill(self, frontier: SiteFrontier) -> None:
        try:
            await frontier.refill()
        except StoreError as error:
            self._fail(error)

    # when

    def _answered(self, request: Request) -> None:
        if (target := request.meta.get("target")) is not None:
            pace, clock = self.frontiers[target.site].pace, time.monotonic()
            pace.finished(clock)
            pace.doubt(target.id, clock + _JUDGED_WITHIN)

    def _nothing_else(self, waiting: int) -> bool:
        """Whether the visits that wait to be stored are all that is under way, so that waiting for more is no use."""
        frontiers = self.frontiers.values()
        goes_on = any(frontier.window and not frontier.sated for frontier in frontiers)
        return waiting >= sum(len(frontier.out) for frontier in frontiers) and not goes_on

    def _idle(self) -> None:
        """Nothing is under way: what was handed out and never came back has leaked, and is settled as such."""
        if self._tasks:
            raise DontCloseSpider
        leaked = [target for frontier in self.frontiers.values() for target in frontier.out.values()] if self.failure is None else []
        for target in leaked:
            self._spawn(self._settle_quietly(self.unanswered(target, Result.LEAKED, "handed out and never answered for")))
        if leaked:
            raise DontCloseSpider

    def _fail(self, error: NewscrawlError) -> None:
        """Let the crawl run dry for a reason that is told once; what is not durable stays due."""
        self.failure = self.failure or error
        for frontier in self.frontiers.values():
            frontier.close("failed")

    def _lost(self, site: str, why: str) -> None:
        """Stop crawling a site that is no longer ours."""
        log.warning("%s: %s; its crawl stops here", site, why)
        if site in self.frontiers:
            self.frontiers[site].abandon(LEASE_LOST)
        self._wake()

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake()  # now, not before: while a task is under way Scrapy is kept from ending

    def _wake_at(self, when: float, clock: float) -> None:
        if self._wake_timer is not None:
            self._wake_timer.cancel()
            self._wake_timer = None
        if isfinite(when):
            self._wake_timer = asyncio.get_running_loop().call_later(max(0.0, when - clock) + 0.0005, self._wake)

    def _wake(self) -> None:
        """Have Scrapy ask `next_request` now; left alone it does so every five seconds. Its only way in is private (Scrapy 2.19)."""
        engine = self._crawler.engine
        if engine is not None and engine._slot is not None and engine._slot.closing is None:  # noqa: SLF001
            engine._slot.nextcall.schedule()  # noqa: SLF001
