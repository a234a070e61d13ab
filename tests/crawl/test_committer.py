"""Visits made durable, many at a time, in a real store and real WARC files."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive.recovery import recover
from newscrawl.archive.warc import WarcWriter, read_exchange
from newscrawl.config import StoreKnobs
from newscrawl.crawl import committer as module
from newscrawl.crawl.committer import Committer
from newscrawl.crawl.settling import Settler
from newscrawl.errors import ArchiveError, LeaseError, StoreError
from newscrawl.models import Result, Settlement, State
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.crawl.crashes import records_in
from tests.crawl.visits import target, visit

LONG = 60.0  # seconds that no test waits
PATIENT = StoreKnobs(uri="", batch_size=1000, batch_seconds=LONG, batch_bytes=10**9)


class Recording(SqliteStore):
    """A SQLite store that remembers the sizes of its batches, and refuses the first `refusals`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "sqlite:///store.db")
        self.batches: list[int] = []
        self.refusals = 0

    async def settle(self, batch: Sequence[Settlement]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StoreError("the store is away")
        self.batches.append(len(batch))
        await super().settle(batch)


@pytest.fixture
async def store(tmp_path: Path) -> Any:
    opened = Recording(tmp_path / "store.db")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "warc"


async def ours(_: str) -> bool:
    return True


def made(store: Recording, archive: Path, knobs: StoreKnobs = PATIENT, *, hurry: Any = lambda _: False, ours: Any = ours) -> Committer:
    return Committer(
        Settler(store, timedelta(days=20)), WarcWriter(archive, rotate_bytes=10**9, compression=1, info={}), knobs, hurry=hurry, ours=ours
    )


def knobs(**changes: Any) -> StoreKnobs:
    return StoreKnobs(**{"uri": "", "batch_size": 1000, "batch_seconds": LONG, "batch_bytes": 10**9, **changes})


async def committed(committer: Committer, count: int, **other: Any) -> list[Settlement]:
    return await asyncio.wait_for(asyncio.gather(*(committer.commit(visit(str(number), **other)) for number in range(count))), 10)


def files(archive: Path) -> list[Path]:
    return list(archive.glob("*"))


# when a batch is full


async def test_as_many_as_a_batch_holds_do_not_wait(store: Recording, archive: Path) -> None:
    committer = made(store, archive, knobs(batch_size=3))
    done = await committed(committer, 3)
    assert store.batches == [3]
    assert [settlement.target.url.rpartition("/")[2] for settlement in done] == ["0", "1", "2"]
    await committer.close()


async def test_what_comes_while_a_batch_is_written_shares_the_next(store: Recording, archive: Path) -> None:
    committer = made(store, archive, knobs(batch_size=2, batch_seconds=0.05))
    await committed(committer, 7)
    assert store.batches == [2, 5]
    await committer.close()


async def test_time_fills_a_batch(store: Recording, archive: Path) -> None:
    committer = made(store, archive, knobs(batch_seconds=0.05))
    await committed(committer, 2)
    assert store.batches == [2]
    await committer.close()


async def test_bytes_fill_a_batch(store: Recording, archive: Path) -> None:
    committer = made(store, archive, knobs(batch_bytes=2_000))
    await committed(committer, 2, payload=bytes(1_000))
    assert store.batches == [2]
    await committer.close()


async def test_so_do_found_targets(store: Recording, archive: Path) -> None:
    committer = made(store, archive, knobs(batch_bytes=10_000))
    await committed(committer, 2, found=tuple(target(f"found {number}") for number in range(10)))
    assert store.batches == [2]
    await committer.close()


async def test_more_than_two_batches_hold_is_a_crowd_until_it_is_written(store: Recording, archive: Path) -> None:
    committer = made(store, archive, knobs(batch_bytes=2_000))
    waiting = [asyncio.ensure_future(committer.commit(visit(str(number), payload=bytes(2_000)))) for number in range(2)]
    await asyncio.sleep(0)
    assert not committer.is_crowded
    waiting.append(asyncio.ensure_future(committer.commit(visit("2", payload=bytes(1_000)))))
    await asyncio.sleep(0)
    assert committer.is_crowded
    await asyncio.wait_for(asyncio.gather(*waiting), 10)
    assert not committer.is_crowded
    await committer.close()


async def test_nobody_waits_when_nothing_else_is_under_way(store: Recording, archive: Path) -> None:
    committer = made(store, archive, hurry=lambda waiting: waiting == 2)
    await committed(committer, 2)
    assert store.batches == [2]
    await committer.close()


async def test_a_nudge_tells_that_something_else_has_ended(store: Recording, archive: Path) -> None:
    others = [1]
    committer = made(store, archive, hurry=lambda _: not others)
    waiting = asyncio.ensure_future(committer.commit(visit("one")))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    others.clear()
    committer.nudge()
    await asyncio.wait_for(waiting, 5)
    await committer.close()


async def test_closing_waits_for_nobody(store: Recording, archive: Path) -> None:
    committer = made(store, archive)
    waiting = asyncio.ensure_future(committer.commit(visit("one")))
    await asyncio.sleep(0)
    await committer.close()
    assert (await waiting).target.state is State.DONE
    assert [path.name.endswith(".warc.gz") for path in files(archive)] == [True]


# what is durable


async def test_a_visit_is_in_archive_and_store_once_it_is_committed(store: Recording, archive: Path) -> None:
    committer = made(store, archive, hurry=lambda _: True)
    settled = await committer.commit(visit("one", payload=b"as it was sent"))
    assert settled.capture is not None
    kept = await store.capture(settled.capture.id)
    assert kept == settled.capture
    assert kept is not None
    assert read_exchange(archive, kept).payload == b"as it was sent"
    await committer.close()


async def test_what_was_never_asked_for_has_no_record(store: Recording, archive: Path) -> None:
    committer = made(store, archive, hurry=lambda _: True)
    refused = visit("one", result=Result.FORBIDDEN)
    refused.exchange = refused.capture = None
    assert (await committer.commit(refused)).target.state is State.SKIPPED
    await committer.close()
    assert files(archive) == []


# when something fails


async def test_a_store_that_comes_back_loses_nothing_and_doubles_no_record(store: Recording, archive: Path) -> None:
    store.refusals = 2
    committer = made(store, archive, knobs(batch_size=3))
    await committed(committer, 3)
    await committer.close()
    assert store.batches == [3]
    assert (await store.counts()).captures == 3
    (file,) = files(archive)
    assert records_in(file) == 1 + 2 * 3  # warcinfo, then response and request of each


async def test_a_store_that_stays_away_is_told_to_everybody(store: Recording, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRIES", 0)
    store.refusals = 99
    committer = made(store, archive, knobs(batch_size=2))
    results = await asyncio.gather(*(committer.commit(visit(str(number))) for number in range(5)), return_exceptions=True)
    assert [str(result) for result in results] == ["the store is away"] * 5
    with pytest.raises(StoreError, match="away"):
        await committer.commit(visit("late"))
    assert store.refusals == 98  # once it has failed, nobody tries the rest
    await committer.close()
    assert (await store.counts()).captures == 0


async def test_an_archive_that_cannot_be_written_is_told_to_everybody(store: Recording, archive: Path) -> None:
    committer = made(store, Path("/dev/null/warc"), knobs(batch_size=2))
    results = await asyncio.gather(*(committer.commit(visit(str(number))) for number in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [ArchiveError] * 3
    assert store.batches == []
    await committer.close()


async def test_a_site_that_another_process_has_taken_over_is_not_written_of(store: Recording, archive: Path) -> None:
    async def ours(site: str) -> bool:
        return site != "lost"

    committer = made(store, archive, knobs(batch_size=2), ours=ours)
    lost = visit("one")
    lost.target = replace(lost.target, site="lost")
    results = await asyncio.gather(committer.commit(lost), committer.commit(visit("two")), return_exceptions=True)
    assert [type(result) for result in results] == [LeaseError, Settlement]
    assert committer.failure is None
    await committer.close()
    assert (await store.counts()).captures == 1


async def test_any_other_error_is_told_as_well(store: Recording, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(store, "settle", broken)
    committer = made(store, archive, hurry=lambda _: True)
    with pytest.raises(StoreError, match="could not be stored: KeyError"):
        await committer.commit(visit("one"))
    await committer.close()


@pytest.mark.parametrize("refusals", [0, 1])
async def test_one_who_no_longer_waits_harms_nobody(
    store: Recording, archive: Path, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    monkeypatch.setattr(module, "RETRIES", 0)
    store.refusals = refusals
    committer = made(store, archive, knobs(batch_size=2))
    impatient = asyncio.ensure_future(committer.commit(visit("one")))
    await asyncio.sleep(0)
    impatient.cancel()
    (other,) = await asyncio.gather(committer.commit(visit("two")), return_exceptions=True)
    assert isinstance(other, StoreError if refusals else Settlement)
    await committer.close()
    assert (await store.counts()).captures == (0 if refusals else 2)


async def test_records_of_a_batch_that_failed_stay_readable(store: Recording, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRIES", 0)
    store.refusals = 1
    committer = made(store, archive, hurry=lambda _: True)
    with pytest.raises(StoreError):
        await committer.commit(visit("one"))
    await committer.close()
    assert recover(archive) == []
    assert [records_in(file) for file in files(archive)] == [3]
