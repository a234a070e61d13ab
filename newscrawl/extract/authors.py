"""Who wrote an article, who edited it, and from which outlet it was taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newscrawl.extract import hints
from newscrawl.extract.blocks import Layout
from newscrawl.extract.bylines import editor_in, joined, labelled_authors, likely_authors, source_in
from newscrawl.extract.names import is_organisation, names_in
from newscrawl.extract.structured import Structured

_MOST = 12  # authors of one article
_LONGEST_MARK = 100  # characters of an element that is marked as a byline
_FEW = 4  # people whom a page names together; more are those of other articles too


@dataclass(frozen=True, slots=True)
class Credits:
    """The people and outlets behind an article."""

    authors: tuple[str, ...] = ()
    source: str = ""  # outlet that it was taken from
    editor: str = ""
    evidence: str = ""  # where the authors stood
    confidence: float = 0.0
    others: tuple[tuple[str, str], ...] = ()  # whom other places name, as (place, names)


@dataclass(frozen=True, slots=True)
class _Vote:
    place: str
    confidence: float
    names: tuple[str, ...]


def credits_of(
    layout: Layout, stated: Structured, lines: Sequence[str], *, flags: Sequence[int], language: str = "", host: str = ""
) -> Credits:
    """Authors, editor and source of a page.

    `lines` are the lines around its headline and its end, the headline's first; `flags` the inherited hints of boxes.
    """
    lines = joined(lines)
    votes = [vote for vote in _votes(layout, stated, lines, flags, language) if vote.names]
    house = _house(stated, host)
    people = [vote for vote in votes if not all(_is_house(name, house) for name in vote.names)]
    # What owns the site stands in its meta elements; in JSON-LD it is meant to be the author, unless somebody is named elsewhere.
    chosen = next((vote for vote in people if not all(map(is_organisation, vote.names))), None) or next(
        (vote for vote in (*people, *votes) if vote.place != "meta"), None
    )
    source, editor = source_in(lines), editor_in(lines)
    if chosen is None:
        return Credits((), source, editor, others=_others(votes, ()))
    agreeing = sum(vote.place != chosen.place and set(vote.names) == set(chosen.names) for vote in votes)
    confidence = min(1.0, round(chosen.confidence + 0.05 * agreeing, 2))
    return Credits(chosen.names, source, editor, chosen.place, confidence, _others(votes, chosen.names))


def _votes(layout: Layout, stated: Structured, lines: Sequence[str], flags: Sequence[int], language: str) -> Iterator[_Vote]:
    """Whom each place names, the most trustworthy place first; those that only look like bylines if no other names anybody."""
    claims: dict[str, list[str]] = {}
    for claim in stated.authors:
        claims.setdefault(claim.source, []).append(claim.value)
    marked_up = claims.get("itemprop", [])
    strong = (
        ("json-ld", 0.95, claims.get("json-ld", [])),
        ("itemprop", 0.85, marked_up if len(marked_up) <= _FEW else marked_up[:1]),  # many: those of other articles too
        ("byline", 0.85, labelled_authors(lines, language=language)),
        ("meta", 0.8, [text for text in claims.get("meta", []) if not is_organisation(text)] or claims.get("meta", [])),
        ("rel", 0.75, claims.get("rel", [])),
    )
    is_named = False
    for place, confidence, texts in strong:
        vote = _vote(place, confidence, texts, language)
        is_named = is_named or any(not is_organisation(name) for name in vote.names)
        yield vote
    if not is_named:
        yield _vote("byline", 0.65, likely_authors(lines, language=language), language)
        yield _vote("byline", 0.6, _marked(layout, flags), language)


def _vote(place: str, confidence: float, texts: Iterable[str], language: str) -> _Vote:
    names = (name for text in texts for name in names_in(text, language=language))
    return _Vote(place, confidence, tuple(dict.fromkeys(names))[:_MOST])


def _marked(layout: Layout, flags: Sequence[int]) -> list[str]:
    """The texts of the first element whose class says that it holds an author."""
    marks = [mark.text for mark in layout.marks if mark.hints & hints.BYLINE and not _is_outside(mark.box, flags)]
    return next((_lines(text) for text in marks[:5] if text and len(text) <= _LONGEST_MARK), [])


def _lines(text: str) -> list[str]:
    """The texts in a marked element: apart if each is a whole name, else as one."""
    parts = text.split("\n")
    whole = len(parts) > 1 and all(2 <= len(part.split()) <= 4 and part.istitle() for part in parts)
    together = " ".join(parts)
    return parts if whole else [together] if len(together) <= 60 else []


def _house(stated: Structured, host: str) -> set[str]:
    names = (stated.site_name, stated.publisher, host, host.partition(".")[0])
    return {_folded(name) for name in names if name} - {""}


def _is_house(name: str, house: set[str]) -> bool:
    return _folded(name) in house


def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _is_outside(box: int, flags: Sequence[int]) -> bool:
    return box >= 0 and bool(flags[box] & hints.OUTSIDE)


def _others(votes: Iterable[_Vote], chosen: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((vote.place, ", ".join(vote.names)) for vote in votes if not set(vote.names) <= set(chosen))
