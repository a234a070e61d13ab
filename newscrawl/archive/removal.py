"""Taking records out of WARC files without moving any other: each is written over by one of the same length that says nothing.

So every offset that store, index and revisit records hold stays right, and the file stays whole for every reader. What stands there
instead is a metadata record of blanks, stored unpacked, for only then its length can be chosen.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newscrawl.archive.elsewhere import OPEN, brought, opened
from newscrawl.archive.exchange import parsed_answer, payload_digest
from newscrawl.archive.records import Record, parsed_record, urn, warc_date
from newscrawl.archive.warc import read_member
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture

_NOTE = b"Taken down."
_BEGIN = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # a gzip header without name and time
_MAGIC = b"\x1f\x8b\x08"
_STORED = 65_535  # bytes that a stored block of deflate holds at most
_FOLLOWERS = frozenset({"request", "conversion", "metadata"})


@dataclass(frozen=True, slots=True)
class Removal:
    """What came of taking records out."""

    records: int  # that were written over
    troubles: tuple[str, ...] = ()  # captures whose records could not be found, by their places
    left: tuple[str, ...] = ()  # where else the article may stand, and what to do


def take_out(folder: Path, captures: Iterable[Capture], at: datetime) -> Removal:
    """Write over the records of captures, and those behind them that name them. May be repeated.

    Of what is lost or damaged it does what can be done. Raises ArchiveError if a file can't be written.
    """
    files: dict[str, list[Capture]] = {}
    for capture in captures:
        files.setdefault(capture.file, []).append(capture)
    came = Removal(0)
    for name, some in files.items():
        try:
            with brought(folder, name):
                came = _taken_out(folder, some, at, came)
        except OSError as error:
            raise ArchiveError(f"{folder / name}: can't be changed: {error.strerror or error}") from error
    return came


def _taken_out(folder: Path, captures: Iterable[Capture], at: datetime, before: Removal) -> Removal:
    """What has come of it by now, after these captures of one file."""
    count, troubles = before.records, [*before.troubles]
    for capture in captures:
        try:
            places = _places(folder, capture)
        except ArchiveError as error:
            troubles.append(f"{capture.url}: {error}")
            continue
        for offset, length in reversed(places):  # the answer last: until then the others are found by its id
            _write_over(folder, capture.file, offset, blank_member(length, f"{capture.id}/{offset}/taken-down", at))
        count += len(places)
    return Removal(count, tuple(troubles))


def _places(folder: Path, capture: Capture) -> list[tuple[int, int]]:
    """Offset and length of a capture's answer and of what belongs to it; none if it was taken out before.

    Raises ArchiveError if no answer is there, or another one.
    """
    try:
        data, _, end = read_member(folder, capture.file, capture.offset)
        record = parsed_record(data)
    except ArchiveError:
        if not _stands_alone(folder, capture):
            raise
        record, end = Record((("WARC-Record-ID", urn(capture.id)),), b""), capture.offset + capture.length
    else:
        if _is_blank(record):
            return []
        _check(record, capture)
    return [(capture.offset, end - capture.offset), *_followers(folder, capture.file, end, record.field("WARC-Record-ID"))]


def _check(record: Record, capture: Capture) -> None:
    """Raises ArchiveError if a record is not the capture's: in a file that was spliced it may be somebody else's."""
    said = record.field("WARC-Payload-Digest")
    if record.kind == "response":
        said = payload_digest(parsed_answer(record.block).payload)
    if said != capture.digest and record.field("WARC-Record-ID") != urn(capture.id):
        raise ArchiveError(f"{capture.file} at {capture.offset}: another record is there")


def _stands_alone(folder: Path, capture: Capture) -> bool:
    """Whether a damaged record still has its place to itself: a gzip member begins there, and another one, or nothing, behind it."""
    try:
        with opened(folder / capture.file) as file:
            file.seek(capture.offset)
            begin = file.read(len(_MAGIC))
            file.seek(capture.offset + capture.length)
            behind = file.read(len(_MAGIC))
            size = file.seek(0, os.SEEK_END)
    except OSError:
        return False
    return begin == _MAGIC and behind in (_MAGIC, b"") and size >= capture.offset + capture.length


def _followers(folder: Path, name: str, end: int, identity: str) -> Iterator[tuple[int, int]]:
    """Offset and length of the records behind an answer that name it, up to what is no record."""
    while True:
        offset = end
        try:
            data, _, end = read_member(folder, name, offset)
            other = parsed_record(data) if data else Record((), b"")
        except ArchiveError:
            return
        names = (other.field("WARC-Concurrent-To"), other.field("WARC-Refers-To"))
        if other.kind not in _FOLLOWERS or not (_is_blank(other) or (identity and identity in names)):
            return
        if not _is_blank(other):
            yield offset, end - offset


def _is_blank(record: Record) -> bool:
    return record.kind == "metadata" and record.block.startswith(_NOTE) and not record.block[len(_NOTE) :].strip()


def blank_member(length: int, name: str, at: datetime) -> bytes:
    """A gzip member of exactly `length` bytes with a record that says nothing. Raises ArchiveError if none is that short."""
    blocks = max(1, -(-(length - len(_BEGIN) - 8) // (_STORED + 5)))
    size = length - len(_BEGIN) - 8 - 5 * blocks
    head = f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {urn(name)}\r\nWARC-Date: {warc_date(at)}\r\nContent-Type: text/plain\r\n"
    room = size - len(head) - len("Content-Length: \r\n\r\n\r\n\r\n")  # for the block and the digits of its length
    block = room - len(str(room))
    pad = room - block - len(str(block))  # a leading zero, where the length has a digit less than the room
    if block < len(_NOTE):
        raise ArchiveError(f"a record of {length} bytes is too short to be written over by one that says nothing")
    record = f"{head}Content-Length: {'0' * pad}{block}\r\n\r\n".encode() + _NOTE.ljust(block) + b"\r\n\r\n"
    out = bytearray(_BEGIN)
    for number in range(1, blocks + 1):  # the last may be empty
        piece = record[(number - 1) * _STORED : number * _STORED]
        out += bytes([number == blocks]) + len(piece).to_bytes(2, "little") + (len(piece) ^ 0xFFFF).to_bytes(2, "little") + piece
    return bytes(out) + zlib.crc32(record).to_bytes(4, "little") + size.to_bytes(4, "little")


def _write_over(folder: Path, name: str, offset: int, data: bytes) -> None:
    path = folder / name
    path = path if path.exists() else path.with_name(name + OPEN)
    try:
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ArchiveError(f"{path}: can't be written: {error.strerror or error}") from error
