"""What a search may ask of an article beyond words: conditions, and what they are joined by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newscrawl.store.terms import phrases, sure_grams


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


def needed_grams(condition: Condition) -> tuple[str, ...]:
    """Grams of which an article must have at least one to fulfil the condition; () if that can't be said."""
    if isinstance(condition, Holds):
        sure = sure_grams(condition.phrase) if phrases((condition.phrase,)) else []
        return (max(sure, key=len),) if sure else ()
    if isinstance(condition, All):
        return best_grams(condition.conditions)
    if isinstance(condition, Some):
        each = [needed_grams(one) for one in condition.conditions]
        return tuple(gram for grams in each for gram in grams) if all(each) else ()
    return ()


def best_grams(conditions: Sequence[Condition]) -> tuple[str, ...]:
    """Of the needed grams of conditions that must all hold, those that likely leave fewest articles: few and long ones."""
    each = [grams for condition in conditions if (grams := needed_grams(condition))]
    return max(each, key=lambda grams: (-len(grams), min(map(len, grams))), default=())
