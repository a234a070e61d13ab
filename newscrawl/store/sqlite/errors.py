"""What SQLite's errors mean to whoever runs the crawler."""

from __future__ import annotations

import sqlite3

BUSY_SECONDS = 30.0  # how long to wait for another process that writes

# By the beginning of the error's name.
_REASONS = {
    "SQLITE_FULL": "the disk is full: make room, then run the same command again",
    "SQLITE_READONLY": "it can't be written to: check who owns the file and its folder",
    "SQLITE_CANTOPEN": "it can't be opened: check that its folder may be read and written",
    "SQLITE_BUSY": f"another process has been writing to it for {BUSY_SECONDS:.0f} s: wait for it to end, then run again",
    "SQLITE_CORRUPT": "the file is damaged: restore a copy, or name another --store and read the captures again",
    "SQLITE_NOTADB": "this is no SQLite file: name another --store",
    "SQLITE_IOERR": "the disk could not be read or written: check it and the space left",
}


def reason(error: sqlite3.Error) -> str:
    """What went wrong and what to do."""
    name = getattr(error, "sqlite_errorname", "")  # absent when the sqlite3 module itself complains
    return next((reason for beginning, reason in _REASONS.items() if name.startswith(beginning)), f"SQLite says: {error}")
