"""What a store's searches know without asking it: the columns of its articles, and which of them hold the phrases that were asked for last.

Stores differ only in how they look a phrase up, and in how they tell what has changed. All else is done here, so that all answer alike.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import reduce

import numpy as np

from newscrawl.store.columns import Card, Columns, Mask, Numbers, milliseconds
from newscrawl.store.conditions import All, Among, Condition, Field, Holds, Not, Some, Within
from newscrawl.store.protocol import Order, Search
from newscrawl.store.ranking import WINDOW, rarities, reordered
from newscrawl.store.terms import phrases

Holders = Mapping[Holds, Numbers]  # the numbers of the articles that hold each phrase

_MOST_KEPT = 32_000_000  # bytes of postings
_ENTRY = 1_000  # bytes, at least, that a phrase counts for
_NOBODY: Numbers = np.zeros(0, np.int64)


class Catalogue:
    """Answers searches from columns and postings."""

    def __init__(self) -> None:
        self.columns = Columns()
        self._kept: OrderedDict[Holds, Numbers] = OrderedDict()
        self._size = 0  # bytes of what is kept
        self.changes = 0  # how often something has changed

    def take(self, cards: Sequence[Card], removed: Collection[int] = ()) -> None:
        """Take in what has changed; what was kept of phrases may be so no longer."""
        self.columns.remove(removed)
        self.columns.put(cards)
        if cards or removed:
            self._kept.clear()
            self._size = 0
            self.changes += 1

    def known(self, wanted: Holds) -> Numbers | None:
        """Who holds a phrase, if it was asked for since something changed."""
        found = self._kept.get(wanted)
        if found is not None:
            self._kept.move_to_end(wanted)
        return found

    def keep(self, wanted: Holds, numbers: Numbers, changes: int) -> None:
        """Keep who holds a phrase, unless more than `changes` have come meanwhile; what was not asked for longest makes room."""
        if wanted not in self._kept and changes == self.changes:
            self._kept[wanted] = numbers
            self._size += _ENTRY + numbers.nbytes
        while len(self._kept) > 1 and self._size > _MOST_KEPT:
            self._size -= _ENTRY + self._kept.popitem(last=False)[1].nbytes

    def count(self, query: Search, holders: Holders) -> int:
        """As Store.count."""
        return int(np.count_nonzero(self._found(query, holders)))

    def facet(self, query: Search, holders: Holders, field: Field, limit: int) -> list[tuple[str, int]]:
        """As Store.facet."""
        return self.columns.counted(field, self._found(query, holders), limit)

    def days(self, query: Search, holders: Holders, zone: tzinfo) -> dict[date, int]:
        """As Store.days."""
        return self.columns.days(self._found(query, holders), zone)

    def oldest_first(self, query: Search, holders: Holders, after: tuple[datetime, str] | None = None) -> Numbers:
        """All that is found, by when it was first seen, then by id; `after` as in Store.articles."""
        found = np.flatnonzero(self._found(query, holders))
        if after:
            seen, ids = self.columns.first_seen, self.columns.ids
            edge = milliseconds(after[0])
            found = found[[seen[n] > edge or (seen[n] == edge and ids[n] > after[1]) for n in found]]
        found = found[np.argsort(self.columns.first_seen[found], kind="stable")]
        return self.columns.settled(found, self.columns.first_seen[found])

    def first(self, query: Search, holders: Holders) -> Numbers:
        """The first of what is found, in the query's order as far as it can be told without texts: `limit` behind `offset`, or WINDOW."""
        columns, found = self.columns, np.flatnonzero(self._found(query, holders))
        score = self._scores(query, holders)[found] if wants_texts(query) else np.zeros(len(found))
        at = columns.at[found]
        order = np.lexsort((-at, -score))
        many = max(query.offset + query.limit, WINDOW)
        if len(order) > many:  # with all that are equal to the last one
            last = order[many - 1]
            many = int(np.count_nonzero((score > score[last]) | ((score == score[last]) & (at >= at[last]))))
        order = order[:many]
        return columns.settled(found[order], at[order], score[order])

    def reordered(self, query: Search, holders: Holders, first: Numbers, texts: Mapping[int, str]) -> Numbers:
        """What `first` told, the WINDOW best of it by BM25."""
        wanted = phrases(query.phrases)
        rare = rarities([len(holders.get(Holds(phrase), _NOBODY)) for phrase in wanted], int(np.count_nonzero(self.columns.alive)))
        best = reordered([int(n) for n in first[:WINDOW]], texts, dict(zip(wanted, rare, strict=True)))
        return np.concatenate([np.array(best, np.int64), first[WINDOW:]])

    def _scores(self, query: Search, holders: Holders) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Of every article, how rare the phrases in its title are together."""
        scores = np.zeros(len(self.columns.alive))
        wanted = phrases(query.phrases)
        rare = rarities([len(holders.get(Holds(phrase), _NOBODY)) for phrase in wanted], int(np.count_nonzero(self.columns.alive)))
        for phrase, rarity in zip(wanted, rare, strict=True):
            for place in (Holds(phrase), Holds(phrase, title=True)):
                scores[self.columns.mask(holders.get(place, _NOBODY))] += rarity
        return scores

    def _found(self, query: Search, holders: Holders) -> Mask:
        found = self.columns.alive.copy()
        if query.words and not phrases(query.words):
            found[:] = False  # nothing but "!" and the like: found nowhere
        if query.after:
            time, id_ = query.after
            at = milliseconds(time)
            found &= self.columns.at <= at
            same = np.flatnonzero(found & (self.columns.at == at))
            found[[n for n in same if self.columns.ids[n] <= id_]] = False
        for condition in _restrictions(query):
            found &= self._mask(condition, holders)
        return found

    def _mask(self, condition: Condition, holders: Holders) -> Mask:
        """Where a condition holds; also of articles that are there no longer."""
        columns = self.columns
        match condition:
            case Holds():
                return columns.mask(holders.get(condition, _NOBODY))
            case Among(field, values):
                return columns.among(field, values)
            case Within(since, until):
                return _between(columns.at, since, until)
            case Not(inner):
                return ~self._mask(inner, holders)
            case All(several):
                return reduce(np.logical_and, (self._mask(one, holders) for one in several), columns.alive)
            case Some(several):
                return reduce(np.logical_or, (self._mask(one, holders) for one in several), columns.mask(_NOBODY))
        raise TypeError(f"{condition} has to be looked up first: query.names")


def wants_texts(query: Search) -> bool:
    """Whether the order depends on how often phrases stand in texts."""
    return query.order is Order.RELEVANCE and bool(phrases(query.phrases))


def is_vain(query: Search, holders: Holders) -> bool:
    """Whether nothing is found whoever holds the other phrases: nobody holds one of the words."""
    return any(not len(holders[word]) for word in map(Holds, query.words) if word in holders)


def needed(query: Search) -> list[Holds]:
    """The phrases whose holders must be known to answer, each once."""
    found = dict.fromkeys(_holds(_restrictions(query)))
    if query.order is Order.RELEVANCE:
        found |= dict.fromkeys(Holds(phrase, title) for phrase in phrases(query.phrases) for title in (False, True))
    return list(found)


def _restrictions(query: Search) -> list[Condition]:
    among = [Among(Field.SITE, (query.site,))] if query.site else []
    within = [Within(query.since, query.until)] if query.since or query.until else []
    return [*(Holds(word) for word in phrases(query.words)), *query.conditions, *among, *within]


def _holds(conditions: Sequence[Condition]) -> Iterator[Holds]:
    for condition in conditions:
        if isinstance(condition, Holds) and phrases((condition.phrase,)):
            yield condition
        elif isinstance(condition, Not):
            yield from _holds((condition.condition,))
        elif isinstance(condition, All | Some):
            yield from _holds(condition.conditions)


def _between(at: Numbers, since: datetime | None, until: datetime | None) -> Mask:
    found = np.ones(len(at), np.bool_)
    if since:
        found &= at >= milliseconds(since)
    if until:
        found &= at < milliseconds(until)
    return found
