"""What two texts that have something in common are to each other: a reprint, a passage of one in the other, or one form filled in twice.

The figures were set on 1,616 real articles and copies made of them, and on benchmarks/alike.py; docs/scaling.md has what they reach.
"""

from __future__ import annotations

from newscrawl.identify.near import EQUAL, Fingerprint, Overlap, overlap
from newscrawl.reprints import Likeness, Link

LEAST = 0.2  # containment from which on two texts are worth a link
COPY = 0.45  # weight from which on a link makes two articles copies, if their groups agree
_WHOLE = 0.8  # containment from which on a copy may lack the beginning
_EXACT = 0.9  # of two on one site, which reprints nothing but itself
_HALF = 0.5  # of a text, less than which is a passage of it unless it is its beginning
_LEAD, _LITTLE_LEAD, _NO_LEAD = 0.3, 0.1, 0.25  # of the beginning of the longer text, of either, of both
_SMALL, _MOST = 0.3, 0.7  # a small piece is an excerpt if most of it stands in the whole
_SLOTS = 0.06  # of a text that changes with its numbers alone
_SHORT, _SHORT_WHOLE = 60, 0.7  # grams; a form that is filled in, or a frame around two lines, is seldom longer
_PASSAGE, _LARGE_PASSAGE, _LARGE, _QUOTE = 0.4, 0.75, 0.35, 0.7  # what such links are worth of a reprint's; a passage is large from .35 on


def link(a: tuple[str, str, Fingerprint], b: tuple[str, str, Fingerprint]) -> Link:
    """The link between two articles, given as id, site ("" if unknown) and fingerprint; without weight if they share nothing."""
    a, b = (a, b) if a[0] < b[0] else (b, a)
    common = overlap(a[2], b[2])
    found = likeness(common, same_site=bool(a[1]) and a[1] == b[1])
    return Link(a[0], b[0], round(common.of_a, 3), round(common.of_b, 3), found)


def likeness(common: Overlap, *, same_site: bool = False) -> Likeness:
    """What two texts are to each other, by what they have in common."""
    whole = common.containment
    if whole < LEAST:
        return Likeness.NONE
    if common.slots > _SLOTS or (same_site and whole < _EXACT):
        return Likeness.TEMPLATE
    if whole < _WHOLE and max(common.lead_a, common.lead_b) < _NO_LEAD:
        return Likeness.TEMPLATE
    if whole < _WHOLE and min(common.lead_a, common.lead_b) < _LITTLE_LEAD:
        return Likeness.QUOTE
    part = min(common.of_a, common.of_b)
    if part < _HALF and (common.lead_of_longer < _LEAD or (part < _SMALL and whole < _MOST)):
        return Likeness.PASSAGE
    return Likeness.TEMPLATE if _is_short_form(common) else Likeness.REPRINT


def _is_short_form(common: Overlap) -> bool:
    return common.grams < _SHORT and (common.containment < _SHORT_WHOLE or (common.numbers < EQUAL and common.containment < _EXACT))


def weight(of: Link) -> float:
    """How much a link counts for two articles being copies of one: 0 to 1; from COPY on it may be reason enough."""
    whole = max(of.of_a, of.of_b)
    match of.kind:
        case Likeness.REPRINT:
            return whole
        case Likeness.PASSAGE:
            return whole * (_LARGE_PASSAGE if min(of.of_a, of.of_b) >= _LARGE else _PASSAGE)
        case Likeness.QUOTE:
            return whole * _QUOTE
        case _:
            return 0.0
