"""The schedule with real crawls, in processes of their own, of portals on this machine."""

import asyncio
import itertools
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from newscrawl.config import Config, load_config
from newscrawl.demo.serving import Demo
from newscrawl.health import Sign, from_json
from newscrawl.jobs import due, schedule
from newscrawl.jobs.crew import Crew
from newscrawl.jobs.schedule import Schedule, run_once
from newscrawl.sites import SiteDefinition, site_for_url
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.crawl.crashes import after_requests, brisk_demo, looked_through
from tests.crawl.crawls import Place, ended, wait_for
from tests.knobs import schedule_knobs

MAIN = ("-m", "newscrawl")
DUE, SCHEDULE = (*MAIN, "due", "--run"), (*MAIN, "schedule")


@pytest.fixture
def portals() -> Iterator[Demo]:
    with brisk_demo() as served:
        yield served


def events(stderr: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]


def test_what_is_due_is_crawled_once(any_place: Place, portals: Demo) -> None:
    place = any_place
    first = place.crawl(*portals.homes, program=DUE)
    assert first.code == 0, first.stderr
    assert looked_through(place, portals.expected()).sound
    assert [event["event"] for event in events(first.stderr) if event["event"] != "progress"] == ["started", "started", "ended", "ended"]
    asked = len(portals.requests)
    second = place.crawl(*portals.homes, program=DUE)
    assert (second.code, len(portals.requests)) == (0, asked)


def test_a_schedule_visits_again_and_ends_in_good_order_however_often_it_is_signalled_at_once(place: Place, portals: Demo) -> None:
    often = {"schedule_shortest_minutes": 0.03, "schedule_longest_minutes": 0.03}
    process = place.start(*portals.homes, program=SCHEDULE, **often)
    wait_for(lambda: len(portals.requests) > 0)
    after_requests(portals, process, 70)  # more than both portals hold
    process.terminate()
    time.sleep(0.1)
    process.terminate()
    ran = ended(process)
    runs = place.holding().runs
    assert len(runs) > 2
    assert all(run.ended for run in runs)
    assert ran.code == 0, ran.stderr
    assert [event["event"] for event in events(ran.stderr)].count("stopping") == 1
    assert "leaving" not in ran.stderr
    assert looked_through(place, portals.expected()).sound


@pytest.mark.parametrize("requests", [1, 20])
def test_a_schedule_that_is_killed_leaves_no_crawl_behind_and_nothing_torn(any_place: Place, portals: Demo, requests: int) -> None:
    place = any_place
    process = place.start(*portals.homes, program=SCHEDULE, crawl_delay=0.05)
    after_requests(portals, process, requests)
    process.kill()
    process.communicate()
    wait_for(lambda: all(run.ended for run in place.holding().runs))
    wait_for(lambda: not still_running(place))
    assert {run.outcome for run in place.holding().runs} <= {"shutdown", "finished"}
    place.crawl(*portals.homes, program=(*MAIN, "crawl"))
    assert looked_through(place, portals.expected()).sound


