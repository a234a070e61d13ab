"""The heads in the archive are those that went over the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.archive.warc import read_exchange
from newscrawl.demo.pages import Page, Wire
from newscrawl.demo.server import Server
from tests.crawl.crawls import Place

HEAD = b"\r\n".join(
    [
        b"HTTP/1.1 200 All is well",
        b"x-lower: first",
        b"Content-type: text/html",
        b"X-LOWER:   second",
        b"Connection: close",
        b"a line without a colon",
        b"Transfer-Encoding: chunked",
        "x-latin: Zürich".encode("latin-1"),
        b"",
        b"",
    ]
)
BODY = b"<title>Home</title><p>Nothing new in town today, and none of it is due tomorrow.</p>"
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.fixture(params=["at once", "byte by byte"])
def odd_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    data = EARLY + HEAD + chunked(BODY)
    chunks = (data,) if request.param == "at once" else tuple(data[at : at + 1] for at in range(len(data)))
    with Server(("127.0.0.1",)) as server:
        server.publish(lambda target: Wire(chunks, pause=0.0) if target == "/" else Page(status=404))
        yield server


def test_an_answer_is_kept_as_it_was_spelled(odd_server: Server, tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.crawl("-a", f"url={odd_server.origins[0]}")
    (home,) = [capture for capture in place.holding().captures if capture.url.endswith("/") and capture.status == 200]
    kept = read_exchange(place.archive, home)
    assert kept.reason == "All is well"
    assert kept.headers == (
        ("x-lower", "first"),
        ("Content-type", "text/html"),
        ("X-LOWER", "  second"),
        ("Connection", "close"),
        ("a line without a colon", ""),
        ("X-Archive-Orig-Transfer-Encoding", "chunked"),
        ("x-latin", "Zürich"),
    )
    assert kept.payload == BODY


def test_a_question_is_kept_as_it_was_sent(odd_server: Server, tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.crawl("-a", f"url={odd_server.origins[0]}")
    (asked,) = [exchange for exchange in odd_server.requests if exchange.target == "/"]
    (path,) = place.archive.glob("*.warc.gz")
    heads = [record for record in _questions(path) if record.startswith("GET / ")]
    assert len(heads) == 1
    sent = dict(line.split(": ", 1) for line in heads[0].strip().split("\r\n")[1:])
    assert {name.lower(): value for name, value in sent.items()} == dict(asked.headers)
    assert sent["Host"] in odd_server.origins[0]


def _questions(path: Path) -> list[str]:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        return [record.raw_stream.read().decode() for record in ArchiveIterator(file, no_record_parse=True) if record.rec_type == "request"]
