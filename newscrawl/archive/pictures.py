"""Pictures that pages show: what they are by their first bytes, where a page names them, and how one is put into the page itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from io import BytesIO

import imagesize

_SVG = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE[^>\[]{0,500}>\s*)*<svg[\s>]", re.IGNORECASE | re.DOTALL)
_HEADS = (  # media types that browsers show, by their first bytes
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("image/avif", re.compile(rb"....ftypavi[fs]", re.DOTALL)),
    ("image/bmp", re.compile(rb"BM")),
    ("image/svg+xml", _SVG),
)
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?")
# Lazy images have a placeholder in src, as the reader knows too (extract.blocks).
_SOURCES = (b"data-src", b"data-original", b"data-lazy-src", b"src")
_TAG = re.compile(rb"<img\b")
_ATTRIBUTE = re.compile(rb"""[\s/]*([^\s"'>/=]{1,100})(?:\s*=\s*(?:"([^"]{0,9000})"|'([^']{0,9000})'|([^\s"'>]{1,9000})))?""")
_MOST_ATTRIBUTES, _MOST_TAGS = 40, 2_000
LARGEST_PICTURES = 64 << 20  # bytes of all pictures in a page


@dataclass(frozen=True, slots=True)
class Size:
    """What a picture is. A drawing (SVG) has no width and height of its own: both are 0."""

    kind: str  # media type
    width: int  # pixels
    height: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """An <img> of a page."""

    start: int
    end: int
    source: str  # as written, entities undone
    others: bytes  # its other attributes, but for those that name further sources


def size_of(data: bytes) -> Size | None:
    """What a picture is, told by its head, not by what its server calls it; None for what browsers don't show as one."""
    data = data[_FIRST.match(data).end() :]  # type: ignore[union-attr]  # it may match nothing, but it matches
    kind = next((name for name, head in _HEADS if head.match(data)), "")
    if not kind:
        return None
    if kind == "image/svg+xml":
        return Size(kind, 0, 0)
    try:
        width, height = imagesize.get(BytesIO(data), exif_rotation=False)
    except Exception:  # whatever it comes on in what somebody has made to look like a picture
        return None
    return Size(kind, width, height) if width > 0 and height > 0 else None


def sources(page: bytes) -> list[str]:
    """The addresses of a page's images as they are written there, each once."""
    return list(dict.fromkeys(shown.source for shown in _shown(page)))


def with_pictures(page: bytes, pictures: Mapping[str, bytes], room: int = LARGEST_PICTURES) -> bytes:
    """The page with these pictures in itself, as data: addresses; they are given by their addresses as written.

    A page may name one a thousand times. What would take more than `room` bytes together stays as it is written.
    """
    out, done = bytearray(), 0
    for shown in _shown(page):
        picture = pictures.get(shown.source)
        size = size_of(picture) if picture and len(picture) <= room else None
        if picture and size:
            room -= len(picture)
            out += page[done : shown.start] + b'<img src="data:' + size.kind.encode() + b";base64," + base64.b64encode(picture)
            out += b'"' + shown.others
            done = shown.end
    return bytes(out) + page[done:]


def _shown(page: bytes) -> Iterator[_Shown]:
    """The <img> elements of a page that name a source. Charsets in which letters are not bytes are the caller's to undo."""
    lowered = page.lower()
    for number, tag in enumerate(_TAG.finditer(lowered)):
        if number == _MOST_TAGS:
            return
        end, found, others = tag.end(), dict[bytes, bytes](), b""
        for _ in range(_MOST_ATTRIBUTES):
            attribute = _ATTRIBUTE.match(page, end)
            if attribute is None:
                break
            end, name = attribute.end(), attribute[1].lower()
            if name in _SOURCES:
                found.setdefault(name, attribute[2] or attribute[3] or attribute[4] or b"")
            elif name not in (b"srcset", b"data-srcset", b"sizes", b"loading"):
                others += b" " + attribute[0].strip(b" \t\r\n\f/")
        named = next((value for name in _SOURCES if (value := found.get(name))), b"")
        if named and not named.startswith(b"data:"):
            yield _Shown(tag.start(), end, unescape(named.decode("utf-8", "replace")).strip(), others)
