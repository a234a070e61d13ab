"""What a store is. Two adapters: `sqlite` and `mongodb`; one contract test suite runs on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Protocol

from newscrawl.known import Known
from newscrawl.models import Article, Capture, Kind, Result, Revision, Run, Settlement, State, Target
from newscrawl.reprints import Cluster, Link, Regrouping
from newscrawl.store.conditions import Condition, Field, wanted_phrases
from newscrawl.store.overview import Overview


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the frontier of a site still holds."""

    waiting: int  # targets in State.DUE, whenever they are due
    next_due: datetime | None  # earliest of them


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to crawl a site, for a while."""

    site: str
    holder: str  # such as "host:1234/3fa2c0ab12"
    until: datetime


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    RELEVANCE = "relevance"  # see store.ranking


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; empty fields do not restrict. Words and conditions are joined by AND."""

    words: tuple[str, ...] = ()  # each a word, or a phrase with spaces; Chinese needs no spaces
    site: str = ""
    since: datetime | None = None  # published (or, lacking that, first seen) at or after
    until: datetime | None = None  # before
    limit: int = 20  # at least 1
    conditions: tuple[Condition, ...] = ()
    order: Order = Order.NEWEST
    offset: int = 0  # how many of the first are left out
    after: tuple[datetime, str] | None = None  # only what comes behind an article published (or first seen) then, of this id; Order.NEWEST

    @property
    def phrases(self) -> tuple[str, ...]:
        """What is looked for in titles and texts, each once: what is ranked by and highlighted."""
        return tuple(dict.fromkeys((*self.words, *wanted_phrases(self.conditions))))

    @property
    def asks(self) -> bool:
        """Whether anything restricts what is found."""
        return bool(self.words or self.site or self.since or self.until or self.conditions or self.after)


