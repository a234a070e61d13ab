"""A first look at a site: a few pages of each kind instead of all of one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.discover.worth import HUNCH
from newscrawl.models import Kind, Target

SURVEYED = "survey"  # how its run ends
_HEADLINE = "headline"  # all links that may lead to articles
_HEADLINES = 4  # of them followed for one link of any other kind: articles differ more than sections do
_FURTHER = "further page"  # of a list or an article


@dataclass(slots=True)
class SurveyFrontier(SiteFrontier):
    """Hands out one target at a time: of those whose like was asked for least."""

    _asked: Counter[str] = field(default_factory=Counter)  # by group

    def take(self, clock: float) -> Target | None:
        """The next target to ask for, once everything is known that the one before led to."""
        if self.over or self.sated or self.wants_refill or self._filling or self.pace.ready_at() > clock:
            return None
        if self.counters["requests"] >= self.wishes.survey:
            self.close(SURVEYED)
        for target in self._robots if self.out else sorted([*self.window, *self.hunches], key=self._weight):
            if self.over:
                break  # the host told us to leave
            (self.hunches if target in self.hunches else self.window).remove(target)
            if (chosen := self._admitted(target, clock)) is not None:
                if chosen is target:
                    self._asked.update(self._alike(target))
                return self._handed_out(chosen, clock)
        return None

    @property
    def sated(self) -> bool:
        """Whether something is out: what it leads to may be more telling than anything that is known.

        Unless it waits itself, with scripts that may ask another host only once its robots.txt is known.
        """
        return bool(self.out) and not self._robots

    @property
    def _robots(self) -> list[Target]:
        return [target for target in self.window if target.kind is Kind.ROBOTS]

    @property
    def enough(self) -> int:
        """As much as there is room for: what was just found may be the first of its kind."""
        return self.size - 1

    def _weight(self, target: Target) -> tuple[int, int, int]:
        asked = [self._asked[group] for group in self._alike(target)]
        most = self._asked[_HEADLINE] // _HEADLINES if _is_headline(target) else max(asked)
        return most, asked[0], target.priority

    def _alike(self, target: Target) -> list[str]:
        named = [group for group in self._groups(target) if group != HUNCH]
        return [*named, *([_HEADLINE] if _is_headline(target) else []), *([_FURTHER] if target.number else [])]


def _is_headline(target: Target) -> bool:
    return target.kind is Kind.PAGE and not target.place
