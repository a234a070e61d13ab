"""Exchanges that tests are about, as a server that nobody asked might have them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from newscrawl.archive.exchange import Exchange, Headers
from newscrawl.archive.warc import captured
from newscrawl.models import Capture

AT = datetime(2026, 8, 1, 6, 30, 15, 123_000, tzinfo=UTC)
URL = "https://gazette.example/news/bridge.html"
_TOKEN = st.text("abcXYZ-_.0!~", min_size=1, max_size=12)
_VALUE = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)
HEADERS = st.lists(st.tuples(_TOKEN, _VALUE), max_size=5).map(tuple)
PAYLOADS = st.binary(max_size=300) | st.sampled_from(
    [b"", b"\0", b"\r\n", b"\r\n\r\n", b"a\r\n\r\nb\r\n\r\n", b"WARC/1.1\r\n\r\n", b"\x1f\x8b\x08", bytes(70_000)]
)
EXCHANGES = st.builds(
    Exchange,
    url=st.sampled_from([URL, "http://gazette.example/", "https://gazette.example/?q=%0D%0A"]),
    time=st.just(AT),
    status=st.sampled_from([200, 204, 302, 404, 503]),
    headers=HEADERS,
    payload=PAYLOADS,
    request_headers=HEADERS,
    protocol=st.sampled_from(["HTTP/1.0", "HTTP/1.1", "h2"]),
    reason=st.sampled_from(["", "OK", "Très bien", "Not Found  "]),
)


def exchange(payload: bytes = b"<p>A page.", status: int = 200, *, url: str = URL, time: datetime = AT, **headers: str) -> Exchange:
    """An answer; headers as keywords, with _ for -."""
    return Exchange(url, time, status, fields(headers), payload)


def fields(headers: dict[str, Any]) -> Headers:
    return tuple((name.replace("_", "-"), value) for name, value in headers.items())


def capture(of: Exchange, number: int = 1) -> Capture:
    """The capture of an exchange, before it is in any file."""
    return captured(of, id=f"capture-{number}", site="gazette", target=f"target-{number}")
