"""Jobs through a real Redis, with articles in a real MongoDB: schedule, workers and crawls are programs of their own."""

import asyncio
import json
import logging
import os
import shutil
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.config import Config, load_config
from newscrawl.demo.serving import Demo
from newscrawl.errors import InputError, QueueError
from newscrawl.jobs import dispatch
from newscrawl.jobs.crew import Crew
from newscrawl.jobs.dispatch import Dispatch, job_for
from newscrawl.jobs.due import GIVEN_UP
from newscrawl.jobs.queue import NAME, Job, Queue, log_quietly
from newscrawl.jobs.worker import Work
from newscrawl.models import Run, now
from newscrawl.sites import SiteDefinition
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.crawl.crashes import after_requests, brisk_demo, looked_through
from tests.crawl.crawls import Place, ended, wait_for
from tests.daemons import free_port
from tests.jobs.test_schedule import events
from tests.redis_server import RedisServer

MAIN = ("-m", "newscrawl")
SCHEDULE, WORKER, QUEUE = (*MAIN, "schedule"), (*MAIN, "worker"), (*MAIN, "queue")
HURRY = "from newscrawl.jobs import queue; queue.HEARTBEAT = 2"
SITE = SiteDefinition(slug="gazette", url="https://gazette.example/")


@pytest.fixture
def portals() -> Iterator[Demo]:
    with brisk_demo() as served:
        yield served


@pytest.fixture
def place(tmp_path: Path, mongodb_uri: str) -> Place:
    made = Place(tmp_path, mongodb_uri)
    made.prepare()
    return made


def hurried(command: str) -> tuple[str, ...]:
    """The command, with less patience."""
    return ("-c", f"{HURRY}\nfrom newscrawl.cli import main; main()", command)


def stopped(process) -> list[dict[str, object]]:
    """What it told, once it was asked to end and did so in good order."""
    process.terminate()
    ran = ended(process)
    assert ran.code == 0, ran.stderr
    return events(ran.stderr)


# whole


@pytest.fixture(params=["redis", "rabbitmq"])
def queue_uri(request: pytest.FixtureRequest) -> str:
    """The address of an empty queue. A RabbitMQ is used if NEWSCRAWL_TEST_AMQP_URI names one."""
    if request.param == "redis":
        return request.getfixturevalue("redis_server").uri
    uri = os.environ.get("NEWSCRAWL_TEST_AMQP_URI", "")
    if not uri:
        pytest.skip("no RabbitMQ: set NEWSCRAWL_TEST_AMQP_URI")
    queue = Queue(uri)
    queue._broker.flush(NAME)
    queue.close()
    return uri


def test_a_worker_that_is_killed_loses_nothing_and_another_goes_on(place: Place, portals: Demo, queue_uri: str) -> None:
    slow, port = {"queue": queue_uri, "crawl_delay": 0.1}, free_port()
    first = place.start("--at-once", "2", program=hurried("worker"), **slow)
    schedule = place.start(*portals.homes, "--metrics-port", str(port), program=SCHEDULE, **slow)
    after_requests(portals, first, 20)
    first.kill()
    first.communicate()
    second = place.start(program=hurried("worker"), **slow)
    wait_for(lambda: sum(run.outcome == "finished" for run in place.holding().runs) == 2)
    figures = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
    assert "newscrawl_queue_waiting 0\n" in figures
    told = stopped(schedule)
    stopped(second)
    assert [event["event"] for event in told].count("sent") == 2  # so it was the queue that gave the killed worker's jobs to the other
    assert looked_through(place, portals.expected()).sound


# the list of what was given up


