"""A crawl that dies, or whose store does, loses nothing and stores nothing twice."""

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.archive.warc import OPEN
from newscrawl.demo.serving import Demo
from tests.crawl.crashes import after_requests, brisk_demo, looked_through
from tests.crawl.crawls import Place, ended
from tests.mongod import mongod_in

KILLS = 3
SEED = 20260801


@pytest.fixture
def portals() -> Iterator[Demo]:
    with brisk_demo() as demo:
        yield demo


@pytest.fixture(params=["sqlite", "mongodb"])
def prepared(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place with each kind of store."""
    place = Place(tmp_path, request.getfixturevalue("mongodb_uri") if request.param == "mongodb" else "")
    place.prepare()
    return place


def test_kill_9_again_and_again_then_one_more_run(portals: Demo, prepared: Place) -> None:
    moments = random.Random(SEED)
    arguments = ("-a", f"url={','.join(portals.homes)}")
    for _ in range(KILLS):
        process = prepared.start(*arguments)
        after_requests(portals, process, moments.randrange(1, 15))
        time.sleep(moments.uniform(0, 0.15))  # into a batch, a sync, a commit
        process.kill()
        assert ended(process).code == -signal.SIGKILL
    assert len(prepared.holding().articles) < 26  # else the last run has nothing to show
    last = prepared.crawl(*arguments)
    assert last.code == 0, last.stderr
    whole = looked_through(prepared, portals.expected())
    assert whole.sound, whole
    assert (whole.articles, whole.captures > 50, whole.records >= 2 * whole.captures) == (26, True, True)
    assert list(prepared.archive.glob(f"*{OPEN}")) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(portals: Demo, place: Place, number: signal.Signals) -> None:
    arguments = ("-a", f"url={','.join(portals.homes)}")
    process = place.start(*arguments)
    after_requests(portals, process, 20)
    process.send_signal(number)
    stopped = ended(process)
    assert stopped.code == 7, stopped.stderr
    assert "shutdown" in stopped.stdout
    assert stopped.stderr.splitlines()[-1].startswith("newscrawl: not whole: ")
    assert "Traceback" not in stopped.stderr
    assert list(place.archive.glob(f"*{OPEN}")) == []
    before = len(portals.requests)
    assert place.crawl(*arguments).code == 0
    assert looked_through(place, portals.expected()).sound
    again = {exchange.origin + exchange.target for exchange in portals.requests[before:]} & {
        exchange.origin + exchange.target for exchange in portals.requests[:before] if exchange.status == 200
    }
    assert not again  # whatever was under way had been stored


def test_a_second_signal_ends_it_at_once(portals: Demo, place: Place) -> None:
    arguments = ("-a", f"url={','.join(portals.homes)}")
    process = place.start(*arguments)
    after_requests(portals, process, 20)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.005)
    process.send_signal(signal.SIGTERM)
    stopped = ended(process)
    assert stopped.code == 7, stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert place.crawl(*arguments).code == 0
    assert looked_through(place, portals.expected()).sound


def test_a_database_that_dies_and_comes_back_is_waited_for(portals: Demo, tmp_path: Path) -> None:
    with mongod_in(tmp_path) as server:
        place = Place(tmp_path, server.uri.replace("/?", "/crash?"))
        place.prepare()
        process = place.start("-a", f"url={','.join(portals.homes)}")
        after_requests(portals, process, 30)
        server.kill()
        time.sleep(3)
        assert process.poll() is None
        server.start()
        ran = ended(process)
        assert ran.code == 0, ran.stderr
        assert "Traceback" not in ran.stderr
        assert looked_through(place, portals.expected()).sound
        asked = [exchange.origin + exchange.target for exchange in portals.requests if exchange.status == 200]
        assert len(asked) == len(set(asked))
