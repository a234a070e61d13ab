"""One request and its answer, as they went over the wire, and the bytes a reader sees of it."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import brotli

from newscrawl.errors import ArchiveError

KNOWN_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate", "br"})

Headers = tuple[tuple[str, str], ...]
_CHUNK = 1 << 10  # bytes given to a decoder at once: it forgets what it made of them when it comes on damage
_MOST_ENCODINGS = 5
_NEVER = datetime.min.replace(tzinfo=UTC)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"(\S+) +(\d{3})(?: (.*))?$")
_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


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
    address: str = ""  # IP address of the server; "" if a proxy was asked, or nobody knows
    rendered: bytes = b""  # the page as its scripts left it, HTML in UTF-8; b"" if they were not run. The server never sent this

    def header(self, name: str) -> str:
        """The first header of that name, or ""."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), "")


def parsed_answer(block: bytes) -> Exchange:
    """The answer in the block of a WARC record, its chunking undone; address and time are left to the caller.

    Raises ArchiveError for what is no HTTP answer.
    """
    cut = _HEAD_END.search(block)
    head, payload = (block[: cut.start()], block[cut.end() :]) if cut else (block, b"")
    first, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    found = _STATUS.match(first)
    if not found:
        raise ArchiveError(f"no HTTP answer begins with {first[:40]!r}")
    headers = parsed_headers(lines)
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        payload = unchunked(payload)
    return Exchange("", _NEVER, int(found[2]), headers, payload, protocol=found[1], reason=found[3] or "")


def parsed_headers(lines: Iterable[str]) -> Headers:
    """Names and values; a line that begins with white space goes on with the one before."""
    found: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif line or colon:
            found.append((name, value.removeprefix(" ")))
    return tuple(found)


def unchunked(payload: bytes) -> bytes:
    """What chunks hold, up to the first that is none; the payload itself if it does not begin with one."""
    out, position = bytearray(), 0
    while found := _CHUNK_HEAD.match(payload, position):
        size = int(found[1], 16)
        out += payload[found.end() : found.end() + size]
        position = found.end() + size + 2
        if not size:
            break
    return bytes(out) if position else payload


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
