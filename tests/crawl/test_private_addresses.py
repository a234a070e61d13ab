"""No crawl is led into a private network: not by links, redirects or robots.txt, and not by a name that has an address there."""

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from newscrawl.demo.pages import redirect
from newscrawl.demo.server import Server
from newscrawl.models import Result
from tests.crawl.crawls import Place
from tests.crawl.pages import listing, publish, story

GOOD = {"/good/Aal": story("Aal")}


@pytest.fixture
def server() -> Iterator[Server]:
    """A site that an operator names by its address, and beside it a house that nobody named."""
    with Server(("127.0.0.1", "127.0.0.2")) as served:
        yield served


def asked(server: Server, place: int) -> list[str]:
    return [exchange.target for exchange in server.requests if exchange.origin == server.origins[place]]


def test_nothing_on_a_page_leads_to_another_address(server: Server, place: Place) -> None:
    site, vault = server.origins
    port = vault.rpartition(":")[2]
    inside = [f"{vault}/secret", f"http://127.2:{port}/secret", f"http://localhost:{port}/secret", f"http://0.0.0.0:{port}/secret"]
    leading = {f"/leads/{number}": redirect(url) for number, url in enumerate(inside)}
    frames = story("Bern", head=f'<link rel="canonical" href="{vault}/secret">', extra=f'<iframe src="{vault}/secret"></iframe>')
    table = {"/": listing(*inside, *leading, "/frames", *GOOD), "/frames": frames, **leading, **GOOD}
    publish(server, table, {"/secret": story("Vault")})
    assert place.crawl("-a", f"url={site}").code == 0
    assert asked(server, 1) == []
    assert {place.frontier()[site + path].result for path in leading} == {Result.OFF_SITE}
    assert place.holding().urls == [f"{site}/frames", f"{site}/good/Aal"]


def test_a_robots_txt_that_moved_inside_is_not_asked_for_there(server: Server, place: Place) -> None:
    """Robots.txt may move to another host, so here the guard is all that stands between."""
    site, vault = server.origins
    publish(server, {"/": listing(*GOOD), "/robots.txt": redirect(f"{vault}/robots.txt"), **GOOD}, {"/robots.txt": story("Vault")})
    ran = place.crawl("-a", f"url={site}")
    assert (ran.code, asked(server, 1)) == (7, [])
    refused = place.frontier()[f"{vault}/robots.txt"]
    assert refused.result is Result.BAD_ADDRESS
    assert refused.detail == "127.0.0.2 is at 127.0.0.2, which is private; list it in crawl.allow_private to allow it"
    assert asked(server, 0) == ["/robots.txt"]
    control = Place(place.folder / "allowed")
    control.folder.mkdir()
    control.crawl("-a", f"url={site}", crawl_allow_private="127.0.0.2")
    assert asked(server, 1) == ["/robots.txt"]


@pytest.fixture
def named_inside() -> tuple[str, str]:
    """A name that is no address, and the private address that it has: this machine's own, on most machines."""
    name = socket.gethostname()
    try:
        address = socket.gethostbyname(name)
    except OSError:
        pytest.skip(f"{name}, this machine's name, has no address")
    if not ipaddress.ip_address(address).is_loopback:
        pytest.skip(f"{name}, this machine's name, is at {address}, where nothing can be served for a test")
    return name, address


def test_a_name_with_a_private_address_is_refused_unless_the_operator_names_it(named_inside: tuple[str, str], place: Place) -> None:
    name, address = named_inside
    with Server((address,)) as server:
        publish(server, {"/": listing(*GOOD), **GOOD})
        site = f"http://{name}:{server.origins[0].rpartition(':')[2]}/"
        refused = place.crawl("-a", f"url={site}")
        assert (refused.code, server.requests) == (7, [])
        assert place.frontier()[f"{site}robots.txt"].result is Result.BAD_ADDRESS
        other = Place(place.folder / "allowed")
        other.folder.mkdir()
        assert other.crawl("-a", f"url={site}", crawl_allow_private=name).code == 0
        assert other.holding().urls == [f"{site}good/Aal"]
