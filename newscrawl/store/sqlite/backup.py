"""A copy of a store's file, made beside it before its tables are changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_BEFORE, _UNFINISHED = ".before-", ".copying"  # ends of their names


def file_of(db: sqlite3.Connection) -> Path:
    """The file behind a connection; without a name if there is none."""
    return Path(next(row[2] for row in db.execute("PRAGMA database_list")))


def copies(db: sqlite3.Connection) -> list[Path]:
    """What lies beside the file behind `db` of copies made here, also of unfinished ones."""
    path = file_of(db)
    if not path.name:
        return []
    return sorted(one for one in path.parent.iterdir() if one.name.startswith((path.name + _BEFORE, path.name + _UNFINISHED)))


def copy_beside(db: sqlite3.Connection, step: str) -> Path | None:
    """Copy the file behind `db` as it is on disk, as FILE.before-STEP, which is returned; None if there is no file, or the copy is there.

    For a transaction of the caller's that has changed nothing yet: nobody else can write meanwhile. Raises sqlite3.Error or OSError
    if the copy can't be made, and leaves none behind.
    """
    path = file_of(db)
    if not path.name:
        return None
    copy, unfinished = path.with_name(f"{path.name}{_BEFORE}{step}"), path.with_name(f"{path.name}{_UNFINISHED}")
    if copy.exists():
        return None
    unfinished.unlink(missing_ok=True)  # of a process that was killed
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
        unfinished.rename(copy)
    except (sqlite3.Error, OSError):
        unfinished.unlink(missing_ok=True)
        raise
    return copy
