"""WARC 1.1 files: one gzip member a record, so that each can be read alone; written, synced, found again.

A file is called NAME.warc.gz.open while its writer lives; `archive.recovery` takes over what a dead one left.
"""

from __future__ import annotations

import fcntl
import os
import socket
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BufferedIOBase, FileIO
from pathlib import Path
from types import MappingProxyType

from newscrawl.archive.elsewhere import OPEN, check, is_there, opened
from newscrawl.archive.exchange import Exchange, Headers, content, parsed_answer, payload_digest
from newscrawl.archive.records import (
    REFERS_TO_FILE,
    REFERS_TO_OFFSET,
    Record,
    exchange_records,
    parsed_record,
    record_member,
    rendered_name,
    urn,
    warc_date,
    written_lines,
)
from newscrawl.archive.sending import Sender
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture

_CHUNK = 1 << 14  # bytes read at a time: as many as most records have
LEAST_REPEATED = 600  # bytes of a payload from which on a revisit record is smaller than the payload once more


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """What the archive gives back of a capture."""

    status: int
    headers: Headers
    body: bytes  # content encodings undone


class WarcWriter:
    """Appends exchanges to files of its own in `folder`; not shared between processes.

    Raises ConfigError or ArchiveError if the folder stands before one elsewhere that can't be reached.
    `info` goes into the warcinfo record of every file. Files are closed and a new one begun at `rotate_bytes`.
    """

    def __init__(self, folder: Path, *, rotate_bytes: int, compression: int, info: Mapping[str, str]) -> None:
        self._folder, self._rotate_bytes, self._compression, self._info = folder, rotate_bytes, compression, info
        self._file: FileIO | None = None
        self._name, self._size, self._serial = "", 0, 0
        self._seen: set[str] = set()  # names of files that are known to be in the folder
        self._sender = Sender(folder)
        check(folder)

    def write(self, batch: Sequence[tuple[Capture, Exchange]], stored: Mapping[str, Capture] = MappingProxyType({})) -> list[Capture]:
        """The captures with file, offset and length filled in; their records are on the disk when this returns.

        `stored` are captures by the digest of a payload that is in the archive: what brings it once more becomes a revisit record.
        Raises ArchiveError (nothing of the batch is kept) if the folder can't be written or the disk is full.
        """
        if self._file is None or self._size >= self._rotate_bytes:
            self._finish()
            self._begin()
        placed, members, end = [], [], self._size
        originals = {digest: capture for digest, capture in stored.items() if self._holds(capture.file)}
        for capture, exchange in batch:
            original = originals.get(capture.digest) if may_repeat(capture) else None
            answer, *others = exchange_records(capture, exchange, self._compression, original=original)
            refers_to = original.id if original else ""
            placed.append(replace(capture, file=self._name, offset=end, length=len(answer), refers_to=refers_to))
            if original is None:
                originals[capture.digest] = placed[-1]
            members += [answer, *others]
            end += sum(map(len, (answer, *others)))
        try:
            self._append(b"".join(members))
        except OSError as error:
            raise self._unwritable(error) from error
        return placed

    def close(self) -> None:
        """Finish the current file, and have it where it belongs if that is elsewhere. Raises ArchiveError."""
        self._finish()
        self._sender.finish()

    def _finish(self) -> None:
        """Give the current file its final name."""
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
            fields = written_lines(self._info.items()).encode()
            head = {"WARC-Date": warc_date(datetime.now(UTC)), "WARC-Filename": self._name, "Content-Type": "application/warc-fields"}
            self._append(record_member("warcinfo", self._name, head, fields, self._compression))
            self._sender.begin()  # what was finished before
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
            if (self._folder / self._name).exists():  # of another writer of ours, in the same millisecond
                continue
            file = FileIO(self._folder / (self._name + OPEN), "x")  # unbuffered: what a full disk refuses must not come again
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_nlink:
                return file
            file.close()

    def _holds(self, name: str) -> bool:
        """Whether the folder has this file: a store may remember captures of another one."""
        if name not in self._seen and is_there(self._folder / name):
            self._seen.add(name)
        return name in self._seen

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


