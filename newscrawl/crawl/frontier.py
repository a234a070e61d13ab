"""One site's share of the frontier: a window on what the store holds, opened as fast as politeness allows."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf
from typing import Self

from newscrawl.clean.template import Template
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.experience import fails_for_the_first_time, learn
from newscrawl.crawl.figures import counter_of, figures
from newscrawl.crawl.finding import FAR
from newscrawl.crawl.hosts import Hosts, Refusal, Turn, deferred
from newscrawl.crawl.lists import Lists, is_further
from newscrawl.crawl.pace import Pace
from newscrawl.crawl.robots import RobotsAnswer
from newscrawl.crawl.since import is_older
from newscrawl.crawl.sparing import Sparing
from newscrawl.crawl.validators import Validators
from newscrawl.crawl.visit import Visit
from newscrawl.crawl.wishes import ALL, Wishes
from newscrawl.discover.worth import Worth, groups, pager
from newscrawl.identify.addresses import Addresses
from newscrawl.models import Article, Kind, Result, Settlement, State, Target, now
from newscrawl.remarks import Alarm
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store, twin_of

_MANY = 5_000  # found targets, 3 MB: until they are stored no further sitemap should come
_STORED_WITHIN = 30.0  # seconds
SAVED_EVERY = 100  # visits, after which what was learned of a site is saved


@dataclass(slots=True)
class SiteFrontier:
    """What of one site is due, handed out, or waited for. `refuse` is called with targets that are settled without a request."""

    site: SiteDefinition
    store: Store
    pace: Pace
    hosts: Hosts
    size: int  # targets held in memory
    patience: float  # seconds
    refuse: Callable[[Target, Result, str], None]
    wishes: Wishes = ALL
    window: deque[Target] = field(default_factory=deque)
    hunches: list[Target] = field(default_factory=list)  # links that are no headlines: followed one by one, when all else is done
    out: dict[str, Target] = field(default_factory=dict)  # handed out or refused, not settled yet
    worth: Worth = field(default_factory=Worth)
    validators: Validators = field(default_factory=Validators)
    lists: Lists = field(default_factory=Lists)
    template: Template = field(default_factory=Template)
    sparing: Sparing = field(init=False)
    counters: Counter[str] = field(default_factory=Counter)
    unsaved: int = 0  # visits since what was learned was last saved
    errands: int = 0  # of scripts, that wait for their turn: they come first, as their page is under way
    over: str = ""  # why nothing more is handed out: "finished", "limit", ...
    _articles: int = 0
    _behind: set[str] = field(default_factory=set)  # ids of targets that wait for their twins
    waits_for: datetime | None = None  # the store holds nothing that is due before
    _stale: bool = True  # the store may hold more that is due than the window shows
    _filling: bool = False

    def __post_init__(self) -> None:
        self.sparing = Sparing(Addresses(self.site.slug))

    @classmethod
    def of(
        cls, site: SiteDefinition, store: Store, knobs: CrawlKnobs, *, wishes: Wishes, refuse: Callable[[Target, Result, str], None]
    ) -> Self:
        """The frontier of a site, as its definition, the knobs and the user will have it."""
        pace = Pace(site.delay or knobs.delay, knobs.concurrency)
        hosts = Hosts(site, pace, knobs=knobs)
        return cls(site, store, pace, hosts, size=knobs.window, patience=knobs.patience, refuse=refuse, wishes=wishes)

    def take(self, clock: float) -> Target | None:
        """The next target to ask for, if the site may be asked now."""
        if self.over or self.sated or self.errands or self.pace.ready_at() > clock:
            return None
        for _ in range(len(self.window)):
            target = self.window.popleft()
            if (chosen := self._admitted(target, clock)) is not None:
                return self._handed_out(chosen, clock)
        return self._best_hunch(clock)

    def _handed_out(self, target: Target, clock: float) -> Target:
        self.out[target.id] = target
        self.hosts.asked(target, clock)
        return target

    def _best_hunch(self, clock: float) -> Target | None:
        """The most promising link that is no headline, once everything that the ones before led to is known."""
        go_on = self._hunch_may_follow  # a refusal teaches nothing, so the next is tried at once
        while go_on and self.hunches and not self.window:
            best = max(self.hunches, key=lambda target: (target.id not in self._behind, self.worth.promise(self._groups(target))))
            self.hunches.remove(best)
            if (chosen := self._admitted(best, clock)) is not None:
                return self._handed_out(chosen, clock)
        return None

    @property
    def _hunch_may_follow(self) -> bool:
        """Whether there is a hunch, and nothing better is in sight."""
        return bool(self.hunches) and not (self.window or self.out or self._stale or self._filling)

    def _groups(self, target: Target) -> tuple[str, ...]:
        return groups(target.url, target.place, self.site.url)

    def _admitted(self, target: Target, clock: float) -> Target | None:
        """`target`, or the robots.txt that has to be read first; None if it waits for that or for its host, or is refused."""
        if known := self.sparing.twin(target):
            self._refused(target, Result.TWIN, twin_of(known))
            return None
        turn = self.hosts.turn(target, clock)
        self.heed()
        if self.over:
            return None
        if turn is Turn.AFTER_ROBOTS:
            self.window.appendleft(target)
            return self.hosts.robots_target(target)
        if turn is Turn.LATER:
            self.window.append(target)
        elif isinstance(turn, Refusal):
            self._refused(target if turn.wait is None else replace(target, due=now() + turn.wait), turn.result, turn.detail)
        elif self._may_be_trap(target) and (group := self.worth.left(self._counted(target))):
            self._refused(target, Result.TRAP, group)
        elif self.wishes.since and (old := self._too_old(target, self.wishes.since)):
            self._refused(old, Result.OLD, f"before {self.wishes.since:%Y-%m-%d}")
        else:
            return target
        return None

    def _counted(self, target: Target) -> tuple[str, ...]:
        """The groups that a target must not be left for."""
        return (*self._groups(target), pager(target.url)) if is_further(target) else self._groups(target)

    def _too_old(self, target: Target, since: datetime) -> Target | None:
        """The target, if it is known that it shows nothing published after `since`, with the date that tells."""
        if target.visits and target.result is not Result.OLD:
            return None
        if (age := self.lists.age_before(target)) and age < since:
            return replace(target, listed=age.isoformat())
        return target if is_older(target, since) else None

    def _may_be_trap(self, target: Target) -> bool:
        """Whether a target must be worth a visit: what has brought something before is, and what was named as a source."""
        hopes = not target.visits and (target.kind in (Kind.PAGE, Kind.LISTING) or bool(target.place))
        return hopes and not self.sparing.is_check(target)

    def _refused(self, target: Target, result: Result, detail: str) -> None:
        self.out[target.id] = target
        self.refuse(target, result, detail)

    def robots_answered(self, target: Target, answer: RobotsAnswer) -> None:
        """Take in what came of asking for a robots.txt: ask on, or know the rules of the host that it was asked for."""
        if (following := self.hosts.robots_answered(target, answer)) is not None:
            self.window.appendleft(following)
        self.heed()

    def close(self, outcome: str) -> None:
        """Hand out nothing more; what is out is still settled."""
        self.over = self.over or outcome
        self.window.clear()
        self.hunches.clear()

    @property
    def sated(self) -> bool:
        """Whether what is out may be all the articles that were asked for."""
        return self.wishes.limit is not None and self._articles + len(self.out) >= self.wishes.limit

    def abandon(self, outcome: str) -> None:
        """Hand out nothing more and wait for nothing: what is out is somebody else's to settle."""
        self.close(outcome)
        self.out.clear()

    def heard(self, target: Target, visit: Visit, clock: float) -> None:
        """Take in what came of a request to `target`, as it was handed out: the site may want us to wait, or to leave."""
        self.hosts.heard(target, visit, clock)
        self.lists.shown(target, visit.headlines)
        if len(visit.found) > _MANY:
            self.pace.doubt(target.id, clock + _STORED_WITHIN)
        self.heed()

    def heed(self) -> None:
        """Hand out nothing more if the hosts told us to leave."""
        if self.hosts.leave:
            self.close(self.hosts.leave)

    def article_read(self) -> None:
        """An article was read; that may be all that was asked for."""
        self._articles += 1
        if self.wishes.limit is not None and self._articles >= self.wishes.limit:
            self.close("limit")

    def settled(self, settlement: Settlement, read: Article | None = None, *, leads_on: bool = False) -> None:
        """A page is durable: its target is in a new state, and the store may hold more that is due; `leads_on`: it surely does.

        `read` is the article as the page shows it now.
        """
        target = settlement.target
        before = self.out.pop(target.id, None)
        self.counters.update(figures(before, settlement, read))
        self.pace.judged(target.id)
        self.counters[counter_of(target)] += 1
        if settlement.article is not None and target.result is Result.ARTICLE:
            self.counters["changed" if settlement.revision else "new"] += 1
            body = settlement.article.evidence.get("body")
            if body and any(reason == Alarm.DAMAGED for reason, _ in body.others):
                self.counters[Alarm.DAMAGED.value] += 1
        if before is not None:
            self.counters["failed"] += fails_for_the_first_time(before, target)
            self.validators.observe(before, target)
        self.unsaved += 1
        self.sparing.settled(target)
        learn(settlement, worth=self.worth, lists=self.lists, front=self.site.url, addresses=self.sparing.addresses)
        more = leads_on or settlement.found or settlement.revived or target.state is State.DUE
        if self.sparing.addresses.twins.owes:
            self.unsaved, more = SAVED_EVERY, True
        if more or not (self.out or self.hunches):  # the last one out looks ahead
            self._stale = True

    @property
    def enough(self) -> int:
        """Targets in the window with which the store is left alone."""
        return self.size // 2

    @property
    def wants_refill(self) -> bool:
        """Whether the store should be asked for more."""
        if self.over or self._filling or len(self.window) > self.enough:
            return False
        return self._stale or (self.waits_for is not None and self.waits_for <= now())

    async def refill(self) -> None:
        """Fill the window with what the store holds due, unless that is being done. Raises StoreError."""
        if self._filling:
            return
        self._filling, self._stale = True, False
        try:
            if self.sparing.addresses.twins.owes:
                await self.sparing.undo(self.store)
            room = self.size - len(self.window)
            held = {target.id for target in self.window} | self.out.keys()
            due = await self.store.due_targets(self.site.slug, now(), room, held)
            fresh = [target for target in due if target.id not in self.out]
            self._behind = await self.sparing.look_up(self.store, fresh)
            hunches = {target.id for target in fresh if target.id in self._behind or self._is_hunch(target)}
            self.window.extend(target for target in fresh if target.id not in hunches)
            self.hunches = [target for target in fresh if target.id in hunches]
            self.waits_for = None
            if len(due) == room and not self.hunches:
                self._stale = True
            elif not self.window and not self.hunches and not self.out and not self._stale:
                await self._look_ahead()
        finally:
            self._filling = False

    def _is_hunch(self, target: Target) -> bool:
        """Whether a target waits until everything else has shown what it led to."""
        member_of = self._groups(target)
        if target.place:
            return not self.worth.proven(member_of)
        return target.priority == FAR or (target.kind is Kind.PAGE and not target.visits and self.worth.on_strange_host(member_of))

    async def _look_ahead(self) -> None:
        """Nothing is due: wait for what soon will be, or be finished."""
        backlog = await self.store.backlog(self.site.slug)
        if backlog.next_due is None:
            self.close("finished")
        elif backlog.next_due > now() + timedelta(seconds=self.patience):
            first = await self.store.due_targets(self.site.slug, backlog.next_due, 1)
            told = ", ".join([f"addresses that wait: {backlog.waiting}", *(f"the first {one.url} ({one.detail})" for one in first)])
            self.close(deferred(backlog.next_due, told))
        else:
            self.waits_for = backlog.next_due

    @property
    def has_more(self) -> bool:
        """Whether the site may still hand something out by itself, now or later in this run. For what is out others have to answer."""
        if self.over:
            return False
        ready = any(map(self.hosts.goes_on, self.window)) or bool(self.hunches and not self.out)
        return (ready and not self.sated) or self.wants_refill or self._filling or self.waits_for is not None

    def next_chance(self, clock: float) -> float:
        """The clock's time at which `take` or `refill` is worth a try again; infinite if only an answer can change that."""
        if self.over or self.sated or self.errands:
            return inf
        if self._hunch_may_follow or any(map(self.hosts.goes_on, self.window)):
            return self.hosts.ready_at(self.window or self.hunches)
        if self.waits_for is not None:
            return clock + max(0.0, (self.waits_for - now()).total_seconds())
        return inf
