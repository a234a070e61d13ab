"""The archive for Python: what analysts ask from a script or a notebook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator
from datetime import UTC, tzinfo
from functools import partial
from operator import attrgetter
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from newscrawl.errors import InputError, StoreError
from newscrawl.models import Article, Revision
from newscrawl.query.addresses import article_at
from newscrawl.query.counts import FACETS, Bar, Span, timeline
from newscrawl.query.coverage import Coverage, Day, coverage, unknown
from newscrawl.query.flows import Flow, Flows, flows
from newscrawl.query.names import looked_up
from newscrawl.query.reprints import Reprints, reprints_of
from newscrawl.query.results import Found, Results, Rows
from newscrawl.query.search import parsed_query, time_zone
from newscrawl.query.tables import ARTICLES, BARS, COPIES, DAYS, EDITS, FLOWS, OUTLINES, REVISIONS, WORDS
from newscrawl.query.words import Word, Words, top_words
from newscrawl.store import open_store
from newscrawl.store.overview import Edit, Outline, loss_place
from newscrawl.store.protocol import Order, Search

T = TypeVar("T")
P = TypeVar("P")

_TOGETHER = 100  # articles fetched at a time by the iterators
_PAGE = 1_000  # edits or losses likewise: they hold no texts


class Archive:
    """A store that is open for reading, until `close` or the end of a `with` block.

    Questions are asked in the query language of `newscrawl search`. All methods raise StoreError when the store does not answer, and
    QueryError, an InputError, for a query that can't be read. What is found can be gone through, and has `to_arrow()`, `to_pandas()`
    and `to_polars()`. Works where an event loop runs already, as in a notebook.
    """

    def __init__(self, uri: str) -> None:
        """`uri` is sqlite:///FILE or mongodb://HOST/DATABASE. Raises StoreError if there is no such store."""
        file = Path(uri.removeprefix("sqlite:///")) if uri.startswith("sqlite:///") else None
        if file is not None and not file.exists():
            raise StoreError(f"{uri}: there is no such file")
        self._store = open_store(uri)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="newscrawl-archive", daemon=True)
        self._thread.start()
        try:
            self._wait(self._store.open())
        except BaseException:
            self.close()
            raise

    def search(self, query: str = "", *, limit: int = 20, offset: int = 0, order: str = "newest", zone: str = "UTC") -> Found[Article]:
        """The first articles found; `order` is "newest" or "relevance", `zone` whose days since: and until: mean.

        `limit` is 1 or more, `offset` how many of the first are left out. Raises InputError for what is neither.
        """
        if order not in tuple(Order):
            raise InputError(f"there is no order {order!r}: write one of {', '.join(Order)}")
        _check(limit, "or use articles() for all that are found")
        if offset < 0:
            raise InputError(f"an offset of {offset} lies before the first article: write 0 or more")
        asked = self._asked(query, zone=zone, limit=limit, offset=offset, order=Order(order))
        return Found(self._wait(self._store.search(asked)), ARTICLES)

    def count(self, query: str = "", *, zone: str = "UTC") -> int:
        """How many articles are found."""
        return self._wait(self._store.count(self._asked(query, zone=zone)))

    def articles(self, query: str = "", *, zone: str = "UTC") -> Results[Article]:
        """All articles found, those first seen earliest first, in bounded memory."""
        asked = self._asked(query, zone=zone)
        return Results(lambda: self._each(self._store.articles(asked)), ARTICLES)

    def article(self, key: str) -> Article | None:
        """The article with this id, beginning of an id (8 characters or more), or address: its own, or any that leads there."""
        return self._wait(article_at(self._store, key))

    def revisions(self, article: Article | str) -> Found[Revision]:
        """The former states of an article, or of the one with this id, oldest first."""
        return Found(self._wait(self._store.revisions(article if isinstance(article, str) else article.id)), REVISIONS)

    def reprints(self, article: Article) -> Reprints | None:
        """The article's cluster of copies on all sites with their articles; None if it has none."""
        return self._wait(reprints_of(self._store, article))

    def clusters(self, query: str = "", *, zone: str = "UTC") -> Results[Reprints]:
        """The clusters of copies in which articles found are, each once. A row of their data frames is a copy."""
        articles = self.articles(query, zone=zone)
        return Results(lambda: self._clusters_of(articles), COPIES)

    def _clusters_of(self, articles: Results[Article]) -> Iterator[Reprints]:
        seen: set[str] = set()
        for article in articles:
            if article.cluster and article.cluster not in seen:
                seen.add(article.cluster)
                if found := self.reprints(article):
                    yield found

    def facets(self, query: str = "", *, limit: int = 10, zone: str = "UTC") -> dict[str, list[tuple[str, int]]]:
        """How many of the articles found have which site, section, author, language: the most frequent of each.

        The keys are "site", "section", "authors" and "language"; `limit` is 1 or more. Raises InputError for another.
        """
        _check(limit)
        asked = self._asked(query, zone=zone)
        return {field.value: self._wait(self._store.facet(asked, field, limit)) for field in FACETS}

    def timeline(self, query: str = "", *, by: str = "day", zone: str = "UTC") -> Found[Bar]:
        """How many articles found each "day", "week" or "month" of the zone has, and of how many in all."""
        if by not in tuple(Span):
            raise InputError(f"there is no span {by!r}: write one of {', '.join(Span)}")
        bars = timeline(self._store, self._asked(query, zone=zone), Span(by), zone=time_zone(zone), share=True)
        return Found(self._wait(bars), BARS)

    def words(self, query: str, *, limit: int = 40, zone: str = "UTC") -> Rows[Word, Words]:
        """Words that set the articles found apart from the rest, the weightiest first, counted in samples; `whole` tells their sizes."""
        _check(limit)
        found = self._wait(top_words(self._store, self._asked(query, zone=zone), limit))
        return Rows(found, found.words, WORDS)

    def flows(self, query: str = "", *, zone: str = "UTC") -> Rows[Flow, Flows]:
        """Who takes what from whom, the largest flow first; `whole` tells of how many clusters, and whether there are more."""
        found = self._wait(flows(self._store, self._asked(query, zone=zone)))
        return Rows(found, found.flows, FLOWS)

    def edits(self, query: str = "", *, zone: str = "UTC") -> Results[Edit]:
        """All changes that outlets made to the articles found, the latest first, in bounded memory."""
        asked = self._asked(query, zone=zone, limit=_PAGE)
        return Results(lambda: self._pages(partial(self._store.edits, asked), attrgetter("place")), EDITS)

    def gone(self, query: str = "", *, zone: str = "UTC") -> Results[Outline]:
        """All articles found whose addresses answer "not found" by now, the latest loss first, in bounded memory."""
        asked = self._asked(query, zone=zone, limit=_PAGE)
        return Results(lambda: self._pages(partial(self._store.gone, asked), loss_place), OUTLINES)

    def coverage(self, site: str, *, days: int = 60) -> Rows[Day, Coverage]:
        """How much of what a site's own lists show was read, up to so many days, the latest first; `whole` tells what has no date.

        Raises InputError for a site of which nothing is known.
        """
        _check(days)
        found = self._wait(coverage(self._store, site, days=days))
        if not found.is_known:
            raise InputError(unknown(site))
        return Rows(found, found.days, DAYS)

    def close(self) -> None:
        """Let go of the store. May be called twice."""
        if self._loop.is_closed():
            return
        self._wait(self._store.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _each(self, found: AsyncIterator[T]) -> Iterator[T]:
        try:
            while some := self._wait(_some(found)):
                yield from some
        finally:
            if isinstance(found, AsyncGenerator) and not self._loop.is_closed():  # a cursor is given back, however early this ends
                self._wait(_end(found))

    def _pages(self, ask: Callable[[P | None], Coroutine[Any, Any, list[T]]], place: Callable[[T], P]) -> Iterator[T]:
        """What page after page holds; a page is asked for by the place of what was last on the one before."""
        after = None
        while some := self._wait(ask(after)):
            yield from some
            after = place(some[-1])

    def _asked(self, query: str, *, zone: str, limit: int = 20, offset: int = 0, order: Order = Order.NEWEST) -> Search:
        reader: tzinfo = UTC if zone == "UTC" else time_zone(zone)
        return self._wait(looked_up(self._store, parsed_query(query, zone=reader, limit=limit, offset=offset, order=order)))

    def _wait(self, question: Coroutine[Any, Any, T]) -> T:
        if self._loop.is_closed():
            question.close()
            raise StoreError(f"{self._store.uri} was closed")
        return asyncio.run_coroutine_threadsafe(question, self._loop).result()


def _check(number: int, instead: str = "") -> None:
    """Raises InputError for a bound below 1; `instead` tells what may be meant."""
    if number < 1:
        raise InputError(f"a limit of {number} finds nothing: write 1 or more{instead and ', '}{instead}")


async def _some(found: AsyncIterator[T]) -> list[T]:
    some: list[T] = []
    async for one in found:
        some.append(one)
        if len(some) == _TOGETHER:
            break
    return some


async def _end(found: AsyncGenerator[Any, None]) -> None:
    await found.aclose()
