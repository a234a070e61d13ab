"""WARC 1.1 files: one gzip member a record, so that each can be read alone; written, synced, found again.

A file is called NAME.warc.gz.open while its writer lives; `archive.recovery` takes over what a dead one left.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
import uuid
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BufferedWriter, FileIO
from pathlib import Path

from newscrawl.archive.exchange import Exchange, Headers, content, payload_digest
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture

OPEN = ".open"
# Undone on receipt, so repeating it would be untrue of the stored payload; the name follows common archival practice.
_UNDONE = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """What the archive gives back of a capture."""

    status: int
    headers: Headers
    body: bytes  # content encodings undone


class WarcWriter:
    """Appends exchanges to files of its own in `folder`; not shared between processes.

    `info` goes into the warcinfo record of every file. Files are closed and a new one begun at `rotate_bytes`.
    """

    def __init__(self, folder: Path, *, rotate_bytes: int, compression: int, info: Mapping[str, str]) -> None:
        self._folder, self._rotate_bytes, self._compression, self._info = folder, rotate_bytes, compression, info
        self._file: BufferedWriter[FileIO] | None = None
        self._name, self._size, self._serial = "", 0, 0

    def write(self, batch: Sequence[tuple[Capture, Exchange]]) -> list[Capture]:
        """The captures with file, offset and length filled in; their records are on the disk when this returns.

        Raises ArchiveError (nothing of the batch is kept) if the folder can't be written or the disk is full.
        """
        try:
            if self._file is None or self._size >= self._rotate_bytes:
                self.close()
                self._file = self._begin()
            start, placed = self._size, []
            try:
                for capture, exchange in batch:
                    placed.append(self._append(self._file, capture, exchange))
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError:
                self._abandon(start)
                raise
        except OSError as error:
            raise ArchiveError(
                f"{self._folder}: can't write WARC files: {error.strerror or error}; free space or name another --archive"
            ) from error
        return placed

    def _abandon(self, end: int) -> None:
        """Leave the file as it was before a batch that failed; `recover` will give it its final name."""
        file, self._file = self._file, None
        assert file is not None
        os.ftruncate(file.fileno(), min(end, os.fstat(file.fileno()).st_size))
        file.raw.close()  # not `file`, which would try once more to write what it could not

    def close(self) -> None:
        """Finish the current file and give it its final name."""
        if self._file is None:
            return
        self._file.close()
        self._file = None
        path = self._folder / self._name
        path.with_name(self._name + OPEN).rename(path)

    def _begin(self) -> BufferedWriter[FileIO]:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._serial += 1
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S") + f"{time.time_ns() // 1_000_000 % 1000:03d}"
        self._name = f"newscrawl-{stamp}-{self._serial:05d}-{socket.gethostname().split('.')[0]}-{os.getpid()}.warc.gz"
        file = BufferedWriter(FileIO(self._folder / (self._name + OPEN), "x"), 1 << 18)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fields = "".join(f"{key}: {value}\r\n" for key, value in self._info.items()).encode()
        member = self._record([("WARC-Type", "warcinfo"), ("WARC-Record-ID", _urn(self._name)), ("WARC-Date", _date(datetime.now(UTC))),
                               ("WARC-Filename", self._name), ("Content-Type", "application/warc-fields")], fields)  # fmt: skip
        file.write(member)
        self._size = len(member)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # else the file itself, not only its tail, may be gone after a power cut
        finally:
            os.close(folder)
        return file

    def _append(self, file: BufferedWriter[FileIO], capture: Capture, exchange: Exchange) -> Capture:
        response, request = _urn(capture.id), _urn(capture.id + "/request")
        head = f"{exchange.protocol} {exchange.status} {exchange.reason}\r\n" + _lines(exchange.headers)
        shared = [("WARC-Target-URI", exchange.url), ("WARC-Date", _date(capture.time))]
        member = self._record(
            [("WARC-Type", "response"), ("WARC-Record-ID", response), *shared, ("WARC-Payload-Digest", capture.digest),
             ("Content-Type", "application/http;msgtype=response")],
            head.encode("latin-1", "replace") + b"\r\n" + exchange.payload,
        )  # fmt: skip
        target = exchange.url.partition("://")[2]
        path = target[target.find("/") :] if "/" in target else "/"
        asked = f"{exchange.method} {path} HTTP/1.1\r\n{_lines(exchange.request_headers)}\r\n"
        question = self._record(
            [("WARC-Type", "request"), ("WARC-Record-ID", request), *shared, ("WARC-Concurrent-To", response),
             ("Content-Type", "application/http;msgtype=request")],
            asked.encode("latin-1", "replace"),
        )  # fmt: skip
        file.write(member)
        file.write(question)
        placed = replace(capture, file=self._name, offset=self._size, length=len(member))
        self._size += len(member) + len(question)
        return placed

    def _record(self, fields: Sequence[tuple[str, str]], block: bytes) -> bytes:
        head = "WARC/1.1\r\n" + _lines(fields) + f"WARC-Block-Digest: {payload_digest(block)}\r\nContent-Length: {len(block)}\r\n\r\n"
        squeeze = zlib.compressobj(self._compression, zlib.DEFLATED, 31)
        return squeeze.compress(head.encode() + block) + squeeze.compress(b"\r\n\r\n") + squeeze.flush()


def captured(exchange: Exchange, *, id: str, site: str, target: str) -> Capture:  # noqa: A002 - the field's name
    """The capture of an exchange, before the archive has placed it."""
    return Capture(id=id, site=site, target=target, url=exchange.url, time=exchange.time, status=exchange.status,
                   content_type=exchange.header("Content-Type"), digest=payload_digest(exchange.payload), size=len(exchange.payload))  # fmt: skip


def read_exchange(folder: Path, capture: Capture) -> Exchange:
    """The captured exchange. Raises ArchiveError if file or record is missing, torn, or not what was stored."""
    where = f"{folder / capture.file} at {capture.offset}"
    path = folder / capture.file
    if not path.exists():
        path = path.with_name(path.name + OPEN)
    try:
        with path.open("rb") as file:
            file.seek(capture.offset)
            record = zlib.decompress(file.read(capture.length), 31)
    except OSError as error:
        raise ArchiveError(f"{where}: can't be read: {error.strerror}; is --archive the folder of the crawl?") from error
    except zlib.error as error:
        raise ArchiveError(f"{where}: the record is damaged ({error})") from error
    _, _, block = record.partition(b"\r\n\r\n")
    head, _, payload = block.removesuffix(b"\r\n\r\n").partition(b"\r\n\r\n")
    if payload_digest(payload) != capture.digest:
        raise ArchiveError(f"{where}: the payload is not what was stored: its digest differs")
    status, *lines = head.decode("latin-1").split("\r\n")
    protocol, _, rest = status.partition(" ")
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    return Exchange(url=capture.url, time=capture.time, status=capture.status, headers=headers, payload=payload,
                    protocol=protocol, reason=rest.partition(" ")[2])  # fmt: skip


def read_capture(folder: Path, capture: Capture, *, limit: int = 64 << 20) -> StoredExchange:
    """What a browser would have got, its digest checked; at most `limit` bytes of body. Raises ArchiveError."""
    exchange = read_exchange(folder, capture)
    return StoredExchange(exchange.status, exchange.headers, content(exchange, limit))


def _lines(fields: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{_UNDONE.get(name.lower(), name)}: {value}\r\n" for name, value in fields)


def _urn(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, name)}>"


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
