"""WARC 1.1 files: one gzip member a record, so that each can be read alone; written, synced, found again.

A file is called NAME.warc.gz.open while its writer lives; `archive.recovery` takes over what a dead one left.
"""

from __future__ import annotations

import fcntl
import os
import socket
import uuid
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from newscrawl.archive.exchange import Exchange, Headers, content, payload_digest
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture

OPEN = ".open"
_CHUNK = 1 << 16  # bytes read at a time
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
        self._file: FileIO | None = None
        self._name, self._size, self._serial = "", 0, 0

    def write(self, batch: Sequence[tuple[Capture, Exchange]]) -> list[Capture]:
        """The captures with file, offset and length filled in; their records are on the disk when this returns.

        Raises ArchiveError (nothing of the batch is kept) if the folder can't be written or the disk is full.
        """
        if self._file is None or self._size >= self._rotate_bytes:
            self.close()
            self._begin()
        placed, members, end = [], [], self._size
        for capture, exchange in batch:
            response, *others = self._records(capture, exchange)
            placed.append(replace(capture, file=self._name, offset=end, length=len(response)))
            members += [response, *others]
            end += sum(map(len, (response, *others)))
        try:
            self._append(b"".join(members))
        except OSError as error:
            raise self._unwritable(error) from error
        return placed

    def close(self) -> None:
        """Finish the current file and give it its final name. Raises ArchiveError."""
        if self._file is None:
            return
        path = self._folder / self._name
        try:
            path.with_name(self._name + OPEN).rename(path)  # while it is locked, else a recovery might do the same
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            self._let_go()

    def _begin(self) -> None:
        """Open a file and write what stands at its top."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file, self._size = self._new_file(), 0
            fields = _lines(self._info.items()).encode()
            head = {"WARC-Date": _date(datetime.now(UTC)), "WARC-Filename": self._name, "Content-Type": "application/warc-fields"}
            self._append(self._record("warcinfo", self._name, head, fields))
            _sync_folder(self._folder)  # else the file itself, not only its tail, may be gone after a power cut
        except OSError as error:
            self._let_go()  # empty or whole: the next recovery finishes it
            raise self._unwritable(error) from error

    def _new_file(self) -> FileIO:
        """A file of our own, locked. Should a recovery have come first, it removed what it found empty: then another."""
        while True:
            self._serial += 1
            stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:-3]
            self._name = f"newscrawl-{stamp}-{self._serial:05d}-{socket.gethostname().split('.')[0]}-{os.getpid()}.warc.gz"
            file = FileIO(self._folder / (self._name + OPEN), "x")  # unbuffered: what a full disk refuses must not come again
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_nlink:
                return file
            file.close()

    def _append(self, data: bytes) -> None:
        """Write and sync all of it, or leave the file as it was."""
        assert self._file is not None
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError:
            self._cut_back()
            raise
        self._size += len(data)

    def _cut_back(self) -> None:
        """Undo a write that failed. A file that can't be cut is let go: a record behind a torn one would never be read."""
        assert self._file is not None
        try:
            self._file.truncate(self._size)
            self._file.seek(self._size)
        except OSError:
            self._let_go()

    def _let_go(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _unwritable(self, error: OSError) -> ArchiveError:
        return ArchiveError(f"{self._folder}: can't write WARC files: {error.strerror or error}; free space or name another --archive")

    def _records(self, capture: Capture, exchange: Exchange) -> list[bytes]:
        """The response record and the request record of an exchange, and what scripts made of the page if they were run."""
        shared = {"WARC-Date": _date(capture.time), "WARC-Target-URI": exchange.url}
        head = f"{exchange.protocol} {exchange.status} {exchange.reason}\r\n{_lines(exchange.headers)}\r\n"
        answer = {**shared, "WARC-Payload-Digest": capture.digest, "Content-Type": "application/http;msgtype=response"}
        target = exchange.url.partition("://")[2]
        path = target[target.find("/") :] if "/" in target else "/"
        asked = f"{exchange.method} {path} HTTP/1.1\r\n{_lines(exchange.request_headers)}\r\n"
        question = {**shared, "WARC-Concurrent-To": _urn(capture.id), "Content-Type": "application/http;msgtype=request"}
        records = [
            self._record("response", capture.id, answer, head.encode("latin-1", "replace") + exchange.payload),
            self._record("request", capture.id + "/request", question, asked.encode("latin-1", "replace")),
        ]
        if exchange.rendered:
            made = {**shared, "WARC-Refers-To": _urn(capture.id), "Content-Type": "text/html; charset=utf-8"}
            records.append(self._record("conversion", _rendered_name(capture), made, exchange.rendered))
        return records

    def _record(self, kind: str, name: str, fields: Mapping[str, str], block: bytes) -> bytes:
        """A record as a gzip member of its own; `name` is what its id is made of."""
        head = {"WARC-Type": kind, "WARC-Record-ID": _urn(name), **fields}
        head |= {"WARC-Block-Digest": payload_digest(block), "Content-Length": str(len(block))}
        squeeze = zlib.compressobj(self._compression, zlib.DEFLATED, 31)
        top = f"WARC/1.1\r\n{_lines(head.items())}\r\n"
        return squeeze.compress(top.encode() + block) + squeeze.compress(b"\r\n\r\n") + squeeze.flush()


def captured(exchange: Exchange, *, id: str, site: str, target: str) -> Capture:  # noqa: A002 - the field's name
    """The capture of an exchange, before the archive has placed it."""
    return Capture(
        id=id,
        site=site,
        target=target,
        url=exchange.url,
        time=exchange.time,
        status=exchange.status,
        content_type=exchange.header("Content-Type"),
        digest=payload_digest(exchange.payload),
        size=len(exchange.payload),
    )


def read_exchange(folder: Path, capture: Capture) -> Exchange:
    """The captured exchange. Raises ArchiveError if file or record is missing, torn, or not what was stored."""
    where = f"{folder / capture.file} at {capture.offset}"
    try:
        with _opened(folder / capture.file) as file:
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
    headers = tuple((name, value.removeprefix(" ")) for name, _, value in (line.partition(":") for line in lines))
    return Exchange(
        url=capture.url,
        time=capture.time,
        status=capture.status,
        headers=headers,
        payload=payload,
        protocol=protocol,
        reason=rest.partition(" ")[2],
    )


def read_capture(folder: Path, capture: Capture, *, limit: int = 64 << 20) -> StoredExchange:
    """What a browser would have got, its digest checked; at most `limit` bytes of body. Raises ArchiveError."""
    exchange = read_exchange(folder, capture)
    return StoredExchange(exchange.status, exchange.headers, content(exchange, limit))


def read_rendered(folder: Path, capture: Capture) -> bytes:
    """The page as its scripts left it, HTML in UTF-8; b"" if they were not run. Raises ArchiveError.

    It is a conversion record that refers to the response, and stands behind that one's request.
    """
    where = f"{folder / capture.file} behind {capture.offset}"
    try:
        with _opened(folder / capture.file) as file:
            file.seek(capture.offset + capture.length)
            _, position = _member(file, file.tell())
            record, _ = _member(file, position)
    except OSError as error:
        raise ArchiveError(f"{where}: can't be read: {error.strerror}; is --archive the folder of the crawl?") from error
    except zlib.error as error:
        raise ArchiveError(f"{where}: the record is damaged ({error})") from error
    head, _, block = record.partition(b"\r\n\r\n")
    return block.removesuffix(b"\r\n\r\n") if _urn(_rendered_name(capture)).encode() in head else b""


def _member(file: BinaryIO, position: int) -> tuple[bytes, int]:
    """The gzip member that begins at `position`, unpacked, and where the next one begins. At the file's end nothing does."""
    begin = file.seek(position)
    out, stream = bytearray(), zlib.decompressobj(31)
    while not stream.eof and (chunk := file.read(_CHUNK)):
        out += stream.decompress(chunk)
        position += len(chunk)
    if position > begin and not stream.eof:
        raise zlib.error("it ends too early")
    return bytes(out), position - len(stream.unused_data)


def _rendered_name(capture: Capture) -> str:
    return capture.id + "/rendered"


def _opened(path: Path) -> BinaryIO:
    """A WARC file by its final name, which it may not have yet, or get just now."""
    for place in (path, path.with_name(path.name + OPEN)):
        try:
            return place.open("rb")
        except FileNotFoundError:
            pass
    return path.open("rb")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lines(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{_UNDONE.get(name.lower(), name)}: {value}\r\n" for name, value in fields)


def _urn(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, name)}>"


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
