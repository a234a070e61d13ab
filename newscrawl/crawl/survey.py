"""A first look at a site: a few pages of each kind instead of all of one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import inf

from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.discover.worth import HUNCH
from newscrawl.models import Kind, Target

SURVEYED = "survey"  # how its run ends
_HEADLINE = "headline"  # all links that may lead to articles
_HEADLINES = 4  # of them followed for one link of any other kind: articles differ more than sections do


@dataclass(slots=True)
class SurveyFrontier(SiteFrontier):
    """Hands out one target at a time: of those whose like was asked for least."""

    _asked: Counter[str] = field(default_factory=Counter)  # by group

    def take(self, clock: float) -> Target | None:
        """The next target to ask for, once everything is known that the one before led to."""
        if self.over or self.out or self._stale or self._filling or self.pace.ready_at() > clock:
            return None
        while waiting := [*self.window, *self.hunches]:
            if self.counters["requests"] >= self.wishes.survey:
                self.close(SURVEYED)
                return None
            target = min(waiting, key=self._weight)
            (self.hunches if target in self.hunches else self.window).remove(target)
            if (chosen := self._admitted(target, clock)) is not None:
                if chosen is target:
                    self._asked.update(self._alike(target))
                return self._handed_out(chosen, clock)
            if target in self.window:
                return None  # waits for its host
        return None

    def next_chance(self, clock: float) -> float:
        """As of any frontier; but while something is out only its answer counts."""
        return inf if self.out else super(SurveyFrontier, self).next_chance(clock)

    def _weight(self, target: Target) -> tuple[int, int, int]:
        asked = [self._asked[group] for group in self._alike(target)]
        most = self._asked[_HEADLINE] // _HEADLINES if _is_headline(target) else max(asked)
        return most, asked[0], target.priority

    def _alike(self, target: Target) -> list[str]:
        named = [group for group in self._groups(target) if group != HUNCH]
        return [*named, _HEADLINE] if _is_headline(target) else named


def _is_headline(target: Target) -> bool:
    return target.kind is Kind.PAGE and not target.place
