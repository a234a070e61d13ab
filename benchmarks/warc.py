"""What a captured page costs: `python -m benchmarks.warc FOLDER|FILE.warc.gz …` writes pages with our writer and with warcio's.

FOLDER is searched for *.html and *.html.gz; of a WARC file the responses are taken.
Each page is written as response and request record, by ours also a second time, as revisit record. CPU is of this process.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.warc import WarcWriter, captured
from newscrawl.models import Capture

MOST = 2_000  # pages
BATCH = 50
AT = datetime(2026, 8, 1, 6, 30, tzinfo=UTC)
HEADERS = (("Date", "Sat, 01 Aug 2026 06:30:00 GMT"), ("Content-Type", "text/html"), ("Server", "nginx"))
ASKED = (("Host", "gazette.example"), ("User-Agent", "newscrawl/bench"), ("Accept", "text/html"))


def pages(places: Sequence[Path]) -> Iterator[bytes]:
    """The payloads of pages."""
    for place in places:
        files = (
            [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.name.endswith((".html", ".html.gz", ".htm")))
        )
        for path in files:
            if path.name.endswith((".warc", ".warc.gz")):
                yield from (record.raw_stream.read() for record in ArchiveIterator(path.open("rb")) if record.rec_type == "response")
            else:
                yield gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def exchanges(payloads: Sequence[bytes], *, hours: int = 0) -> list[tuple[Capture, Exchange]]:
    """Each page as the answer to a request."""
    made = []
    for number, payload in enumerate(payloads):
        url, at = f"https://gazette.example/news/{number}.html", AT + timedelta(seconds=number, hours=hours)
        one = Exchange(url, at, 200, HEADERS, payload, request_headers=ASKED, reason="OK")
        made.append((captured(one, id=f"{number}-{hours}", site="gazette", target=str(number)), one))
    return made


def ours(batch: Sequence[tuple[Capture, Exchange]], folder: Path, level: int, stored: Sequence[Capture] = ()) -> list[Capture]:
    """Written in batches, each synced."""
    pen, placed = WarcWriter(folder, rotate_bytes=1 << 40, compression=level, info={}), []
    known = {capture.digest: capture for capture in stored}
    for start in range(0, len(batch), BATCH):
        placed += pen.write(batch[start : start + BATCH], known)
    pen.close()
    return placed


def warcios(batch: Sequence[tuple[Capture, Exchange]], folder: Path) -> None:
    """As its documentation shows; it packs with level 9 and nothing else."""
    with (folder / "warcio.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for capture, one in batch:
            fields = {"WARC-Date": capture.time.strftime("%Y-%m-%dT%H:%M:%SZ")}
            answer = StatusAndHeaders("200 OK", list(one.headers), protocol="HTTP/1.1")
            record = writer.create_warc_record(
                one.url, "response", payload=BytesIO(one.payload), http_headers=answer, warc_headers_dict=fields
            )
            asked = StatusAndHeaders("GET / HTTP/1.1", list(one.request_headers), is_http_request=True)
            question = writer.create_warc_record(one.url, "request", http_headers=asked, warc_headers_dict=dict(fields))
            writer.write_request_response_pair(question, record)


def measured(name: str, write: Callable[[Path], object], count: int) -> object:
    """Print bytes and CPU of `count` pages; what `write` returned."""
    with tempfile.TemporaryDirectory() as place:
        begun = time.process_time()
        came = write(Path(place))
        spent = time.process_time() - begun
        size = sum(path.stat().st_size for path in Path(place).iterdir())
    print(f"{name:22} {size / count:9.0f} bytes a page  {spent / count * 1000:6.3f} ms a page, two records each")
    return came


def main() -> None:
    """Compare."""
    places = [Path(name) for name in sys.argv[1:]]
    payloads = [payload for payload, _ in zip(pages(places), range(MOST), strict=False)]
    if not payloads:
        sys.exit("no pages: name folders of *.html or *.html.gz files, or WARC files")
    count, batch = len(payloads), exchanges(payloads)
    print(f"{count} pages, {sum(map(len, payloads)) / count:.0f} bytes of payload each")
    for level in (1, 6, 9):
        measured(f"ours, level {level}", lambda folder, level=level: ours(batch, folder, level), count)  # type: ignore[misc]
    measured("warcio, level 9", lambda folder: warcios(batch, folder), count)
    with tempfile.TemporaryDirectory() as place:
        stored = ours(batch, Path(place), 1)
        before = sum(path.stat().st_size for path in Path(place).iterdir())
        begun = time.process_time()
        again = ours(exchanges(payloads, hours=1), Path(place), 1, stored)
        spent, size = time.process_time() - begun, sum(path.stat().st_size for path in Path(place).iterdir()) - before
        assert [replace(capture, refers_to="") for capture in again if capture.refers_to]
    print(f"{'ours, once more':22} {size / count:9.0f} bytes a page  {spent / count * 1000:6.3f} ms a page, revisit and request record")


if __name__ == "__main__":
    main()
