"""Who is answered, and for how long."""

import asyncio
import base64
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from fastapi import Request, Response

from newscrawl.crawl.browser import missing, program
from newscrawl.errors import NewscrawlError, TimeLimitError
from newscrawl.store import open_store
from newscrawl.store.deadline import within
from newscrawl.store.protocol import Search
from newscrawl.web.guard import Guard
from tests.knobs import browser_knobs
from tests.store.records import article, holding
from tests.web.conftest import Served, fill, serving

TOKEN = "a-token-of-the-test!"


def basic(token: str) -> str:
    return "Basic " + base64.b64encode(f"anybody:{token}".encode()).decode()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("closed")
    ferry = asyncio.run(fill(f"sqlite:///{folder}/store.db", folder / "warc"))
    with serving(f"sqlite:///{folder}/store.db", folder / "warc", NEWSCRAWL_WEB_TOKEN=TOKEN) as address:
        yield Served(address, ferry)


@pytest.mark.parametrize("target", ["/", "/api/articles", "/api/nothing", "/openapi.json", "/style.css/", "/sites"])
def test_who_tells_no_token_is_told_nothing(closed: Served, target: str) -> None:
    wrong = ("", TOKEN, f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}!", "Bearer ", "Basic !", basic("wrong"), f"Digest {TOKEN}", "Bearer \xff")
    for told in wrong:
        came = closed.get(target, **({"Authorization": told} if told else {}))
        assert came.status == 401, told
        assert "default-src 'none'" in came.headers["content-security-policy"]
        assert "in port" not in came.text
        assert TOKEN not in came.text


def test_who_tells_it_is_answered(closed: Served) -> None:
    for told in (f"Bearer {TOKEN}", f"bearer  {TOKEN}", basic(TOKEN)):
        assert closed.get("/api/articles?q=ferry", Authorization=told).json["total"] == 1
        assert closed.get("/", Authorization=told).status == 200
    described = closed.get("/openapi.json", Authorization=basic(TOKEN)).json
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert described["paths"]["/api/facets"]["get"]["security"] == [{"HTTPBearer": []}]


def test_each_way_to_tell_it_is_a_challenge_of_its_own_with_that_of_browsers_first(closed: Served) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(closed.address)
    with refused.value:
        asked = refused.value.headers.get_all("WWW-Authenticate")
    assert [challenge.partition(" ")[0] for challenge in asked] == ["Basic", "Bearer"]


@pytest.mark.parametrize("target", ["/style.css", "/icon.svg"])
def test_the_page_that_asks_for_it_has_its_looks(closed: Served, target: str) -> None:
    assert closed.get(target).status == 200


@pytest.mark.skipif(bool(missing(browser_knobs())), reason=f"no browser: {missing(browser_knobs())}")
async def test_a_browser_can_tell_it(closed: Served) -> None:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(browser_knobs()), args=["--no-sandbox"])
        refused = await browser.new_page(http_credentials={"username": "anybody", "password": "wrong"})
        await refused.goto(closed.address)
        assert "asks for its token" in await refused.inner_text(".error")
        assert await refused.evaluate("document.styleSheets[0].cssRules.length")
        page = await browser.new_page(http_credentials={"username": "anybody", "password": TOKEN})
        await page.goto(f"{closed.address}?q=ferry")
        assert "1 article" in await page.inner_text(".count")
        await browser.close()


def run(*options: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newscrawl", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=cwd, env=environment)


async def test_others_are_let_in_only_by_token_or_by_saying_so(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    await store.close()
    options = ("--host", "0.0.0.0", "--port", "1", "--store", store.uri)  # where it may not listen without more
    refused = run(*options, cwd=tmp_path)
    assert (refused.returncode, "set a token" in refused.stderr) == (2, True)
    short = run(*options, cwd=tmp_path, NEWSCRAWL_WEB_TOKEN="tooshort")
    assert (short.returncode, "NEWSCRAWL_WEB_TOKEN" in short.stderr, "tooshort" in short.stderr) == (3, True, False)


def test_others_are_let_in_with_a_warning(closed: Served, tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/store.db"
    asyncio.run(fill(uri, tmp_path / "warc"))
    with serving(uri, tmp_path / "warc", "--host", "0.0.0.0", "--without-token") as address:  # what is tried
        assert Served(address, closed.ferry).get("/api/articles", Host="any.example").status == 200


def told(request: Request, error: int | NewscrawlError) -> Response:
    return Response(f"{request.url.path}: {error}", 503)


async def answer(seconds: float, app: object) -> list[dict]:
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/slow",
        "headers": [],
        "query_string": b"",
        "server": ("127.0.0.1", 1),
        "scheme": "http",
    }
    await Guard(app, token="", seconds=seconds, failure=told)(scope, None, send)
    return sent


async def test_an_answer_that_takes_too_long_is_given_up() -> None:
    async def slow(scope: dict, receive: object, send: object) -> None:
        await asyncio.sleep(30)

    start, body = (await answer(0.05, slow))[:2]
    assert start["status"] == 503
    assert b"longer than 0.05 s: ask for less" in body["body"]


async def test_an_answer_that_has_begun_may_be_read_slowly() -> None:
    async def long(scope: dict, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.2)
        await send({"type": "http.response.body", "body": b"done"})

    assert (await answer(0.05, long))[1]["body"] == b"done"


async def test_stores_give_up_in_time(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    await store.settle(holding(article("a", "ferry")))
    slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    start = time.monotonic()
    with within(0.2), pytest.raises(TimeLimitError, match=r"longer than 0\.2 s"):
        await store._call(lambda db: db.execute(slow).fetchone())
    assert time.monotonic() - start < 5
    assert await store.count(Search(words=("ferry",))) == 1
    await store.close()


async def test_mongodb_gives_up_in_time(mongodb_uri: str) -> None:
    store = open_store(mongodb_uri)
    await store.prepare()
    await store.settle(holding(article("a", "ferry")))
    with within(0), pytest.raises(TimeLimitError):
        await store.count(Search(words=("ferry",)))
    assert await store.count(Search(words=("ferry",))) == 1
    await store.close()
