"""The frontier under Scrapy: it is asked in time, and what Scrapy loses is found again."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from newscrawl.models import Result, State
from tests.crawl.crawls import Place, ended
from tests.crawl.pages import listing, publish, story

# Programs that run a crawl in which something of ours or of Scrapy's fails.
PATCHED = """
import sys
{patch}
from scrapy.cmdline import execute
execute(["scrapy", "crawl", "portal", *sys.argv[1:]])
"""
CALLBACK = """
from newscrawl.crawl.portal import PortalSpider
sound = PortalSpider.parse
def parse(self, response, **more):
    if response.url.endswith("/leak"):
        raise RuntimeError("provoked")
    return sound(self, response, **more)
PortalSpider.parse = parse
"""
SILENCE = """
from newscrawl.crawl.portal import PortalSpider
sound = PortalSpider.parse
PortalSpider.parse = lambda self, response, **more: [] if response.url.endswith("/leak") else sound(self, response, **more)
"""
PIPELINE = """
from newscrawl.crawl.pipelines import IdentifyPipeline
sound = IdentifyPipeline.process_item
def process_item(self, item):
    if item.target.url.endswith("/leak"):
        raise RuntimeError("provoked")
    return sound(self, item)
IdentifyPipeline.process_item = process_item
"""
ROBOTS = """
from newscrawl.crawl import scheduler
def robots_answer(*_):
    raise RuntimeError("provoked")
scheduler.robots_answer = robots_answer
"""
GOOD = {f"/good/{name}": story(name) for name in ("Aal", "Bern", "Cork")}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        publish(served, {"/": listing("/leak", *GOOD), "/leak": story("Leak"), **GOOD})
        yield served


@pytest.mark.parametrize("patch", [CALLBACK, SILENCE, PIPELINE], ids=["callback", "silence", "pipeline"])
def test_a_page_that_scrapy_loses_is_tried_again_and_given_up(server: Server, place: Place, patch: str) -> None:
    program = ("-c", PATCHED.format(patch=patch))
    ran = place.crawl("-a", f"url={server.origins[0]}", program=program, crawl_retry_seconds=0.05, crawl_max_tries=2)
    assert ran.code == 7, ran.stderr
    assert place.holding().urls == [server.origins[0] + path for path in sorted(GOOD)]
    leaked = place.frontier()[f"{server.origins[0]}/leak"]
    assert (leaked.state, leaked.result) == (State.FAILED, Result.LEAKED)
    assert Counter(exchange.target for exchange in server.requests)["/leak"] == 2


def test_a_lost_page_does_not_hold_up_a_limit(server: Server, place: Place) -> None:
    program = ("-c", PATCHED.format(patch=SILENCE))
    ran = place.crawl("-a", f"url={server.origins[0]}", "-a", "limit=1", program=program, crawl_retry_seconds=0.05)
    assert ran.code == 0, ran.stderr
    assert len(place.holding().articles) == 1


def test_a_host_whose_robots_txt_is_lost_is_left(server: Server, place: Place) -> None:
    program = ("-c", PATCHED.format(patch=ROBOTS))
    ran = place.crawl("-a", f"url={server.origins[0]}", program=program, crawl_retry_seconds=0.05, crawl_max_tries=2)
    assert ran.code == 7, ran.stderr
    assert {exchange.target for exchange in server.requests} == {"/robots.txt"}
    assert [run.outcome for run in place.holding().runs] == ["incomplete"]


def test_a_page_that_is_due_soon_is_fetched_when_it_is_due(server: Server, place: Place) -> None:
    """If nothing happens Scrapy asks its scheduler every five seconds, unless it is woken: by a private way, which this watches."""
    busy = Page(b"later", status=500)
    publish(server, {"/": listing("/busy"), "/busy": Page(story("Bern").body, first=busy)})
    ran = place.crawl("-a", f"url={server.origins[0]}", crawl_retry_seconds=0.5)
    assert ran.code == 0, ran.stderr
    refused, answered = (exchange for exchange in server.requests if exchange.target == "/busy")
    assert 0.4 < answered.arrived - refused.arrived < 2.5
    assert len(place.holding().articles) == 1


def test_a_crawl_goes_on_once_what_waits_has_been_written(server: Server, place: Place) -> None:
    many = {f"/{number}": story("Bern") for number in range(8)}
    publish(server, {"/": listing(*many), **many})
    ran = place.crawl("-a", f"url={server.origins[0]}", store_batch_bytes=1000)  # a page or two
    assert ran.code == 0, ran.stderr
    assert {exchange.target for exchange in server.requests} >= many.keys()


def test_what_a_run_learned_outlives_its_being_killed(server: Server, place: Place) -> None:
    many = {f"/{number}": story("Bern") for number in range(2_000)}
    publish(server, {"/": listing(*many), **many})
    process = place.start("-a", f"url={server.origins[0]}", crawl_delay=0.005)
    while len(server.requests) < 400 and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    ended(process)
    slug = server.origins[0].removeprefix("http://").replace(":", "-")
    assert "shape /0" in place.asked(lambda store: store.learned(slug))


def test_a_crawl_ends_when_it_is_done(server: Server, place: Place) -> None:
    """Not at Scrapy's next look, up to five seconds later."""
    ran = place.crawl("-a", f"url={server.origins[0]}")
    assert ran.code == 0, ran.stderr
    assert time.monotonic() - server.requests[-1].arrived < 3.5


def test_what_was_refused_at_the_end_is_not_taken_for_lost(server: Server, place: Place) -> None:
    hidden = [f"/hidden/{number}" for number in range(20)]
    rules = Page(b"User-agent: *\nDisallow: /hidden/", "text/plain")
    publish(server, {"/robots.txt": rules, "/": listing(*hidden, *GOOD), **GOOD})
    assert place.crawl("-a", f"url={server.origins[0]}", "-a", "limit=1").code == 0
    assert Result.LEAKED not in {answered.result for answered in place.frontier().values()}
    assert place.crawl("-a", f"url={server.origins[0]}").code == 0
    results = Counter(answered.result for answered in place.frontier().values())
    assert (results[Result.FORBIDDEN], results[Result.ARTICLE], results[Result.LEAKED]) == (20, 3, 0)