def may_repeat(capture: Capture) -> bool:
    """Whether it is worth looking for an earlier capture of the same payload."""
    return capture.size >= LEAST_REPEATED


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
    """The captured exchange. Raises ArchiveError if file or record is missing, torn, taken down, or not what was stored."""
    where = f"{folder / capture.file} at {capture.offset}"
    record = read_record(folder, capture.file, capture.offset)
    try:
        answer = parsed_answer(record.block)
        payload = answer.payload
        if record.kind == "revisit":
            payload = parsed_answer(_original(folder, record).block).payload
    except ArchiveError as error:
        raise ArchiveError(f"{where}: {error}") from error
    if payload_digest(payload) != capture.digest:
        raise ArchiveError(f"{where}: the payload is not what was stored: its digest differs")
    return replace(answer, url=capture.url, time=capture.time, status=capture.status, payload=payload)


def _original(folder: Path, revisit: Record) -> Record:
    """The record that holds the payload of a revisit record."""
    name, offset = revisit.field(REFERS_TO_FILE), revisit.field(REFERS_TO_OFFSET)
    if not (name and offset.isdigit()) or "/" in name:
        raise ArchiveError("a revisit record that does not tell where its payload is")
    return read_record(folder, name, int(offset))


def read_record(folder: Path, name: str, offset: int) -> Record:
    """The record in the gzip member that begins there. Raises ArchiveError."""
    data, _, _ = read_member(folder, name, offset)
    try:
        return parsed_record(data)
    except ArchiveError as error:
        raise ArchiveError(f"{folder / name} at {offset}: the record is damaged ({error})") from error


def read_member(folder: Path, name: str, offset: int) -> tuple[bytes, bytes, int]:
    """The gzip member that begins there: unpacked, as it stands, and where the next begins. Empty at the end. Raises ArchiveError."""
    where = f"{folder / name} at {offset}"
    try:
        with opened(folder / name) as file:
            data, packed = _member(file, offset)
    except OSError as error:
        raise ArchiveError(f"{where}: can't be read: {error.strerror}; is --archive the folder of the crawl?") from error
    except zlib.error as error:
        raise ArchiveError(f"{where}: the record is damaged ({error})") from error
    return data, packed, offset + len(packed)


def read_capture(folder: Path, capture: Capture, *, limit: int = 64 << 20) -> StoredExchange:
    """What a browser would have got, its digest checked; at most `limit` bytes of body. Raises ArchiveError."""
    exchange = read_exchange(folder, capture)
    return StoredExchange(exchange.status, exchange.headers, content(exchange, limit))


def read_rendered(folder: Path, capture: Capture) -> bytes:
    """The page as its scripts left it, HTML in UTF-8; b"" if they were not run. Raises ArchiveError.

    It is a conversion record that refers to the response, and stands behind that one's request.
    """
    _, _, request = read_member(folder, capture.file, capture.offset + capture.length)
    data, _, _ = read_member(folder, capture.file, request)
    record = parsed_record(data) if data else Record((), b"")
    return record.block if record.field("WARC-Record-ID") == urn(rendered_name(capture)) else b""


def _member(file: BufferedIOBase, position: int) -> tuple[bytes, bytes]:
    """The gzip member that begins at `position`, unpacked and as it stands. At the file's end nothing does."""
    file.seek(position)
    out, packed, stream = bytearray(), bytearray(), zlib.decompressobj(31)
    while not stream.eof and (chunk := file.read(_CHUNK)):
        out += stream.decompress(chunk)
        packed += chunk
    if packed and not stream.eof:
        raise zlib.error("it ends too early")
    return bytes(out), bytes(packed[: len(packed) - len(stream.unused_data)])


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
