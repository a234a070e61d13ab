"""A site of two articles with pictures of every kind: sound ones, such as count readers, and such as are no pictures."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from newscrawl.demo.drawings import landscape
from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from tests.crawl.readings import BODY

HOSTS = ("127.0.0.1", "127.0.0.2")


def png(width: int, height: int, *, whole: bool = True) -> bytes:
    """A grey picture; `whole`: with all its pixels, else only its head."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\x80" * width) * height) if whole else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SHOWN = {"/pic/harbour.png": png(320, 200), "/pic/hill.svg": landscape(1), "/pic/lazy.png": png(64, 48)}
COPY = "/pic/copy.png"  # as SHOWN's first, under another address
OLD, MOVED = "/pic/old.png", "/store/moved.png"  # leads there
ELSEWHERE = "/cdn/bridge.png"  # on the second host
SHARED = "/pic/both.png"  # in both articles
NOT_KEPT = {"/pic/dot.png": png(1, 1), "/pic/huge.png": png(20_000, 20_000, whole=False), "/pic/page.png": b"<html>not found</html>"}
TOO_LONG = "/pic/long.png"  # bytes
CLOSED = "/closed/secret.png"  # robots.txt says no
NEVER = ("/track/seen.gif?reader=1", "/pixel.gif", "/pic/spacer.gif", "/counted.gif")  # address, width or host tell
PRIVATE = "http://127.0.0.3/inside.png"
FEED = "/feed/"  # with the first article's text in it
ARTICLES = ("/2026/08/fire.html", "/2026/08/flood.html")


@dataclass(frozen=True, slots=True)
class Illustrated:
    """The site as it is served, and a folder with its definition."""

    server: Server
    settings: Path

    @property
    def home(self) -> str:
        return self.server.origins[0] + "/"

    def asked(self) -> list[str]:
        """What was asked for, in order."""
        return [one.target for one in self.server.requests]


@contextmanager
def illustrated(folder: Path, definition: str = "media = true") -> Iterator[Illustrated]:
    with Server(HOSTS) as server:
        front, other = server.origins
        server.publish(_pages(front, other).get, lambda target: Page(png(48, 48), "image/png") if target == ELSEWHERE else Page(status=404))
        settings = folder / "settings"
        (settings / "sites").mkdir(parents=True)
        (settings / "sites" / "gazette.toml").write_text(f'url = "{front}/"\n{definition}\n')
        yield Illustrated(server, settings)


class _Pages(dict[str, Page]):
    def get(self, target: str) -> Page:  # type: ignore[override]
        return super().get(target, Page(b"nothing here", status=404))


def _pages(front: str, other: str) -> _Pages:
    pictures = [f'<figure><img src="{path}" alt="a picture"><figcaption>What it shows.</figcaption></figure>' for path in (
        *(path for path in SHOWN if "lazy" not in path), COPY, OLD, SHARED, *NOT_KEPT, TOO_LONG, CLOSED, other + ELSEWHERE, PRIVATE
    )]  # fmt: skip
    pictures += ['<img src="/pic/spacer.gif" data-src="/pic/lazy.png" alt="">', '<img src="/pic/spacer.gif" alt="">']
    pictures += [f'<img src="{other}{NEVER[0]}" alt="">', '<img src="/pixel.gif" alt="">', '<img src="/counted.gif" width="1" height="1">']
    aside = '<aside class="related"><h3>More</h3><img src="/pic/related.png"><img src="/pic/banner.png"></aside>'
    pages = _Pages({"/": Page(_front().encode()), "/robots.txt": Page(b"User-agent: *\nDisallow: /closed/\n", "text/plain")})
    pages[ARTICLES[0]] = Page(_article("Fire at the old river port", BODY, "".join(pictures), aside).encode())
    flood = BODY.replace("fire brigade", "flood watch").replace("had caught fire", "was under water").replace("timber", "grain")
    pages[ARTICLES[1]] = Page(_article("Flood in the lower town", flood, f'<img src="{SHARED}" alt="">', aside).encode())
    for path, body in {**SHOWN, **NOT_KEPT, SHARED: png(80, 80), COPY: SHOWN["/pic/harbour.png"], MOVED: png(96, 96)}.items():
        pages[path] = Page(body, "image/svg+xml" if path.endswith("svg") else "image/png")
    pages[TOO_LONG] = Page(SHOWN["/pic/harbour.png"] + bytes(300_000), "image/png")
    pages[FEED] = Page(_feed(front).encode(), "application/rss+xml")
    pages[OLD] = Page(status=302, headers=(("Location", MOVED),))
    return pages


def _front() -> str:
    titles = ("Fire at the old river port", "Flood in the lower town")
    links = "".join(f'<li><a href="{path}">{title} keeps the brigade busy</a></li>' for path, title in zip(ARTICLES, titles, strict=True))
    alternate = f'<link rel="alternate" type="application/rss+xml" href="{FEED}">'
    return f"<html><head>{alternate}</head><body><h1>Gazette</h1><img src='/pic/logo.png'><ul>{links}</ul></body></html>"


def _article(title: str, body: str, pictures: str, aside: str) -> str:
    middle = body.index("<p>", len(body) // 2)
    text = f"{body[:middle]}{pictures}{body[middle:]}"
    head = f'<head><title>{title}</title><meta property="og:type" content="article"></head>'
    return (
        f"<html>{head}<body><article><h1>{title} keeps the brigade busy</h1>"
        f'<time datetime="2026-08-01T10:00:00Z">1 August 2026</time>{text}</article>{aside}</body></html>'
    )


def _feed(front: str) -> str:
    entry = f"<item><title>Fire</title><link>{front}{ARTICLES[0]}</link><description>{escape(BODY)}</description></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>{entry}</channel></rss>'
