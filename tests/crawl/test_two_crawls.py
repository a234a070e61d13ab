"""Two crawls of one site at once, as a user may start them: one crawls, the other says who does."""

import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from subprocess import Popen

import pytest

from newscrawl.demo.serving import Demo
from newscrawl.models import now
from newscrawl.store.protocol import Lease, Store
from tests.crawl.crashes import after_requests, brisk_demo, looked_through
from tests.crawl.crawls import NEWSCRAWL, Place, ended

LEASE = 1.0  # seconds; the least that the knob allows
ELSEWHERE = "elsewhere:7/0123456789ab"


@pytest.fixture
def portals() -> Iterator[Demo]:
    with brisk_demo() as demo:
        yield demo


def begun(place: Place, portals: Demo, *homes: str, **knobs: object) -> Popen[str]:
    """A crawl that has sent its first requests, slow enough to be met in the middle."""
    process = place.start("-a", f"url={','.join(homes)}", **{"crawl_delay": 0.1, "crawl_lease_seconds": LEASE, **knobs})
    after_requests(portals, process, 10)
    assert process.poll() is None
    return process


def lease(place: Place, site: str) -> Lease | None:
    return place.asked(lambda store: store.lease(site))


def slug(home: str) -> str:
    return re.sub("[:/]+", "-", home.removeprefix("http://")).strip("-")


@pytest.mark.parametrize("program", ["scrapy", "newscrawl"])
def test_the_second_says_who_crawls_and_leaves_the_first_alone(portals: Demo, place: Place, program: str) -> None:
    home = portals.homes[1]
    first = begun(place, portals, home, crawl_lease_seconds=60)
    stop(first, place)  # so that it does not end before the second has begun
    second = place.crawl(home, program=NEWSCRAWL) if program == "newscrawl" else place.crawl("-a", f"url={home}")
    first.send_signal(signal.SIGCONT)
    assert second.code == 6
    (line,) = [line for line in second.stderr.splitlines() if line.startswith("newscrawl: ")]
    assert re.search(rf"{slug(home)} is being crawled by \S+:{first.pid}/\w+, whose lease ends at [0-9: -]+ UTC", line)
    assert "Traceback" not in second.stderr
    done = ended(first)
    assert done.code == 0, done.stderr
    assert [run.outcome for run in place.holding().runs] == ["finished"]
    assert len(place.holding().articles) == 11
    assert lease(place, slug(home)) is None


def test_of_two_that_start_at_once_one_crawls(portals: Demo, place: Place) -> None:
    place.prepare()
    both = [place.start("-a", f"url={portals.homes[1]}", crawl_delay=0.05) for _ in range(2)]
    assert sorted(ended(process).code for process in both) == [0, 6]
    assert len(place.holding().runs) == 1
    asked = [exchange.origin + exchange.target for exchange in portals.requests if exchange.status == 200]
    assert len(asked) == len(set(asked))


def test_the_sites_that_are_free_are_crawled_all_the_same(portals: Demo, place: Place) -> None:
    busy, free = portals.homes
    first = begun(place, portals, busy, crawl_lease_seconds=60)
    stop(first, place)
    second = place.crawl("-a", f"url={busy},{free}")
    first.send_signal(signal.SIGCONT)
    assert second.code == 7
    assert re.search(rf"^{re.escape(slug(busy))} .* held by \S+:{first.pid}/", second.stdout, re.MULTILINE)
    assert re.search(rf"^{re.escape(slug(free))} .* finished", second.stdout, re.MULTILINE)
    assert f"not whole: {slug(busy)}: held by " in second.stderr
    assert ended(first).code == 0
    assert looked_through(place, portals.expected()).sound
    assert [run.outcome for run in place.holding().runs] == ["finished", "finished"]


def test_a_lease_lasts_as_long_as_the_crawl(portals: Demo, place: Place) -> None:
    first = begun(place, portals, portals.homes[1], crawl_delay=0.5)
    time.sleep(2 * LEASE)
    assert place.crawl("-a", f"url={portals.homes[1]}").code == 6
    first.terminate()
    assert ended(first).code == 7
    assert lease(place, slug(portals.homes[1])) is None


