"""The CDXJ index of a folder of WARC files: made from them, made anew whenever it is lost, looked things up in by binary search.

One line an answer: SURT key, time, and a JSON object with what pywb and others read. Lines are in byte order. Each WARC file has lines of
its own in `cdxj/`, so that only new files are read; `index.cdxj` is all of them merged.
"""

from __future__ import annotations

import heapq
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec

from newscrawl.archive.elsewhere import address_of, entries
from newscrawl.archive.exchange import parsed_answer
from newscrawl.archive.records import Record
from newscrawl.archive.scan import Scanned, scan
from newscrawl.archive.surt import surt_key
from newscrawl.errors import ArchiveError

NAME, PARTS = "index.cdxj", "cdxj"
_ANSWERS = frozenset({"response", "revisit"})


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a line says of an answer. All values are text, as in other people's indexes."""

    url: str
    mime: str
    status: str
    digest: str
    length: str
    offset: str
    filename: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an index."""

    key: str
    timestamp: str  # 14 digits, UTC
    entry: Entry


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an indexing came to."""

    files: int  # WARC files in the folder that are finished
    read: int  # of them, those that were read for it
    lines: int
    troubles: int  # places that could not be read; `newscrawl archive verify` names them


def line_of(scanned: Scanned, file: str) -> str | None:
    """The line of an answer, without newline; None for other records, and for those that can't be read alone."""
    record = scanned.record
    if record is None or record.kind not in _ANSWERS or not scanned.alone:
        return None
    try:
        answer = parsed_answer(record.block)
    except ArchiveError:
        return None
    mime = answer.header("Content-Type").partition(";")[0].strip().lower() or "unk"
    entry = Entry(
        url=record.url,
        mime="warc/revisit" if record.kind == "revisit" else mime,
        status=str(answer.status),
        digest=record.field("WARC-Payload-Digest"),
        length=str(scanned.length),
        offset=str(scanned.offset),
        filename=file,
    )
    return written_line(record.url, timestamp_of(record), entry)


def written_line(url: str, timestamp: str, entry: Entry) -> str:
    """A line without newline."""
    key = surt_key(url).replace(" ", "%20").replace("\n", "%0A")
    return f"{key} {timestamp} {msgspec.json.encode(entry).decode()}"


def timestamp_of(record: Record) -> str:
    """The WARC-Date as 14 digits."""
    return "".join(character for character in record.field("WARC-Date") if character.isdigit())[:14].ljust(14, "0")


def parsed_line(text: str) -> Line:
    """The line that a text is. Raises ArchiveError."""
    key, _, rest = text.partition(" ")
    timestamp, _, fields = rest.partition(" ")
    try:
        return Line(key, timestamp, msgspec.json.decode(fields, type=Entry))
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ArchiveError(f"no line of an index: {text[:80]!r} ({error}); `newscrawl archive index --rebuild` makes it anew") from None


def index_folder(folder: Path, *, rebuild: bool = False, heard: Callable[[str], None] = lambda _: None) -> Indexed:
    """Bring the index of a folder up to date. `heard` is told the name of each WARC file that is read.

    Files that a crawl is still writing are left for the next time. Raises ArchiveError.
    """
    if not folder.is_dir() and not address_of(folder):
        raise ArchiveError(f"{folder}: there is no such folder; is --archive the folder of the crawl?")
    try:
        return _index(folder, rebuild=rebuild, heard=heard)
    except OSError as error:
        raise ArchiveError(f"{error.filename or folder}: the index can't be written: {error.strerror or error}") from error


def _index(folder: Path, *, rebuild: bool, heard: Callable[[str], None]) -> Indexed:
    parts = folder / PARTS
    parts.mkdir(parents=True, exist_ok=True)
    files = dict(sorted(entries(folder).items()))
    for stale in {path.name for path in parts.glob("*.cdxj")} - {f"{name}.cdxj" for name in files}:
        (parts / stale).unlink()
    read = troubles = 0
    for name, entry in files.items():
        part = parts / f"{name}.cdxj"
        if rebuild or not part.exists() or part.stat().st_mtime_ns < entry.changed:
            heard(name)
            troubles += _index_file(folder / name, part, entry.changed)
            read += 1
    return Indexed(len(files), read, _merge(folder, [parts / f"{name}.cdxj" for name in files]), troubles)


def _index_file(path: Path, part: Path, changed: int) -> int:
    """Write the lines of one file; how many places of it could not be read."""
    lines, troubles = [], 0
    for scanned in scan(path):
        troubles += scanned.trouble is not None
        if line := line_of(scanned, path.name):
            lines.append(line.encode("utf-8", "replace"))
    _write(part, iter(sorted(lines)))
    if changed:
        os.utime(part, ns=(changed, changed))
    return troubles


def _merge(folder: Path, parts: list[Path]) -> int:
    """Merge sorted parts; how many lines there are."""
    count = 0

    def counted(lines: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal count
        for line in lines:
            count += 1
            yield line.rstrip(b"\n")

    with ExitStack() as stack:
        _write(folder / NAME, counted(heapq.merge(*(stack.enter_context(part.open("rb")) for part in parts))))
    return count


def _write(path: Path, lines: Iterator[bytes]) -> None:
    """A file that appears under its name when it is whole."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")  # two may be at it
    with fresh.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


class Index:
    """An index that is looked things up in. Raises ArchiveError if there is none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def find(self, url: str) -> list[Line]:
        """The captures of an address, oldest first."""
        return list(self._beginning_with(surt_key(url).replace(" ", "%20") + " "))

    def lines(self) -> Iterator[Line]:
        """All lines."""
        yield from self._beginning_with("")

    def _beginning_with(self, beginning: str) -> Iterator[Line]:
        wanted = beginning.encode()
        try:
            with self._path.open("rb") as file:
                if not os.fstat(file.fileno()).st_size:
                    return
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    at = first_line(data, wanted)
                    while at < len(data) and data[at : at + len(wanted)] == wanted:
                        end = data.find(b"\n", at)
                        end = end if end >= 0 else len(data)
                        yield parsed_line(data[at:end].decode("utf-8", "replace"))
                        at = end + 1
        except OSError as error:
            raise ArchiveError(f"{self._path}: can't be read: {error.strerror}; `newscrawl archive index` makes it") from error


def first_line(data: mmap.mmap, wanted: bytes) -> int:
    """Where the first line begins that is not before `wanted`, in lines that are in order."""
    low, high = 0, len(data)
    while low < high:
        middle = (low + high) // 2
        begin = data.rfind(b"\n", low, middle) + 1 or low
        end = data.find(b"\n", middle)
        end = end if end >= 0 else len(data)
        if data[begin:end] < wanted:
            low = end + 1
        else:
            high = begin
    return low
