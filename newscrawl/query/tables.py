"""Records as rows of flat columns: what CSV, SQLite, Parquet and data frames have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar

from newscrawl.errors import InputError
from newscrawl.models import Article, Moment, Revision
from newscrawl.query.counts import Bar
from newscrawl.query.coverage import Day
from newscrawl.query.flows import Flow
from newscrawl.query.reprints import Reprints
from newscrawl.query.words import Word
from newscrawl.store.overview import Edit, Outline

T = TypeVar("T")
Row = tuple[Any, ...]


class Kind(StrEnum):
    """What a column holds. All but TEXT, TEXTS and INTEGER may be None."""

    TEXT = "text"
    TEXTS = "texts"  # a tuple of str
    INTEGER = "integer"
    TIME = "time"  # an aware datetime in UTC, cut to milliseconds
    DAY = "day"  # a date
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A name, and what stands under it."""

    name: str
    kind: Kind
    value: Callable[[Any], Any]  # of a record, or of a part of it


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """The columns of one kind of record."""

    columns: tuple[Column, ...]
    parts: Callable[[T], Sequence[Any]] = lambda record: (record,)  # of a record, each a row

    @property
    def names(self) -> tuple[str, ...]:
        """What the columns are called."""
        return tuple(column.name for column in self.columns)

    def rows(self, record: T) -> Iterator[Row]:
        """The rows of a record: one, as a rule."""
        for part in self.parts(record):
            yield tuple(column.value(part) for column in self.columns)

    def only(self, names: Sequence[str]) -> Table[T]:
        """The table with these columns alone, in this order. Raises InputError for one that it doesn't have."""
        known = {column.name: column for column in self.columns}
        if missing := [name for name in names if name not in known]:
            raise InputError(f"there is no column {missing[0]!r}; there are {', '.join(known)}")
        return replace(self, columns=tuple(known[name] for name in names))


def at(article: Article) -> datetime:
    """When an article was published or, lacking that, first seen: what it is sorted and partitioned by."""
    return article.published.time if article.published else article.first_seen


def month(article: Article) -> str:
    """The month of that time in UTC, as "2026-08"."""
    return f"{(time := at(article)).year:04d}-{time.month:02d}"


def milliseconds(article: Article) -> int:
    """That time in milliseconds since 1970."""
    return round(at(article).timestamp() * 1000)


def _plain(kind: Kind, *names: str) -> list[Column]:
    return [Column(name, kind, attrgetter(name)) for name in names]


def _of_moment(name: str, part: str, kind: Kind) -> Callable[[Any], Any]:
    def value(record: Any) -> Any:
        moment: Moment | None = getattr(record, name)
        return getattr(moment, part) if moment else ("" if kind is Kind.TEXT else None)

    return value


def _moment(name: str) -> Column:
    return Column(name, Kind.TIME, _of_moment(name, "time", Kind.TIME))


ARTICLES: Table[Article] = Table(
    (
        *_plain(Kind.TEXT, "id", "site", "url", "title"),
        *_plain(Kind.TEXTS, "authors"),
        *_plain(Kind.TEXT, "source", "editor"),
        _moment("published"),
        Column("precision", Kind.TEXT, _of_moment("published", "precision", Kind.TEXT)),
        Column("zone", Kind.TEXT, _of_moment("published", "zone", Kind.TEXT)),
        _moment("modified"),
        *_plain(Kind.TEXT, "section"),
        *_plain(Kind.TEXTS, "tags"),
        *_plain(Kind.TEXT, "language", "summary"),
        *_plain(Kind.TIME, "first_seen", "last_seen"),
        *_plain(Kind.INTEGER, "revision"),
        *_plain(Kind.TIME, "changed", "gone"),
        *_plain(Kind.TEXT, "cluster"),
        *_plain(Kind.TEXTS, "aliases"),
        Column("images", Kind.TEXTS, lambda article: tuple(image.url for image in article.images)),
        *_plain(Kind.TEXT, "capture", "text"),
    )
)
REVISIONS: Table[Revision] = Table(
    (
        *_plain(Kind.TEXT, "article"),
        *_plain(Kind.INTEGER, "number"),
        *_plain(Kind.TIME, "seen", "replaced"),
        *_plain(Kind.TEXTS, "changed"),
        *_plain(Kind.FLAG, "silent"),
        *_plain(Kind.TEXT, "reader", "title"),
        *_plain(Kind.TEXTS, "authors"),
        _moment("published"),
        _moment("modified"),
        *_plain(Kind.TEXT, "capture", "text"),
    )
)
WORDS: Table[Word] = Table((*_plain(Kind.TEXT, "text"), *_plain(Kind.INTEGER, "found", "known"), *_plain(Kind.NUMBER, "weight")))
FLOWS: Table[Flow] = Table(
    (
        *_plain(Kind.TEXT, "source", "taker"),
        *_plain(Kind.INTEGER, "articles"),
        *_plain(Kind.NUMBER, "hours"),
        *_plain(Kind.TEXT, "cluster"),
        Column("example", Kind.TEXT, attrgetter("example.id")),
        Column("title", Kind.TEXT, attrgetter("example.title")),
    )
)
EDITS: Table[Edit] = Table(
    (
        *(Column(name, Kind.TEXT, attrgetter(f"article.{part}")) for name, part in (("article", "id"), ("site", "site"), ("url", "url"))),
        *_plain(Kind.INTEGER, "number"),
        *_plain(Kind.TIME, "replaced"),
        *_plain(Kind.TEXTS, "changed"),
        *_plain(Kind.FLAG, "silent"),
        Column("title_before", Kind.TEXT, attrgetter("title")),
        Column("title_now", Kind.TEXT, attrgetter("article.title")),
    )
)
OUTLINES: Table[Outline] = Table(
    (
        *_plain(Kind.TEXT, "id", "site", "url", "title"),
        _moment("published"),
        *_plain(Kind.TEXT, "language"),
        *_plain(Kind.TIME, "first_seen", "last_seen"),
        *_plain(Kind.INTEGER, "revision"),
        *_plain(Kind.TIME, "gone"),
    )
)
DAYS: Table[Day] = Table((*_plain(Kind.DAY, "day"), *_plain(Kind.INTEGER, "listed", "read", "captured", "missed")))
BARS: Table[Bar] = Table((*_plain(Kind.DAY, "start"), *_plain(Kind.INTEGER, "count", "of")))


@dataclass(frozen=True, slots=True)
class _Copied:
    cluster: str
    article: str
    site: str
    url: str
    title: str
    at: datetime
    original: bool
    share: float


def _copies(found: Reprints) -> list[_Copied]:
    there = [(copy, found.articles[copy.article]) for copy in found.cluster.copies if copy.article in found.articles]
    return [
        _Copied(found.cluster.id, one.id, one.site, one.url, one.title, at(one), one.id == found.cluster.original, copy.share)
        for copy, one in there
    ]


COPIES: Table[Reprints] = Table(
    (
        *_plain(Kind.TEXT, "cluster", "article", "site", "url", "title"),
        *_plain(Kind.TIME, "at"),
        *_plain(Kind.FLAG, "original"),
        *_plain(Kind.NUMBER, "share"),
    ),
    _copies,
)
