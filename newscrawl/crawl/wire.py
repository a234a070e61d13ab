"""What went over the wire: the heads of request and answer as they were, before Twisted and Scrapy spell, sort and drop header fields.

Scrapy gives back what it needs of an answer: names in its own spelling, no Connection or Transfer-Encoding, and not the server's reason.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)

from newscrawl.archive.exchange import Headers, parsed_headers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

_SENT, _RECEIVED = b"X-Newscrawl-Sent", b"X-Newscrawl-Received"  # between the protocol and the handler, both below
_END = b"\n\r\n", b"\n\n"
_OPERATORS = "proxy-authorization"  # a secret, and no part of the exchange with the site
_LONGEST_HEAD = 1 << 18  # bytes; Twisted gives up on a line of 16 KB


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of an exchange, and who was asked."""

    sent: Headers
    received: Headers
    reason: str
    address: str  # IP address of the server; "" behind a proxy


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's own handler of http and https, which also leaves the `Heads` in the request's meta as "heads"."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory  # noqa: SLF001 - as Scrapy does

    async def download_request(self, request: Request) -> Response:
        """The response, as Scrapy makes it."""
        response = await super().download_request(request)
        sent, received = (response.headers.pop(name, [b""])[0] for name in (_SENT, _RECEIVED))
        if received:
            address = "" if request.meta.get("proxy") or response.ip_address is None else str(response.ip_address)
            request.meta["heads"] = _heads(base64.b64decode(sent), base64.b64decode(received), address)
        return response


def _heads(sent: bytes, received: bytes, address: str) -> Heads:
    status, *lines = _lines(received)
    asked = tuple(field for field in parsed_headers(_lines(sent)) if field[0].lower() != _OPERATORS)
    return Heads(asked, parsed_headers(lines), status.partition(" ")[2].partition(" ")[2], address)


def _lines(head: bytes) -> list[str]:
    return head.decode("latin-1").replace("\r\n", "\n").replace("\r", "").rstrip("\n").split("\n")


class _Protocol(_LenientHTTP11ClientProtocol):
    """Keeps the head of the answer that is coming in."""

    _head = b""
    _in_head = False

    def request(self, request: Any) -> Any:
        """As Twisted, which calls back with the response."""
        self._head, self._in_head = b"", True
        return super().request(request).addCallback(self._with_heads, request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """As Twisted."""
        if self._in_head:
            self._head += data
            while end := min((at + len(mark) for mark in _END if (at := self._head.find(mark)) >= 0), default=0):
                if not self._head.startswith(b"HTTP/1.1 1"):  # else the answer itself is still to come
                    self._head, self._in_head = self._head[:end], False
                    break
                self._head = self._head[end:]
            self._in_head = self._in_head and len(self._head) < _LONGEST_HEAD
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # of Twisted

    def _with_heads(self, response: Any, request: Any) -> Any:
        fields = [(b"Connection", [b"close"])] if not request.persistent else []
        fields += request.headers.getAllRawHeaders()
        sent = b"".join(name + b": " + value + b"\r\n" for name, values in fields for value in values)
        response.headers.setRawHeaders(_SENT, [base64.b64encode(sent)])
        response.headers.setRawHeaders(_RECEIVED, [base64.b64encode(self._head)])
        return response


class _Factory(_LenientHTTP11ClientFactory):
    """Makes the protocol above."""

    def buildProtocol(self, addr: Any) -> _Protocol:  # noqa: ARG002, N802 - Twisted's
        """As Twisted."""
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # of Twisted