def test_a_site_that_was_given_up_is_shown_and_replayed(place: Place, portals: Demo, redis_server: RedisServer) -> None:
    settings = place.folder / "settings"
    (settings / "sites").mkdir(parents=True)
    (settings / "sites" / "gazette.toml").write_text(f'url = "{portals.homes[0]}"\n')
    failed = [Run(f"gazette-{n}", "gazette", now(), now(), "could not begin: its file is wrong") for n in range(GIVEN_UP)]
    place.asked(lambda store: asyncio.gather(*(store.save_run(run) for run in failed)))
    here = {"queue": redis_server.uri, "settings": settings}
    examined = place.crawl(program=(*MAIN, "doctor"), **here)
    assert "redis://127.0.0.1" in examined.stdout
    assert "0 jobs wait" in examined.stdout
    shown = place.crawl(program=QUEUE, **here)
    assert shown.code == 0, shown.stderr
    assert "0 jobs wait" in shown.stdout
    (line,) = [line.split() for line in shown.stdout.splitlines() if line.startswith("gazette")]
    assert line[:2] == ["gazette", str(GIVEN_UP)]
    assert "its file is wrong" in shown.stdout
    assert place.crawl("replay", program=QUEUE, **here).stdout == "1 sent: gazette\n"
    queue, done = Queue(redis_server.uri), []
    worker = queue.worker(done.append, 1)
    worker.start()
    wait_for(lambda: done)
    worker.stop()
    queue.close()
    assert [(job.site, job.forced) for job in done] == [("gazette", True)]


# what can't be


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ({}, 2, "no queue is named"),
        ({"queue": "redis://127.0.0.1:1/0"}, 8, "redis://127.0.0.1:1/0: no answer"),
        ({"queue": "redis://127.0.0.1:1/0", "store": "sqlite:///s.db"}, 2, "A SQLite file can't be shared"),
        ({"queue": "redsi://me:secret@127.0.0.1/0"}, 2, "no queue can be at an address that begins with 'redsi'"),
        ({"queue": "redis://me:secret@127.0.0.1:many/0"}, 2, "redis://127.0.0.1:many/0 has options or a host"),
    ],
)
def test_a_worker_that_can_not_work_says_why(place: Place, given: dict[str, str], code: int, told: str) -> None:
    ran = place.crawl(program=WORKER, **given)
    assert ran.code == code
    assert told in ran.stderr
    assert "secret" not in ran.stderr


# parts


@pytest.fixture
def queue(redis_server: RedisServer) -> Iterator[Queue]:
    made = Queue(redis_server.uri)
    yield made
    made.close()


