"""Health at the end of runs: of real crawls of a portal that is rebuilt between two of them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from newscrawl.config import HealthKnobs
from newscrawl.crawl.checkup import check_up, check_up_quietly, tell
from newscrawl.demo.pages import Answer, Answers, Page
from newscrawl.demo.server import Server
from newscrawl.errors import StoreError
from newscrawl.health import Alarm, Health, Sign, from_json
from newscrawl.models import Run
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store
from tests.crawl.crawls import Place
from tests.examples import START

QUIET = HealthKnobs(webhook="", command=(), timeout=5.0)
NEWSCRAWL = ("-m", "newscrawl", "crawl")
SITE = SiteDefinition(slug="gazette", url="https://gazette.example/")
TEXT = "The council met on Monday evening and spoke for three hours about the bridge, its cost, and who is to pay for it in the end. "


def gazette(edition: int) -> Answers:
    """A portal of twelve articles; from its second edition on ten more, without authors, and in the third without dates too."""
    old, new = range(1, 13), range(13, 23) if edition > 1 else range(0)

    def answer(target: str) -> Answer:
        if target == "/":
            links = "".join(f'<li><a href="/news/{n}.html">Headline number {n} of the town gazette</a></li>' for n in (*old, *new))
            return Page(f"<html><title>Gazette</title><ul>{links}</ul></html>".encode())
        found = re.fullmatch(r"/news/(\d+)\.html", target)
        if not found or int(found[1]) not in (*old, *new):
            return Page(b"none", status=404)
        return Page(page(int(found[1]), edition).encode())

    return answer


def page(number: int, edition: int) -> str:
    title, text = f"Headline number {number} of the town gazette", "".join(f"<p>{TEXT}{number}, {line}.</p>" for line in range(6))
    byline = '<p class="byline">By Ann Example</p>' if edition == 1 else ""
    date = f'<time datetime="2026-08-0{number % 9 + 1}T08:00:00Z">August {number % 9 + 1}, 2026</time>' if edition < 3 else ""
    if edition > 1:
        return f"<html><title>{title}</title><main><h1>{title}</h1>{date}{text}</main></html>"
    told = byline + date
    return f"<html><title>{title}</title><article><h1>{title}</h1>{told}{text}</article></html>"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1",)) as served:
        served.publish(gazette(1))
        yield served


def crawl(place: Place, server: Server) -> tuple[Health, str]:
    """The health after one more crawl, and what was logged."""
    ran = place.crawl(server.origins[0], program=NEWSCRAWL)
    assert ran.code in (0, 7), ran.stderr
    (site,) = {run.site for run in place.holding().runs}
    health = from_json(place.asked(lambda store: store.health(site)))
    assert health is not None
    return health, ran.stderr


@pytest.mark.parametrize(
    ("any_place", "edition", "field", "proposal"),
    [("sqlite", 2, "authors", "[[layout]]\nvalid_from = 2"), ("mongodb", 3, "article", "article = ")],
    indirect=["any_place"],
)
def test_a_new_layout_is_told_at_the_next_run_with_what_it_broke(
    any_place: Place, server: Server, edition: int, field: str, proposal: str
) -> None:
    place = any_place
    first, _ = crawl(place, server)
    assert not first.alarms
    assert first.baseline.shares["date"] == 1
    assert not crawl(place, server)[0].alarms
    server.publish(gazette(edition))
    health, logged = crawl(place, server)
    fields = {alarm.field: alarm for alarm in health.alarms if alarm.sign is Sign.FIELD}
    assert set(fields) == {field}
    alarm = fields[field]
    assert f"field {field}: 0 of the last 10" in logged
    assert proposal in alarm.proposal
    captures = place.asked(lambda store: store.captures_by_id([alarm.before, alarm.after]))
    before, after = captures[alarm.before], captures[alarm.after]
    assert before.time < alarm.since <= after.time
    shown = subprocess.run(
        [sys.executable, "-m", "newscrawl", "health", "--check", "--store", place.store], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 1
    assert re.search(rf"field {field}, since .*\n +0 of the last 10 ", shown.stdout)
    assert after.url in shown.stdout
    told = subprocess.run([sys.executable, "-m", "newscrawl", "health", "--json", "--store", place.store], capture_output=True, check=True)
    assert {alarm["field"] for alarm in json.loads(told.stdout)["health"]["alarms"]} == {field}


async def blocked(store: Store, number: int, outcome: str = "blocked") -> Run:
    started = START + timedelta(hours=number)
    run = Run(f"r{number}", "gazette", started, ended=started, outcome=outcome, counters={"requests": 3})
    await store.save_run(run)
    return run


async def test_an_alarm_is_told_once_and_again_after_it_was_over(store: Store, tmp_path) -> None:
    log = tmp_path / "told"
    append = f"import sys; open({str(log)!r}, 'a').write(sys.stdin.read() + '\\n')"
    knobs = HealthKnobs(webhook="", command=(sys.executable, "-c", append), timeout=20.0)
    for number, outcome in enumerate(["blocked", "blocked", "finished", "blocked"]):
        await check_up(store, SITE, await blocked(store, number, outcome), knobs)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["site"], [alarm["sign"] for alarm in line["alarms"]]) for line in lines] == [("gazette", ["blocked"])] * 2


def test_a_webhook_gets_what_is_new() -> None:
    with Server(("127.0.0.1",)) as hook:
        hook.publish(lambda _: Page(b"thanks"))
        tell("gazette", [Alarm(Sign.BLOCKED, "the last run ended", START)], HealthKnobs(f"{hook.origins[0]}/hook?secret", (), 5.0))
        assert [(one.method, one.target) for one in hook.requests] == [("POST", "/hook?secret")]


@pytest.mark.parametrize("knobs", [HealthKnobs("http://127.0.0.1:9/secret", (), 5.0), HealthKnobs("", ("/nowhere/secret",), 5.0)])
def test_what_can_not_be_passed_on_is_logged_without_its_secrets(knobs: HealthKnobs, caplog) -> None:
    tell("gazette", [Alarm(Sign.BLOCKED, "the last run ended", START)], knobs)
    assert "could not be passed on" in caplog.text
    assert "secret" not in caplog.text


async def test_a_store_that_fails_does_not_end_the_run_badly(store: Store, caplog, monkeypatch) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr(store, "save_health", refuse)
    await check_up_quietly(store, SITE, await blocked(store, 1), QUIET)
    assert "gazette: its health is not known: away" in caplog.text


async def test_what_another_version_wrote_is_replaced(store: Store) -> None:
    await store.save_health("gazette", '{"alarms": 7}')
    assert from_json(await store.health("gazette")) is None
    await check_up(store, SITE, await blocked(store, 1), QUIET)
    assert from_json(await store.health("gazette")) is not None
