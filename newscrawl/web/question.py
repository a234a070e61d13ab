"""What a search page was asked, and the permalinks that ask it again, or a little differently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlencode

from newscrawl.errors import InputError
from newscrawl.query.counts import Bar, Span, after
from newscrawl.query.search import parsed_query, time_zone
from newscrawl.store.conditions import Field
from newscrawl.store.protocol import Order, Search
from newscrawl.store.terms import tokens

PER_PAGE = 20
LAST_PAGE = 500  # further back a narrower question is the better way
_WORDS = {Field.SITE: "site", Field.SECTION: "section", Field.AUTHOR: "author", Field.LANGUAGE: "lang"}
_USUAL = {"q": "", "sort": Order.NEWEST.value, "by": "", "as": "count", "zone": "UTC", "page": "1"}
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»「」『』', " "))


class Measure(StrEnum):
    """What the bars of a timeline show."""

    COUNT = "count"
    SHARE = "share"  # of all articles of the time


@dataclass(frozen=True, slots=True)
class Question:
    """The fields of the search form."""

    q: str = ""  # in the query language
    sort: Order = Order.NEWEST
    by: Span | None = None  # what the timeline counts by; None: what makes a readable number of bars
    zone: str = "UTC"
    page: int = 1
    measure: Measure = Measure.COUNT
    path: str = "/"  # of the view: articles, or what they have in common

    @property
    def search(self) -> Search:
        """What the store is asked. Raises InputError; a QueryError points into `q`."""
        offset = (self.page - 1) * PER_PAGE
        return parsed_query(self.q, limit=PER_PAGE, offset=offset, order=self.sort, zone=time_zone(self.zone))

    @property
    def link(self) -> str:
        """The address of this page; what is as ever is left out."""
        by = self.by.value if self.by else ""
        every = {"q": self.q, "sort": self.sort.value, "by": by, "as": self.measure.value, "zone": self.zone, "page": str(self.page)}
        told = {name: value for name, value in every.items() if value != _USUAL[name]}
        return f"{self.path}?{urlencode(told)}" if told else self.path

    def seen_at(self, path: str) -> Question:
        """The same in another view; what only the list of articles knows is left out."""
        return Question(self.q, zone=self.zone, path=path)

    def about(self, word: str) -> Question:
        """The articles with one word more."""
        return replace(self._narrowed(f'"{word}"' if " " in word or tokens(word) != word else word), path="/")

    def turned(self, pages: int) -> Question:
        """Some pages further on."""
        return replace(self, page=self.page + pages)

    def sorted_by(self, sort: Order) -> Question:
        """The same in another order, from its beginning."""
        return replace(self, sort=sort, page=1)

    def counted_by(self, by: Span) -> Question:
        """The same with another timeline."""
        return replace(self, by=by)

    def measured(self, measure: Measure) -> Question:
        """The same with bars that show something else."""
        return replace(self, measure=measure)

    def only(self, field: Field, value: str) -> Question | None:
        """Narrowed to a value of a facet; None for one that can't be said in the query language."""
        value = " ".join(value.translate(_QUOTES).split())
        return self._narrowed(f'{_WORDS[field]}:"{value}"') if tokens(value) else None

    def during(self, bar: Bar, span: Span) -> Question:
        """Narrowed to a bar of the timeline, which is then counted by what is next smaller."""
        last = after(bar.start, span) - timedelta(days=1)
        return replace(self._narrowed(f"since:{bar.start} until:{last}"), by=None, path="/")

    def _narrowed(self, term: str) -> Question:
        return replace(self, q=self.q if term in self.q and self._demands(term) else f"{self.q} {term}".strip(), page=1)

    def _demands(self, term: str) -> bool:
        """Whether the term stands in the query by itself: not in a longer word, behind a hyphen or beside an OR."""
        try:
            asked, more = parsed_query(self.q), parsed_query(term)
        except InputError:
            return False
        return set(more.words) <= set(asked.words) and set(more.conditions) <= set(asked.conditions)
