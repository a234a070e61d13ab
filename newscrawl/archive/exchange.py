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
_CHUNK = 1 << 10  # bytes given to a decoder at once: it forgets what it made of them when it comes on damage
_MOST_ENCODINGS = 5


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
    rendered: bytes = b""  # the page as its scripts left it, HTML in UTF-8; b"" if they were not run. The server never sent this

    def header(self, name: str) -> str:
        """The first header of that name, or ""."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), "")


def payload_digest(payload: bytes) -> str:
    """`sha1:` and the SHA-1 in base 32, the form that WARC readers expect in WARC-Payload-Digest."""
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode("ascii")


def encodings(exchange: Exchange) -> list[str]:
    """The content encodings of the payload, in the order in which they were applied."""
    named = ",".join(value for name, value in exchange.headers if name.lower() == "content-encoding").lower()
    return [part.strip() for part in named.split(",") if part.strip() not in ("", "identity")]


def content(exchange: Exchange, limit: int) -> bytes:
    """The payload with its content encodings undone, at most `limit` bytes; what precedes the damage in a broken one.

    Raises ArchiveError for more than `limit` bytes, an unknown encoding, or too many of them.
    """
    body, applied = exchange.payload, encodings(exchange)
    if len(applied) > _MOST_ENCODINGS:
        raise ArchiveError(f"{exchange.url}: {len(applied)} content encodings on top of each other; no honest server does that")
    for encoding in reversed(applied):
        body = _decoded(body, encoding, limit)
        if len(body) > limit:
            break
    if len(body) > limit:
        raise ArchiveError(f"{exchange.url}: more than {limit} bytes once decompressed; raise crawl.max_bytes to read it")
    return body


def _decoded(body: bytes, encoding: str, limit: int) -> bytes:
    """Up to one byte more than `limit`."""
    if encoding in ("gzip", "x-gzip"):
        return _inflated(body, 31, limit)
    if encoding == "deflate":
        return _inflated(body, 15, limit) or _inflated(body, -15, limit)  # half of all servers leave the zlib header out
    if encoding == "br":
        return _unbrotlied(body, limit)
    raise ArchiveError(f"content encoding {encoding!r} is not one that newscrawl asks for (gzip, deflate, br)")


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    out, stream = bytearray(), zlib.decompressobj(window)
    for start in range(0, len(body), _CHUNK):
        chunk = body[start : start + _CHUNK]
        while chunk and len(out) <= limit:
            if stream.eof:
                stream = zlib.decompressobj(window)  # gzip allows several, one behind the other
            try:
                out += stream.decompress(chunk, limit + 1 - len(out))
            except zlib.error:
                return bytes(out)
            chunk = stream.unused_data if stream.eof else stream.unconsumed_tail
    return bytes(out)


def _unbrotlied(body: bytes, limit: int) -> bytes:
    out, stream = bytearray(), brotli.Decompressor()
    for start in range(0, len(body), _CHUNK):
        chunk = body[start : start + _CHUNK]
        try:
            out += stream.process(chunk, output_buffer_limit=limit + 1)
            while not stream.can_accept_more_data() and len(out) <= limit:
                out += stream.process(b"", output_buffer_limit=limit + 1)
        except brotli.error:
            break
        if len(out) > limit:
            break
    return bytes(out)
