"""What was found before anybody had asked for it, and now turns up where more can be told of it."""

from __future__ import annotations

from dataclasses import replace

from newscrawl.models import Kind, Result, State, Target

RECONSIDERED = frozenset({Result.TRAP, Result.TOO_DEEP, Result.OLD})  # reasons to leave an address that hold for where it was found


def promoted(known: Target, found: Target, *, renewed: bool) -> Target | None:
    """The target that `found` makes of a known, unvisited one; None if it tells nothing new.

    A link that was no headline has become one; what was too deep is nearer; a further page of a list has another date before it, or none,
    since most of the list is new (`renewed`): it no longer shows what it did. What one page shows as a picture, another links to as a page:
    a page it is, until it has brought a picture. What is known as a page never becomes a picture.
    """
    if Kind.IMAGE in (known.kind, found.kind):
        return found if found.kind is not Kind.IMAGE and found.state is State.DUE else None
    tells_more = _is_headline_now(known, found) or known.result is Result.TOO_DEEP or _is_moved_on(known, found, renewed=renewed)
    if found.state is not State.DUE or not tells_more:
        return None
    better = replace(
        known,
        kind=found.kind,
        priority=found.priority,
        depth=found.depth,
        found_on=found.found_on,
        link_text=found.link_text,
        listed=found.listed,
        place=found.place,
        number=found.number,
    )
    if known.state is State.SKIPPED and known.result in RECONSIDERED:
        better = replace(better, state=State.DUE, due=found.due, result=Result.NONE, detail="", again=None)
    return better


def _is_headline_now(known: Target, found: Target) -> bool:
    return bool(known.place) and not found.place


def _is_moved_on(known: Target, found: Target, *, renewed: bool) -> bool:
    further = known.kind is found.kind is Kind.LISTING and bool(found.number)
    return further and found.listed != known.listed and (bool(found.listed) or renewed)
