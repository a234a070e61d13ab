"""A part of the archive as one WACZ file (version 1.1.1): records, index, list of pages, digests, for readers such as ReplayWeb.page.

Records are copied as they stand. Only a revisit record is packed anew, for its payload has another place now; what it refers to comes
along.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from newscrawl.archive.index import line_of
from newscrawl.archive.records import REFERS_TO_FILE, REFERS_TO_OFFSET, Record, gzip_member, parsed_record, record_bytes, warc_date
from newscrawl.archive.scan import Scanned
from newscrawl.archive.warc import read_member
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture

DATA = "data.warc.gz"
_LEVEL = 6
_LINES = 2_000  # of an index that are packed together
_UNCHANGED = 304  # an answer that a reader can't show


@dataclass(frozen=True, slots=True)
class PageOf:
    """A page that a reader lists."""

    url: str
    time: datetime  # of its capture
    title: str
    text: str = ""  # what a reader searches


@dataclass(slots=True)
class WaczWriter:
    """Collects captures of `folder`, then writes the file `path` at `close`; `drop` ends it in any case.

    Raises ArchiveError if another export has begun that file.
    """

    folder: Path
    path: Path
    _spool: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    _size: int = 0
    _lines: list[str] = field(default_factory=list)
    _places: dict[tuple[str, int], int] = field(default_factory=dict)  # of records: file and offset, and the offset here

    def __post_init__(self) -> None:
        if self._part.exists():
            self.drop()
            raise ArchiveError(f"{self._part} is there, perhaps from an export that was killed: remove it, or name another --out")

    @property
    def _part(self) -> Path:
        return self.path.with_name(self.path.name + ".part")

    def add(self, capture: Capture) -> None:
        """Take in what the archive holds of a capture, once. Raises ArchiveError; OSError if there is no room to gather it in."""
        self._take(capture.file, capture.offset)

    def _take(self, file: str, offset: int) -> int:
        """Where the answer at a place of the archive is here."""
        if (file, offset) in self._places:
            return self._places[file, offset]
        data, packed, end = read_member(self.folder, file, offset)
        record = parsed_record(data)
        if record.kind == "revisit" and (name := record.field(REFERS_TO_FILE)):
            there = self._take(name, int(record.field(REFERS_TO_OFFSET)))
            record = _referring(record, there)
            packed = gzip_member(record_bytes(record), _LEVEL)
        self._places[file, offset] = here = self._size
        line = line_of(Scanned(here, len(packed), record), DATA)
        if line and f'"status":"{_UNCHANGED}"' not in line:
            self._lines.append(line)
        self._put(packed)
        for other in self._belonging(file, end, record.field("WARC-Record-ID")):
            self._put(other)
        return here

    def _belonging(self, file: str, offset: int, identity: str) -> Iterator[bytes]:
        """The packed records behind an answer that name it: its request, what scripts made of it."""
        while True:
            data, packed, offset = read_member(self.folder, file, offset)
            if not data:
                return
            record = parsed_record(data)
            if not identity or identity not in (record.field("WARC-Concurrent-To"), record.field("WARC-Refers-To")):
                return
            if record.kind not in ("request", "conversion", "metadata"):
                return
            yield packed

    def _put(self, packed: bytes) -> None:
        self._spool.write(packed)
        self._size += len(packed)

    def close(self, pages: Iterable[PageOf], *, title: str, software: str, created: datetime) -> int:
        """Write the file, which appears under its name when it is whole; how many answers are in its index. Raises ArchiveError."""
        if not self._size:
            raise ArchiveError(f"{self.path}: nothing was chosen that is in the archive, so there is nothing to write")
        try:
            packed_file = zipfile.ZipFile(self._part, "x")  # never over what somebody else has begun meanwhile
        except OSError as error:
            raise ArchiveError(f"{self.path}: can't be written: {error.strerror or error}") from error
        try:
            with packed_file as packed:
                package = _Package(packed)
                package.add(f"archive/{DATA}", self._pieces())
                package.add_index(sorted(set(self._lines)))
                package.add("pages/pages.jsonl", _page_lines(pages), squeeze=True)
                package.close(title, software, created)
            self._part.replace(self.path)
        except OSError as error:
            raise ArchiveError(f"{self.path}: can't be written: {error.strerror or error}") from error
        finally:
            self._part.unlink(missing_ok=True)
        return len(self._lines)

    def drop(self) -> None:
        """Let go of what was gathered."""
        with suppress(OSError):  # what would not fit is not needed any more
            self._spool.close()

    def _pieces(self) -> Iterator[bytes]:
        self._spool.seek(0)
        while piece := self._spool.read(1 << 20):
            yield piece


def _referring(record: Record, offset: int) -> Record:
    """The same revisit record, its payload being in our one file."""
    moved = {REFERS_TO_FILE: DATA, REFERS_TO_OFFSET: str(offset)}
    return replace(record, fields=tuple((name, moved.get(name, value)) for name, value in record.fields))


def _page_lines(pages: Iterable[PageOf]) -> Iterator[bytes]:
    yield b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": true}\n'
    for page in pages:
        identity = hashlib.blake2b(f"{page.url} {page.time}".encode(), digest_size=12).hexdigest()
        line = {"id": identity, "url": page.url, "ts": _seconds(page.time), "title": page.title, "text": page.text}
        yield json.dumps(line, ensure_ascii=False).encode() + b"\n"


class _Package:
    """The ZIP file and the list of what is in it."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._resources: list[dict[str, Any]] = []

    def add(self, name: str, pieces: Iterable[bytes], *, squeeze: bool = False) -> None:
        """A file. WARC files and packed indexes are stored as they are, so that a reader can take parts of them."""
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self._packed.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        self._resources.append({"name": name.rpartition("/")[2], "path": name, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})

    def add_index(self, lines: list[str]) -> None:
        """The index in packed pieces, and an index of the pieces."""
        pieces, table, offset = [], ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'], 0
        for start in range(0, len(lines), _LINES):
            piece = gzip_member("".join(f"{line}\n" for line in lines[start : start + _LINES]).encode(), _LEVEL)
            digest = f"sha256:{hashlib.sha256(piece).hexdigest()}"
            place = {"offset": offset, "length": len(piece), "digest": digest, "filename": "index.cdx.gz"}
            table.append(f"{' '.join(lines[start].split(' ')[:2])} {json.dumps(place)}")
            pieces.append(piece)
            offset += len(piece)
        self.add("indexes/index.cdx.gz", pieces)
        self.add("indexes/index.idx", ["".join(f"{line}\n" for line in table).encode()], squeeze=True)

    def close(self, title: str, software: str, created: datetime) -> None:
        """What is in the file, and the digest of that."""
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": title,
            "software": software,
            "created": _seconds(created),
            "resources": self._resources,
        }
        text = json.dumps(package, ensure_ascii=False, indent=2).encode()
        self._packed.writestr("datapackage.json", text)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        self._packed.writestr("datapackage-digest.json", json.dumps(digest))


def _seconds(moment: datetime) -> str:
    return warc_date(moment)[:19] + "Z"
