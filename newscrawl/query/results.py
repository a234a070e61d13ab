"""What a question to the archive found: records to go through, or to take over into data frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from newscrawl.query.frames import SIZE, as_arrow, as_pandas, as_polars, batches
from newscrawl.query.tables import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

T = TypeVar("T")
W = TypeVar("W")


class Results(Generic[T]):
    """Records that come one at a time, in bounded memory. Each iteration asks the store anew.

    The data frames hold all rows, of all columns or of those that are named; a text is most of an article. They raise ConfigError if
    their library isn't installed, and InputError for a column that there isn't.
    """

    def __init__(self, ask: Callable[[], Iterable[T]], table: Table[T]) -> None:
        """`ask` gives the records, each time from the first one on."""
        self._ask, self._table = ask, table

    def __iter__(self) -> Iterator[T]:
        return iter(self._ask())

    @property
    def columns(self) -> tuple[str, ...]:
        """What the columns of the data frames are called."""
        return self._table.names

    def batches(self, size: int = SIZE, *, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Arrow batches of up to `size` rows, one at a time: for what is larger than the memory. Needs newscrawl[arrow]."""
        return batches(self._chosen(columns), self, size)

    def to_arrow(self, *, columns: Sequence[str] | None = None) -> pa.Table:
        """A pyarrow Table. Needs newscrawl[arrow]."""
        return as_arrow(self._chosen(columns), self)

    def to_pandas(self, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A pandas DataFrame. Needs newscrawl[pandas]."""
        return as_pandas(self._chosen(columns), self)

    def to_polars(self, *, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """A polars DataFrame. Needs newscrawl[polars]."""
        return as_polars(self._chosen(columns), self)

    def _chosen(self, columns: Sequence[str] | None) -> Table[T]:
        return self._table if columns is None else self._table.only(columns)


class Found(Results[T], Sequence[T]):
    """Records that are all there already."""

    def __init__(self, records: Sequence[T], table: Table[T]) -> None:
        """`records` as they were found."""
        super().__init__(lambda: records, table)
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        return self._records[at]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self._records)!r})"


class Rows(Found[T], Generic[T, W]):
    """The rows of an answer, whose `whole` tells more than these."""

    def __init__(self, whole: W, records: Sequence[T], table: Table[T]) -> None:
        """`records` are the rows of `whole`."""
        super().__init__(records, table)
        self.whole = whole
