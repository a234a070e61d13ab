"""Making visits durable, many at a time: WARC records synced, then one store batch, then everybody who waits is told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from newscrawl.archive.warc import WarcWriter, may_repeat
from newscrawl.config import StoreKnobs
from newscrawl.crawl.clustering import ReprintFinder
from newscrawl.crawl.settling import Settler
from newscrawl.crawl.tombstones import bury
from newscrawl.crawl.visit import Visit
from newscrawl.errors import LeaseError, NewscrawlError, StoreError
from newscrawl.models import Capture, Settlement

log = logging.getLogger(__name__)
T = TypeVar("T")

_FOUND = 600  # bytes of memory that a found target takes
RETRIES = 5  # of a batch that the store refuses, the wait doubling from a second: half a minute in all


@dataclass(slots=True)
class _Waiting:
    visit: Visit
    settled: asyncio.Future[Settlement]


class Committer:
    """`commit` returns when the visit is durable.

    `hurry` tells whether nothing else is under way, so that waiting is no use; `ours`, whether a site is still ours to write of.
    Once a batch is stored its reprints are looked for, and the next batch waits for that.
    """

    def __init__(
        self,
        settler: Settler,
        writer: WarcWriter,
        knobs: StoreKnobs,
        *,
        hurry: Callable[[int], bool],
        ours: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._settler, self._writer, self._knobs, self._hurry, self._ours = settler, writer, knobs, hurry, ours
        self._reprints = ReprintFinder(settler.store)
        self._queue: list[_Waiting] = []
        self._bytes = self._bytes_written = 0  # of the visits that wait, and of those that are being written
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None
        self.failure: NewscrawlError | None = None

    async def commit(self, visit: Visit) -> Settlement:
        """What the visit was settled as. Raises StoreError or ArchiveError if it can't be kept; the target is still due then.

        Raises LeaseError if another process is crawling the site by now.
        """
        if self.failure is not None:
            raise self.failure
        waiting = _Waiting(visit, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._bytes += _weight(visit)
        self._schedule()
        return await waiting.settled

    async def close(self) -> None:
        """Flush what waits, look for the last reprints, then finish the WARC file."""
        while self._queue or self._flushing:
            if self._flushing is None:
                self._flush()
            if self._flushing is not None:
                await asyncio.wait([self._flushing])
        await self._reprints.close()
        await asyncio.to_thread(self._writer.close)

    @property
    def is_crowded(self) -> bool:
        """Whether more waits than two batches hold, so that nothing should be added: the store, or the disk, is slow."""
        return self._bytes + self._bytes_written > 2 * self._knobs.batch_bytes

    def nudge(self) -> None:
        """Something else ended: what waits may be all that is left."""
        if self._queue:
            self._schedule()

    def _schedule(self) -> None:
        full = len(self._queue) >= self._knobs.batch_size or self._bytes >= self._knobs.batch_bytes
        if self._flushing is not None:
            return
        if full or self.failure is not None or self._hurry(len(self._queue)):
            self._flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._knobs.batch_seconds, self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._flushing is not None or not self._queue:
            return
        batch, self._queue = self._queue, []
        self._bytes, self._bytes_written = 0, self._bytes
        self._flushing = asyncio.ensure_future(self._settle(batch))

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        try:
            batch = await self._still_ours(batch)
            visits = [waiting.visit for waiting in batch]
            await _insisted(lambda: bury(self._settler.store, visits))
            await self._archive(visits)
            done = await self._store_and_tell(batch)
            await self._reprints.catch_up(done)
        except Exception as error:  # whatever it is, everybody who waits must hear of it
            self.failure = error if isinstance(error, NewscrawlError) else StoreError(f"a batch could not be stored: {error!r}")
            for waiting in batch:
                _refuse(waiting, self.failure)
        finally:
            self._flushing, self._bytes_written = None, 0
            self.nudge()

    async def _still_ours(self, batch: Sequence[_Waiting]) -> list[_Waiting]:
        """What of a batch we may write; those who wait for the rest are told."""
        kept = []
        for waiting in batch:
            if await self._ours(waiting.visit.target.site):
                kept.append(waiting)
            else:
                _refuse(waiting, LeaseError(f"{waiting.visit.target.site} is being crawled by another process"))
        return kept

    async def _archive(self, visits: Sequence[Visit]) -> None:
        if self.failure is not None:
            raise self.failure
        captured = [visit for visit in visits if visit.capture is not None]
        pairs = [(visit.capture, visit.exchange) for visit in captured if visit.capture and visit.exchange]
        repeated = {capture.digest for capture, _ in pairs if may_repeat(capture)}
        stored: dict[str, Capture] = {}
        with contextlib.suppress(StoreError):  # a store that is away costs no page, only some bytes
            stored = await self._settler.store.payloads(repeated) if repeated else {}
        placed = await asyncio.to_thread(self._writer.write, pairs, stored) if pairs else []
        for visit, capture in zip(captured, placed, strict=True):
            visit.capture = capture

    async def _store_and_tell(self, batch: Sequence[_Waiting]) -> list[Settlement]:
        async def stored() -> tuple[list[_Waiting], list[Settlement]]:
            ours = await self._still_ours(batch)  # once more: the archive, or a store that is away, may have taken long
            done = await self._settler.settlements([waiting.visit for waiting in ours])
            better = [Settlement(target) for waiting in ours for target in waiting.visit.promoted]
            await self._settler.store.settle([*better, *done])  # what was visited has the last word
            return ours, done

        ours, done = await _insisted(stored)
        for waiting, settlement in zip(ours, done, strict=True):
            if not waiting.settled.done():
                waiting.settled.set_result(settlement)
        return done


async def _insisted(step: Callable[[], Awaitable[T]]) -> T:
    """What a step comes to that the store may refuse for a while. Raises StoreError if it stays away."""
    for attempt in range(RETRIES):
        try:
            return await step()
        except StoreError as error:
            log.warning("the store does not take a batch, again in %d s: %s", 2**attempt, error)
            await asyncio.sleep(2**attempt)
    return await step()


def _weight(visit: Visit) -> int:
    """Bytes of memory that a visit takes."""
    return (len(visit.exchange.payload) if visit.exchange else 0) + _FOUND * len(visit.found)


def _refuse(waiting: _Waiting, error: NewscrawlError) -> None:
    if not waiting.settled.done():
        waiting.settled.set_exception(error)
        waiting.settled.exception()  # seen: who was cancelled meanwhile need not hear of it
