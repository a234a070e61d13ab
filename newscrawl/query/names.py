"""Which authors, sections and languages of the archive a query means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from newscrawl.clean.text import search_form
from newscrawl.store.conditions import All, Among, Condition, Field, Like, Not, Some
from newscrawl.store.protocol import Search, Store
from newscrawl.store.terms import gram_pattern, grams


async def looked_up(store: Store, query: Search) -> Search:
    """The search with names of the archive in place of what they are like."""
    fields = {one.field for one in _likes(query.conditions)}
    names = {field: [name for name, _ in await store.facet(Search(), field)] for field in fields}
    return replace(query, conditions=tuple(_placed(condition, names) for condition in query.conditions))


def meant(field: Field, names: Collection[str], phrase: str) -> tuple[str, ...]:
    """The names that hold the phrase, which is in search form: words whole, Chinese anywhere. Of languages "zh" means "zh-Hans" too."""
    if field is Field.LANGUAGE:
        return tuple(name for name in names if f"{name.lower()}-".startswith(f"{phrase}-"))
    pattern = gram_pattern(phrase)
    return tuple(name for name in names if pattern in _grams(name))


@lru_cache(maxsize=1 << 16)
def _grams(name: str) -> str:
    return f" {grams(search_form(name))} "


def _likes(conditions: Sequence[Condition]) -> list[Like]:
    found = []
    for condition in conditions:
        if isinstance(condition, Like):
            found.append(condition)
        elif isinstance(condition, Not):
            found += _likes((condition.condition,))
        elif isinstance(condition, All | Some):
            found += _likes(condition.conditions)
    return found


def _placed(condition: Condition, names: dict[Field, list[str]]) -> Condition:
    match condition:
        case Like(field, phrase):
            return Among(field, meant(field, names[field], phrase))
        case Not(inner):
            return Not(_placed(inner, names))
        case All(several) | Some(several):
            return replace(condition, conditions=tuple(_placed(one, names) for one in several))
    return condition
