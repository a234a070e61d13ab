"""What robots.txt files allow, and what their absence means."""

import gzip
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.robots import FREE, RobotsAnswer, read_rules, robots_answer
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, State, Target
from tests.exchanges import AT, exchange
from tests.knobs import crawl_knobs

FRONT = "https://gazette.example"
KNOBS = crawl_knobs(max_tries=3, max_hops=5, max_bytes=10_485_760, robots_bytes=512_000)


def robots_target(url: str = f"{FRONT}/robots.txt", **fields: object) -> Target:
    return replace(Target(id=target_id("gazette", url), site="gazette", url=url, kind=Kind.ROBOTS, due=AT), **fields)


def answer(body: bytes = b"", status: int = 200, *, scheme: str = "https", tries: int = 0, hops: int = 0, **headers: str) -> RobotsAnswer:
    url = f"{scheme}://gazette.example/robots.txt"
    return robots_answer(robots_target(url, tries=tries, hops=hops), exchange(body, status, url=url, **headers), KNOBS)


def allowed(text: str | bytes, path: str) -> bool:
    found = answer(text.encode() if isinstance(text, str) else text)
    assert found.rules is not None
    return found.rules.allow(FRONT + path)


# rules


@pytest.mark.parametrize(
    ("rules", "path", "may"),
    [
        ("User-agent: *\nDisallow: /private/", "/private/a", False),
        ("User-agent: *\nDisallow: /private/", "/public", True),
        ("User-agent: *\nDisallow: /", "/", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /?s=", "/?s=fire", False),
        ("User-agent: newscrawl\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: newscrawl\nDisallow: /a\n\nUser-agent: *\nDisallow:", "/a", False),
        ("USER-AGENT: NewsCrawl\nDISALLOW: /a", "/a", False),
        ("User-agent: crawl\nDisallow: /", "/a", True),
        ("User-agent: otherbot\nUser-agent: newscrawl\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /新闻", "/%E6%96%B0%E9%97%BB/1", False),
        ("User-agent: *\rDisallow: /a", "/a", False),
        ("User-agent: *\n# Disallow: /a", "/a", True),
        ("<html><body>Not found. Disallow: /</body></html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_rules(rules, path, may):
    assert allowed(rules, path) is may


ODD = [
    b"\xef\xbb\xbfUser-agent: *\nDisallow: /a",
    b"\0\nUser-agent: *\nDisallow: /\xff\nDisallow: /a",
    b"\xff\xfe\n\nUser-agent: *\nDisallow: /a",
]


@pytest.mark.parametrize("body", ODD)
def test_bytes_that_are_no_text_spoil_only_their_line(body):
    assert allowed(body, "/b")
    assert not allowed(body, "/a")


@pytest.mark.parametrize(
    ("lines", "delay"),
    [
        ("", 0.0),
        ("Crawl-delay: 2", 2.0),
        ("crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 0", 0.0),
        ("Crawl-delay: 1e9", 1e9),
        ("Crawl-delay: -3", 0.0),
        ("Crawl-delay: nan", 0.0),
        ("Crawl-delay: 1e999", 0.0),
        ("Crawl-delay: soon", 0.0),
        ("Request-rate: 1/10", 10.0),
        ("Request-rate: 2/1m", 30.0),
        ("Request-rate: 1/5 0600-0845", 5.0),
        ("Request-rate: 0/5", 0.0),
        ("Request-rate: 5", 0.0),
        ("Request-rate: /", 0.0),
        ("Crawl-delay: 7\nRequest-rate: 1/5", 7.0),
        ("Crawl-delay: 3\nRequest-rate: 1/5", 5.0),
    ],
)
def test_how_long_to_wait(lines, delay):
    assert read_rules(f"User-agent: *\nDisallow: /a\n{lines}\n").crawl_delay == delay


def test_a_delay_for_others_is_not_ours():
    assert read_rules("User-agent: otherbot\nCrawl-delay: 9\n\nUser-agent: *\nDisallow: /a").crawl_delay == 0.0


@given(st.text(max_size=200) | st.text("User-agent:*\nDisallow/Crawl-delayRequest-rate 0123456789%$#", max_size=200), st.text(max_size=30))
def test_no_text_makes_it_raise(text, path):
    rules = read_rules(text)
    rules.allow(f"{FRONT}/{path}")
    assert rules.crawl_delay >= 0.0


def test_real_files_never_raise(hostile):
    files = sorted((hostile / "robots").iterdir())
    assert len(files) > 100
    for path in files:
        found = answer(path.read_bytes())
        if found.rules is None:
            assert found.visit.result is Result.BLOCKED  # one of them is no robots.txt but a firewall's page
        else:
            found.rules.allow(f"{FRONT}/news/bridge.html?id=1")


# sizes


def test_two_megabytes_are_read_as_far_as_the_knob_says():
    line = b"Disallow: /private/0123456789\n"
    body = b"User-agent: *\n" + b"Disallow: /early\n" + line * (2_000_000 // len(line)) + b"Disallow: /late\n"
    assert not allowed(body, "/early")
    assert not allowed(body, "/private/0123456789")
    assert allowed(body, "/late")


@pytest.mark.parametrize("length", range(20))
def test_a_rule_that_is_cut_in_two_does_not_count(length):
    head = b"User-agent: *\n"
    filler = b"#" * (KNOBS.robots_bytes - len(head) - length - 1) + b"\n"
    assert allowed(head + filler + b"Disallow: /private/\n", "/public")


def test_a_file_of_just_the_size_that_is_read_counts_to_its_end():
    head, last = b"User-agent: *\n", b"\nDisallow: /a"
    assert not allowed(head + b"#" * (KNOBS.robots_bytes - len(head) - len(last)) + last, "/a")


# what the host answers


@pytest.mark.parametrize("status", [200, 203])
def test_a_file_is_read_whatever_it_is_called(status):
    found = answer(b"User-agent: *\nDisallow: /a", status, Content_Type="application/pdf")
    assert (found.visit.result, found.again, found.moved_to) == (Result.ROBOTS, False, "")
    assert found.rules is not None
    assert not found.rules.allow(FRONT + "/a")


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410, 418, 451])
def test_a_host_that_has_none_is_free(status):
    found = answer(b"User-agent: *\nDisallow: /", status)
    assert (found.rules, found.again) == (FREE, False)
    assert FREE.allow(FRONT + "/a")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_host_that_fails_is_asked_again_and_then_shut(status):
    for tries in range(KNOBS.max_tries):
        found = answer(b"", status, tries=tries)
        assert (found.rules, found.moved_to, found.again) == (None, "", tries + 1 < KNOBS.max_tries)
        assert found.visit.result is Result.BUSY


@pytest.mark.parametrize(
    ("location", "moved_to"),
    [
        ("https://www.gazette.example/robots.txt", "https://www.gazette.example/robots.txt"),
        ("https://other.example/rules.txt", "https://other.example/rules.txt"),
        ("/robots/main.txt", f"{FRONT}/robots/main.txt"),
    ],
)
def test_redirects_are_followed_to_any_host(location, moved_to):
    found = answer(b"", 301, Location=location)
    assert (found.moved_to, found.rules, found.again) == (moved_to, None, False)


def test_a_redirect_from_http_to_https_is_followed():
    found = answer(b"", 301, scheme="http", Location=f"{FRONT}/robots.txt")
    assert (found.moved_to, found.again) == (f"{FRONT}/robots.txt", False)


@pytest.mark.parametrize(("location", "hops"), [("file:///etc/hostname", 0), ("/other", 5)])
def test_redirects_that_lead_nowhere_leave_the_host_shut(location, hops):
    found = answer(b"", 302, hops=hops, tries=KNOBS.max_tries - 1, Location=location)
    assert (found.rules, found.moved_to, found.again) == (None, "", False)


def test_a_bomb_leaves_the_host_shut():
    found = answer(gzip.compress(bytes(20_000_000), 1), tries=KNOBS.max_tries - 1, Content_Encoding="gzip")
    assert (found.rules, found.again, found.visit.result) == (None, False, Result.TOO_LARGE)


@pytest.mark.parametrize("status", [200, 301, 404, 500])
def test_the_target_is_settled_as_it_was_handed_out(status):
    """Tries and redirects of a robots.txt are the frontier's; the store must not hold it due."""
    found = answer(b"", status, tries=1, Location="/b")
    assert found.visit.target == robots_target(tries=1)
    assert (found.visit.again, found.visit.moved_to, found.visit.target.state) == (False, "", State.DUE)


WALL = b"<html><title>Just a moment...</title><script>_cf_chl_opt={}</script></html>"


@pytest.mark.parametrize(("status", "rules"), [(403, FREE), (401, FREE), (200, None), (429, None), (503, None)])
def test_a_wall_in_its_place_says_no_more_than_its_status(status, rules):
    """What 403 means for a robots.txt stands in the RFC; but a challenge that says 200 has no rules for us to read."""
    found = answer(WALL, status)
    assert (found.visit.result, found.rules, found.again) == (Result.BLOCKED, rules, rules is None)
