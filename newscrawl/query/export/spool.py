"""A SQLite file that an export fills, and that knows how far it has come: rows and mark are saved in one step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from newscrawl.errors import InputError
from newscrawl.query.export.work import SPOOL_ID, Mark, in_the_way

_STATE = "export_state"


class Spool:
    """The file, which nobody else can open meanwhile."""

    def __init__(self, path: Path, question: str, tables: str) -> None:
        """Go on with a file that was begun for the same question, else begin one.

        Raises InputError if it is being written, or if it is no export's.
        """
        self.path = path
        self.db = self._opened()
        mark = self._resumed(question)
        if is_new := mark is None:
            self._begin(question, tables)
        self.mark, self.is_new = mark or Mark(), is_new
        self.db.execute("BEGIN IMMEDIATE")

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        db.execute("PRAGMA locking_mode = EXCLUSIVE")  # as long as it is open, nobody else
        return db

    def _resumed(self, question: str) -> Mark | None:
        try:
            self.db.execute("BEGIN EXCLUSIVE")
            self._know()
            row = self.db.execute(f"SELECT question, mark FROM {_STATE}").fetchone()  # noqa: S608  # a constant
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                self.db.close()
                raise InputError(f"{self.path} is being written by another process") from None
            if error.sqlite_errorcode in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                self.db.close()
                raise in_the_way(self.path) from None
            return None  # a new file, or one that was whole but for its name
        self.db.execute("COMMIT")
        return msgspec.json.decode(row[1], type=Mark) if row and row[0] == question else None

    def _know(self) -> None:
        """Raises InputError unless the file is empty or was made here."""
        (tables,) = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (made_by,) = self.db.execute("PRAGMA application_id").fetchone()
        if tables and made_by != SPOOL_ID:
            self.db.close()
            raise in_the_way(self.path)

    def _begin(self, question: str, tables: str) -> None:
        self.db.close()
        for name in (self.path.name, self.path.name + "-journal"):
            self.path.with_name(name).unlink(missing_ok=True)
        self.db = self._opened()
        self.db.executescript(
            f"BEGIN; PRAGMA application_id = {SPOOL_ID}; {tables}; CREATE TABLE {_STATE}(question TEXT, mark TEXT); COMMIT"
        )
        self.db.execute(f"INSERT INTO {_STATE} VALUES (?, ?)", (question, self._encoded(Mark())))  # noqa: S608  # a constant

    def save(self, mark: Mark) -> None:
        """Make durable all that was written, with this mark."""
        self.db.execute(f"UPDATE {_STATE} SET mark = ?", (self._encoded(mark),))  # noqa: S608  # a constant
        self.db.execute("COMMIT")
        self.db.execute("BEGIN")
        self.mark = mark

    def rows(self, statement: str, parameters: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """What a statement finds, one row at a time."""
        yield from self.db.execute(statement, parameters)

    def forget_state(self) -> None:
        """Leave nothing in the file that is the export's own business."""
        self.db.execute(f"DROP TABLE {_STATE}")
        self.db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file. What was not saved is undone."""
        self.db.close()

    @staticmethod
    def _encoded(mark: Mark) -> str:
        return msgspec.json.encode(asdict(mark)).decode()
