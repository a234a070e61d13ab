"""What starts crawls is ended in the middle of one: whatever way, all is whole, and the next crawl goes on."""

import asyncio
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from newscrawl.demo.server import Exchange
from newscrawl.demo.serving import Demo
from newscrawl.jobs.queue import Job, Queue
from tests.crawl.crashes import after_requests, brisk_demo, looked_through
from tests.crawl.crawls import Place, ended
from tests.jobs.test_schedule import events, still_running

CRAWL, DUE, SCHEDULE, WORKER = (("-m", "newscrawl", *command.split()) for command in ("crawl", "due --run", "schedule", "worker"))
ENDINGS = {"once": [signal.SIGTERM], "twice": [signal.SIGTERM, signal.SIGTERM], "killed": [signal.SIGKILL]}
REQUESTS = 8  # of about 30 that the English portal takes
APART = 0.1  # seconds between two signals that count as one


@pytest.fixture
def demo() -> Iterator[Demo]:
    with brisk_demo() as served:
        yield served


@pytest.fixture(params=["due --run", "schedule", "worker"])
def begun(request: pytest.FixtureRequest, demo: Demo, tmp_path: Path) -> tuple[Place, Popen[str]]:
    """A process that crawls the English portal, and where it crawls to."""
    home = demo.homes[1]
    if request.param != "worker":
        place = Place(tmp_path)
        return place, place.start(home, program=DUE if request.param == "due --run" else SCHEDULE, crawl_delay=0.05)
    place = Place(tmp_path, request.getfixturevalue("mongodb_uri"))
    place.prepare()
    queue = Queue(request.getfixturevalue("redis_server").uri)
    asyncio.run(queue.send(Job(home, time.time())))
    queue.close()
    return place, place.start(program=WORKER, queue=queue.url, crawl_delay=0.05)


@pytest.mark.parametrize("ending", ENDINGS)
def test_all_is_whole_and_the_next_crawl_goes_on(begun: tuple[Place, Popen[str]], demo: Demo, ending: str) -> None:
    place, process = begun
    after_requests(demo, process, REQUESTS)
    for number in ENDINGS[ending]:
        process.send_signal(number)
        time.sleep(APART)
    ran = ended(process)  # its crawls write to the same pipe, so they have ended too
    assert still_running(place) == []
    told = [event["event"] for event in events(ran.stderr) if event["event"] in ("stopping", "leaving")]
    assert told == ([] if ending == "killed" else ["stopping"])
    assert ran.code == (-signal.SIGKILL if ending == "killed" else 7 if "--run" in process.args else 0), ran.stderr
    (run,) = place.holding().runs
    assert run.outcome == "shutdown"
    expected = [article for article in demo.portals[1].expected if article.reach == "links"]
    before = looked_through(place, expected)
    assert (before.twice, before.strange, before.missing > 0) == (0, 0, True)
    assert place.run("archive", "verify").code == 0
    asked = answered(demo.requests)
    demo.requests.clear()
    after = place.crawl(demo.homes[1], program=CRAWL)
    assert after.code == 0, after.stderr
    assert not asked & answered(demo.requests), "what had been answered was stored"
    assert looked_through(place, expected).sound
    assert place.run("archive", "verify").code == 0


def answered(requests: list[Exchange]) -> set[str]:
    """What was asked for and given."""
    return {exchange.target for exchange in requests if exchange.status == 200}
