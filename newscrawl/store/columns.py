"""What searches restrict, order and count articles by: a column of numbers for each field, in memory.

An article's place in every column is its number in the store, so a set of articles is a mask over the numbers, and to count or sort
hundreds of thousands takes milliseconds. It costs 160 to 370 bytes an article, the more the more authors and clusters there are; some 700
while the first search reads all cards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from newscrawl.models import Article
from newscrawl.store.conditions import Field

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 24 * 60 * 60 * 1000  # milliseconds
_ORDINAL = _EPOCH.toordinal()


class Card(NamedTuple):
    """What is told of an article; a tuple, as a hundred thousand are made when a search begins."""

    n: int  # its number in the store
    id: str
    at: int  # published or, lacking that, first seen; milliseconds since 1970
    first_seen: int  # likewise
    day_zone: str | None  # None, or of articles of which only the day is known, the offset that day is meant in, such as "+08:00", or ""
    site: str
    section: str
    language: str
    cluster: str
    authors: tuple[str, ...]


def card(article: Article, n: int) -> Card:
    """The card of an article."""
    published = article.published
    return Card(
        n,
        article.id,
        milliseconds(published.time if published else article.first_seen),
        milliseconds(article.first_seen),
        published.zone if published and published.precision == "day" else None,
        article.site,
        article.section,
        article.language,
        article.cluster,
        article.authors,
    )


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


class Coded:
    """A column of values that many articles share, as the values' numbers in the order in which they were met."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.codes = np.zeros(0, np.int32)
        self._known: dict[Hashable, int] = {}

    def put(self, at: Numbers, values: Iterable[Hashable]) -> None:
        """Set the values at these places."""
        self.codes[at] = [self._code(value) for value in values]

    def among(self, values: Collection[Hashable]) -> Mask:
        """Where one of these stands."""
        codes = [self._known[value] for value in values if value in self._known]
        return self.codes == codes[0] if len(codes) == 1 else np.isin(self.codes, codes)

    def counted(self, where: Mask) -> Iterable[tuple[Any, int]]:
        """Each value that stands there, and how often."""
        counts = np.bincount(self.codes[where], minlength=len(self.values))
        return ((self.values[code], int(counts[code])) for code in np.flatnonzero(counts))

    def _code(self, value: Hashable) -> int:
        code = self._known.setdefault(value, len(self._known))
        if code == len(self.values):
            self.values.append(value)
        return code