def still_running(place: Place) -> list[str]:
    """Crawls into this place."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if place.store.encode() in (path / "environ").read_bytes() and b"--parent" in (path / "cmdline").read_bytes():
                found.append(path.name)
    return found


# bounds, with programs that misbehave in place of crawls


@pytest.fixture
async def opened(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.db", f"sqlite:///{tmp_path}/store.db")
    await store.open()
    yield store
    await store.close()


def config_of(store: SqliteStore, tmp_path: Path, **changes: object) -> Config:
    config = load_config({}, overrides={"store.uri": store.uri, "archive.folder": str(tmp_path / "warc")})
    return msgspec.structs.replace(config, schedule=schedule_knobs(**changes))


def sites(count: int = 1) -> list[SiteDefinition]:
    return [SiteDefinition(slug=f"s{number}", url=f"https://s{number}.example/") for number in range(count)]


def crew_of(store: SqliteStore, config: Config, code: str) -> Crew:
    return Crew(config, store, list, program=(sys.executable, "-c", code))


async def test_a_run_that_lasts_too_long_is_ended_and_then_killed(opened, tmp_path, capfd):
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    work = crew_of(opened, config_of(opened, tmp_path, run_minutes=0.01, grace_seconds=0.5), stubborn)
    await run_once(work, sites())
    assert work.failures == ["s0: killed by signal 9"]
    assert "its 0.01 minutes are over" in capfd.readouterr().err


async def test_a_run_that_takes_too_much_memory_is_ended(opened, tmp_path, capfd):
    config = config_of(opened, tmp_path)
    config = msgspec.structs.replace(config, crawl=msgspec.structs.replace(config.crawl, memory_mb=128))
    work = crew_of(opened, config, "import time; held = b'x' * 300_000_000; time.sleep(60)")
    await run_once(work, sites())
    assert work.failures == ["s0: killed by signal 15"]
    assert "it holds " in capfd.readouterr().err


async def test_no_more_run_at_once_than_may(opened, tmp_path):
    code = f"import os, time; open(r'{tmp_path}/log', 'a').write('+'); time.sleep(.4); open(r'{tmp_path}/log', 'a').write('-')"
    await run_once(crew_of(opened, config_of(opened, tmp_path, at_once=2), code), sites(5))
    running = most = 0
    for sign in (tmp_path / "log").read_text():
        running += 1 if sign == "+" else -1
        most = max(most, running)
    assert most == 2


async def test_a_crawl_that_is_being_started_hears_of_the_end(opened, tmp_path, capfd):
    crew = crew_of(opened, config_of(opened, tmp_path), "import time; time.sleep(60)")
    starting = asyncio.create_task(crew.take(sites(2)))
    await asyncio.sleep(0)  # its process is being started
    assert crew.stop(leaving=False) == 0
    await starting
    await crew.finished()
    assert crew.ended == {-signal.SIGTERM: 1}  # and the second one was not begun
    assert '"why": "the schedule ends"' in capfd.readouterr().err
    assert await opened.runs("s0") == []


async def test_what_can_not_begin_is_tried_again_ever_later_and_becomes_an_alarm(opened, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(due, "_MINUTE", due._MINUTE / 150)
    monkeypatch.setattr(schedule, "_LOOK_SECONDS", 0.05)
    crew = crew_of(opened, config_of(opened, tmp_path), "raise SystemExit(3)")
    scheduled = asyncio.create_task(Schedule(crew.config, opened, sites, crew).run())
    while len(attempts := await opened.runs("s0")) < 4:  # noqa: ASYNC110 - the store tells of no event
        await asyncio.sleep(0.05)
    scheduled.cancel()
    await asyncio.wait([scheduled])
    await crew.finished()
    for number, (before, after) in enumerate(itertools.pairwise(reversed(attempts))):
        assert after.started - before.ended >= due._MINUTE * 2**number
    assert {run.outcome for run in attempts} == {"could not begin: its file is wrong"}
    assert '"code": 3' in capfd.readouterr().err
    known = from_json(await opened.health("s0"))
    assert known
    (alarm,) = known.alarms
    assert (alarm.sign, alarm.since) == (Sign.NOT_BEGUN, attempts[-1].started)


async def test_a_crawl_that_dies_is_started_again(opened, tmp_path, portals, monkeypatch, capfd):
    for name, value in {"NEWSCRAWL_CRAWL_DELAY": "0.02", "NEWSCRAWL_BROWSER_PROGRAMS": "none"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(schedule, "_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(due, "_MINUTE", due._MINUTE / 60)
    site = site_for_url(portals.homes[0])
    work = Crew(config_of(opened, tmp_path), opened, list)
    running = asyncio.ensure_future(Schedule(work.config, opened, lambda: [site], work).run())
    await asyncio.to_thread(wait_for, lambda: len(portals.requests) > 10)
    work.children[site.slug].kill()
    killed = len(portals.requests)
    await asyncio.to_thread(wait_for, lambda: len(portals.requests) > killed + 10)
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    assert '"code": -9' in capfd.readouterr().err
    assert not work.failures
    assert len(await opened.runs()) >= 2


def test_the_lines_for_cron_name_this_folder_and_no_password(place: Place) -> None:
    ran = place.crawl("--print", "cron", "https://gazette.example/", program=SCHEDULE, store="mongodb://me:secret@127.0.0.1/news")
    assert "due --run https://gazette.example/" in ran.stdout
    assert "127.0.0.1/news" in ran.stdout
    assert "secret" not in ran.stdout


def test_a_schedule_of_nothing_says_what_to_do(place: Place) -> None:
    ran = place.crawl(program=SCHEDULE, settings=str(place.folder))
    assert ran.code == 2
    assert "write a site file" in ran.stderr
