"""Pages that scripts make, in a real Chromium: found with it, reported without it, and nothing that they do gets out."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from newscrawl.archive.warc import read_exchange, read_rendered
from newscrawl.crawl.browser import missing
from newscrawl.demo.pages import Answer, Page, redirect
from newscrawl.demo.server import Exchange, Server
from newscrawl.demo.serving import Demo, serve_demo
from newscrawl.models import Result, State
from tests.crawl.crawls import NEWSCRAWL, Answered, Holding, Place, Ran, ended
from tests.crawl.pages import headline, listing, publish, story
from tests.knobs import browser_knobs

WITH = {"browser_programs": ",".join(browser_knobs().programs)}
WITHOUT = {"browser_programs": "none"}
needs_browser = pytest.mark.skipif(bool(missing(browser_knobs())), reason=f"no browser: {missing(browser_knobs())}")


def described(folder: Path, slug: str, **keys: object) -> Path:
    """A settings folder that knows one site."""
    (folder / "settings" / "sites").mkdir(parents=True)
    lines = [f"{key} = {value if isinstance(value, list) else repr(value)}\n" for key, value in keys.items()]
    (folder / "settings" / "sites" / f"{slug}.toml").write_text("".join(lines).replace("'", '"'))
    return folder / "settings"


# the demo's listing that a script fills


@dataclass(frozen=True, slots=True)
class Crawl:
    ran: Ran
    place: Place
    holding: Holding
    requests: list[Exchange]
    listing: Answered


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with serve_demo() as served:
        yield served


def crawled(demo: Demo, folder: Path, *, javascript: str = "auto", **knobs: object) -> Crawl:
    demo.requests.clear()
    place, home = Place(folder), demo.homes[1]
    briefs = demo.portals[1].oddities["script-listing"]
    settings = described(folder, "pellbrook", url=home, javascript=javascript)
    ran = place.crawl("-a", "site=pellbrook", settings=settings, **knobs)
    return Crawl(ran, place, place.holding(), list(demo.requests), place.frontier()[demo.portals[1].origin + briefs])


@pytest.fixture(scope="module")
def run(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    return crawled(demo, tmp_path_factory.mktemp("run"), **WITH)


@pytest.fixture(scope="module")
def reported(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    return crawled(demo, tmp_path_factory.mktemp("reported"), **WITHOUT)


@needs_browser
def test_what_a_script_lists_is_found(run: Crawl, demo: Demo) -> None:
    assert run.ran.code == 0, run.ran.stderr
    briefs = demo.expected("script")
    assert len(briefs) == 3
    assert {article.url for article in briefs} <= set(run.holding.urls)
    assert {article.title for article in briefs} <= {article.title for article in run.holding.articles}
    assert run.listing.result is Result.LISTING
    assert run.listing.detail.endswith("; after its scripts and 1 of their requests")


@needs_browser
def test_the_server_sees_one_crawler_that_asks_for_nothing_twice(run: Crawl) -> None:
    assert {exchange.user_agent.partition("/")[0] for exchange in run.requests} == {"newscrawl"}
    asked = [exchange.target for exchange in run.requests if exchange.status == 200]
    assert len(asked) == len(set(asked))
    assert "/api/briefs.json" in asked
    assert run.holding.runs[0].counters["requests"] == len(run.requests)


@needs_browser
def test_the_archive_keeps_what_was_served_and_beside_it_what_scripts_made_of_it(run: Crawl) -> None:
    (capture,) = [capture for capture in run.holding.captures if capture.url.endswith("/briefs/")]
    served = read_exchange(run.place.archive, capture)
    rendered = read_rendered(run.place.archive, capture).decode()
    title = "Ducks"
    assert title in rendered
    assert title.encode() not in served.payload
    others = [capture for capture in run.holding.captures if not capture.url.endswith("/briefs/")]
    assert {read_rendered(run.place.archive, capture) for capture in others} == {b""}


def test_without_a_browser_it_is_reported(reported: Crawl, demo: Demo) -> None:
    assert reported.ran.code == 0, reported.ran.stderr
    assert not {article.url for article in demo.expected("script")} & set(reported.holding.urls)
    assert (reported.listing.state, reported.listing.result) == (State.DONE, Result.SCRIPTED)
    assert reported.listing.detail.startswith("#briefs is empty until a script fills it: install ")
    assert "/api/briefs.json" not in {exchange.target for exchange in reported.requests}


def test_the_report_of_the_site_tells_it(reported: Crawl) -> None:
    program = (*NEWSCRAWL[:-1], "sites", "show", "pellbrook")
    shown = reported.place.crawl(program=program, settings=reported.place.folder / "settings")
    assert shown.code == 0, shown.stderr
    assert "scripted: made by scripts, which were not run" in " ".join(shown.stdout.split())


@needs_browser
def test_never_means_never(demo: Demo, tmp_path: Path) -> None:
    crawl = crawled(demo, tmp_path, javascript="never", **WITH)
    assert crawl.listing.result is Result.SCRIPTED
    assert crawl.listing.detail == '#briefs is empty until a script fills it: javascript = "never"'


@needs_browser
def test_what_was_reported_is_found_once_there_is_a_browser(demo: Demo, tmp_path: Path) -> None:
    first = crawled(demo, tmp_path, **WITHOUT)
    ran = first.place.crawl("-a", "site=pellbrook", settings=tmp_path / "settings", **WITH)
    assert ran.code == 0, ran.stderr
    assert {article.url for article in demo.expected("script")} <= set(first.place.holding().urls)


def test_always_without_a_browser_is_an_error_that_says_what_to_do(demo: Demo, tmp_path: Path) -> None:
    demo.requests.clear()
    settings = described(tmp_path, "pellbrook", url=demo.homes[1], javascript="always")
    ran = Place(tmp_path).crawl("-a", "site=pellbrook", settings=settings, **WITHOUT)
    assert (ran.code, demo.requests) == (3, [])
    assert ran.stderr.splitlines()[-1].startswith('newscrawl: pellbrook: javascript = "always", but no browser can be used: install ')


def broken_browser(folder: Path) -> str:
    program = folder / "chromium"
    program.write_text("#!/bin/sh\necho this is no browser >&2\nexit 1\n")
    program.chmod(0o755)
    return str(program)


@needs_browser
def test_a_browser_that_does_not_start_is_reported_once(demo: Demo, tmp_path: Path) -> None:
    crawl = crawled(demo, tmp_path, browser_programs=broken_browser(tmp_path))
    assert crawl.ran.code == 0
    assert crawl.listing.result is Result.SCRIPTED
    assert "could not be started" in crawl.listing.detail
    assert crawl.ran.stderr.count("could not be started") == 1
    assert "Traceback" not in crawl.ran.stderr


@needs_browser
def test_always_with_a_browser_that_does_not_start_ends_the_crawl(demo: Demo, tmp_path: Path) -> None:
    settings = described(tmp_path, "pellbrook", url=demo.homes[1], javascript="always")
    ran = Place(tmp_path).crawl("-a", "site=pellbrook", settings=settings, browser_programs=broken_browser(tmp_path))
    assert ran.code == 3
    assert "could not be started" in ran.stderr.splitlines()[-1]


# a site whose scripts mean no good

ADDS = """const box = document.getElementById("list");
function add(name) { box.innerHTML += `<p><a href="/good/${name}">Ferry to ${name} is late for the third time this week</a></p>` }
"""


def scripted(code: str, *, extra: str = "") -> Page:
    """A page that shows nothing until its script has run; `add(name)` shows the story of that name."""
    return Page(f'<html><body><div id="list"></div>{extra}<script>{ADDS}{code}; if (0) fetch("/")</script></body></html>'.encode())


def tricks(vault: str) -> dict[str, Answer]:
    """Pages by what their scripts try. What they could bring is in `GOOD`."""
    port = vault.rpartition(":")[2]
    inside = [f"{vault}/fetched", f"http://127.2:{port}/fetched", f"http://localhost:{port}/fetched", f"http://[::1]:{port}/fetched"]
    inside += ["http://169.254.169.254/latest/meta-data/", "file:///etc/hostname", "ftp://127.0.0.2/fetched"]
    return {
        "/inside": scripted(f"for (const url of {inside}) fetch(url).then(a => a.text()).then(add, () => {{}}); add('Aal')"),
        "/hidden": scripted("fetch('/leads-inside').then(a => a.text()).then(add, () => add('Bern'))"),
        "/socket": scripted(f"new WebSocket('{vault.replace('http', 'ws')}/socket').onclose = () => add('Cork')"),
        "/image": scripted(f"new Image().src = '{vault}/image'; navigator.sendBeacon('{vault}/beacon'); add('Delft')"),
        "/frame": scripted("add('Elba')", extra=f'<iframe src="{vault}/frame"></iframe><link rel="stylesheet" href="{vault}/style">'),
        "/module": scripted("add('Faro')", extra=f'<script src="{vault}/script.js"></script>'),
        "/moves": scripted(f"add('Gent'); location.href = '{vault}/moved'"),
        "/window": scripted(f"open('{vault}/window'); add('Hull')"),
        "/rtc": scripted(
            f"const c = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.2:{port}'}}]}}); c.createDataChannel('x');"
            "c.createOffer().then(o => c.setLocalDescription(o)); add('Imst')"
        ),
        "/posts": scripted("fetch('/posted', {method: 'POST', body: 'x'}).then(() => add('posted'), () => add('Jena'))"),
        "/robots": scripted("fetch('/private/list').then(a => a.text()).then(add, () => add('Kiel'))"),
        "/greedy": scripted("for (let i = 0; i < 60; i++) fetch('/piece/' + i).catch(() => {}); add('Lund')"),
        "/endless": scripted("add('Metz'); setInterval(() => { box.append('more'); fetch('/tick?' + Math.random()) }, 50)"),
        "/busy": scripted("while (true) { }"),
        "/alert": scripted("alert('Hello'); add('Nice')"),
        "/worker": scripted("navigator.serviceWorker.register('/worker.js').finally(() => add('Oslo'))"),
        "/cookie": scripted("fetch('/sets-cookie').then(() => fetch('/shows-cookie')).then(() => add('Pisa'))"),
        "/late": scripted("setTimeout(() => fetch('/slow').then(a => a.text()).then(add), 300)"),
    }


NAMES = "Aal Bern Cork Delft Elba Faro Gent Hull Imst Jena Kiel Lund Metz Nice Oslo Pisa Riga".split()
GOOD = {f"/good/{name}": story(name) for name in NAMES}
MOST, TIME = 12, 2.5  # requests that scripts of a page may cause; seconds


@dataclass(frozen=True, slots=True)
class Ordeal:
    crawl: Ran
    frontier: dict[str, Answered]
    holding: Holding
    requests: list[Exchange]
    origin: str

    def at(self, path: str) -> list[str]:
        return [exchange.target for exchange in self.requests if exchange.origin == self.origin and exchange.target.startswith(path)]


@pytest.fixture(scope="module")
def ordeal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ordeal]:
    folder = tmp_path_factory.mktemp("ordeal")
    with Server(("127.0.0.1", "127.0.0.2")) as server:
        origin, vault = server.origins
        pages = tricks(vault)
        answers: dict[str, Answer] = {
            "/leads-inside": redirect(f"{vault}/led"),
            "/robots.txt": Page(b"User-agent: *\nDisallow: /private/\n", "text/plain"),
            "/private/list": Page(b"private"),
            "/sets-cookie": Page(headers=(("Set-Cookie", "seen=yes"),)),
            "/shows-cookie": Page(),
            "/worker.js": Page(b"", "text/javascript"),
            "/slow": Page(b"Riga", delay=1.2),
        }
        publish(server, {"/": listing(*pages), **pages, **answers, **GOOD}, {})
        server.publish(server._houses[0].answers, lambda _: Page(b"secret", headers=(("Access-Control-Allow-Origin", "*"),)))
        place = Place(folder)
        limits = {"crawl_timeout": TIME, "browser_max_requests": MOST}
        ran = place.crawl("-a", f"url={origin}", **limits, **WITH)
        yield Ordeal(ran, place.frontier(), place.holding(), list(server.requests), origin)


@needs_browser
class TestScriptsThatMeanNoGood:
    def test_the_crawl_ends_in_good_order_and_in_time(self, ordeal: Ordeal) -> None:
        assert ordeal.crawl.code == 0, ordeal.crawl.stderr
        assert "Traceback" not in ordeal.crawl.stderr
        assert ordeal.crawl.seconds < 45

    def test_nothing_gets_to_another_address(self, ordeal: Ordeal) -> None:
        assert [exchange.target for exchange in ordeal.requests if exchange.origin != ordeal.origin] == []

    @pytest.mark.parametrize("name", NAMES)
    def test_what_they_show_is_found(self, ordeal: Ordeal, name: str) -> None:
        assert ordeal.holding.article(f"{ordeal.origin}/good/{name}").title == headline(name)

    def test_only_get_is_sent(self, ordeal: Ordeal) -> None:
        assert {exchange.method for exchange in ordeal.requests} == {"GET"}
        assert "POST requests" in ordeal.frontier[f"{ordeal.origin}/posts"].detail

    def test_robots_txt_holds_for_scripts(self, ordeal: Ordeal) -> None:
        assert ordeal.at("/private/") == []
        assert f"{ordeal.origin}/private/list (robots.txt)" in ordeal.frontier[f"{ordeal.origin}/robots"].detail

    def test_requests_of_a_page_are_counted(self, ordeal: Ordeal) -> None:
        assert len(ordeal.at("/piece/")) == len(ordeal.at("/tick")) == MOST

    def test_a_page_without_end_is_read_as_it_is_when_its_time_is_over(self, ordeal: Ordeal) -> None:
        answered = ordeal.frontier[f"{ordeal.origin}/endless"]
        assert f"after its scripts and {MOST} of their requests" in answered.detail

    def test_a_page_that_keeps_the_browser_busy_is_reported(self, ordeal: Ordeal) -> None:
        answered = ordeal.frontier[f"{ordeal.origin}/busy"]
        assert answered.result is Result.SCRIPTED
        assert answered.detail.endswith(f"its scripts kept the browser busy for {TIME} s")

    def test_there_are_no_cookies_and_no_other_names(self, ordeal: Ordeal) -> None:
        assert ordeal.at("/shows-cookie")
        assert ordeal.at("/worker.js") == []
        assert not [exchange for exchange in ordeal.requests if "cookie" in exchange.headers]
        assert {exchange.user_agent for exchange in ordeal.requests} == {ordeal.requests[0].user_agent}

    def test_refusals_are_told(self, ordeal: Ordeal) -> None:
        told = ordeal.frontier[f"{ordeal.origin}/inside"].detail
        assert "(not in script_hosts)" in told


@needs_browser
@pytest.mark.parametrize(("allowed", "asked"), [("10.0.0.1", []), ("127.0.0.2", ["/robots.txt", "/names.js"])])
def test_a_host_that_the_site_names_still_has_to_be_public(allowed: str, asked: list[str], tmp_path: Path) -> None:
    with Server(("127.0.0.1", "127.0.0.2")) as server:
        origin, other = server.origins
        shell = scripted("", extra="").body.replace(b"<script>", f'<script src="{other}/names.js"></script><script>'.encode(), 1)
        page = Page(shell.replace(b"; if (0)", b"; add(window.named); if (0)"))
        publish(server, {"/": page, **GOOD}, {"/names.js": Page(b"window.named = 'Aal'", "text/javascript")})
        settings = described(tmp_path, "harbour", url=origin, script_hosts=[other.partition("://")[2]])
        place = Place(tmp_path)
        place.crawl("-a", "site=harbour", settings=settings, crawl_allow_private=allowed, crawl_max_tries=1, **WITH)
        assert [exchange.target for exchange in server.requests if exchange.origin == other] == asked
        assert (f"{origin}/good/Aal" in place.holding().urls) is bool(asked)


@needs_browser
def test_scripts_keep_to_the_delay(tmp_path: Path) -> None:
    """As the server sees it; the pages' own requests and those of their scripts are one queue."""
    delay = 0.2  # seconds
    pages = {f"/{name}": scripted(f"for (let i = 0; i < 4; i++) fetch('/{name}/' + i)") for name in ("one", "two")}
    with Server() as server:
        (origin,) = server.origins
        rules = Page(f"User-agent: *\nCrawl-delay: {delay}\n".encode(), "text/plain")
        publish(server, {"/": listing(*pages), "/robots.txt": rules, **pages})
        ran = Place(tmp_path).crawl("-a", f"url={origin}", **WITH)
        assert ran.code == 0, ran.stderr
        requests = sorted(server.requests, key=lambda exchange: exchange.arrived)
    assert len([exchange for exchange in requests if exchange.target.startswith(("/one/", "/two/"))]) == 2 * 4
    assert min(after.arrived - before.answered for before, after in pairwise(requests)) > delay - 0.02


