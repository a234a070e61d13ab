"""Fixtures: the demo portals as they are served, and a server that does everything wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from newscrawl.demo.pages import Page
from newscrawl.demo.server import Exchange, Server
from newscrawl.demo.serving import Demo, serve_demo
from tests.bad_answers import bad_answers


@pytest.fixture
def demo() -> Iterator[Demo]:
    with serve_demo() as served:
        yield served


@dataclass(frozen=True, slots=True)
class BadServer:
    """Misbehaves by path, see bad_answers. `vault` is an address that nobody should be led to."""

    origin: str
    vault: str
    requests: list[Exchange]

    def url(self, name: str) -> str:
        return f"{self.origin}/{name}"

    @property
    def vault_requests(self) -> list[Exchange]:
        return [exchange for exchange in self.requests if exchange.origin == self.vault]


@pytest.fixture
def bad_server() -> Iterator[BadServer]:
    with Server(("127.0.0.1", "127.0.0.2")) as server:
        origin, vault = server.origins
        table = bad_answers(vault)
        missing, secret = Page(b"no such misbehaviour", status=404), Page(b"<h1>The secret of the house</h1>")
        server.publish(lambda target: table.get(target.partition("?")[0], missing), lambda _: secret)
        yield BadServer(origin, vault, server.requests)