@dataclass(frozen=True, slots=True)
class Counts:
    """Sizes of a store."""

    articles: int
    revisions: int
    captures: int
    targets: int
    sites: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many addresses of a site stand alike."""

    kind: Kind
    state: State
    result: Result
    count: int


LEADING = (Result.REDIRECT, Result.VARIANT, Result.TWIN)  # results of addresses that are another one


def leads(url: str) -> list[str]:
    """What the detail of a target may be that led to an address."""
    return [twin_of(url), *(f"{status} {url}"[:500] for status in (200, 203, 301, 302, 303, 307, 308))]


def twin_of(url: str) -> str:
    """The detail of a target that was never asked for, as it is the twin of another."""
    return f"as {url}"[:500]


class Store(Overview, Protocol):
    """Durable state of newscrawl. Every write may be repeated; each returns once it is durable.

    All methods raise StoreError when the store does not answer or refuses.
    """

    uri: str  # without credentials

    async def open(self) -> None:
        """Connect. Raises SchemaError if the store was made by a newer newscrawl, or (MongoDB) never by `prepare`."""

    async def close(self) -> None:
        """Let go of connections and threads. May be called twice."""

    async def prepare(self, within: float = 60.0) -> list[str]:
        """Make or migrate schema and indexes `within` so many seconds, and one more for each 100 articles; the names of the steps taken."""

    # frontier

    async def add_targets(self, targets: Sequence[Target]) -> int:
        """Put targets into the frontier unless it knows their ids; how many were new."""

    async def unknown_targets(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that the frontier does not know."""

    async def unvisited_targets(self, ids: Collection[str]) -> list[Target]:
        """The targets with these ids that are due, or were left without being asked for, and have never brought an answer; in no order.

        Pictures that have never brought any are among them, whatever came of them. What was taken down is none of them.
        """

    async def targets(self, ids: Collection[str]) -> dict[str, Target]:
        """Those of the targets with these ids that the frontier knows, by id."""

    async def due_targets(self, site: str, at: datetime, limit: int, without: Collection[str] = ()) -> list[Target]:
        """Up to `limit` targets in State.DUE with due <= at, by priority, then due, then id; leaving out ids in `without`."""

    async def backlog(self, site: str) -> Backlog:
        """What waits for this site."""

    async def revisit(self, site: str, at: datetime) -> int:
        """Make due at `at`, with tries 0, what a new visit begins with; how many targets were not due.

        That is seeds, what is to be looked at `again` by then, failures of old, those that were too old for an earlier crawl, and
        headlines that were left because their like had led to nothing.
        """

    # sites

    async def take_lease(self, site: str, holder: str, at: datetime, until: datetime) -> Lease:
        """The site's lease in force after the call: `holder`'s unless somebody else has one that lasts beyond `at`.

        One step: of several who call at once, one gets it. Who has it already prolongs it. Times are the callers', whose clocks
        must agree to well within a lease.
        """

    async def free_lease(self, site: str, holder: str) -> None:
        """Give up the site's lease if it is `holder`'s; else nothing."""

    async def lease(self, site: str) -> Lease | None:
        """The lease last taken and not given up. It may have run out."""

    async def learned(self, site: str) -> str:
        """What the crawler learned about the site, as it was saved; "" if nothing."""

    async def save_learned(self, site: str, text: str) -> None:
        """Keep what the crawler learned in place of what it knew: text whose meaning is the crawler's business."""

    async def health(self, site: str) -> str:
        """How the site did at the end of its last run, as it was saved; "" if nobody has looked."""

    async def save_health(self, site: str, text: str) -> None:
        """Keep how the site does in place of what was kept: text whose meaning is `newscrawl.health`'s business."""

    # what pages came to

    async def known(
        self, ids: Collection[str], contents: Collection[tuple[str, str]], addresses: Collection[tuple[str, str]] = ()
    ) -> Known:
        """The articles with these ids, those with these (site, content_hash) pairs, and those that are also at these (site, url) pairs."""

    async def payloads(self, digests: Collection[str]) -> dict[str, Capture]:
        """By digest, the first capture whose own record holds that payload; those digests that no capture has are left out."""

    async def settle(self, batch: Sequence[Settlement]) -> None:
        """Make all settlements durable, together where the store can, and update search.

        An article that is known keeps its cluster, whatever the settlement says: only `regroup` changes that.
        `found` targets whose ids are known are left as they are, `revived` ones become due when their settlement's target was visited,
        with tries 0. Of several settlements of one target the last counts. On MongoDB the order within the batch is captures, revisions,
        articles, found and revived targets, and last the settled targets: a crash between leaves pages due again, never lost.
        """

    # reprints

    async def uncompared(self, limit: int) -> list[Article]:
        """Up to `limit` articles whose text is new, or has changed, since `regroup` was last told of it; new ones first."""

    async def holders(self, keys: Collection[int], limit: int) -> Mapping[int, Sequence[str]]:
        """Ids of up to `limit` articles with each of these keys, the same as long as none is added; keys that none has may be left out."""

    async def labels(self, articles: Collection[str]) -> Mapping[str, str]:
        """The cluster labels of these articles, "" for one that is in none."""

    async def links(self, articles: Collection[str]) -> list[Link]:
        """All links in which one of these articles stands."""

    async def clusters(self, labels: Collection[str]) -> list[Cluster]:
        """The clusters with these labels, also those that were merged or have dissolved."""

    async def regroup(self, change: Regrouping) -> None:
        """Keep keys and links of the compared articles in place of those they had, and labels and clusters.

        An article whose text is no longer the one that was compared goes on waiting. On MongoDB the order is keys, links, clusters that
        end, labels, clusters, and last that the articles were compared: what is cut short is done again, to the same end.
        """

    async def take_down(self, article: str, captures: Collection[str], tombstones: Sequence[Target]) -> list[str]:
        """Remove an article ("" for none) with its revisions, and captures; put the tombstones in the place of the targets of their ids.

        What of it is left on the disk, and what to do: a line each.
        """

    async def save_run(self, run: Run) -> None:
        """Insert or replace a run by its id."""

    async def runs(self, site: str = "", limit: int = 20) -> list[Run]:
        """Runs, latest first."""

    # reading

    async def article(self, key: str) -> Article | None:
        """The article with this id, an unambiguous beginning of an id (8 characters or more), or this address or alias."""

    async def revisions(self, article: str) -> list[Revision]:
        """Former states of an article, oldest first."""

    async def capture(self, capture: str) -> Capture | None:
        """One capture by id."""

    async def captures_by_id(self, ids: Collection[str]) -> dict[str, Capture]:
        """Those of the captures with these ids that there are, by id."""

    def captures(self, site: str = "") -> AsyncIterator[Capture]:
        """All captures, by time."""

    async def search(self, query: Search) -> list[Article]:
        """The articles that hold all words and fulfil all conditions, in the query's order, then newest first, then by id.

        Latin words match whole and without case, Chinese as phrases.
        """

    def articles(self, query: Search, after: tuple[datetime, str] | None = None) -> AsyncIterator[Article]:
        """As `search`, oldest first seen first, without regard to `limit`, in bounded memory.

        `after`: when the last one that is had already was first seen, and its id; only what follows it comes.
        """

    async def count(self, query: Search) -> int:
        """How many articles the search finds, without regard to `limit` and `offset`."""

    async def facet(self, query: Search, field: Field, limit: int = 0) -> list[tuple[str, int]]:
        """How many of the articles have which value, the most frequent first, then by value; up to `limit`, 0 for all.

        Empty values are left out. An article with several authors counts for each.
        """

    async def days(self, query: Search, zone: tzinfo = UTC) -> dict[date, int]:
        """How many of the articles were published or, lacking that, first seen on which day of the zone; in no order.

        An article of which only the day is known counts for that day, wherever the reader is.
        """

    async def counts(self, site: str = "") -> Counts:
        """How much the store holds, of one site or of all."""

    async def seeds(self, site: str) -> list[Target]:
        """The addresses where crawls of the site begin, by id."""

    async def leading_to(self, site: str, url: str) -> list[Target]:
        """The site's addresses that redirect to this one, name it as their canonical one, or are its twins by a rule; by address."""

    async def tally(self, site: str = "") -> list[Tally]:
        """How many addresses stand how, of one site or of all, by kind, state and result."""

    async def regulars(self, site: str, kind: Kind, limit: int) -> list[Target]:
        """Up to `limit` of the site's targets of this kind that are looked at `again`, the first due first; without further pages."""

    async def examples(self, site: str, result: Result, limit: int) -> list[Target]:
        """Up to `limit` of the site's targets with this result, by id."""
