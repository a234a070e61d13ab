"""An archived page for a browser, as it was and harmless: no scripts, no forms, and nothing that asks the network for anything.

Three walls, of which each would do for most pages: the frame is a sandbox that allows nothing, the page's own policy lets nothing load, and
the policy of the page around it lets the frame go nowhere else. What opens connections without a request is taken out of the page.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from newscrawl.archive.exchange import content
from newscrawl.archive.pictures import LARGEST_PICTURES, with_pictures
from newscrawl.archive.warc import read_exchange, read_rendered
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture

LARGEST = 64 << 20  # bytes of a page
_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_SHARED = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-DNS-Prefetch-Control", "off"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
# <link> may resolve names and open connections before any policy is asked; styles from elsewhere would not load anyway. <source> would be
# preferred to the <img> beside it, which is what was archived.
_LINK = re.compile(rb"<(link|base|source)(?=[\s/>])", re.IGNORECASE)
_WIDE = ("utf-16", "utf-32")  # charsets in which bytes are not letters
_STYLE = (
    "body{margin:0;font:14px sans-serif}header{padding:8px 12px;background:#eee}h1{font-size:15px;margin:0 0 4px}"
    "iframe{border:0;width:100%;height:calc(100vh - 70px)}"
)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a web server answers."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


def replayed(folder: Path, capture: Capture, *, after_scripts: bool = False) -> Replayed:
    """The page of a capture, or what its scripts made of it. Raises ArchiveError if it can't be read, or is no text."""
    exchange = read_exchange(folder, capture)
    declared = exchange.header("Content-Type").replace("\r", "").replace("\n", "") or "text/html"
    kind = declared.partition(";")[0].strip().lower()
    made = read_rendered(folder, capture) if after_scripts else b""
    body = made or content(exchange, LARGEST)
    if made:
        declared = "text/html; charset=utf-8"
    elif kind not in ("text/html", "application/xhtml+xml"):
        if not kind.startswith("text/"):
            raise ArchiveError(f"{capture.url} is no page, but {kind}: `newscrawl show --html` writes its bytes")
        declared = f"text/plain{declared[len(kind) :]}"
    if any(name in declared.lower() for name in _WIDE) or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        declared, body = "text/html; charset=utf-8", body.decode("utf-16", "replace").encode()
    return Replayed((("Content-Type", declared), ("Content-Security-Policy", _POLICY), *_SHARED), _LINK.sub(rb"<x-\1", body))


def illustrated(folder: Path, page: Replayed, pictures: Mapping[str, Capture]) -> Replayed:
    """The page with its pictures in itself; they are given by their addresses as `archive.pictures.sources` finds them in its body.

    What can't be read of them, or is more than a page should hold, is not shown.
    """
    found: dict[str, bytes] = {}
    room = LARGEST_PICTURES
    for source, capture in pictures.items():
        with contextlib.suppress(ArchiveError):
            found[source] = content(read_exchange(folder, capture), room)
            room -= len(found[source])
    return replace(page, body=with_pictures(page.body, found)) if found else page


def frame(title: str, captures: Sequence[Capture], shown: Capture, *, page: str, others: str) -> Replayed:
    """The page around a replayed one: what it is, when it was, and other captures of it.

    `page` is the address of the replayed page, `others` that of this page for another capture; "{id}" in them is the capture's.
    """
    links = " · ".join(
        f"<b>{capture.time:%Y-%m-%d %H:%M}</b>"
        if capture.id == shown.id
        else f'<a href="{escape(others.format(id=capture.id))}">{capture.time:%Y-%m-%d %H:%M}</a>'
        for capture in captures
    )
    text = f"""<!doctype html><html><head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head>
<body><header><h1>{escape(title)}</h1>{escape(shown.url)} · archived {links} UTC</header>
<iframe sandbox="" referrerpolicy="no-referrer" src="{escape(page.format(id=shown.id))}"></iframe></body></html>"""
    return Replayed((("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", _FRAME_POLICY), *_SHARED), text.encode())
