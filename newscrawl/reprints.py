"""The records of articles that have text in common. All are frozen; times are as in `models`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Likeness(StrEnum):
    """What two articles that have text in common are to each other."""

    NONE = ""
    REPRINT = "reprint"
    PASSAGE = "passage"  # one stands within the other, but not at its beginning: in a roundup
    QUOTE = "quote"  # one begins as the other goes on: a follow-up
    TEMPLATE = "template"  # the same form filled in anew (weather, lottery, notices), or the same words under different articles


@dataclass(frozen=True, slots=True)
class Link:
    """Two articles whose texts were compared, and have something in common."""

    a: str  # article id, smaller than `b`
    b: str
    of_a: float  # how much of a's text stands in b, 0 to 1
    of_b: float
    kind: Likeness


@dataclass(frozen=True, slots=True)
class Copy:
    """One article of a reprint cluster."""

    article: str
    share: float  # of its text, how much stands in the likely original or, lacking that, in the copy most like it; 0 to 1


@dataclass(frozen=True, slots=True)
class Cluster:
    """Copies of one article on several sites, or on one."""

    id: str  # the label that its articles carry
    since: datetime  # when the first two met
    changed: datetime  # when an article last joined or left
    original: str = ""  # id of the likely original
    copies: tuple[Copy, ...] = ()  # earliest first; none once it was merged or has dissolved
    merged_into: str = ""  # the label of the older cluster that it was merged with

    def only(self, articles: Collection[str]) -> Cluster:
        """The cluster with no copies but these. Fewer than two are none; if the likely original is not among them, the earliest is."""
        copies = tuple(copy for copy in self.copies if copy.article in articles)
        if copies == self.copies:
            return self
        if len(copies) < 2:
            return replace(self, original="", copies=())
        return replace(self, original=self.original if self.original in articles else copies[0].article, copies=copies)


@dataclass(frozen=True, slots=True)
class Compared:
    """An article whose text was compared with what the store holds."""

    article: str
    text: str  # its text_search, as it was compared
    keys: tuple[int, ...]  # signed integers of 64 bits, see identify.near


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What comparing some articles came to; a store makes it durable in one step, or may be asked to repeat it."""

    compared: tuple[Compared, ...]
    links: tuple[Link, ...] = ()  # all that the compared articles have
    labels: Mapping[str, str] = field(default_factory=dict)  # by article id; "" for one that has no copies
    clusters: tuple[Cluster, ...] = ()  # inserted or replaced

    def articles(self) -> set[str]:
        """All that are named."""
        linked = {end for link in self.links for end in (link.a, link.b)}
        copied = {copy.article for cluster in self.clusters for copy in cluster.copies}
        return linked | copied | set(self.labels) | {one.article for one in self.compared}
