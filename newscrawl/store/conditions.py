"""What a search may ask of an article beyond words: conditions, and what they are joined by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Field(StrEnum):
    """What articles are counted by, and told apart by."""

    SITE, SECTION, AUTHOR, LANGUAGE, CLUSTER = "site", "section", "authors", "language", "cluster"


@dataclass(frozen=True, slots=True)
class Holds:
    """The phrase, in search form, stands in the title or text; with `title`, in the title."""

    phrase: str
    title: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """The field is exactly one of these; of the authors, one is."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """The field's name holds the phrase, in search form. Stores don't know it: `query.names` makes it an Among."""

    field: Field
    phrase: str


@dataclass(frozen=True, slots=True)
class Within:
    """Published (or, lacking that, first seen) at or after `since` and before `until`."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """All of them hold."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them holds."""

    conditions: tuple[Condition, ...]


Condition = Holds | Among | Like | Within | Not | All | Some


def wanted_phrases(conditions: Sequence[Condition]) -> Iterator[str]:
    """The phrases that speak for an article, in order: all but those that must not be there."""
    for condition in conditions:
        if isinstance(condition, Holds):
            yield condition.phrase
        elif isinstance(condition, All | Some):
            yield from wanted_phrases(condition.conditions)
