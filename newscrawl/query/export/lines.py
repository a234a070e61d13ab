"""JSON Lines and CSV."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import msgspec

from newscrawl.errors import InputError
from newscrawl.models import Article
from newscrawl.query.export.work import Mark, in_the_way, new_file
from newscrawl.query.tables import ARTICLES

# What makes a formula of a cell to some spreadsheet: = + - @ also at full width, as Excel of East Asia takes them, and as small forms; the
# minus sign. Before them, space and control characters are passed over by some. A cell that begins with a tab or a line break is one too.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫\u2212])")


def as_json(article: Article) -> str:
    """The article on one line of JSON with all its fields, times in ISO 8601."""
    return msgspec.json.encode(article).decode()


def safe_cell(text: str) -> str:
    """The text as no spreadsheet takes it for a formula: with an apostrophe before what might be one. `plain_cell` undoes it."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(cell: str) -> str:
    """What `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def csv_row(cells: Sequence[str], separator: str = ",") -> str:
    """A line of CSV. Every cell is quoted, so that programs that also divide at semicolons or tabs don't divide a text."""
    line = io.StringIO()
    csv.writer(line, delimiter=separator, quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()


def as_csv(article: Article, separator: str = ",") -> str:
    """The columns of `tables.ARTICLES` as a line of CSV. Lists are divided by "; "."""
    return "".join(csv_row([safe_cell(written(value)) for value in row], separator) for row in ARTICLES.rows(article))


def written(value: Any) -> str:
    """A value of a row as text: times in ISO 8601, UTC."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class LineForm:
    """How articles become lines."""

    line: Callable[[Article], str]
    header: str = ""
    end: str = ""  # of a line, where it has none


JSONL = LineForm(as_json, end="\n")


def csv_form(separator: str = ",", *, bom: bool = False) -> LineForm:
    """CSV whose cells stand between these; `bom`: begin with a byte order mark."""
    return LineForm(partial(as_csv, separator=separator), "\ufeff" * bom + csv_row(ARTICLES.names, separator))


class StreamWriter:
    """Writes to what can't be taken up again, such as standard output."""

    def __init__(self, out: TextIO, form: LineForm) -> None:
        """Begins with the header."""
        self.mark = Mark()
        self._out, self._form = out, form
        out.write(form.header)

    async def add(self, articles: Sequence[Article]) -> None:
        """As Writer.add."""
        self._out.writelines(self._form.line(article) + self._form.end for article in articles)

    def save(self, mark: Mark) -> None:
        """Nothing can be promised."""

    def finish(self, heard: Callable[[int], None]) -> None:  # noqa: ARG002 - as Writer
        """All was said."""
        self._out.flush()

    def close(self) -> None:
        """The stream is somebody else's."""


@dataclass(frozen=True, slots=True)
class _Saved:
    """How far a file is whole."""

    question: str
    size: int  # bytes
    mark: Mark


class FileWriter:
    """Writes `out` + ".part", and beside it how far that is whole: the question, the mark, and the size in bytes."""

    def __init__(self, out: Path, form: LineForm, question: str) -> None:
        """Goes on with a file that was begun for the same question.

        Raises InputError if another process is writing it, or if it is no export's.
        """
        self.mark = Mark()
        self._path, self._part, self._state = out, new_file(out), out.with_name(out.name + ".part.json")
        self._question, self._form = question, form
        self._file = self._part.open("ab")
        try:
            self._lock()
            self._file.truncate(size := self._resumed())
            self._file.seek(size)
        except BaseException:
            self._file.close()
            raise
        if not size:
            self.save(Mark())  # before anything else: by this a file is known as ours
            self._file.write(form.header.encode())

    def _lock(self) -> None:
        """Raises InputError if another process has it, or if it is no export's."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"{self._part} is being written by another process") from None
        size = self._part.stat().st_size
        if size and not self._state.exists():
            raise in_the_way(self._part)
        if not size and self._state.exists() and self._saved() is None:
            self._part.unlink()
            raise in_the_way(self._state)

    def _resumed(self) -> int:
        """How many bytes of the file can be built upon; sets the mark."""
        saved = self._saved()
        if saved is None or saved.question != self._question or saved.size > self._part.stat().st_size:
            return 0  # nothing was saved that could be gone on with
        self.mark = saved.mark
        return saved.size

    def _saved(self) -> _Saved | None:
        """What the file of state tells; None if it is none of ours."""
        try:
            return msgspec.json.decode(self._state.read_bytes(), type=_Saved)
        except (OSError, msgspec.MsgspecError, ValueError):
            return None

    async def add(self, articles: Sequence[Article]) -> None:
        """As Writer.add."""
        self._file.writelines((self._form.line(article) + self._form.end).encode() for article in articles)

    def save(self, mark: Mark) -> None:
        """As Writer.save."""
        self._file.flush()
        os.fsync(self._file.fileno())
        fresh = self._state.with_name(self._state.name + ".new")
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(_Saved(self._question, self._file.tell(), mark)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._state)

    def finish(self, heard: Callable[[int], None]) -> None:  # noqa: ARG002 - as Writer
        """As Writer.finish."""
        self._part.replace(self._path)
        self._state.unlink(missing_ok=True)

    def close(self) -> None:
        """As Writer.close."""
        self._file.close()
