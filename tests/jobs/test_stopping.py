"""What starts crawls is ended in the middle of one: whatever way, all is whole, and the next crawl goes on."""

import asyncio
import signal
import time
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import pytest

from newscrawl.demo.pages import Answer, Page
from newscrawl.demo.server import Exchange
from newscrawl.demo.serving import Demo
from newscrawl.jobs.queue import Job, Queue
from tests.crawl.crashes import brisk_demo, looked_through
from tests.crawl.crawls import Place, Ran, ended, wait_for
from tests.jobs.test_schedule import events, still_running

CRAWL, DUE, SCHEDULE, WORKER = (("-m", "newscrawl", *command.split()) for command in ("crawl", "due --run", "schedule", "worker"))
REQUESTS = 8  # of about 30 that the English portal takes
LONG = 300.0  # seconds
KNOBS = {"crawl_delay": 0.05, "crawl_timeout": LONG}
TOGETHER, APART = 0.1, 1.2  # seconds between two signals that count as one, and as two


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
        return place, place.start(home, program=DUE if request.param == "due --run" else SCHEDULE, **KNOBS)
    place = Place(tmp_path, request.getfixturevalue("mongodb_uri"))
    place.prepare()
    queue = Queue(request.getfixturevalue("redis_server").uri)
    asyncio.run(queue.send(Job(home, time.time())))
    queue.close()
    return place, place.start(program=WORKER, queue=queue.url, **KNOBS)


def told(ran: Ran) -> list[object]:
    return [event["event"] for event in events(ran.stderr) if event["event"] in ("stopping", "leaving")]


@pytest.mark.parametrize("ending", ["once", "twice", "killed"])
def test_all_is_whole_and_the_next_crawl_goes_on(begun: tuple[Place, Popen[str]], demo: Demo, ending: str) -> None:
    place, process = begun
    wait_for(lambda: len(demo.requests) >= REQUESTS, pause=0.002)
    process.send_signal(signal.SIGKILL if ending == "killed" else signal.SIGTERM)
    if ending == "twice":
        time.sleep(TOGETHER)
        process.send_signal(signal.SIGTERM)
    ran = ended(process)  # its crawls write to the same pipe, so they have ended too
    assert still_running(place) == []
    assert told(ran) == ([] if ending == "killed" else ["stopping"])
    assert ran.code == (-signal.SIGKILL if ending == "killed" else 7 if "--run" in process.args else 0), ran.stderr
    (run,) = place.holding().runs
    assert run.outcome == "shutdown"
    assert place.run("archive", "verify").code == 0
    assert goes_on(place, demo)


def test_signals_that_are_two_end_it_at_once_and_nothing_is_lost(begun: tuple[Place, Popen[str]], demo: Demo) -> None:
    """The portal keeps the crawl waiting, which therefore can't end in good order."""
    place, process = begun
    held: set[str] = set()

    def answer(target: str) -> Answer:
        page = demo.portals[1].answer(target)
        if len(demo.requests) < REQUESTS or not isinstance(page, Page):
            return page
        held.add(target)
        return replace(page, first=None, delay=LONG)

    demo.server.publish(demo.portals[0].answer, answer)
    wait_for(lambda: held)
    process.terminate()
    time.sleep(APART)
    process.terminate()
    ran = ended(process)
    assert still_running(place) == []
    assert told(ran) == ["stopping", "leaving"]
    assert ran.code == 7, ran.stderr
    demo.publish(1)
    assert goes_on(place, demo, held | {"/robots.txt"})  # what it says is kept with the end of a run


def goes_on(place: Place, demo: Demo, again: AbstractSet[str] = frozenset()) -> bool:
    """Whether one more crawl brings what is missing, and no more; `again` may be asked for once more."""
    expected = [article for article in demo.portals[1].expected if article.reach == "links"]
    before = looked_through(place, expected)
    assert (before.twice, before.strange, before.missing > 0) == (0, 0, True)
    asked = answered(demo.requests)
    demo.requests.clear()
    after = place.crawl(demo.homes[1], program=CRAWL)
    assert after.code == 0, after.stderr
    assert asked & answered(demo.requests) <= again, "what had been answered was stored"
    assert place.run("archive", "verify").code == 0
    return looked_through(place, expected).sound


def answered(requests: list[Exchange]) -> set[str]:
    """What was asked for and given."""
    return {exchange.target for exchange in requests if exchange.status == 200}
