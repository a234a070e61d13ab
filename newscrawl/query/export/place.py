"""Where an export may be written: never over what it is made of, or over another store."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

from newscrawl.errors import InputError

_BESIDE_OUT = ("", ".part", ".part.json", ".part.db")  # what an export writes
_LONGEST = max(_BESIDE_OUT, key=len)
_BESIDE_STORE = ("", "-wal", "-shm", "-journal")  # what SQLite writes
_SQLITE = b"SQLite format 3\0"


def allowed(out: Path, store: Path | None, archive: Path) -> Path:
    """The place that `out` names: if it is a symbolic link, where that leads. `store` is the store's file, if it has one.

    Raises InputError for what belongs to the archive or to another store, for a device, a pipe or a socket, and for what can't be a name.
    """
    _check_name(out)
    place = out.resolve() if out.is_symlink() else out
    if place.resolve().is_relative_to(archive.resolve()):
        raise InputError(f"{out} lies among the WARC files of {archive}: name a place outside")
    if store and any(_same(_beside(place, end), _beside(store, other)) for end in _BESIDE_OUT for other in _BESIDE_STORE):
        raise InputError(f"{out} would be written over the store {store}, which is read: name another file")
    if place.exists() and not place.is_dir() and not place.is_file():
        raise InputError(f"{out} is no file but a device, a pipe or a socket: use --out - for standard output, and direct that there")
    if place.is_file() and _is_store(place):
        raise InputError(f"{out} is a store of newscrawl, or may be one: name another file, or remove it first")
    return place


def _check_name(out: Path) -> None:
    if out.name in {"", ".."}:
        raise InputError(f"--out {out}: that is a folder: name a file or folder in it")
    try:
        _beside(out, _LONGEST).lstat()
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise InputError(f"{out}: this name is too long; what an export is begun in has {len(_LONGEST)} characters more") from None
        # What else is wrong is told where it is opened.
    if not out.parent.exists():
        raise InputError(f"{out}: there is no folder {out.parent}: make it first")


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _same(one: Path, other: Path) -> bool:
    """Whether they are one file, by whatever name, or would be."""
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def _is_store(path: Path) -> bool:
    """Also a SQLite file that can't be read: who knows what it was."""
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone())
    except sqlite3.Error:
        return True
