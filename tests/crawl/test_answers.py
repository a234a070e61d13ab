"""What statuses and headers mean before anybody reads a page."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.archive.exchange import Exchange
from newscrawl.crawl.answers import LONGEST_HOLD, answered, retry_after, tried
from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, State, Target
from tests.exchanges import AT, URL, exchange
from tests.knobs import crawl_knobs

KNOBS = crawl_knobs(max_tries=3, retry_seconds=2.0, max_hops=5, max_bytes=10_000)


def target(url: str = URL, **fields: object) -> Target:
    return replace(Target(id=target_id("gazette", url), site="gazette", url=url, kind=Kind.PAGE, due=AT), **fields)


def visit(answer: Exchange, **fields: object) -> Visit:
    return answered(target(answer.url, **fields), answer, KNOBS)[0]


def redirect(location: str, *, url: str = URL, status: int = 301, **fields: object) -> Visit:
    return visit(exchange(b"", status, url=url, Location=location), **fields)


# status


@pytest.mark.parametrize(
    ("statuses", "result"),
    [
        ((200, 203), Result.NONE),
        ((401, 403, 451), Result.REFUSED),
        ((404, 410), Result.MISSING),
        ((408, 425, 429, 500, 502, 503, 504, 520, 599), Result.BUSY),
        ((201, 204, 206, 300, 304, 400, 402, 405, 418), Result.OTHER),
        ((301, 302, 303, 307, 308), Result.OTHER),  # they lead nowhere
    ],
)
def test_statuses(statuses, result):
    for status in statuses:
        found = visit(exchange(b"<p>page", status))
        assert (found.result, found.detail, found.again) == (result, str(status), result is Result.BUSY)
        assert found.exchange is not None


def test_not_modified_means_unchanged_only_if_there_is_something_to_be_unchanged():
    assert visit(exchange(b"", 304), digest="sha1:A").result is Result.UNCHANGED
    assert visit(exchange(b"", 304)).result is Result.OTHER


@given(st.integers(100, 999), st.text(max_size=20), st.text(max_size=20))
def test_no_status_and_no_header_makes_it_raise(status, value, kind):
    answered(target(), exchange(b"x", status, Location=value, Retry_After=value, Content_Type=kind), KNOBS)


WALL = b"<html><title>Just a moment...</title><script>_cf_chl_opt={}</script></html>"


@pytest.mark.parametrize("status", [200, 202, 403, 429, 468, 503])
@pytest.mark.parametrize("packed", [False, True])
def test_a_wall_is_named_and_not_tried_again(status, packed):
    sent = {"Content_Encoding": "gzip"} if packed else {}
    found = visit(exchange(gzip.compress(WALL) if packed else WALL, status, **sent))
    assert (found.result, found.detail, found.again) == (Result.BLOCKED, f"{status} Cloudflare", False)


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_not_walled_in(status):
    assert visit(exchange(WALL, status)).result is Result.MISSING


def test_a_wall_may_ask_for_a_pause():
    assert visit(exchange(WALL, 429, Retry_After="30")).hold == 30.0


def test_a_refusal_that_can_not_be_unpacked_is_a_refusal():
    assert visit(exchange(gzip.compress(bytes(10_000_000)), 403, Content_Encoding="gzip")).result is Result.REFUSED
    assert visit(exchange(WALL, 403, Content_Encoding="squeeze")).result is Result.REFUSED


def test_a_page_comes_with_its_bytes_unpacked():
    found, body = answered(target(), exchange(gzip.compress(b"<p>Bridge"), Content_Encoding="gzip", Content_Type="text/html"), KNOBS)
    assert (found.result, body) == (Result.NONE, b"<p>Bridge")


@pytest.mark.parametrize("kind", ["", "text/html", "TEXT/HTML; charset=gbk", "application/xhtml+xml", "text/plain", " text/html ;x"])
def test_what_may_be_a_page(kind):
    assert visit(exchange(Content_Type=kind)).result is Result.NONE


@pytest.mark.parametrize("kind", ["application/pdf", "image/jpeg", "application/json", "video/mp4", "text/html5", "x" * 500])
def test_what_is_none(kind):
    found = visit(exchange(Content_Type=kind))
    assert (found.result, found.detail) == (Result.NOT_HTML, kind[:100])
    assert visit(exchange(Content_Type=kind), kind=Kind.ROBOTS).result is Result.NONE


@pytest.mark.parametrize("encoding", ["gzip", ""])
def test_a_page_that_is_too_large(encoding):
    body = bytes(KNOBS.max_bytes + 1)
    found = visit(exchange(gzip.compress(body) if encoding else body, Content_Encoding=encoding))
    assert found.result is Result.TOO_LARGE
    assert "10000 bytes" in found.detail


# another try


def test_a_busy_server_is_asked_again_after_doubling_pauses():
    waits = []
    one = target()
    for _ in range(KNOBS.max_tries):
        found = answered(one, exchange(b"", 500), KNOBS)[0]
        waits.append((found.target.due - AT).total_seconds())
        assert (found.target.state, found.target.tries) == (State.DUE, one.tries + 1)
        one = found.target
    assert waits == [2.0, 4.0, 8.0]
    assert found.again is False


@pytest.mark.parametrize("tries", [0, 10, 98])
def test_no_pause_is_longer_than_a_day(tries):
    found = tried(Visit(target(tries=tries)), Result.UNREACHABLE, crawl_knobs(max_tries=100, retry_seconds=86_400.0), at=AT)
    assert found.target.due - AT == timedelta(days=1)
    assert found.again


def test_retry_after_replaces_the_pause_and_holds_the_site():
    found = visit(exchange(b"", 503, Retry_After="77"), tries=1)
    assert (found.hold, found.target.due) == (77.0, AT + timedelta(seconds=77))


@pytest.mark.parametrize(("headers", "again"), [({}, False), ({"Retry_After": "2"}, True), ({"Retry_After": "3000"}, False)])
def test_an_article_that_is_known_is_tried_again_if_the_server_says_that_it_is_worth_the_wait(headers, again):
    """It may have been edited; but it is there, and no run waits long for it."""
    found = answered(target(kind=Kind.ARTICLE, visits=1), exchange(b"", 503, **headers), knobs_with_patience(30.0))[0]
    assert (found.result, found.again) == (Result.BUSY, again)


@pytest.mark.parametrize(("wait", "again"), [("20", True), ("3000", False)])
def test_no_run_is_partial_for_a_picture_that_would_have_to_wait_for_long(wait, again):
    found = answered(target(kind=Kind.IMAGE), exchange(b"", 429, Retry_After=wait), knobs_with_patience(30.0))[0]
    assert (found.result, found.again) == (Result.BUSY, again)
    page = answered(target(), exchange(b"", 429, Retry_After=wait), knobs_with_patience(30.0))[0]
    assert page.again, "the control"


def knobs_with_patience(seconds):
    return crawl_knobs(max_tries=3, retry_seconds=2.0, max_bytes=10_000, patience=seconds)


def test_retry_after_zero_is_at_once():
    found = visit(exchange(b"", 429, Retry_After="0"))
    assert (found.hold, found.target.due) == (0.0, AT)


@given(st.integers(0, 10**12))
def test_retry_after_in_seconds(seconds):
    assert retry_after(f" {seconds} ", AT) == min(seconds, LONGEST_HOLD)


@given(st.integers(-(10**6), 10**6), st.sampled_from([0, 8, -5]))
def test_retry_after_as_a_date(seconds, zone):
    at = AT.replace(microsecond=0)
    until = (at + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=zone)))
    assert retry_after(format_datetime(until), at) == min(max(seconds, 0), LONGEST_HOLD)


DATES = ("Sat, 01 Aug 2026 06:31:15 GMT", "Saturday, 01-Aug-26 06:31:15 GMT", "Sat Aug  1 06:31:15 2026", "1 Aug 2026 06:31:15 -0000")


@pytest.mark.parametrize("text", DATES)
def test_the_three_forms_of_a_date(text):
    assert retry_after(text, datetime(2026, 8, 1, 6, 30, 15, tzinfo=UTC)) == 60.0


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "-5",
        "1.5",
        "soon",
        "٣",
        "1e3",
        "0x10",
        "Sat, 99 Aug 2026 06:31:15 GMT",
        "Sat, 01 Aug 99999999999999999999 06:31:15 GMT",
        "Sat, 01 Aug 2026 06:31:15 +999999999999",
        "Sat, 01 Aug 2026 06:31:15 +9999",
    ],
)
def test_garbage_names_no_time(value):
    assert retry_after(value, AT) is None


@given(st.text(max_size=40) | st.text("SatAug 0123456789:,+-GMT", max_size=40))
def test_retry_after_never_raises(value):
    assert 0.0 <= (retry_after(value, AT) or 0.0) <= LONGEST_HOLD


# redirects


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://other.example/b", "https://other.example/b"),
        ("/b", "https://gazette.example/b"),
        ("b", "https://gazette.example/news/b"),
        ("?page=2", URL + "?page=2"),
        ("//m.gazette.example/b", "https://m.gazette.example/b"),
        (" /b#top ", "https://gazette.example/b"),
        ("/b?utm_source=x", "https://gazette.example/b"),
        ("/新".encode().decode("latin-1"), "https://gazette.example/%E6%96%B0"),  # as the bytes of a header are handed on
        ("/\xe9t\xe9", "https://gazette.example/%C3%A9t%C3%A9"),  # latin-1 in earnest
    ],
)
def test_a_redirect_to_another_address(location, url):
    found = redirect(location)
    assert (found.result, found.moved_to, found.again) == (Result.REDIRECT, url, False)
    assert url in found.detail


@pytest.mark.parametrize(
    "location",
    ["file:///etc/hostname", "file://gazette.example/etc/hostname", "javascript:go()", "data:text/html,x", "http://", "ftp://x/"],
)
def test_a_redirect_out_of_the_web(location):
    found = redirect(location)
    assert (found.result, found.moved_to, found.again) == (Result.BAD_ADDRESS, "", False)
    assert location in found.detail


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("http://gazette.example/a", "https://gazette.example/a"),
        ("https://gazette.example/a?b=1&c=2", "/a?c=2&b=1"),
    ],
)
def test_a_redirect_to_itself_in_another_spelling_is_followed_in_place(url, location):
    found = redirect(location, url=url)
    assert (found.result, found.moved_to, found.again) == (Result.REDIRECT, "", True)
    assert found.target == replace(target(url), url=found.target.url, hops=1)
    assert found.target.url != url


@pytest.mark.parametrize("location", [URL, "bridge.html", "#top", URL + "?utm_source=loop"])
def test_a_redirect_to_itself_goes_nowhere(location):
    found = redirect(location)
    assert (found.result, found.moved_to, found.again) == (Result.REDIRECT, "", False)


def test_as_many_hops_as_allowed():
    assert redirect("/b", hops=KNOBS.max_hops - 1).moved_to
    last = redirect("/b", hops=KNOBS.max_hops)
    assert (last.result, last.moved_to, last.again) == (Result.TOO_MANY_HOPS, "", False)


def test_two_schemes_that_point_at_each_other_end():
    one, asked = target("http://gazette.example/a"), 0
    while True:
        other = one.url.replace("https:", "http:") if one.url.startswith("https:") else one.url.replace("http:", "https:")
        found = answered(one, exchange(b"", 302, url=one.url, Location=other), KNOBS)[0]
        asked += 1
        if not found.again:
            break
        one = found.target
    assert (found.result, asked) == (Result.TOO_MANY_HOPS, KNOBS.max_hops + 1)
