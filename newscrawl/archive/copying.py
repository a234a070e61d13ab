"""Taking somebody else's WARC file into our folder.

A copy, and not a pointer into the given file: that one may be on a disk that goes, it may be packed so that no record can be read alone,
and what is in the archive is verified, exported and taken down as a whole. A file that is sound is copied byte for byte; of any other
the records are kept as they are, each in a gzip member of its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive.elsewhere import is_there
from newscrawl.archive.records import gzip_member, record_bytes
from newscrawl.archive.scan import Scanned, Trouble, scan
from newscrawl.errors import ArchiveError, InputError

_STEM = re.compile(r"[^A-Za-z0-9._-]+")
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that was taken in."""

    file: str  # its name in the folder: the same for the same content
    records: int
    troubles: tuple[Scanned, ...]  # what of the given file could not be taken in, by its place there
    fresh: bool  # whether this call made it


def take_in(path: Path, folder: Path) -> Copied:
    """Copy a WARC file into `folder`, once.

    Raises InputError for a folder, and ArchiveError if it can't be read, holds no record, or there is no room.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a WARC file")
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such file")
    records, troubles, alone = 0, [], True
    for scanned in scan(path):
        records += scanned.record is not None
        alone = alone and scanned.alone
        if scanned.trouble is Trouble.JOINED:
            alone = False
        elif scanned.trouble:
            troubles.append(scanned)
    if not records:
        raise ArchiveError(f"{path}: no record of it can be read: {troubles[0].detail if troubles else 'it is empty'}")
    try:
        return _copied(path, folder, records, tuple(troubles), whole=alone and not troubles)
    except OSError as error:
        raise ArchiveError(f"{folder}: can't take in {path}: {error.strerror or error}; free space or name another --archive") from error


def _copied(path: Path, folder: Path, records: int, troubles: tuple[Scanned, ...], *, whole: bool) -> Copied:
    folder.mkdir(parents=True, exist_ok=True)
    stem = _STEM.sub("-", path.name.removesuffix(".gz").removesuffix(".warc"))[:80]
    name = f"import-{_digest(path)[:16]}-{stem}.warc.gz"
    if is_there(folder / name):
        return Copied(name, records, troubles, fresh=False)
    part = folder / f"{name}.part"
    with part.open("ab") as out:
        fcntl.flock(out, fcntl.LOCK_EX)  # two may be at it: the second waits, and finds the file made
        if (folder / name).exists():
            return Copied(name, records, troubles, fresh=False)
        out.truncate(0)
        if whole:
            with path.open("rb") as given:
                shutil.copyfileobj(given, out)
        else:
            out.writelines(gzip_member(record_bytes(one.record), _LEVEL) for one in scan(path) if one.record)
        out.flush()
        os.fsync(out.fileno())
        part.replace(folder / name)
    return Copied(name, records, troubles, fresh=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
