"""How records lie in SQLite: a column for each field, times as milliseconds since 1970 in UTC, nested values as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_type_hints

import msgspec

from newscrawl.models import Article, Capture, Revision, Run, Target
from newscrawl.reprints import Cluster, Link

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def moment(value: int) -> datetime:
    """The time that `milliseconds` wrote."""
    return _EPOCH + value * _MILLISECOND


class Table(Generic[R]):
    """Rows of one class of records, and the statements that name its columns. What is `kept` is never changed by `put`."""

    def __init__(
        self, name: str, record: type[R], *, key: Sequence[str] = ("id",), derived: Sequence[str] = (), kept: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.fields = [field.name for field in dataclasses.fields(record)]
        columns = [*self.fields, *derived]
        changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in (*key, *kept))
        self.insert_new = " ".join(("INSERT OR IGNORE INTO", name, _group(columns), "VALUES", _group("?" * len(columns))))
        insert = " ".join(("INSERT INTO", name, _group(columns), "VALUES", _group("?" * len(columns))))
        self.put = " ".join((insert, "ON CONFLICT", _group(key), "DO UPDATE SET", changes))
        self._record = record
        self._values = attrgetter(*self.fields)
        codecs = [(at, *_codec(hint)) for at, hint in enumerate(_hints(record))]
        self._writers = [(at, write) for at, write, _ in codecs if write]
        self._readers = [(at, read) for at, _, read in codecs if read]

    def select(self, rest: str) -> str:
        """A statement that reads whole records; `rest` is what follows the table's name."""
        return " ".join(("SELECT", ", ".join(f"{self.name}.{field}" for field in self.fields), "FROM", self.name, rest))

    def row(self, record: R, *derived: Any) -> Row:
        """The values of the columns."""
        values = list(self._values(record))
        for at, write in self._writers:
            values[at] = write(values[at])
        return (*values, *derived)

    def record(self, row: Row) -> R:
        """The record that lies in a row of `select`."""
        values = list(row)
        for at, read in self._readers:
            values[at] = read(values[at])
        return self._record(*values)

    def records(self, rows: Iterable[Row]) -> list[R]:
        """The records of many rows."""
        return [self.record(row) for row in rows]


def _group(parts: Iterable[str]) -> str:
    return f"({', '.join(parts)})"


def _hints(record: type[Any]) -> list[Any]:
    hints = get_type_hints(record)
    return [hints[field.name] for field in dataclasses.fields(record)]


def _unless_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _codec(hint: Any) -> tuple[Convert | None, Convert | None]:
    """How values of a type are written and read; None for those that SQLite keeps as they are."""
    if hint in {str, int, float}:
        return None, None
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return attrgetter("value"), hint
    if hint is datetime:
        return milliseconds, moment
    if hint == datetime | None:
        return _unless_none(milliseconds), _unless_none(moment)
    return (lambda value: msgspec.json.encode(value).decode()), msgspec.json.Decoder(hint).decode


ARTICLES = Table("articles", Article, derived=("at",), kept=("cluster",))
CAPTURES = Table("captures", Capture)
CLUSTERS = Table("clusters", Cluster)
FRONTIER = Table("frontier", Target)
LINKS = Table("links", Link, key=("a", "b"))
REVISIONS = Table("revisions", Revision, key=("article", "number"))
RUNS = Table("runs", Run)
