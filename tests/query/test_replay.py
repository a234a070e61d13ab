"""Archived pages in a browser: they are seen, and nothing in them reaches the network, whatever it tries."""

import asyncio
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from newscrawl.archive.replay import replayed
from newscrawl.archive.warc import read_exchange
from newscrawl.crawl.browser import missing, program
from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from newscrawl.errors import ArchiveError, InputError, StoreError
from newscrawl.models import Capture
from newscrawl.query.replay import ReplayServer, pages_of
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.archive.folders import written
from tests.exchanges import AT, exchange
from tests.knobs import browser_knobs
from tests.store.records import article, capture, holding, revision, visited

needs_browser = pytest.mark.skipif(bool(missing(browser_knobs())), reason=f"no browser: {missing(browser_knobs())}")
# Everything that a page can do by itself to ask for something; {trap} is where it would be heard.
TRICKS = """<!doctype html><html><head><meta charset="utf-8"><title>Tricks</title>
<meta http-equiv="refresh" content="0; url={trap}/refresh"><base href="{trap}/base/">
<link rel="stylesheet" href="{trap}/style.css"><link rel="preconnect" href="{trap}"><link rel="dns-prefetch" href="{trap}">
<link rel="prefetch" href="{trap}/prefetch"><link rel="preload" as="image" href="{trap}/preload"><link rel="icon" href="{trap}/icon">
<link rel="manifest" href="{trap}/manifest"><LINK rel=modulepreload href="{trap}/module">
<style>@import "{trap}/import.css"; @font-face {{ font-family: x; src: url({trap}/font) }}
body {{ background: url({trap}/css); font-family: x }}</style>
<script src="{trap}/script.js"></script><script>fetch("{trap}/fetch"); new Image().src = "{trap}/made"; location = "{trap}/moved";
new WebSocket("{socket}/socket"); navigator.sendBeacon("{trap}/beacon"); open("{trap}/popup")</script></head>
<body onload="document.forms[0].submit()"><p id="text">断桥 is here.</p>
<img src="{trap}/img" srcset="{trap}/srcset 2x" onerror="fetch('{trap}/onerror')">
<picture><source srcset="{trap}/source"><img src="{trap}/picture"></picture>
<video src="{trap}/video" poster="{trap}/poster" autoplay></video>
<audio src="{trap}/audio" autoplay></audio><iframe src="{trap}/frame"></iframe><iframe srcdoc="<img src='{trap}/srcdoc'>"></iframe>
<object data="{trap}/object"></object><embed src="{trap}/embed"><svg><image href="{trap}/svg"/><use href="{trap}/use#a"/></svg>
<form action="{trap}/form"><input name="a"><button id="send">send</button></form>
<a id="link" href="{trap}/link" ping="{trap}/ping">a link</a><a id="top" target="_top" href="{trap}/top">another</a>
<a id="new" target="_blank" href="{trap}/new">a third</a></body></html>"""


@dataclass(frozen=True, slots=True)
class Archived:
    """A page of tricks in an archive, and the server that it would like to reach."""

    folder: Path
    capture: Capture
    trap: Server


@pytest.fixture
def archived(tmp_path: Path) -> Iterator[Archived]:
    with Server(("127.0.0.1",)) as trap:
        trap.publish(lambda _: Page(b"you should not be here"))
        (origin,) = trap.origins
        page = TRICKS.format(trap=origin, socket=origin.replace("http", "ws")).encode()
        (placed,) = written(tmp_path, [exchange(page, Content_Type="text/html; charset=utf-8")])
        yield Archived(tmp_path, placed, trap)


@contextmanager
def served(folder: Path, *captures: Capture) -> Iterator[ReplayServer]:
    with ReplayServer(folder, article("a"), captures) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


async def looked_at(address: str, *, framed: bool, clicks: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """The text of the archived page as a reader sees it, and where the browser went beside that address' host."""
    from playwright.async_api import Error, async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(browser_knobs()), args=["--no-sandbox"])
        page, asked = await browser.new_page(), []
        page.context.on("request", lambda request: asked.append(request.url))
        await page.goto(address)
        await asyncio.sleep(1)
        frame = page.frames[1] if framed else page.main_frame
        text = await frame.inner_text("body") if framed else ""
        for click in clicks:
            try:
                await frame.click(click, timeout=1_000)
            except Error:  # the page may have been left
                continue
        await asyncio.sleep(0.5)
        await browser.close()
    host = address.split("/")[2]
    return text, [url for url in asked if host not in url and url.startswith(("http", "ws"))]


