"""Log lines as JSON."""

import json
import logging

from newscrawl.crawl.logs import JsonLines
from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from tests.crawl.crawls import Place


def record(text: str, *arguments: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("newscrawl.crawl.portal", logging.WARNING, "portal.py", 1, text, arguments, None)
    made.__dict__.update(extra)
    return made


def test_a_line_is_one_object_with_the_keys_that_are_known():
    line = JsonLines().format(record("%s is\ncut: 渡船", "a page", site="gazette", stage="clean", other=3))
    assert "\n" not in line
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "event": "log",
        "level": "warning",
        "from": "newscrawl.crawl.portal",
        "told": "a page is\ncut: 渡船",
        "site": "gazette",
        "stage": "clean",
    }


def test_a_trace_stands_in_the_same_line():
    made = record("it failed")
    made.exc_info = (ValueError, ValueError("wrong"), None)
    assert "ValueError: wrong" in json.loads(JsonLines().format(made))["trace"]


def test_a_crawl_logs_so_if_it_is_told_to(place: Place) -> None:
    with Server(("127.0.0.1",)) as server:
        server.publish(lambda _: Page(b"none", status=404))
        ran = place.crawl(server.origins[0], program=("-m", "newscrawl", "crawl"), progress_logs="json")
    (line,) = [json.loads(line) for line in ran.stderr.splitlines() if '"log"' in line]
    assert (line["event"], line["level"], line["stage"]) == ("log", "warning", "health")
    assert "nothing read" in line["told"]
    assert line["site"]