@pytest.fixture
async def opened(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.db", f"sqlite:///{tmp_path}/store.db")
    await store.open()
    yield store
    await store.close()


async def test_a_site_that_stays_due_is_sent_once_until_the_queue_has_lost_it(queue: Queue, redis_server, monkeypatch, capfd) -> None:
    monkeypatch.setattr(dispatch, "_LOST", 0.3)
    work = Dispatch(queue, list)
    for _ in range(3):
        await work.take([SITE])
        await asyncio.sleep(0.2)  # nobody takes it
    assert await queue.waiting() == 1
    redis_server.kill()
    with pytest.raises(QueueError):
        await work.take([SITE])
    shutil.rmtree(redis_server.folder)
    redis_server.start()
    await asyncio.sleep(0.4)
    await work.take([SITE])
    assert await queue.waiting() == 1
    assert capfd.readouterr().err.count('"sent"') == 2


async def test_where_something_always_waits_a_site_is_sent_again_at_last(queue: Queue, monkeypatch) -> None:
    monkeypatch.setattr(dispatch, "_AT_LAST", 0.3)
    work = Dispatch(queue, list)
    for _ in range(3):
        await work.take([SITE])
        await asyncio.sleep(0.2)
    assert await queue.waiting() == 2


async def test_a_site_that_is_due_again_is_sent_again(queue: Queue) -> None:
    work = Dispatch(queue, list)
    for sites in ([SITE], [], [SITE]):
        await work.take(sites)
    assert await queue.waiting() == 2


async def test_a_queue_that_is_away_is_named_without_its_password(redis_server: RedisServer) -> None:
    queue = Queue(redis_server.uri.replace("://", "://:secret@"))
    redis_server.kill()
    with pytest.raises(QueueError, match=r"redis://127\.0\.0\.1:\d+/0: no answer") as raised:
        await queue.waiting()
    assert "secret" not in str(raised.value)
    queue.close()


def test_a_job_names_a_site_as_its_worker_can_know_it() -> None:
    assert job_for(SITE, ["gazette"]).site == "gazette"
    assert job_for(SITE, []).site == SITE.url
    assert job_for(SITE, [], forced=True).forced


def test_what_is_no_queue_is_refused() -> None:
    with pytest.raises(InputError, match="redis://HOST/0"):
        Queue("http://127.0.0.1/")


# what a worker does with a job


@pytest.fixture
def work(opened: SqliteStore, queue: Queue, tmp_path: Path) -> Work:
    config = load_config({}, overrides={"store.uri": opened.uri, "archive.folder": str(tmp_path / "warc")})
    return working(config, opened, queue)


def working(config: Config, store: SqliteStore, queue: Queue) -> Work:
    return Work(config, store, queue, Crew(config, store, list, program=("python3", "-c", "")))


def told(capfd) -> list[str]:
    return [str(json.loads(line)["event"]) for line in capfd.readouterr().err.splitlines()]


async def test_a_job_whose_site_was_crawled_meanwhile_is_left(work: Work, opened: SqliteStore, capfd) -> None:
    sent = time.time()
    await work.do(Job(SITE.url, sent))
    assert told(capfd) == ["started", "ended"]
    await opened.save_run(Run("r", "gazette.example", now(), now(), "finished"))
    await work.do(Job(SITE.url, sent))
    assert told(capfd) == ["left"]
    await work.do(Job(SITE.url, sent, forced=True))
    assert told(capfd) == ["started", "ended"]


async def test_a_job_that_comes_when_its_worker_ends_goes_back(work: Work, queue: Queue, capfd) -> None:
    work.crew.stop(leaving=False)
    await work.do(Job(SITE.url, time.time()))
    assert await queue.waiting() == 1
    assert told(capfd) == []


async def test_a_job_that_is_looked_at_when_its_worker_ends_goes_back(work: Work, queue: Queue, capfd) -> None:
    doing = asyncio.create_task(work.do(Job(SITE.url, time.time())))
    await asyncio.sleep(0)  # the store is being asked
    work.crew.stop(leaving=False)
    await doing
    assert await queue.waiting() == 1
    assert told(capfd) == []


async def test_a_job_whose_worker_died_goes_on_at_once(work: Work, opened: SqliteStore, capfd) -> None:
    sent = time.time() - 30
    await opened.save_run(Run("r", "gazette.example", now(), now(), "shutdown", {"requests": 5}))
    await work.do(Job(SITE.url, time.time() + 1))  # another job: the site is due in a minute
    assert told(capfd) == ["left"]
    await work.do(Job(SITE.url, sent))
    assert told(capfd) == ["started", "ended"]


async def test_a_job_whose_site_somebody_crawls_is_left_even_if_it_was_asked_for(work: Work, opened: SqliteStore, capfd) -> None:
    await opened.take_lease("gazette.example", "elsewhere:1/0123456789ab", now(), now().replace(year=now().year + 1))
    await work.do(Job(SITE.url, time.time(), forced=True))
    assert told(capfd) == ["left"]


async def test_two_jobs_for_one_site_at_once_are_one_crawl(work: Work, capfd) -> None:
    job = Job(SITE.url, time.time())
    await asyncio.gather(work.do(job), work.do(job))
    assert told(capfd) == ["left", "started", "ended"]
    await work.do(replace(job, forced=True))
    assert told(capfd) == ["started", "ended"]  # the first one left nothing behind


async def test_a_job_for_a_site_without_a_file_here_is_an_attempt_that_failed(work: Work, opened: SqliteStore, capfd) -> None:
    await work.do(Job("gazette", time.time()))
    (attempt,) = await opened.runs("gazette")
    assert attempt.outcome.startswith("could not begin: ")
    assert "no site is named" in attempt.outcome
    assert told(capfd) == ["trouble"]


def test_what_the_queues_driver_logs_is_told_with_its_cause_and_not_over_and_over(capfd) -> None:
    log_quietly()
    log = logging.getLogger("dramatiq.worker.ConsumerThread")
    for _ in range(3):
        log.critical("Consumer encountered an unexpected error.", exc_info=TimeoutError("no answer in 10 s"))
        log.info("Restarting consumer in 3 seconds.")
    (line,) = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert (line["event"], line["why"]) == ("queue", "Consumer encountered an unexpected error. no answer in 10 s")