def test_a_crawl_killed_on_this_machine_is_taken_over_at_once(portals: Demo, place: Place) -> None:
    first = begun(place, portals, *portals.homes, crawl_lease_seconds=3600)
    first.kill()
    ended(first)
    assert lease(place, slug(portals.homes[1])).until > now()
    assert place.crawl("-a", f"url={','.join(portals.homes)}").code == 0
    assert looked_through(place, portals.expected()).sound


def test_a_crawl_killed_on_another_machine_is_taken_over_when_its_lease_ends(portals: Demo, place: Place) -> None:
    home = portals.homes[1]
    first = begun(place, portals, home, crawl_lease_seconds=4)
    first.kill()
    ended(first)
    left = place.asked(lambda store: as_if_elsewhere(store, slug(home)))
    early = place.crawl("-a", f"url={home}")
    assert (early.code, f"is being crawled by {ELSEWHERE}" in early.stderr) == (6, True)
    time.sleep(max(0.0, (left.until - now()).total_seconds()) + 0.01)
    last = place.crawl("-a", f"url={home}")
    assert last.code == 0, last.stderr
    assert len(place.holding().articles) == 11


async def as_if_elsewhere(store: Store, site: str) -> Lease:
    """The same lease, held by a process of a machine that is out of sight."""
    left = await store.lease(site)
    await store.free_lease(site, left.holder)
    return await store.take_lease(site, ELSEWHERE, now(), left.until)


def test_a_crawl_that_slept_through_its_lease_stops_and_writes_nothing(portals: Demo, place: Place) -> None:
    """As a machine that is suspended does: it wakes, with pages on their way, when another has crawled the site."""
    home, other = portals.homes
    first = begun(place, portals, home, other, store_batch_seconds=3)  # stopped with a batch that waits
    stop(first, place)
    time.sleep(LEASE + 0.1)
    assert place.crawl("-a", f"url={home}", crawl_lease_seconds=30).code == 0
    held = place.asked(lambda store: take(store, slug(home)))
    before, asked = written(place, slug(home)), len(at(portals, home))
    first.send_signal(signal.SIGCONT)
    woken = ended(first)
    assert (woken.code, "Traceback" in woken.stderr) == (7, False)
    assert f"{slug(home)}: {ELSEWHERE} has taken it; its crawl stops here" in woken.stderr
    assert f"not whole: {slug(home)}: lease lost. " in woken.stderr
    assert written(place, slug(home)) == before
    assert len(at(portals, home)) - asked <= 2  # those that were about to be sent
    assert lease(place, slug(home)) == held
    assert looked_through(place, portals.expected()).sound  # of the other site nobody had taken the lease: it goes on


def stop(process: Popen[str], place: Place) -> None:
    """Freeze a crawl at a moment when it does not hold up others who write to the store."""
    while True:
        process.send_signal(signal.SIGSTOP)
        with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"), timeout=0, isolation_level=None)) as db:
            try:
                db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                process.send_signal(signal.SIGCONT)
                time.sleep(0.01)
            else:
                db.execute("ROLLBACK")
                return


async def take(store: Store, site: str) -> Lease:
    return await store.take_lease(site, ELSEWHERE, now(), now() + timedelta(hours=1))


def written(place: Place, site: str) -> tuple[object, ...]:
    """Everything that a crawl of the site writes, but for the record of its run, and clusters: whoever compares writes those, for all."""
    holding = place.holding()
    frontier = sorted(row[1:] for row in place.rows("site, id, state, result, visited") if row[0] == site)
    articles = [replace(found, cluster="") for found in holding.articles if found.site == site]
    return frontier, articles, [found for found in holding.captures if found.site == site]


def at(portals: Demo, home: str) -> list[str]:
    return [exchange.target for exchange in portals.requests if exchange.origin + "/" == home]
