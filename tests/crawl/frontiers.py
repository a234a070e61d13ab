"""What the tests of a frontier do with it: fill it, take from it, settle what was taken."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.robots import FREE, RobotsAnswer
from newscrawl.crawl.visit import Visit
from newscrawl.models import Result, Settlement, State, Target


@dataclass
class Refused:
    """What was settled without a request."""

    targets: list[tuple[str, Result, str]] = field(default_factory=list)

    def __call__(self, refused: Target, result: Result, detail: str) -> None:
        self.targets.append((refused.url, result, detail))


CLOCK = count(1.0)


def take(frontier: SiteFrontier) -> Target | None:
    """What it hands out a second later."""
    return frontier.take(next(CLOCK))


async def filled(frontier: SiteFrontier, *targets: Target) -> SiteFrontier:
    await frontier.store.add_targets(targets)
    await frontier.refill()
    return frontier


async def opened(frontier: SiteFrontier, *targets: Target, rules: Any = FREE) -> SiteFrontier:
    """The frontier with these targets, its robots.txt already read."""
    await filled(frontier, *targets)
    asked = take(frontier)
    assert asked is not None
    frontier.robots_answered(asked, RobotsAnswer(Visit(asked), rules))
    await settle(frontier, asked, Result.ROBOTS)
    return frontier


async def settle(frontier: SiteFrontier, done: Target, result: Result = Result.OTHER, **other: Any) -> None:
    settlement = Settlement(replace(done, state=State.DONE, result=result), **other)
    await frontier.store.settle([settlement])
    frontier.settled(settlement)


def urls(frontier: SiteFrontier) -> list[str]:
    """What it hands out, one after the other."""
    taken = iter(lambda: take(frontier), None)
    return [target.url for target in taken]
