"""Politeness as the server sees it: how many requests at once, how far apart, and what comes before it was wanted.

The controls are crawls that are not polite: on them the same measures must fail, or they would measure nothing.
"""

import itertools
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from newscrawl.demo.pages import Answer, Page, Wire
from newscrawl.demo.server import Exchange, Server
from newscrawl.models import Result, State, now
from tests.crawl.crawls import Place
from tests.crawl.pages import listing, publish, story

DELAY = 0.25  # seconds between the starts of two requests
JITTER = 0.04  # seconds by which a busy machine brings two arrivals closer together than they were sent
SLOW = 0.6  # seconds an answer takes, so that requests overlap where they may
NAMES = [f"/harbour/{name}" for name in "Aal Bern Cork Dover Essen Faro Genoa Hove".split()]
WALL = Page(
    b"<html><title>Just a moment...</title><script>_cf_chl_opt={}</script></html>", status=403, headers=(("cf-mitigated", "challenge"),)
)
CLI = ("-c", "from newscrawl.cli import main; main()")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        yield served


def slow(page: Page) -> Page:
    return Page(page.body, delay=SLOW)


def robots(*lines: str) -> Page:
    return Page("\n".join(["User-agent: *", *lines]).encode(), "text/plain")


def crawled(server: Server, place: Place, *, delay: float, concurrency: int, table: dict[str, Answer]) -> list[Exchange]:
    """The requests of a whole crawl, in order of arrival."""
    publish(server, {"/": listing(*NAMES), **{name: story(name) for name in NAMES}, **table})
    ran = place.crawl("-a", f"url={server.origins[0]}", crawl_delay=delay, crawl_concurrency=concurrency)
    assert ran.code == 0, ran.stderr
    assert {exchange.target for exchange in server.requests} >= {"/", *NAMES}
    return server.requests


# measures


def at_once(requests: Sequence[Exchange]) -> int:
    """The most requests that were under way at the same time."""
    ends = [(exchange.answered, -1) for exchange in requests]
    under_way, most = 0, 0
    for _, step in sorted([*ends, *((exchange.arrived, 1) for exchange in requests)]):
        under_way += step
        most = max(most, under_way)
    return most


def assert_no_more_at_once(requests: Sequence[Exchange], allowed: int) -> None:
    assert at_once(requests) <= allowed


def assert_apart(requests: Sequence[Exchange], seconds: float) -> None:
    """Between the starts of two requests; single ones may be late, on a busy machine, and so come closer to the next."""
    starts = sorted(exchange.arrived for exchange in requests)
    gaps = [after - before for before, after in itertools.pairwise(starts)]
    assert min(gaps) >= seconds / 3
    assert statistics.median(gaps) >= seconds - JITTER


def assert_rests(requests: Sequence[Exchange], seconds: float) -> None:
    """Between an answer and the start of the next request, from the robots.txt on."""
    for before, after in itertools.pairwise(requests):
        assert after.arrived - before.answered >= seconds - JITTER, (before.target, after.target)


def assert_left_alone(requests: Sequence[Exchange], since: float, until: float) -> None:
    """No request came between these times."""
    assert [exchange.target for exchange in requests if since <= exchange.arrived < until - JITTER] == []


# delay and concurrency


@pytest.mark.parametrize("concurrency", [1, 3])
def test_delay_and_concurrency_hold(server: Server, place: Place, concurrency: int) -> None:
    slow_pages = {name: slow(story(name)) for name in NAMES}
    requests = crawled(server, place, delay=DELAY, concurrency=concurrency, table=slow_pages)
    assert_no_more_at_once(requests, concurrency)
    assert_apart(requests, DELAY)
    assert at_once(requests) == concurrency  # and what is allowed is used


def test_the_measures_of_delay_and_concurrency_can_fail(server: Server, place: Place) -> None:
    requests = crawled(server, place, delay=0.001, concurrency=16, table={name: slow(story(name)) for name in NAMES})
    with pytest.raises(AssertionError):
        assert_no_more_at_once(requests, 3)
    with pytest.raises(AssertionError):
        assert_apart(requests, DELAY)


@pytest.mark.parametrize("wish", ["Crawl-delay: 0.4", "Request-rate: 5/2"])
def test_a_crawl_delay_holds_from_answer_to_request(server: Server, place: Place, wish: str) -> None:
    table: dict[str, Answer] = {"/robots.txt": robots(wish), NAMES[0]: slow(story(NAMES[0]))}
    requests = crawled(server, place, delay=0.01, concurrency=3, table=table)
    assert_no_more_at_once(requests, 1)
    assert_rests(requests, 0.4)