@needs_browser
async def test_a_page_is_seen_and_asks_the_network_for_nothing(archived: Archived) -> None:
    with served(archived.folder, archived.capture) as server:
        text, _ = await looked_at(server.address, framed=True, clicks=("#link", "#top", "#new", "#send"))
    assert "断桥 is here." in text
    assert [asked.target for asked in archived.trap.requests] == []


@needs_browser
async def test_without_the_walls_it_asks_for_much(archived: Archived) -> None:
    """The control: the same page as it was served."""
    with Server(("127.0.0.1",)) as plain:
        page = Page(read_exchange(archived.folder, archived.capture).payload, content_type="text/html; charset=utf-8")
        plain.publish(lambda target: page if target == "/" else Page(status=404))
        await looked_at(plain.origins[0] + "/", framed=False)
    assert len({asked.target for asked in archived.trap.requests}) > 10


def got(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_only_our_own_name_and_pages_are_answered(archived: Archived) -> None:
    with served(archived.folder, archived.capture) as server:
        origin = server.address.rpartition("/")[0]
        assert got(server.address)[0] == 200
        assert got(server.address, Host="evil.example")[0] == 421
        for path in ("", "page/", "page/other", f"elsewhere/{archived.capture.id}", "../etc/passwd", f"page/{archived.capture.id}/x"):
            assert got(f"{origin}/{path}")[0] == 404, path


def test_a_page_is_what_was_served_but_for_its_links_to_resources(archived: Archived) -> None:
    page = replayed(archived.folder, archived.capture)
    policy = dict(page.headers)["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    original = read_exchange(archived.folder, archived.capture).payload
    assert page.body.replace(b"<x-", b"<") == original
    assert b"<link" not in page.body.lower()


def test_a_title_cannot_leave_its_place(archived: Archived) -> None:
    evil = "</h1><script>alert(1)</script>"
    with ReplayServer(archived.folder, article("a", title=evil), [archived.capture]) as server:
        frame = server.answer(f"/{archived.capture.id}")
    assert frame is not None
    assert b"<script" not in frame.body


def test_texts_are_shown_as_texts_and_other_things_are_named(tmp_path: Path) -> None:
    text, picture, wide = written(
        tmp_path,
        [
            exchange(b"<script>", Content_Type="text/javascript; charset=gbk"),
            exchange(b"\x89PNG", Content_Type="image/png", time=AT + timedelta(hours=1)),
            exchange("<link><p>断桥".encode("utf-16"), Content_Type="text/html; charset=utf-16", time=AT + timedelta(hours=2)),
        ],
    )
    assert dict(replayed(tmp_path, text).headers)["Content-Type"] == "text/plain; charset=gbk"
    with pytest.raises(ArchiveError, match="no page, but image/png"):
        replayed(tmp_path, picture)
    assert replayed(tmp_path, wide).body == "<x-link><p>断桥".encode()
    with served(tmp_path, picture) as server:
        status, headers, body = got(server.address.replace(picture.id, f"page/{picture.id}"))
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert b"no page" in body


def test_what_scripts_made_is_shown_where_there_is_some(tmp_path: Path) -> None:
    (placed,) = written(tmp_path, [replace(exchange(b"<p>before"), rendered="<p>断桥 after".encode())])
    assert replayed(tmp_path, placed).body == b"<p>before"
    assert replayed(tmp_path, placed, after_scripts=True).body == "<p>断桥 after".encode()


async def test_the_pages_of_an_article_are_its_states_latest_first(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    await store.settle(holding(article("a", capture=capture("new").id)))
    await store.settle([visited(revision=revision("a", capture=capture("old").id)), visited(capture=capture("new"))])
    await store.settle([visited(capture=capture("old"))])
    found, captures = await pages_of(store, article("a").id)
    assert (found.id, [one.id for one in captures]) == (article("a").id, [capture("new").id, capture("old").id])
    with pytest.raises(InputError, match="no such article"):
        await pages_of(store, "nowhere")
    await store.settle(holding(article("b")))
    with pytest.raises(StoreError, match="archive verify"):
        await pages_of(store, article("b").id)
    await store.close()


def test_a_port_that_is_taken_is_named(archived: Archived) -> None:
    with served(archived.folder, archived.capture) as server, pytest.raises(InputError, match="--port"):
        ReplayServer(archived.folder, article("a"), [archived.capture], port=server.server_port)
