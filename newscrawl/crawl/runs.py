"""Runs: a new visit of a site, or the rest of one that was cut short."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from newscrawl import __version__
from newscrawl.clean.urls import join
from newscrawl.config import HealthKnobs
from newscrawl.crawl.attempts import LOOKED_BACK, begun
from newscrawl.crawl.checkup import check_up_quietly
from newscrawl.crawl.finding import first_target
from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.hosts import DEFERRED
from newscrawl.crawl.learned import left_until, read_learned, write_learned
from newscrawl.crawl.reception import BLOCKED, NO_ANSWER, REFUSED
from newscrawl.crawl.validators import Validators
from newscrawl.discover.worth import Worth
from newscrawl.errors import LeaseError, PartialError, StoreError
from newscrawl.models import Result, Run, now
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Lease, Store

log = logging.getLogger(__name__)

_FORGIVEN = timedelta(hours=20)  # since the last run, after which what led nowhere may be tried once more
NOTHING = "nothing read"  # outcome of a run that saw neither an article nor a list of them
WHOLE = frozenset({"finished", "limit"})  # outcomes after which nothing that was asked for is left undone
SOME_FAILED = "some failed"  # outcome of a run that got no answer from addresses which may hold news, for the first time
_ENDED = ("finished", SOME_FAILED, DEFERRED, BLOCKED, REFUSED, NO_ANSWER, NOTHING)  # so begin outcomes after which a new visit follows
_READ = ("resumed", "new", Result.ARTICLE, Result.LISTING, Result.UNCHANGED, Result.SAME_CONTENT, Result.SCRIPTED)
# Scrapy's reasons for closing a spider. A site that is finished has said so itself; if only Scrapy says it, something got lost.
_REASONS = {"finished": "incomplete", "memusage_exceeded": "memory"}


async def begin_run(store: Store, site: SiteDefinition, frontier: SiteFrontier) -> Run:
    """A run of `site`, saved: a new visit, or the rest of one that was cut short a short while ago."""
    last = begun(await store.runs(site.slug, LOOKED_BACK))
    addresses = [site.url, *(join(site.url, address) for address in site.listing)]
    await store.add_targets([first_target(site, address) for address in addresses if address])
    backlog = await store.backlog(site.slug)
    if last and (last[0].outcome.startswith(_ENDED) or backlog.waiting == 0 or now() - last[0].started > _FORGIVEN):
        await store.revisit(site.slug, now())
    elif last:
        frontier.counters["resumed"] = backlog.waiting
    _remember(await store.learned(site.slug), frontier)
    if last and now() - last[0].started > _FORGIVEN:
        frontier.worth.forgive()
    started = now()
    if last and last[0].ended:
        frontier.pace.resume(time.monotonic() - (started - last[0].ended).total_seconds())
    run = Run(
        id=f"{site.slug}-{started:%Y%m%dT%H%M%S}{started.microsecond // 1000:03d}", site=site.slug, started=started, version=__version__
    )
    await store.save_run(run)
    return run


def _remember(text: str, frontier: SiteFrontier) -> None:
    """Let the frontier know what earlier runs learned, as `_learned` wrote it."""
    try:
        sections = read_learned(text)
        frontier.worth = Worth.from_json(sections.get("worth", ""))
        frontier.validators = Validators.from_json(sections.get("validators", ""))
        frontier.template.remember(sections.get("template", ""))
        frontier.sparing.addresses.remember(sections.get("addresses", ""))
        frontier.hosts.rulebook.remember(sections.get("robots", ""))
        until = left_until(sections)
        left = msgspec.json.decode(sections.get("left_hosts", "{}"), type=dict[str, datetime])
        frontier.hosts.left = {host: time for host, time in left.items() if time > now()}
    except (ValueError, TypeError, AttributeError, msgspec.DecodeError) as error:  # worth less than a crawl
        log.warning("%s: what earlier runs learned can't be read and is learned anew: %r", frontier.site.slug, error)
    else:
        if until and until > now():
            frontier.hosts.pause((until - now()).total_seconds(), time.monotonic())
            frontier.heed()


def _learned(frontier: SiteFrontier) -> str:
    return write_learned(
        {
            "worth": frontier.worth.as_json(),
            "validators": frontier.validators.as_json(),
            "template": frontier.template.as_json(),
            "addresses": frontier.sparing.addresses.as_json(),
            "robots": frontier.hosts.rulebook.as_json(),
            "leave_until": msgspec.json.encode(frontier.hosts.leave_until).decode(),
            "left_hosts": msgspec.json.encode(frontier.hosts.left).decode(),
        }
    )


def check_free(held: Sequence[Lease], sites: Collection[SiteDefinition]) -> None:
    """Raises LeaseError if others hold all `sites`, so that there is nothing to crawl."""
    if len(held) < len(sites):
        return
    who = "; ".join(
        f"{lease.site} is being crawled by {lease.holder}, whose lease ends at {lease.until:%Y-%m-%d %H:%M:%S} UTC" for lease in held
    )
    raise LeaseError(f"{who}. Try again after that: a living holder gives its lease up when it is done, a dead one's ends by itself")


def held_run(lease: Lease) -> Run:
    """What stands in for the run of a site that another process is crawling; shown, never saved."""
    return Run(id="", site=lease.site, started=now(), outcome=f"held by {lease.holder} until {lease.until:%H:%M:%S} UTC")


async def end_run(store: Store, run: Run, frontier: SiteFrontier, reason: str, health: HealthKnobs | None = None) -> Run:
    """The run at its end, saved with what it learned, and with how the site does; `reason` is Scrapy's for closing the spider."""
    outcome = frontier.over or _REASONS.get(reason, reason)
    if outcome == "finished" and not any(frontier.counters.get(name) for name in _READ):
        outcome = NOTHING
    if outcome == "finished" and frontier.counters["failed"]:
        outcome = SOME_FAILED
    run = replace(run, ended=now(), outcome=outcome, counters={**frontier.counters, "template": frontier.template.version})
    await store.save_run(run)
    await store.save_learned(run.site, _learned(frontier))
    if health is not None:
        await check_up_quietly(store, frontier.site, run, health)
    return run


async def save_meanwhile(store: Store, frontier: SiteFrontier, *, ours: Callable[[str], Awaitable[bool]]) -> None:
    """Keep what a run has learned so far, as it may be killed; `ours` tells whether a site is still ours to write of."""
    slug, frontier.unsaved = frontier.site.slug, 0
    try:
        if await ours(slug):
            await store.save_learned(slug, _learned(frontier))
    except StoreError as error:  # the next time will do
        log.warning("%s: what was learned is not saved yet: %s", slug, error)


def check_whole(runs: list[Run]) -> None:
    """Raises PartialError if any run left undone what it was asked for."""
    partial = [run for run in runs if run.outcome not in WHOLE]
    if partial:
        told = "; ".join(f"{run.site}: {_in_words(run)}" for run in partial)
        raise PartialError(f"not whole: {told}. What is left stays in the frontier: run the same command again to go on")


def _in_words(run: Run) -> str:
    """How a run ended; if addresses failed, how many did."""
    return f"{run.outcome} (addresses without an answer: {run.counters.get('failed', 0)})" if run.outcome == SOME_FAILED else run.outcome
