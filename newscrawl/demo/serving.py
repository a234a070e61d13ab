"""Both portals on loopback, for as long as a `with` lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from newscrawl.demo.pages import Expected, Portal
from newscrawl.demo.portals import build_portals
from newscrawl.demo.server import Exchange, Server

HOSTS = ("127.0.0.1", "127.0.0.2")
"""Two addresses, so that the portals are two hosts for politeness. Where the second is missing, both share the first on two ports."""


class Demo:
    """The portals that are being served, their truth, and the requests that came. `now` is what they take for the present."""

    portals: tuple[Portal, Portal]  # Chinese, English

    def __init__(self, server: Server, now: datetime, edition: int) -> None:
        self.server = server
        self.now = now
        self.publish(edition)

    @property
    def homes(self) -> tuple[str, str]:
        """The addresses where a crawl begins."""
        return self.portals[0].home, self.portals[1].home

    @property
    def requests(self) -> list[Exchange]:
        """All requests to both portals, in order of arrival."""
        return self.server.requests

    def expected(self, reach: str = "links") -> list[Expected]:
        """The truth about the articles of both portals that can be reached by links, or by "script"."""
        return [article for portal in self.portals for article in portal.expected if article.reach == reach]

    def publish(self, edition: int) -> None:
        """Serve this edition from now on: in the second, one article is edited, one is new, one is gone."""
        luting, pellbrook = self.server.origins
        self.portals = build_portals((luting, pellbrook), now=self.now, edition=edition)
        self.server.publish(*(portal.answer for portal in self.portals))


@contextmanager
def serve_demo(*, port: int = 0, edition: int = 1, now: datetime | None = None) -> Iterator[Demo]:
    """Both portals, served by a thread. `port` is the first portal's, the second has the next one; 0 takes free ones."""
    with Server(HOSTS, port=port) as server:
        yield Demo(server, now or datetime.now(UTC), edition)
