"""`newscrawl doctor SITE`."""

from collections.abc import Iterator

import pytest

from newscrawl.commands.checks import Check, Verdict
from newscrawl.commands.site_checks import examined_site
from newscrawl.config import load_config
from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from newscrawl.sites import SiteDefinition

RULES = "User-agent: *\n{rules}\n"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1",)) as served:
        yield served


def looked(url: str, tmp_path) -> dict[str, Check]:
    config = load_config({}, overrides={"store.uri": f"sqlite:///{tmp_path}/none.db"})
    checks = examined_site(config, SiteDefinition(slug="gazette", url=url))
    assert all(check.name.startswith("gazette: ") for check in checks)
    return {check.name.removeprefix("gazette: "): check for check in checks}


@pytest.mark.parametrize(
    ("answer", "verdict", "told"),
    [
        (Page(RULES.format(rules="Disallow: /admin").encode(), "text/plain"), Verdict.OK, "the front page is allowed"),
        (Page(RULES.format(rules="Disallow:\nCrawl-delay: 5").encode(), "text/plain"), Verdict.OK, "5 s between requests"),
        (Page(RULES.format(rules="Disallow:\nCrawl-delay: 500").encode(), "text/plain"), Verdict.BAD, "crawl_delay_max is 60"),
        (Page(RULES.format(rules="Disallow: /").encode(), "text/plain"), Verdict.BAD, "forbids"),
        (Page(b"none", status=404), Verdict.OK, "everything is allowed"),
        (Page(b"away", status=503), Verdict.BAD, "503"),
        (Page(b"", status=302, headers=(("Location", "http://127.0.0.9/robots.txt"),)), Verdict.OK, "leads to http://127.0.0.9/robots.txt"),
    ],
)
def test_robots_txt_is_read_as_by_a_crawl(server: Server, tmp_path, answer: Page, verdict: Verdict, told: str) -> None:
    server.publish(lambda _: answer)
    found = looked(server.origins[0] + "/", tmp_path)
    assert (found["robots.txt"].verdict, told in found["robots.txt"].found) == (verdict, True), found["robots.txt"]
    assert bool(found["robots.txt"].advice) == (verdict is Verdict.BAD)
    assert "127.0.0.1" in found["name"].found
    assert found["sources"].found == "never crawled"
    assert [request.target for request in server.requests] == ["/robots.txt"]


def test_a_name_that_nobody_knows_ends_it(tmp_path) -> None:
    found = looked("https://no-such-host.invalid/", tmp_path)
    assert list(found) == ["name"]
    assert found["name"].verdict is Verdict.BAD


def test_a_server_that_is_not_there(server: Server, tmp_path) -> None:
    assert looked("http://127.0.0.1:9/", tmp_path)["robots.txt"].verdict is Verdict.BAD