class Columns:
    """The columns of all articles of a store."""

    def __init__(self) -> None:
        self.alive: Mask = np.zeros(0, np.bool_)
        self.at: Numbers = np.zeros(0, np.int64)
        self.first_seen: Numbers = np.zeros(0, np.int64)
        self.ids: list[str] = []
        self.day_zone = Coded()
        self.coded = {field: Coded() for field in Field}

    def put(self, cards: Sequence[Card]) -> None:
        """Take in what is told of articles, in place of what was."""
        if not cards:
            return
        n, ids, at, first_seen, day_zone, site, section, language, cluster, authors = zip(*cards, strict=True)
        where = np.array(n, np.int64)
        self._make_room(int(where.max()) + 1)
        self.alive[where] = True
        self.at[where], self.first_seen[where] = at, first_seen
        for number, id_ in zip(n, ids, strict=True):
            self.ids[number] = id_
        self.day_zone.put(where, day_zone)
        for field, values in zip(Field, (site, section, authors, language, cluster), strict=True):
            self.coded[field].put(where, values)

    def remove(self, numbers: Collection[int]) -> None:
        """Forget articles; numbers that are not known are no error."""
        self.alive[[number for number in numbers if number < len(self.alive)]] = False

    def mask(self, numbers: Numbers) -> Mask:
        """These of the articles; what is not known of, as it came a moment ago, is left out."""
        found = np.zeros(len(self.alive), np.bool_)
        found[numbers[numbers < len(found)]] = True
        return found & self.alive

    def among(self, field: Field, values: Collection[str]) -> Mask:
        """Whose field is one of these; of the authors, one is."""
        column = self.coded[field]
        if field is not Field.AUTHOR:
            return column.among(values)
        wanted = frozenset(values)
        return column.among([names for names in column.values if not wanted.isdisjoint(names)])

    def counted(self, field: Field, where: Mask, limit: int = 0) -> list[tuple[str, int]]:
        """As Store.facet, of these articles."""
        counts: Counter[str] = Counter()
        for value, count in self.coded[field].counted(where):
            for name in set(value) if field is Field.AUTHOR else (value,):
                counts[name] += count
        del counts[""]
        found = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return found[: limit or None]

    def days(self, where: Mask, zone: tzinfo) -> dict[date, int]:
        """As Store.days, of these articles."""
        counts: Counter[int] = Counter()
        zones = self.day_zone.codes[where]
        at = self.at[where]
        for code in np.unique(zones):
            told = self.day_zone.values[code]
            days = _days(at[zones == code], zone if told is None else _offset(told))
            first = int(days.min())
            many = np.bincount(days - first)
            counts.update({first + int(day): int(many[day]) for day in np.flatnonzero(many)})
        last = date.max.toordinal()
        found: Counter[date] = Counter()
        for day, held in counts.items():
            found[date.fromordinal(min(max(day + _ORDINAL, 1), last))] += held
        return dict(found)

    def settled(self, numbers: Numbers, *keys: np.ndarray[Any, Any]) -> Numbers:
        """Numbers that are sorted by the keys, the least important first, those that are equal in all of them by id."""
        same = np.ones(max(len(numbers) - 1, 0), np.bool_)
        for key in keys:
            same &= key[1:] == key[:-1]
        if not same.any():
            return numbers
        edges = [0, *(np.flatnonzero(~same) + 1).tolist(), len(numbers)]
        listed = numbers.tolist()
        for start, end in pairwise(edges):
            if end - start > 1:
                listed[start:end] = sorted(listed[start:end], key=self.ids.__getitem__)
        return np.array(listed, np.int64)

    def _make_room(self, size: int) -> None:
        lacking = size - len(self.alive)
        if lacking <= 0:
            return
        lacking = max(lacking, len(self.alive) // 4)  # so that articles that come one by one don't each move all
        self.alive = np.pad(self.alive, (0, lacking))
        self.at, self.first_seen = np.pad(self.at, (0, lacking)), np.pad(self.first_seen, (0, lacking))
        self.ids += [""] * lacking
        for column in (self.day_zone, *self.coded.values()):
            column.codes = np.pad(column.codes, (0, lacking))


def _offset(zone: str) -> tzinfo:
    return datetime.strptime(zone, "%z").tzinfo or UTC if zone else UTC


def _days(at: Numbers, zone: tzinfo) -> Numbers:
    """The days of these moments in the zone, since 1970. The zone is asked once for a day of UTC, twice where its clocks are changed."""
    utc_day = at // _DAY
    first = int(utc_day.min())
    place = utc_day - first
    days_there = np.flatnonzero(np.bincount(place))  # counting is ten times as fast as sorting
    starts, ends = np.zeros((2, int(place.max()) + 1), np.int64)
    starts[days_there] = [_ahead((first + day) * _DAY, zone) for day in days_there.tolist()]
    ends[days_there] = [_ahead((first + day + 1) * _DAY - 1, zone) for day in days_there.tolist()]
    ahead = starts[place]
    for spot in np.flatnonzero((starts != ends)[place]):
        ahead[spot] = _ahead(int(at[spot]), zone)
    days: Numbers = (at + ahead) // _DAY
    return days


@lru_cache(maxsize=1 << 15)  # the days of forty years, twice
def _ahead(at: int, zone: tzinfo) -> int:
    """Milliseconds that the zone is ahead of UTC."""
    try:
        return (zone.utcoffset((_EPOCH + timedelta(milliseconds=at)).astimezone(zone)) or timedelta()) // timedelta(milliseconds=1)
    except OverflowError:  # the first and the last day that can be written
        return 0
