"""Leases while a crawl lasts."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from newscrawl.archive.warc import WarcWriter
from newscrawl.config import load_config
from newscrawl.crawl.committer import Committer
from newscrawl.crawl.lease import LeaseKeeper
from newscrawl.crawl.settling import Settler
from newscrawl.errors import LeaseError
from newscrawl.models import now
from newscrawl.store.protocol import Lease, Store
from tests.crawl.crawls import ROOT
from tests.crawl.visits import visit

LENGTH = 0.3  # seconds of a lease
LONGER = 1.5  # of one that must not end, however busy the machine is
HOUR = timedelta(hours=1)


class Losses(list[tuple[str, str]]):
    """What was lost, and why."""

    def __call__(self, site: str, why: str) -> None:
        self.append((site, why))


@pytest.fixture
def losses() -> Losses:
    return Losses()


@pytest.fixture
async def keeper(store: Store, losses: Losses) -> AsyncIterator[LeaseKeeper]:
    kept = LeaseKeeper(store, LENGTH, lost=losses)
    yield kept
    await kept.close()


async def taken_over(store: Store, keeper: LeaseKeeper, site: str = "gazette") -> Lease:
    """Somebody else has the site now."""
    await store.free_lease(site, keeper.holder)
    return await store.take_lease(site, "elsewhere:7/x", now(), now() + HOUR)


async def test_what_is_free_is_taken_and_what_is_not_is_named(store: Store, keeper: LeaseKeeper) -> None:
    theirs = await store.take_lease("herald", "elsewhere:7/x", now(), now() + HOUR)
    assert await keeper.take(["gazette", "herald"]) == [theirs]
    assert (await store.lease("gazette")).holder == keeper.holder
    assert (await keeper.sure("gazette"), await keeper.sure("herald"), await keeper.sure("nowhere")) == (True, False, False)


async def test_two_of_one_process_are_two(store: Store, keeper: LeaseKeeper, losses: Losses) -> None:
    await keeper.take(["gazette"])
    other = LeaseKeeper(store, LENGTH, lost=losses)
    assert [lease.holder for lease in await other.take(["gazette"])] == [keeper.holder]
    await other.close()
    assert (await store.lease("gazette")).holder == keeper.holder


@pytest.fixture
async def patient(store: Store, losses: Losses) -> AsyncIterator[LeaseKeeper]:
    kept = LeaseKeeper(store, LONGER, lost=losses)
    yield kept
    await kept.close()


async def test_it_is_renewed_well_before_it_ends(store: Store, patient: LeaseKeeper, losses: Losses) -> None:
    await patient.take(["gazette", "herald"])
    for _ in range(6):
        await asyncio.sleep(LONGER / 4)
        for site in ("gazette", "herald"):
            lease = await store.lease(site)
            assert (lease.holder, lease.until > now()) == (patient.holder, True)
    assert losses == []


async def test_closing_gives_up_what_is_held_and_nothing_else(store: Store, keeper: LeaseKeeper) -> None:
    await keeper.take(["gazette", "herald"])
    theirs = await taken_over(store, keeper, "herald")
    await keeper.close()
    assert (await store.lease("gazette"), await store.lease("herald")) == (None, theirs)
    assert not await keeper.sure("gazette")


async def test_one_that_was_taken_over_is_noticed_once(store: Store, keeper: LeaseKeeper, losses: Losses) -> None:
    await keeper.take(["gazette", "herald"])
    theirs = await taken_over(store, keeper)
    for _ in range(20):  # a busy machine takes longer
        await asyncio.sleep(LENGTH)
        if losses:
            break
    await asyncio.sleep(LENGTH)
    assert losses == [("gazette", "elsewhere:7/x has taken it")]
    assert (await keeper.sure("gazette"), await keeper.sure("herald")) == (False, True)
    assert await store.lease("gazette") == theirs


async def test_after_a_sleep_of_the_machine_it_is_ours_if_nobody_took_it(store: Store, keeper: LeaseKeeper, losses: Losses) -> None:
    await keeper.take(["gazette"])
    time.sleep(LENGTH + 0.05)  # noqa: ASYNC251  # nothing of this process goes on meanwhile
    assert (await store.lease("gazette")).until < now()
    assert await keeper.sure("gazette")
    assert (await store.lease("gazette")).until > now()
    assert losses == []


async def test_a_store_that_is_briefly_away_costs_nothing(store: Store, patient: LeaseKeeper, losses: Losses) -> None:
    await patient.take(["gazette"])
    await store.close()
    await asyncio.sleep(LONGER / 2)
    await store.open()
    await asyncio.sleep(LONGER)
    assert (losses, (await store.lease("gazette")).until > now()) == ([], True)


async def test_one_that_can_not_be_renewed_in_time_is_lost(store: Store, keeper: LeaseKeeper, losses: Losses) -> None:
    await keeper.take(["gazette"])
    await store.close()
    await asyncio.sleep(2 * LENGTH)
    assert losses == [("gazette", "its lease ran out, and the store does not answer")]
    assert not await keeper.sure("gazette")


async def test_closing_without_a_store_is_no_error(store: Store, keeper: LeaseKeeper) -> None:
    await keeper.take(["gazette"])
    await store.close()
    await keeper.close()


TAKE = """
import asyncio, sys
from newscrawl.crawl.lease import LeaseKeeper
from newscrawl.store import open_store
async def take():
    store = open_store(sys.argv[1])
    await store.open()
    await LeaseKeeper(store, 3600, lost=print).take(["gazette"])
    print("taken", flush=True)
    await asyncio.sleep(60)
asyncio.run(take())
"""


async def test_of_a_process_of_this_system_that_was_killed_it_is_taken_at_once(store: Store, keeper: LeaseKeeper, tmp_path: Path) -> None:
    command = [sys.executable, "-c", TAKE, f"sqlite:///{tmp_path}/store.db"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as other:  # noqa: ASYNC220
        assert other.stdout.readline() == "taken\n"
        (held,) = await keeper.take(["gazette"])
        assert f":{other.pid}/" in held.holder
        other.kill()
    assert await keeper.take(["gazette"]) == []
    assert (await store.lease("gazette")).holder == keeper.holder


async def test_of_a_batch_only_what_is_ours_is_written(store: Store, keeper: LeaseKeeper, tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path / "warc", rotate_bytes=10**6, compression=1, info={})
    committer = Committer(
        Settler(store, timedelta(days=20)), writer, load_config({}).store, hurry=lambda waiting: waiting == 2, ours=keeper.sure
    )
    await keeper.take(["gazette"])
    ours, theirs = visit("a"), visit("b")
    theirs.target, theirs.capture = (_of("herald", record) for record in (theirs.target, theirs.capture))
    done, refused = await asyncio.gather(committer.commit(ours), committer.commit(theirs), return_exceptions=True)
    assert done.target.url == ours.target.url
    assert isinstance(refused, LeaseError)
    assert ((await store.counts("gazette")).captures, (await store.counts("herald")).captures) == (1, 0)
    assert committer.failure is None
    await committer.close()


def _of(site, record):
    return type(record)(**{**{name: getattr(record, name) for name in record.__slots__}, "site": site})
