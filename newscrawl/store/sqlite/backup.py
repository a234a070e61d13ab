"""A copy of a store's file, made beside it before its tables are changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def copy_beside(db: sqlite3.Connection, step: str) -> Path | None:
    """Copy the file behind `db` as it is on disk, as FILE.before-STEP, which is returned; None if there is no file, or the copy is there.

    For a transaction of the caller's that has changed nothing yet: nobody else can write meanwhile. Raises sqlite3.Error or OSError
    if the copy can't be made, and leaves none behind.
    """
    path = Path(next(row[2] for row in db.execute("PRAGMA database_list")))
    if not path.name:
        return None
    copy, unfinished = path.with_name(f"{path.name}.before-{step}"), path.with_name(f"{path.name}.copying")
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
