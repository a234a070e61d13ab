"""One crawl of a site at a time: its lease in the store, kept up as long as the crawl lasts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from newscrawl.crawl.holder import has_died, holder_name
from newscrawl.errors import StoreError
from newscrawl.models import now
from newscrawl.store.protocol import Lease, Store

log = logging.getLogger(__name__)

RENEWALS = 3  # in the time of a lease, so that two may fail


class LeaseKeeper:
    """Holds leases for `seconds` and renews them in the background. `lost` is told of a site that is no longer ours, and why."""

    def __init__(self, store: Store, seconds: float, *, lost: Callable[[str, str], None]) -> None:
        self._store, self._length, self._lost = store, timedelta(seconds=seconds), lost
        self.holder = holder_name()
        self._leases: dict[str, Lease] = {}
        self._ending = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    async def take(self, sites: Sequence[str]) -> list[Lease]:
        """Take the sites' leases; those that somebody else has instead. Raises StoreError."""
        leases = [await self._taken(site) for site in sites]
        self._leases |= {lease.site: lease for lease in leases if lease.holder == self.holder}
        self._keeping = self._keeping or asyncio.ensure_future(self._keep_up())
        return [lease for lease in leases if lease.holder != self.holder]

    async def _taken(self, site: str) -> Lease:
        lease = await self._ask(site)
        if has_died(lease.holder):
            log.info("%s was held by %s, which has died", site, lease.holder)
            await self._store.free_lease(site, lease.holder)
            lease = await self._ask(site)
        return lease

    async def _ask(self, site: str) -> Lease:
        at = now()
        return await self._store.take_lease(site, self.holder, at, at + self._length)

    async def sure(self, site: str) -> bool:
        """Whether the site is ours. A lease that ran out, because the machine slept, is asked for once more."""
        lease = self._leases.get(site)
        if lease is not None and lease.until <= now():
            await self._renew(site)
        return site in self._leases

    async def close(self) -> None:
        """Give up what is held."""
        self._ending.set()
        if self._keeping is not None:
            await self._keeping
        with contextlib.suppress(StoreError):  # a lease that can't be given up ends by itself
            while self._leases:
                await self._store.free_lease(self._leases.popitem()[0], self.holder)

    async def _keep_up(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), self._length.total_seconds() / RENEWALS)
                return
            for site in tuple(self._leases):
                await self._renew(site)

    async def _renew(self, site: str) -> None:
        """Prolong the lease, or let it go if that can't be done in time."""
        try:
            lease = await self._ask(site)
        except StoreError as error:
            if site in self._leases and self._leases[site].until > now():
                log.warning("the lease of %s is not renewed yet: %s", site, error)
                return
            why = "its lease ran out, and the store does not answer"
        else:
            if lease.holder == self.holder:
                self._leases[site] = lease
                return
            why = f"{lease.holder} has taken it"
        if self._leases.pop(site, None):
            self._lost(site, why)