def test_the_measure_of_a_crawl_delay_can_fail(server: Server, place: Place) -> None:
    requests = crawled(server, place, delay=0.01, concurrency=1, table={})
    with pytest.raises(AssertionError):
        assert_rests(requests, 0.4)


# robots.txt


def test_a_robots_txt_is_asked_for_once_in_two_runs_and_obeyed_in_both(server: Server, place: Place) -> None:
    forbidden = NAMES[-1]
    publish(server, {"/robots.txt": robots(f"Disallow: {forbidden}", "Crawl-delay: 0.4"), "/": listing(*NAMES[:2], forbidden)})
    place.crawl("-a", f"url={server.origins[0]}")
    first = len(server.requests)
    publish(server, {"/": listing(*NAMES[:4], forbidden)})
    place.crawl("-a", f"url={server.origins[0]}")
    targets = [exchange.target for exchange in server.requests]
    assert targets.count("/robots.txt") == 1
    assert forbidden not in targets
    assert len(server.requests) > first
    assert_rests(server.requests, 0.4)


def test_one_that_could_not_be_read_is_asked_for_by_the_next_run(server: Server, place: Place) -> None:
    broken = Page(b"", status=500)
    publish(server, {"/robots.txt": broken, "/": listing(*NAMES[:2])})
    assert place.crawl("-a", f"url={server.origins[0]}", crawl_retry_seconds=0.05).code == 7
    assert {exchange.target for exchange in server.requests} == {"/robots.txt"}
    asked = len(server.requests)
    place.crawl("-a", f"url={server.origins[0]}", crawl_retry_seconds=0.05)
    assert {exchange.target for exchange in server.requests[asked:]} <= {"/robots.txt"}


# pauses that a server asks for


def in_seconds(wait: float) -> str:
    return str(round(wait))


def as_date(wait: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=wait), usegmt=True)


@pytest.mark.parametrize(("written", "status", "concurrency"), [(in_seconds, 429, 1), (as_date, 503, 1), (as_date, 429, 3)])
def test_no_request_comes_before_a_pause_is_over(
    server: Server, place: Place, written: Callable[[float], str], status: int, concurrency: int
) -> None:
    """Its answer is slow, so that by our own delay the next request would be due already."""
    table = {"/": listing("/busy", *NAMES), **{name: story(name) for name in NAMES}}
    until: list[float] = []

    def answers(target: str) -> Answer:
        if target != "/busy" or until:
            return table.get(target, Page(status=404))
        wait = 3.0 if written is in_seconds else 4.0  # a date is cut to seconds
        until.append(time.monotonic() + 3.0)
        return Page(b"later", status=status, delay=0.3, headers=(("Retry-After", written(wait)),))

    server.publish(answers)
    ran = place.crawl("-a", f"url={server.origins[0]}", crawl_delay=0.1, crawl_concurrency=concurrency)
    assert ran.code == 0, ran.stderr
    busy = next(exchange for exchange in server.requests if exchange.target == "/busy")
    on_the_way = 0.3 if concurrency > 1 else 0.0  # others may cross the answer
    assert_left_alone(server.requests, busy.answered + on_the_way, until[0])
    assert server.requests[-1].arrived > until[0]  # it goes on afterwards
    with pytest.raises(AssertionError):
        assert_left_alone(server.requests, server.requests[0].answered, until[0])


def test_a_pause_that_is_longer_than_a_run_waits_is_kept_by_the_next(server: Server, place: Place) -> None:
    wait = (("Retry-After", "Sat, 01 Jan 2050 00:00:00 GMT"),)
    publish(server, {"/": Page(b"Closed.", status=503, headers=wait)})
    for _ in range(2):
        assert place.crawl("-a", f"url={server.origins[0]}", crawl_patience=2.0).code == 7
    assert [exchange.target for exchange in server.requests] == ["/robots.txt", "/"]
    told = [run.outcome.partition(": ") for run in place.holding().runs]
    assert [why for _, _, why in told] == ["the site asks to be left alone until then (Retry-After)"] * 2
    tomorrow = f"{now() + timedelta(days=1):deferred until %Y-%m-%d}"
    assert all(until.startswith(tomorrow) for until, _, _ in told)


