"""Reading WARC files from end to end, whoever wrote them and however they are damaged: every record, and every trouble, by its place.

Readers in use give back a torn last record as if it were whole, and stop at the first damage; here both are told, and what follows is read.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BufferedIOBase
from pathlib import Path

from newscrawl.archive.elsewhere import opened
from newscrawl.archive.records import Record, parsed_record
from newscrawl.errors import ArchiveError

LARGEST = 128 << 20  # bytes of a record that are held in memory; larger ones are passed over
_CHUNK = 1 << 16
_LONGEST_SHORT = 48 << 20  # bytes of a member that is looked at whole: several times what a crawl keeps of a page
_GZIP = b"\x1f\x8b\x08"
_WARC = b"WARC/"
_HEAD = 1 << 20  # bytes in which the head of a record must end


class Trouble(StrEnum):
    """What is wrong with a place in a file."""

    TORN = "torn"  # the file ends inside a record
    DAMAGED = "damaged"  # can't be unpacked, or is no record
    FOREIGN = "foreign"  # no WARC file at all
    TOO_LARGE = "too-large"
    JOINED = "joined"  # several records in one gzip member, or none packed: they can't be read alone


@dataclass(frozen=True, slots=True)
class Scanned:
    """A place in a file: a record, or what is wrong there."""

    offset: int  # of the gzip member, or of the record in a file that is not packed
    length: int  # bytes in the file; for records that are not alone in their member, those of the member so far
    record: Record | None = None
    alone: bool = True  # whether the record has a gzip member of its own
    trouble: Trouble | None = None
    detail: str = ""


def scan(path: Path) -> Iterator[Scanned]:
    """Everything in a file, in order. Raises ArchiveError only if it can't be opened or read at all."""
    try:
        with opened(path, whole=True) as file:
            begin = file.read(_CHUNK)
            if not begin:
                yield Scanned(0, 0, trouble=Trouble.FOREIGN, detail="the file is empty")
            elif begin.startswith(_GZIP[:2]):
                yield from _packed(file, file.seek(0, os.SEEK_END))
            elif begin.startswith(_WARC):
                yield Scanned(0, 0, trouble=Trouble.JOINED, detail="the file is not packed")
                yield from _plain(file)
            else:
                yield Scanned(0, 0, trouble=Trouble.FOREIGN, detail=_foreign(begin))
    except OSError as error:
        raise ArchiveError(f"{path}: can't be read: {error.strerror or error}") from error


def _foreign(begin: bytes) -> str:
    if begin.startswith(b"filedesc://"):
        return "an ARC file; `warcio recompress` makes a WARC file of it"
    return f"no WARC record begins here, but {begin[:20]!r}"


def _packed(file: BufferedIOBase, size: int) -> Iterator[Scanned]:
    """The records of a file of gzip members."""
    offset, found = 0, False
    while offset < size:
        member = _Member(file, offset)
        records = list(member.records()) if member.is_short else member.records()
        if isinstance(records, list) and len(records) == 2 and not member.end:
            records = records[1:]  # the only record of a member whose checksum is wrong, or missing: nobody knows what it was
        several = not isinstance(records, list) or len([one for one in records if one.record]) > 1
        for number, scanned in enumerate(records):
            if number == 0 and several and scanned.record:
                yield Scanned(offset, 0, trouble=Trouble.JOINED, detail="several records in one gzip member")
            found = found or scanned.record is not None
            yield Scanned(offset, member.read_to - offset, scanned.record, not several, scanned.trouble, scanned.detail)
        if member.end:
            offset = member.end
            continue
        again = _next_member(file, offset + 1)
        if not found and again == size:
            yield Scanned(0, size, trouble=Trouble.FOREIGN, detail="nothing in it is a WARC record")
        offset = again


class _Member:
    """A gzip member, unpacked piece by piece."""

    def __init__(self, file: BufferedIOBase, offset: int) -> None:
        self._file, self._offset = file, offset
        self.end = 0  # where the next one begins; 0 as long as, or if, this one is not known to be whole
        self.read_to = offset
        self._first = bytearray()
        self._pieces = self._unpacked()
        self._failure: tuple[Trouble, str] | None = None
        for piece in self._pieces:
            self._first += piece
            if len(self._first) > _LONGEST_SHORT:
                break
        self.is_short = self.end > 0 or self._failure is not None  # all of it has been unpacked

    def _unpacked(self) -> Iterator[bytes]:
        stream, position = zlib.decompressobj(31), self._offset
        while not stream.eof:
            self._file.seek(position)
            chunk = self._file.read(_CHUNK)
            if not chunk:
                self._failure = (Trouble.TORN, "the file ends inside a gzip member")
                return
            position += len(chunk)
            while chunk and not stream.eof:
                try:
                    piece = stream.decompress(chunk, _CHUNK * 4)
                except zlib.error as error:
                    self._failure = (Trouble.DAMAGED, f"can't be unpacked: {error}")
                    return
                chunk = stream.unconsumed_tail
                self.read_to = position - len(chunk)
                if stream.eof:
                    self.end = self.read_to = position - len(stream.unused_data)
                yield piece

    def records(self) -> Iterator[Scanned]:
        """What it holds, and at last what was wrong with it."""

        def pieces() -> Iterator[bytes]:
            yield bytes(self._first)
            yield from self._pieces

        for one in _split(pieces(), cut_is_told=False):
            if self._failure is None or one.trouble is None:  # else the failure of the member explains it
                yield one
        if self._failure:
            yield Scanned(0, 0, trouble=self._failure[0], detail=self._failure[1])


