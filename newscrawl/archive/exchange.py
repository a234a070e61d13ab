"""One request and its answer, as they went over the wire, and the bytes a reader sees of it."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime

import brotli

from newscrawl.errors import ArchiveError

KNOWN_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate", "br"})

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. Chunking is undone, content encodings are not."""

    url: str
    time: datetime  # when the answer was complete, UTC
    status: int
    headers: Headers
    payload: bytes
    method: str = "GET"
    request_headers: Headers = ()
    protocol: str = "HTTP/1.1"
    reason: str = ""

    def header(self, name: str) -> str:
        """The first header of that name, or ""."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), "")


def payload_digest(payload: bytes) -> str:
    """`sha1:` and the SHA-1 in base 32, the form that WARC readers expect in WARC-Payload-Digest."""
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode("ascii")


def encodings(exchange: Exchange) -> list[str]:
    """The content encodings of the payload, in the order they were applied."""
    named = (part.strip().lower() for part in exchange.header("Content-Encoding").split(","))
    return [encoding for encoding in named if encoding not in ("", "identity")]


def content(exchange: Exchange, limit: int) -> bytes:
    """The payload with its content encodings undone, at most `limit` bytes; what a cut-off stream still gives.

    Raises ArchiveError for more than `limit` bytes or an unknown encoding.
    """
    body = exchange.payload
    for encoding in reversed(encodings(exchange)):
        body = _decoded(body, encoding, limit)
        if len(body) > limit:
            raise ArchiveError(f"{exchange.url}: more than {limit} bytes once decompressed; raise crawl.max_bytes to read it")
    return body


def _decoded(body: bytes, encoding: str, limit: int) -> bytes:
    if encoding in ("gzip", "x-gzip"):
        return _inflated(body, 31, limit)
    if encoding == "deflate":
        return _inflated(body, 15, limit) or _inflated(body, -15, limit)
    if encoding == "br":
        return _unbrotlied(body, limit)
    raise ArchiveError(f"content encoding {encoding!r} is not one that newscrawl asks for (gzip, deflate, br)")


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(body, limit + 1)
    except zlib.error:
        return b""


def _unbrotlied(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    try:
        out: bytes = decoder.process(body, output_buffer_limit=limit + 1)
        while not decoder.can_accept_more_data() and len(out) <= limit:
            out += decoder.process(b"", output_buffer_limit=limit + 1)
    except brotli.error:
        return b""
    return out
