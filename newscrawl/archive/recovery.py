"""Taking over WARC files whose writer died: whole records stay, a torn tail is set aside, nothing is thrown away."""

from __future__ import annotations

import fcntl
import zlib
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive.warc import OPEN
from newscrawl.errors import ArchiveError

TORN = ".torn"
_CHUNK = 1 << 20


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
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        final = path.with_name(path.name.removesuffix(OPEN))
        end = whole_end(path)
        file.seek(end)
        tail = file.read()
        if tail:
            final.with_name(final.name + TORN).write_bytes(tail)
            file.truncate(end)
        if end:
            path.rename(final)
        else:
            path.unlink()
        return Recovered(final.name, len(tail))


def whole_end(path: Path) -> int:
    """Where the last gzip member ends that is complete and whose checksum holds, in bytes from the start."""
    end, position = 0, 0
    member = zlib.decompressobj(31)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            position += len(chunk)
            while chunk:
                try:
                    while chunk and not member.eof:
                        member.decompress(chunk, _CHUNK)  # bounded: a member may be a bomb
                        chunk = member.unconsumed_tail or member.unused_data
                        if member.eof:
                            break
                except zlib.error:
                    return end
                if member.eof:
                    chunk = member.unused_data
                    end = position - len(chunk)
                    member = zlib.decompressobj(31)
    return end
