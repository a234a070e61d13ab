"""A portal whose server does everything wrong is crawled to its end, and every address gets its reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newscrawl.demo.server import Exchange, Server
from newscrawl.models import Result, State
from tests.bad_answers import bad_answers
from tests.crawl.crawls import Answered, Holding, Place, Ran
from tests.crawl.pages import listing, publish, story

MEGABYTES = 300  # of memory; a crawl of honest pages needs 150, unpacking the bombs would take another 50 each
GOOD = {f"/good/{name}": story(name) for name in ("Aal", "Bern", "Cork")}
# What comes of each misbehaviour. The rest are pages without an article on them.
RESULTS = {
    Result.UNREACHABLE: "closed drip slow-head no-http bad-status header-garbage two-lengths endless-header",
    Result.TOO_LARGE: "gzip-bomb brotli-bomb",
    Result.UNREADABLE: "unknown-encoding",
    Result.BUSY: "busy-seconds busy-past busy-nonsense broken status-999",
    Result.REFUSED: "forbidden unauthorised legal",
    Result.MISSING: "gone",
    Result.REDIRECT: "loop ping pong",
    Result.OFF_SITE: "redirect-vault redirect-decimal redirect-mapped redirect-metadata",
    Result.BAD_ADDRESS: "redirect-file redirect-data redirect-ftp redirect-script redirect-garbage",
}


@dataclass(frozen=True, slots=True)
class Ordeal:
    ran: Ran
    origin: str
    vault: str
    frontier: dict[str, Answered]
    holding: Holding
    verified: int
    requests: list[Exchange]


@pytest.fixture(scope="module")
def ordeal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ordeal]:
    place = Place(tmp_path_factory.mktemp("ordeal"))
    with Server(("127.0.0.1", "127.0.0.2")) as server:
        origin, vault = server.origins
        bad = bad_answers(vault)
        publish(server, {"/": listing(*bad, *GOOD), **bad, **GOOD}, {"/secret": story("Vault")})
        hurry = {"crawl_timeout": 0.7, "crawl_retry_seconds": 0.1, "crawl_max_tries": 2, "crawl_patience": 2.5}
        ran = place.crawl("-a", f"url={origin}", **hurry)
        yield Ordeal(ran, origin, vault, place.frontier(), place.holding(), place.verified(), server.requests)


def expected(path: str) -> Result:
    return next((result for result, names in RESULTS.items() if path[1:] in names.split()), Result.OTHER)


def test_it_comes_to_a_good_end(ordeal: Ordeal) -> None:
    """It tells that some gave no answer."""
    assert ordeal.ran.code == 7, ordeal.ran.stderr
    assert "some failed (addresses without an answer: 13)" in ordeal.ran.stderr
    assert "Traceback" not in ordeal.ran.stderr
    assert [run.outcome for run in ordeal.holding.runs] == ["some failed"]


@pytest.mark.parametrize("path", sorted(bad_answers("http://127.0.0.2:1")))
def test_every_address_has_its_result_and_reason(ordeal: Ordeal, path: str) -> None:
    answered = ordeal.frontier[ordeal.origin + path]
    assert answered.result is expected(path)
    assert answered.detail.strip()
    assert answered.state is not State.DUE


def test_the_reason_names_where_a_redirect_led(ordeal: Ordeal) -> None:
    assert ordeal.frontier[f"{ordeal.origin}/redirect-file"].detail == "302 file:///etc/hostname"
    assert ordeal.frontier[f"{ordeal.origin}/redirect-vault"].detail == f"302 {ordeal.vault}/secret"


def test_nobody_went_where_nobody_should(ordeal: Ordeal) -> None:
    assert [exchange.target for exchange in ordeal.requests if exchange.origin == ordeal.vault] == []


def test_good_articles_of_the_same_site_are_stored(ordeal: Ordeal) -> None:
    assert ordeal.holding.urls == [ordeal.origin + path for path in sorted(GOOD)]


def test_what_was_answered_is_in_the_archive(ordeal: Ordeal) -> None:
    """Also the bombs, as they were sent: they are small then."""
    captured = {capture.url.removeprefix(ordeal.origin) for capture in ordeal.holding.captures}
    assert {"/gzip-bomb", "/nul", "/deep", "/truncated", "/forbidden"} <= captured
    assert ordeal.verified == len(ordeal.holding.captures) > 50


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system doesn't tell what memory a process had")
def test_memory_stays_bounded(ordeal: Ordeal) -> None:
    assert 50 < ordeal.ran.peak < MEGABYTES


def test_nothing_is_asked_for_more_often_than_allowed(ordeal: Ordeal) -> None:
    """Twice; where a kept connection breaks without a byte of answer, Twisted asks once more by itself on a new one."""
    asked = Counter(exchange.target for exchange in ordeal.requests if exchange.status)
    assert max(asked.values()) == 2
    assert max(Counter(exchange.target for exchange in ordeal.requests).values()) <= 4
