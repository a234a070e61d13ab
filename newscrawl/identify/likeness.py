"""What two texts that have something in common are to each other: a reprint, a passage of one in the other, or one form filled in twice."""

from __future__ import annotations

from newscrawl.identify.near import Fingerprint, Overlap, overlap
from newscrawl.models import Likeness, Link

LEAST = 0.2  # containment from which on two texts are worth a link
COPY = 0.45  # containment of a reprint; the figure of FACTS from 5,943 documents, see docs/scaling.md
_WHOLE = 0.8  # from here on a copy may lack the beginning
_EXACT = 0.9  # of two on one site, which reprints nothing but itself
_HALF = 0.5  # of a text, less than which is a passage of it unless it is its beginning
_LEAD = 0.3  # of the beginning of the longer text
_ANY_LEAD = 0.1
_NUMBERS = 0.8
_SLOTS = 0.06
_LARGE = 0.35


def link(a: tuple[str, str, Fingerprint], b: tuple[str, str, Fingerprint]) -> Link | None:
    """The link between two articles, given as id, site ("" if unknown) and fingerprint; None if they have next to nothing in common."""
    a, b = (a, b) if a[0] < b[0] else (b, a)
    common = overlap(a[2], b[2])
    if common.containment < LEAST:
        return None
    kind = _kind(common, same_site=bool(a[1]) and a[1] == b[1])
    return Link(a[0], b[0], round(common.of_a, 3), round(common.of_b, 3), kind)


def weight(of: Link) -> float:
    """How much a link counts for two articles being copies of one: 0 to 1, less than COPY unless it looks like it."""
    match of.kind:
        case Likeness.REPRINT:
            return max(of.of_a, of.of_b)
        case Likeness.PASSAGE:
            return max(of.of_a, of.of_b) * (0.75 if min(of.of_a, of.of_b) >= _LARGE else 0.4)
        case Likeness.TEMPLATE:
            return 0.0


def _kind(common: Overlap, *, same_site: bool) -> Likeness:
    whole = common.containment
    if (common.numbers < _NUMBERS and common.slots > _SLOTS) or (same_site and whole < _EXACT):
        return Likeness.TEMPLATE
    if whole < _WHOLE and min(common.lead_a, common.lead_b) < _ANY_LEAD:
        return Likeness.PASSAGE
    if min(common.of_a, common.of_b) < _HALF and common.lead_of_longer < _LEAD:
        return Likeness.PASSAGE
    return Likeness.REPRINT
