"""The words by which a page's furniture is known; they stand in vocabulary.toml, beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from newscrawl.clean.text import search_form
from newscrawl.remarks import Dropped


@cache
def phrases(place: str) -> tuple[tuple[Dropped, tuple[str, ...]], ...]:
    """The phrases of all languages for each reason, in search form; `place` is "heading", "opening", "inside" or "greeting"."""
    table = _vocabulary()[place]
    return tuple(
        (Dropped(reason), tuple(search_form(phrase) for said in languages.values() for phrase in said))
        for reason, languages in table.items()
    )


@cache
def not_names(language: str) -> frozenset[str]:
    """What is no author's name: "zh" whole, "any" single words, lower case."""
    return frozenset(_vocabulary()["not-a-name"][language])


@cache
def _vocabulary() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))
