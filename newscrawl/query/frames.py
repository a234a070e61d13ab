"""Records as Arrow, pandas and polars data: libraries of extras, which are loaded when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from newscrawl.errors import ConfigError
from newscrawl.query.tables import Kind, Row, Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

T = TypeVar("T")

SIZE = 1_000  # rows of a batch: 5 MB of articles


def needed(library: str, extra: str) -> Any:
    """The library's module. Raises ConfigError, which names the extra, if it isn't installed."""
    try:
        return import_module(library)
    except ImportError:
        raise ConfigError(f"this needs {library}, which is not installed: pip install 'newscrawl[{extra}]'") from None


def schema(table: Table[Any]) -> pa.Schema:
    """The table's columns as Arrow knows them: times in milliseconds, UTC."""
    arrow = needed("pyarrow", "arrow")
    kinds = {
        Kind.TEXT: arrow.string(),
        Kind.TEXTS: arrow.list_(arrow.string()),
        Kind.INTEGER: arrow.int64(),
        Kind.TIME: arrow.timestamp("ms", "UTC"),
        Kind.DAY: arrow.date32(),
        Kind.NUMBER: arrow.float64(),
        Kind.FLAG: arrow.bool_(),
    }
    return arrow.schema([(column.name, kinds[column.kind]) for column in table.columns])


def batches(table: Table[T], records: Iterable[T], size: int = SIZE) -> Iterator[pa.RecordBatch]:
    """The records as Arrow batches of up to `size` rows, one at a time."""
    arrow = needed("pyarrow", "arrow")
    form = schema(table)
    rows: Iterator[Row] = (row for record in records for row in table.rows(record))
    while some := list(islice(rows, size)):
        yield arrow.record_batch(
            [arrow.array(values, kind) for values, kind in zip(zip(*some, strict=True), form.types, strict=True)], form
        )


def as_arrow(table: Table[T], records: Iterable[T]) -> pa.Table:
    """All records as an Arrow table."""
    arrow = needed("pyarrow", "arrow")
    return arrow.Table.from_batches(batches(table, records), schema(table))


def as_pandas(table: Table[T], records: Iterable[T]) -> pd.DataFrame:
    """All records as a pandas data frame."""
    needed("pandas", "pandas")
    return as_arrow(table, records).to_pandas()


def as_polars(table: Table[T], records: Iterable[T]) -> pl.DataFrame:
    """All records as a polars data frame."""
    return needed("polars", "polars").from_arrow(as_arrow(table, records))
