"""Feeds and sitemaps as servers send them, to text: unpacked, decoded, within bounds."""

from __future__ import annotations

import re
import zlib
from enum import StrEnum

from newscrawl.extract.decode import decode

MAX_BYTES = 20_000_000  # of a document, unpacked
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 12  # bytes given to zlib at once: what follows a gzip member is copied each time one ends
_OWN_ENTITY = re.compile(r"<!ENTITY\s++(?!%)")
_ROOT = re.compile(r"<[^\W\d]")
_DECLARATION = re.compile(rb"""<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}["']\s{0,9}([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 2048  # bytes: some write comments, or warnings of PHP, above it


class Cut(StrEnum):
    """Why some of a document, or all of it, was not read."""

    NO = ""
    ENTITIES = "entities"  # it defines entities of its own; nothing was read
    SIZE = "size"  # it is longer than allowed, unpacked
    COUNT = "count"  # it has more entries than allowed
    TORN = "torn"  # it ends in the middle


def unpacked(body: bytes, max_bytes: int = MAX_BYTES) -> tuple[bytes, Cut]:
    """Up to `max_bytes` of a document that may be gzipped, and what is missing."""
    if not body.startswith(_GZIP):
        return body[:max_bytes], Cut.SIZE if len(body) > max_bytes else Cut.NO
    out, stream = bytearray(), zlib.decompressobj(31)
    for start in range(0, len(body), _CHUNK):
        chunk = body[start : start + _CHUNK]
        while chunk:
            if stream.eof:
                stream = zlib.decompressobj(31)
            try:
                out += stream.decompress(chunk, max_bytes + 1 - len(out))
            except zlib.error:
                return bytes(out), Cut.TORN
            if len(out) > max_bytes:
                del out[max_bytes:]
                return bytes(out), Cut.SIZE
            chunk = stream.unused_data
    return bytes(out), Cut.NO if stream.eof else Cut.TORN


def document(body: bytes, *, charset: str = "", max_bytes: int = MAX_BYTES) -> tuple[str, Cut]:
    """The text of an XML document and what is missing of it. `charset` is that of the HTTP header, if it names one."""
    body, cut = unpacked(body, max_bytes)
    text = decode(body, charset or _declared(body)).text
    root = _ROOT.search(text)
    if _OWN_ENTITY.search(text, 0, root.start() if root else len(text)):
        return "", Cut.ENTITIES
    return text, cut


def _declared(body: bytes) -> str:
    """The encoding that the XML declaration names."""
    match = _DECLARATION.search(body[:_DECLARED_WITHIN])
    return match[1].decode("ascii", "ignore") if match else ""