@pytest.mark.parametrize("patience", [0.5, 60.0])
def test_one_page_that_is_closed_for_long_does_not_close_the_site(server: Server, place: Place, patience: float) -> None:
    """The site is left alone as long as a run waits; then the others answer. The page itself is left as long as it asks."""
    wait = (("Retry-After", "3600" if patience < 1 else "1"),)
    closed = Page(b"Being repaired.", status=503, headers=wait)
    publish(server, {"/": listing("/closed", *NAMES), "/closed": closed, **{name: story(name) for name in NAMES}})
    ran = place.crawl("-a", f"url={server.origins[0]}", crawl_patience=patience, crawl_max_tries=2)
    assert ran.code == 7
    assert len(place.holding().articles) == len(NAMES)
    asked = [exchange for exchange in server.requests if exchange.target == "/closed"]
    assert len(asked) == (1 if patience < 1 else 2)
    after = min(exchange.arrived for exchange in server.requests if exchange.arrived > asked[0].arrived)
    assert after - asked[0].answered >= min(patience, 1.0)
    told = place.holding().runs[0].outcome
    assert told.endswith(f"the first {server.origins[0]}/closed (503)") if patience < 1 else told == "some failed"


# servers that are away, and walls


def test_a_link_to_a_host_that_is_no_more_keeps_no_run_from_its_end(server: Server, place: Place) -> None:
    """The first run tells of it, the next ones no longer."""
    with suppress(OSError):
        socket.getaddrinfo("old.localhost", 80)
        pytest.skip("on this system all names below localhost have an address")
    home = server.origins[0].replace("127.0.0.1", "localhost")
    dead = f"{home.replace('localhost', 'old.localhost')}/news/1"
    publish(server, {"/": listing(dead, *NAMES), **{name: story(name) for name in NAMES}})
    for code, outcome in ((7, "some failed"), (0, "finished"), (0, "finished")):
        ran = place.crawl("-a", f"url={home}", crawl_retry_seconds=0.02)
        assert (ran.code, place.holding().runs[0].outcome) == (code, outcome)
    assert len(place.holding().articles) == len(NAMES)


def test_a_page_that_never_answers_is_told_once_and_then_asked_for_once_a_week(server: Server, place: Place) -> None:
    publish(server, {"/": listing("/broken", *NAMES), "/broken": Page(b"", status=500), **{name: story(name) for name in NAMES}})
    asked = []
    for code in (7, 0, 0):
        server.requests.clear()
        ran = place.crawl("-a", f"url={server.origins[0]}", crawl_retry_seconds=0.02)
        assert ran.code == code, ran.stderr
        asked.append(sum(exchange.target == "/broken" for exchange in server.requests))
    assert asked == [3, 1, 0]
    assert "some failed (addresses without an answer: 1)" not in ran.stderr


# walls


def test_a_server_that_goes_away_is_asked_a_few_times_and_keeps_what_waits(server: Server, place: Place) -> None:
    names = [f"/news/{number}" for number in range(60)]
    publish(server, {"/": listing(*names), **dict.fromkeys(names, Wire())})
    ran = place.crawl("-a", f"url={server.origins[0]}", crawl_retry_seconds=0.02)
    assert ran.code == 7, ran.stderr
    assert [run.outcome for run in place.holding().runs] == ["no answer"]
    asked = {exchange.target for exchange in server.requests} & set(names)
    assert len(asked) <= 12
    waiting = [url for url, answered in place.frontier().items() if answered.state is State.DUE]
    assert len(waiting) >= 48


def test_walls_are_said_and_left_and_the_next_run_tries_again(server: Server, place: Place) -> None:
    publish(server, {"/": listing(*NAMES), **dict.fromkeys(NAMES, WALL)})
    ran = place.crawl("-a", f"url={server.origins[0]}")
    assert ran.code == 7
    assert [run.outcome for run in place.holding().runs] == ["blocked"]
    walls = [answered for answered in place.frontier().values() if answered.result is Result.BLOCKED]
    assert [(wall.detail, wall.state) for wall in walls] == [("403 Cloudflare", State.FAILED)] * 3
    assert len(server.requests) == 5  # robots.txt, the front page, three walls
    told = place.crawl("show", place.holding().runs[0].site, program=(*CLI, "sites")).stdout
    assert "blocked" in told
    assert "403 Cloudflare" in told
    publish(server, {"/": listing(*NAMES), **{name: story(name) for name in NAMES}})
    assert place.crawl("-a", f"url={server.origins[0]}").code == 0
    assert len(place.holding().articles) == len(NAMES)


def test_a_wall_around_the_front_page_is_said(server: Server, place: Place) -> None:
    publish(server, {"/": WALL})
    assert place.crawl("-a", f"url={server.origins[0]}").code == 7
    assert [run.outcome for run in place.holding().runs] == ["blocked"]
