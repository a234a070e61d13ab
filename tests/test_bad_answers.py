"""The bad server is as bad as it says."""

import gzip
import http.client
import time
from contextlib import suppress
from urllib.parse import urlsplit

import brotli
import pytest

from tests.bad_answers import BOMB, bad_answers


def ask(server, name, *, read=True):
    connection = http.client.HTTPConnection(urlsplit(server.origin).netloc, timeout=5)
    try:
        connection.request("GET", f"/{name}", headers={"Connection": "close"})
        response = connection.getresponse()
        return response, response.read() if read else b""
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["closed", "no-http", "bad-status", "endless-header"])
def test_no_answer_can_be_made_of(bad_server, name):
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        ask(bad_server, name)


@pytest.mark.parametrize("name", ["truncated", "long-length", "truncated-chunks", "bad-chunks"])
def test_bodies_that_end_too_early(bad_server, name):
    with pytest.raises(http.client.IncompleteRead):
        ask(bad_server, name)


def test_a_length_that_is_too_short_cuts_the_body(bad_server):
    assert len(ask(bad_server, "short-length")[1]) == 60


@pytest.mark.parametrize(("name", "unpack"), [("gzip-bomb", gzip.decompress), ("brotli-bomb", brotli.decompress)])
def test_bombs_are_small_on_the_wire(bad_server, name, unpack):
    body = ask(bad_server, name)[1]
    assert len(body) < BOMB / 900
    assert len(unpack(body)) == BOMB


def test_a_drip_does_not_hold_up_the_end_of_the_test(bad_server):
    begun = time.monotonic()
    ask(bad_server, "drip", read=False)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("name", "status", "wait"),
    [("busy-seconds", 429, "2"), ("broken", 500, None), ("gone", 410, None)],
)
def test_refusals_stay(bad_server, name, status, wait):
    for _ in range(2):
        response = ask(bad_server, name)[0]
        assert (response.status, response.headers["Retry-After"]) == (status, wait)


def test_redirects_name_forbidden_goals(bad_server):
    assert ask(bad_server, "redirect-vault")[0].headers["Location"].startswith(bad_server.vault)
    assert ask(bad_server, "redirect-file")[0].headers["Location"].startswith("file:")
    assert bad_server.vault_requests == []


def test_the_vault_knows_who_came(bad_server):
    connection = http.client.HTTPConnection(urlsplit(bad_server.vault).netloc, timeout=5)
    connection.request("GET", "/secret")
    assert b"secret" in connection.getresponse().read()
    connection.close()
    assert [exchange.path for exchange in bad_server.vault_requests] == ["/secret"]


def test_every_entry_answers_or_fails_at_once(bad_server):
    slow = {"/drip", "/slow-head"}
    for path in sorted(set(bad_answers(bad_server.vault)) - slow):
        begun = time.monotonic()
        with suppress(http.client.HTTPException, OSError):
            ask(bad_server, path[1:])
        assert time.monotonic() - begun < 2, path
