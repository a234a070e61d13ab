"""Taking over WARC files whose writer died: whole records stay, a torn tail is set aside, nothing is thrown away."""

from __future__ import annotations

import fcntl
import os
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newscrawl.archive.elsewhere import OPEN
from newscrawl.errors import ArchiveError

TORN = ".torn"
_CHUNK = 1 << 16  # bytes; zlib copies what is left of a chunk for every record in it


@dataclass(frozen=True, slots=True)
class Recovered:
    """A file that was taken over."""

    file: str  # its final name
    torn: int  # bytes of an unfinished record, moved to FILE.torn


def recover(folder: Path) -> list[Recovered]:
    """Finish every NAME.warc.gz.open that no living process holds. Raises ArchiveError if the folder can't be written."""
    try:
        return [done for path in sorted(folder.glob(f"*.warc.gz{OPEN}")) if (done := _finish(path)) is not None]
    except OSError as error:
        raise ArchiveError(f"{folder}: can't finish the WARC files of a run that died: {error.strerror or error}") from error


def _finish(path: Path) -> Recovered | None:
    """None if the file is no dead writer's: a living one, or another recovery, holds it or has just finished it."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        return _finish_locked(file, path) if path.exists() else None


def _finish_locked(file: BinaryIO, path: Path) -> Recovered:
    final = path.with_name(path.name.removesuffix(OPEN))
    torn = final.with_name(final.name + TORN)
    end, size = whole_end(path), os.fstat(file.fileno()).st_size
    if 0 < end < size:
        file.seek(end)
        with torn.open("wb") as tail:
            shutil.copyfileobj(file, tail)
            tail.flush()
            os.fsync(tail.fileno())  # before its only other copy goes
        file.truncate(end)
        os.fsync(file.fileno())
    if end:
        path.rename(final)
    elif size:
        path.rename(torn)
    else:
        path.unlink()
    return Recovered(final.name, size - end)


def whole_end(path: Path) -> int:
    """Where the last gzip member ends that is complete and whose checksum holds, in bytes from the start."""
    end, position = 0, 0
    member = zlib.decompressobj(31)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            position += len(chunk)
            while chunk:
                try:
                    member.decompress(chunk, _CHUNK)  # bounded: a member may be a bomb
                except zlib.error:
                    return end
                if member.eof:
                    chunk = member.unused_data
                    end = position - len(chunk)
                    member = zlib.decompressobj(31)
                else:
                    chunk = member.unconsumed_tail
    return end
