"""A bad server is an entry in this table."""

import zlib
from collections.abc import Mapping
from functools import cache

import brotli

from newscrawl.demo.pages import Answer, Page, Wire, redirect

BOMB = 50_000_000  # bytes once unpacked
DEEP = 100_000  # nested tags
_WORDS = "<p>A paragraph of a page that will not end well, on a server that means no good.</p>\n"
_PAGE = f"<html><head><title>Trouble</title></head><body>{_WORDS * 20}</body></html>".encode()


def _head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: text/html", *lines, "", ""]).encode("latin-1")


@cache
def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(bytes(BOMB)) + packer.flush()


@cache
def _brotli_bomb() -> bytes:
    return brotli.compress(bytes(BOMB), quality=5)


def bad_answers(vault: str) -> Mapping[str, Answer]:
    """What each path does wrong; redirects that lead to where nobody should go lead to `vault`."""
    return _broken_connections() | _broken_bodies() | _refusals() | _redirects(vault)


def _broken_connections() -> dict[str, Answer]:
    return {
        "/closed": Wire(),
        "/truncated": Wire((_head(f"Content-Length: {len(_PAGE)}"), _PAGE[:200])),
        "/long-length": Wire((_head(f"Content-Length: {len(_PAGE) * 2}"), _PAGE)),
        "/short-length": Wire((_head("Content-Length: 60"), _PAGE)),
        "/no-length": Wire((_head("Connection: close"), _PAGE)),
        "/truncated-chunks": Wire((_head("Transfer-Encoding: chunked"), b"40\r\n" + _PAGE[:64] + b"\r\n40\r\n", _PAGE[64:80])),
        "/bad-chunks": Wire((_head("Transfer-Encoding: chunked"), b"many\r\n" + _PAGE)),
        # a minute of it at most: long enough to need a time-out, short enough for a forgotten one
        "/drip": Wire((_head(f"Content-Length: {len(_PAGE)}"), *(_PAGE[at : at + 1] for at in range(120))), pause=0.5),
        "/slow-head": Wire(tuple(bytes([byte]) for byte in _head("Content-Length: 0")), pause=0.5),
        "/no-http": Wire((b"Hello, who is speaking?\r\n\r\n",)),
        "/bad-status": Wire((_head("Content-Length: 0", status="two hundred"),)),
        "/header-garbage": Wire((_head("no colon here", "\x00\x01\xff: \xfe", ": nameless", f"Content-Length: {len(_PAGE)}"), _PAGE)),
        "/two-lengths": Wire((_head("Content-Length: 5", f"Content-Length: {len(_PAGE)}"), _PAGE)),
        "/endless-header": Wire((_head(f"X-Padding: {'x' * 200_000}", f"Content-Length: {len(_PAGE)}"), _PAGE)),
    }


def _broken_bodies() -> dict[str, Answer]:
    return {
        "/empty": Page(),
        "/nul": Page(b"<html><body>" + b"\x00" * 50_000 + _WORDS.encode() + b"\x00\x00</body></html>"),
        "/deep": Page(b"<div>" * DEEP + _WORDS.encode()),
        "/wide": Page(b"<p>" + b"word " * 1_000_000),
        "/binary": Page(bytes(range(256)) * 400),
        "/wrong-charset": Page("<title>断桥</title><p>桥断了，页面却说自己是别的编码。</p>".encode("gbk"), "text/html; charset=utf-8"),
        "/unknown-charset": Page(_PAGE, "text/html; charset=klingon-8"),
        "/gzip-bomb": Page(_gzip_bomb(), headers=(("Content-Encoding", "gzip"),)),
        "/brotli-bomb": Page(_brotli_bomb(), headers=(("Content-Encoding", "br"),)),
        "/not-gzip": Page(_PAGE, headers=(("Content-Encoding", "gzip"),)),
        "/unknown-encoding": Page(_PAGE, headers=(("Content-Encoding", "squeeze"),)),
        "/no-type": Wire((f"HTTP/1.1 200 OK\r\nContent-Length: {len(_PAGE)}\r\n\r\n".encode(), _PAGE)),
        "/bad-structured": Page(_PAGE.replace(b"</head>", b'<script type="application/ld+json">{"@type": [[[</script></head>')),
    }


def _refusals() -> dict[str, Answer]:
    def refusal(status: int, wait: str = "") -> Page:
        return Page(b"No.", "text/plain", status=status, headers=(("Retry-After", wait),) if wait else ())

    return {
        "/busy-seconds": refusal(429, "2"),
        "/busy-past": refusal(503, "Sat, 01 Jan 2000 00:00:00 GMT"),
        "/busy-nonsense": refusal(503, "when the cows come home"),
        "/broken": refusal(500),
        "/once-broken": Page(_PAGE, first=refusal(500)),
        "/forbidden": refusal(403),
        "/unauthorised": refusal(401),
        "/legal": refusal(451),
        "/gone": refusal(410),
        "/status-999": refusal(999),
    }


def _redirects(vault: str) -> dict[str, Answer]:
    port = vault.rpartition(":")[2]
    return {
        "/loop": redirect("/loop"),
        "/ping": redirect("/pong"),
        "/pong": redirect("/ping"),
        "/redirect-nowhere": Page(status=302),
        "/redirect-empty": redirect(""),
        "/redirect-vault": redirect(f"{vault}/secret"),
        "/redirect-decimal": redirect(f"http://2130706434:{port}/secret"),  # 127.0.0.2 as one number
        "/redirect-mapped": redirect(f"http://[::ffff:127.0.0.2]:{port}/secret"),
        "/redirect-file": redirect("file:///etc/hostname"),
        "/redirect-data": redirect("data:text/html,<p>smuggled</p>"),
        "/redirect-ftp": redirect("ftp://127.0.0.2/secret"),
        "/redirect-script": redirect("javascript:alert(1)"),
        "/redirect-metadata": redirect("http://169.254.169.254/latest/meta-data/"),
        "/redirect-garbage": redirect("http://[half an address/"),
    }
