"""Crawls that could not even begin: kept among a site's runs, so that whoever looks next knows how often it was tried."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from newscrawl import __version__
from newscrawl.models import Run, now
from newscrawl.store.protocol import Store

_NOT_BEGUN = "could not begin"  # so begins the outcome of an attempt
LOOKED_BACK = 50  # runs among which the last one that began is sought


def began(run: Run) -> bool:
    """Whether a run is a crawl, not the record of one that could not begin."""
    return not run.outcome.startswith(_NOT_BEGUN)


def begun(runs: Iterable[Run]) -> list[Run]:
    """The runs that are crawls, in their order."""
    return [run for run in runs if began(run)]


async def save_attempt(store: Store, site: str, why: str, *, since: datetime) -> Run | None:
    """Keep that a crawl of the site, tried at `since`, did not begin; None if it did, which the store knows then. Raises StoreError."""
    if any(run.started >= since for run in await store.runs(site, 1)):
        return None
    attempt = Run(
        id=f"{site}-{since:%Y%m%dT%H%M%S}{since.microsecond // 1000:03d}",
        site=site,
        started=since,
        ended=now(),
        outcome=f"{_NOT_BEGUN}: {why}",
        version=__version__,
    )
    await store.save_run(attempt)
    return attempt