def _next_member(file: BufferedIOBase, start: int) -> int:
    """Where the next gzip member begins that holds a WARC record, or the size of the file."""
    position, tail = start, b""
    while True:
        file.seek(position)
        chunk = file.read(_CHUNK)
        if not chunk:
            return position
        data, base = tail + chunk, position - len(tail)
        at = data.find(_GZIP)
        while at >= 0:
            if _begins_record(file, base + at):
                return base + at
            at = data.find(_GZIP, at + 1)
        tail, position = data[-2:], position + len(chunk)


def _begins_record(file: BufferedIOBase, offset: int) -> bool:
    file.seek(offset)
    try:
        return zlib.decompressobj(31).decompress(file.read(4096), len(_WARC)) == _WARC
    except zlib.error:
        return False


def _plain(file: BufferedIOBase) -> Iterator[Scanned]:
    """The records of a file that is not packed."""
    file.seek(0)
    yield from _split(iter(lambda: file.read(_CHUNK), b""), cut_is_told=True)


def _split(pieces: Iterator[bytes], *, cut_is_told: bool) -> Generator[Scanned, None, None]:
    """The records in a stream of bytes. `cut_is_told`: as torn, for nothing else will tell that the stream ended too early."""
    buffer, place = bytearray(), 0
    stream = _Buffered(pieces, buffer)
    while stream.fill(1):
        blank = len(buffer) - len(buffer.lstrip(b"\r\n"))
        if blank:
            del buffer[:blank]
            place += blank
            continue
        size, why = _size(stream)
        if why:
            yield Scanned(place, 0, trouble=Trouble.TORN if stream.ended and buffer.startswith(_WARC) else Trouble.DAMAGED, detail=why)
            place += stream.skip_to_record()
            continue
        if size > LARGEST:
            yield Scanned(place, size, trouble=Trouble.TOO_LARGE, detail=f"a record of {size} bytes")
            place += stream.skip(size)
            continue
        if not stream.fill(size):
            missing = f"a record ends {size - len(buffer)} bytes too early"
            yield Scanned(place, len(buffer), trouble=Trouble.TORN if cut_is_told else Trouble.DAMAGED, detail=missing)
            return
        yield Scanned(place, size, parsed_record(bytes(buffer[:size])))
        del buffer[:size]
        place += size


def _size(stream: _Buffered) -> tuple[int, str]:
    """Bytes of the record that begins here, without the empty lines behind it; or why there is none."""
    buffer = stream.buffer
    if not (stream.fill(len(_WARC)) and buffer.startswith(_WARC)):
        return 0, _foreign(bytes(buffer[:20]))
    while (end := buffer.find(b"\r\n\r\n")) < 0:
        if len(buffer) > _HEAD or not stream.fill(len(buffer) + 1):
            return 0, "the head of a record does not end"
    length = _content_length(bytes(buffer[:end]))
    return (end + 4 + length, "") if length >= 0 else (0, "a record without a length")


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return -1


class _Buffered:
    """A stream of bytes of which the beginning can be looked at."""

    def __init__(self, pieces: Iterator[bytes], buffer: bytearray) -> None:
        self._pieces, self.buffer, self.ended = pieces, buffer, False

    def fill(self, size: int) -> bool:
        """Whether the buffer holds that much, after reading as far as it takes."""
        while len(self.buffer) < size and not self.ended:
            piece = next(self._pieces, None)
            if piece is None:
                self.ended = True
            else:
                self.buffer += piece
        return len(self.buffer) >= size

    def skip(self, size: int) -> int:
        """Pass over bytes; how many there were."""
        passed = 0
        while passed < size and self.fill(1):
            step = min(size - passed, len(self.buffer))
            del self.buffer[:step]
            passed += step
        return passed

    def skip_to_record(self) -> int:
        """Pass over everything up to the next line that begins a record; how many bytes."""
        passed = 0
        self.fill(_CHUNK)
        while (at := self.buffer.find(b"\nWARC/1.")) < 0:
            step = max(len(self.buffer) - 8, 0)
            passed += self.skip(step)
            if not self.fill(len(self.buffer) + 1):
                return passed + self.skip(len(self.buffer))
        return passed + self.skip(at + 1)