@needs_browser
def test_scripts_of_a_site_are_fetched_once(tmp_path: Path) -> None:
    pages = {
        f"/{name}": replace(page, body=page.body.replace(b"<script>", b'<script src="/app.js"></script><script>', 1))
        for name, page in {name: scripted(f"add('{name}')") for name in ("Aal", "Bern", "Cork")}.items()
    }
    with Server() as server:
        (origin,) = server.origins
        publish(server, {"/": listing(*pages), "/app.js": Page(b"1", "text/javascript"), **pages, **GOOD})
        place = Place(tmp_path)
        place.crawl("-a", f"url={origin}", **WITH)
        assert [exchange.target for exchange in server.requests].count("/app.js") == 1
        assert place.holding().urls == [f"{origin}/good/{name}" for name in ("Aal", "Bern", "Cork")]


@needs_browser
def test_an_interrupted_crawl_ends_in_good_order_and_the_next_one_goes_on(tmp_path: Path) -> None:
    """Ctrl-C reaches the browser's driver too, which dies of it."""
    page = scripted("fetch('/slow').then(a => a.text()).then(add)")
    with Server() as server:
        (origin,) = server.origins
        publish(server, {"/": page, "/slow": Page(b"Aal", delay=2.0), **GOOD})
        place = Place(tmp_path)
        interrupted = place.start("-a", f"url={origin}", alone=True, **WITH)
        while not [exchange for exchange in server.requests if exchange.target == "/slow"]:
            time.sleep(0.05)
        os.killpg(interrupted.pid, signal.SIGINT)
        ran = ended(interrupted)
        assert "Traceback" not in ran.stderr
        assert (ran.code, place.holding().urls) == (7, [])
        assert place.crawl("-a", f"url={origin}", **WITH).code == 0
        assert place.holding().urls == [f"{origin}/good/Aal"]


@needs_browser
def test_a_browser_that_dies_is_started_again(tmp_path: Path) -> None:
    with Server() as server:
        (origin,) = server.origins
        publish(server, {"/": scripted("fetch('/slow').then(a => a.text()).then(add)"), "/slow": Page(b"Aal", delay=2.0), **GOOD})
        place = Place(tmp_path)
        crawl = place.start("-a", f"url={origin}", crawl_retry_seconds=0.1, **WITH)
        while not [exchange for exchange in server.requests if exchange.target == "/slow"]:
            time.sleep(0.05)
        for child in psutil.Process(crawl.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # also one that has just ended
                if "--type=" not in " ".join(child.cmdline()) and "chrom" in child.name():
                    child.kill()
        ran = ended(crawl)
        assert ran.code == 0, ran.stderr
        assert place.holding().urls == [f"{origin}/good/Aal"]
