"""What a store tells of many articles at once, without their texts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from newscrawl.models import Kind, Moment, Result, Run

if TYPE_CHECKING:
    from newscrawl.store.protocol import Search

HEADLINES = (Kind.PAGE, Kind.ARTICLE)
# What a headline may come to that is no article of its own, or none that was missed.
SETTLED = (
    Result.ARTICLE,
    Result.PART,
    Result.SAME_CONTENT,
    Result.VARIANT,
    Result.UNCHANGED,
    Result.LISTING,
    Result.ROBOTS,
    Result.REDIRECT,
    Result.NOT_HTML,
    Result.OFF_SITE,
    Result.BAD_ADDRESS,
    Result.TRAP,
    Result.TAKEN_DOWN,
)


EditPlace = tuple[datetime, str, int]  # when the edit was seen, the article's id, the number of the state that was replaced
LossPlace = tuple[datetime, str]  # since when the article is gone, its id


@dataclass(frozen=True, slots=True)
class Outline:
    """An article without its texts; the fields are those of Article."""

    id: str
    site: str
    url: str
    title: str
    first_seen: datetime
    last_seen: datetime
    published: Moment | None = None
    language: str = ""
    revision: int = 1
    gone: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that an outlet made to an article."""

    article: Outline  # as it is now
    number: int  # of the state that was replaced
    replaced: datetime  # when the next state was first seen
    changed: tuple[str, ...]  # fields in which the next state differs
    silent: bool  # the page states the same date of change as before
    title: str  # of the state that was replaced

    @property
    def place(self) -> EditPlace:
        """Where it stands among all edits."""
        return self.replaced, self.article.id, self.number


def loss_place(article: Outline) -> LossPlace:
    """Where an article that is gone stands among all losses."""
    assert article.gone
    return article.gone, article.id


@dataclass(frozen=True, slots=True)
class Unread:
    """Headlines of a site, alike, of which no article is known."""

    listed: str  # the date beside the link, as written
    due: datetime  # when the first of them was found or last put off
    captured: bool  # whether a page was fetched
    result: Result
    count: int


class Overview(Protocol):
    """The part of a Store that tells of many articles. All methods raise StoreError when the store does not answer."""

    async def outlines(self, ids: Collection[str]) -> dict[str, Outline]:
        """Those of the articles with these ids that there are, by id."""

    async def sample(self, query: Search, size: int) -> list[str]:
        """`text_search` of up to `size` articles found: those of the smallest ids, which are digests and so an even draw."""

    async def edits(self, query: Search, after: EditPlace | None = None) -> list[Edit]:
        """What outlets changed in the articles found, the latest first, without those that are ours; `limit` and `offset` count changes.

        With `after` those that come behind an edit at this place.
        """

    async def gone(self, query: Search, after: LossPlace | None = None) -> list[Outline]:
        """The articles found whose addresses answer 404 or 410, the latest loss first, then by id; with `after` those behind this place."""

    async def unread(self, site: str, limit: int) -> Sequence[Unread]:
        """Headlines of a site that came to no article, in groups; up to `limit` groups, by date as written, result and whether captured."""

    async def latest_runs(self) -> dict[str, Run]:
        """The latest run of every site that was ever crawled, by site."""
