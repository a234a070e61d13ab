"""What the lists of a site have led to in a run: whether to turn their pages any further."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median_low

from newscrawl.discover.worth import pager
from newscrawl.models import Kind, Result, Settlement, Target

ENOUGH = 3  # dates, beside the links of a page or of what they lead to, that tell how old its list is
_REMEMBERED = 5_000  # pages of lists


def is_further(target: Target) -> bool:
    """Whether a target is a further page of a list."""
    return target.kind is Kind.LISTING and target.number > 0


def age_of_list(moments: Iterable[datetime]) -> datetime | None:
    """The median of the dates in a list, as what follows it is no newer than most of it; None if there are too few."""
    known = list(moments)
    return median_low(known) if len(known) >= ENOUGH else None


@dataclass(slots=True)
class Lists:
    """The lists of one site, by the ids of their pages."""

    _new: dict[str, tuple[str, ...]] = field(default_factory=dict)  # addresses of the headlines that no list had shown before
    _pagers: dict[str, str] = field(default_factory=dict)  # groups of further pages, see discover.worth
    _dates: dict[str, list[datetime]] = field(default_factory=dict)  # of what their headlines led to

    def shown(self, target: Target, headlines: tuple[str, ...]) -> None:
        """A page was read that shows these headlines, which no list of this run had shown before."""
        if headlines:
            self._new[target.id] = headlines

    def taken(self, target: Target) -> tuple[str, ...]:
        """Those headlines, once; () for pages that show none."""
        return self._new.pop(target.id, ())

    def settled(self, settlement: Settlement) -> str:
        """Take in what a page came to. The group of the pager that led to it, if it was a headline there; else ""."""
        target = settlement.target
        if is_further(target) and target.result is Result.LISTING:
            if len(self._pagers) > _REMEMBERED:
                self._pagers.clear()
            self._pagers[target.id] = pager(target.url)
        if target.place or target.kind not in (Kind.PAGE, Kind.ARTICLE) or target.visits > 1:
            return ""
        return self._pagers.get(target.found_on, "")

    def dated(self, target: Target, published: datetime) -> None:
        """What `target` leads to was published then."""
        if len(self._dates) > _REMEMBERED:
            self._dates.clear()
        self._dates.setdefault(target.found_on, []).append(published)

    def age_before(self, target: Target) -> datetime | None:
        """How old the page is that a further page follows, by what its headlines led to; None if that is not known, or no such page."""
        return age_of_list(self._dates.get(target.found_on, ())) if is_further(target) else None
