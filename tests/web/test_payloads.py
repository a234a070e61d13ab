"""Naughty strings and XSS payloads as every field of articles: none runs in any page. benchmarks/payloads.py tries all there are."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markupsafe import escape

from newscrawl.crawl.browser import missing, program
from newscrawl.models import Article
from newscrawl.web.rendering import xml_text
from tests.knobs import browser_knobs
from tests.web.conftest import XSS, Served, serving
from tests.web.payloads import HOOK, addresses, fill, loads_and_runs, naive, ran_in, strings

SOME = 40
CALLS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '"; alert(1); "',
    "<svg onload=alert(1)>",
    "<p onpaste=alert(1)>",
    '<a href="java&Tab;script:alert(1)">',
]


@pytest.fixture(scope="module")
def texts(request: pytest.FixtureRequest) -> list[str]:
    """Our own, and some of other people's if these are there."""
    try:
        every = strings(request.getfixturevalue("hostile") / "strings")
    except pytest.skip.Exception:
        every = []
    return list(dict.fromkeys([*CALLS, *XSS, *every[:: max(len(every) // SOME, 1)]]))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> Iterator[tuple[Served, list[Article]]]:
    folder: Path = tmp_path_factory.mktemp("payloads")
    uri = f"sqlite:///{folder}/store.db"
    articles = asyncio.run(fill(uri, texts))
    with serving(uri, folder / "warc") as address:
        yield Served(address, articles[0]), articles


@pytest.fixture(scope="module")
def answers(full: tuple[Served, list[Article]]) -> dict[str, str]:
    served, articles = full
    return {target: served.get(target).text for target in addresses(articles)}


@pytest.fixture(scope="module")
def page(full: tuple[Served, list[Article]]) -> Iterator[Any]:  # after the archive was filled: Playwright keeps the thread's loop
    if missing(browser_knobs()):
        pytest.skip(f"no browser: {missing(browser_knobs())}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(browser_knobs()), args=["--no-sandbox"])
        opened = browser.new_page()
        opened.add_init_script(HOOK)
        opened.goto("about:blank")
        yield opened
        browser.close()


def test_no_page_holds_what_could_run(answers: dict[str, str]) -> None:
    assert {target: found for target, text in answers.items() if (found := loads_and_runs(text))} == {}


def test_every_text_is_shown_as_a_text(full: tuple[Served, list[Article]], answers: dict[str, str]) -> None:
    _, articles = full
    for one in articles[: len(CALLS)]:
        assert escape(one.title) in answers[f"/article/{one.id}"]


def test_nothing_runs_even_without_our_policy(page: Any, answers: dict[str, str]) -> None:
    ran = ran_in(page, list(answers.values()))
    assert [list(answers)[at] for at in ran] == []


def test_a_naive_page_runs_them(page: Any) -> None:
    assert sorted(ran_in(page, [naive(text) for text in CALLS])) == list(range(len(CALLS)))
    assert ran_in(page, ["<p>plain</p>"]) == []


def test_feeds_can_be_read(full: tuple[Served, list[Article]]) -> None:
    served, articles = full
    feeds = {path: ET.fromstring(served.get(f"{path}?q=site:hostile").text) for path in ("/feed.atom", "/edits.atom")}
    atom = "{http://www.w3.org/2005/Atom}"
    for path, feed in feeds.items():
        assert len(feed.findall(f"{atom}entry")) == min(len(articles), 50), path
    titles = {entry.findtext(f"{atom}title") for entry in feeds["/edits.atom"].iter(f"{atom}entry")}
    assert len(titles) >= min(len(CALLS), 30)
    assert titles <= {xml_text(one.title) for one in articles}
