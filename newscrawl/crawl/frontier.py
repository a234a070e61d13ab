"""One site's share of the frontier: a window on what the store holds, opened as fast as politeness allows."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from newscrawl.clean.urls import host_of
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.pace import Pace
from newscrawl.crawl.robots import SHUT, RobotsAnswer, Rules
from newscrawl.discover.worth import Worth, groups
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, Settlement, State, Target, now
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store

# Results that tell what pages of a kind are worth; a server that is busy or refuses tells nothing of them.
_TELLING = frozenset(
    {Result.ARTICLE, Result.UNCHANGED, Result.LISTING, Result.OTHER, Result.SAME_CONTENT, Result.VARIANT, Result.REDIRECT, Result.MISSING}
    | {Result.NOT_HTML, Result.TOO_MANY_HOPS}
)
_NO_ANSWER = frozenset({Result.BUSY, Result.UNREACHABLE})
_OUTAGE = 20  # addresses in a row without an answer, after which a site is left for this run


@dataclass(slots=True)
class SiteFrontier:
    """What of one site is due, handed out, or waited for. `refuse` is called with targets that are settled without a request."""

    site: SiteDefinition
    store: Store
    pace: Pace
    size: int  # targets held in memory
    patience: float  # seconds
    crawl_delay_max: float  # seconds
    refuse: Callable[[Target, Result, str], None]
    limit: int | None = None  # articles read in this run
    window: deque[Target] = field(default_factory=deque)
    hunches: list[Target] = field(default_factory=list)  # links that are no headlines: followed one by one, when all else is done
    out: dict[str, Target] = field(default_factory=dict)  # handed out or refused, not settled yet
    rules: dict[str, Rules | None] = field(default_factory=dict)  # by host; None while its robots.txt is asked for
    worth: Worth = field(default_factory=Worth)
    counters: Counter[str] = field(default_factory=Counter)
    over: str = ""  # why nothing more is handed out: "finished", "limit", ...
    _articles: int = 0
    _unanswered: int = 0  # addresses in a row
    _long_pauses: int = 0  # asked for in a row, longer than a run waits
    waits_for: datetime | None = None  # the store holds nothing that is due before
    _stale: bool = True  # the store may hold more that is due than the window shows
    _filling: bool = False

    @classmethod
    def of(
        cls, site: SiteDefinition, store: Store, knobs: CrawlKnobs, *, refuse: Callable[[Target, Result, str], None], limit: int | None
    ) -> SiteFrontier:
        """The frontier of a site, as its definition and the knobs will have it."""
        return cls(
            site,
            store,
            Pace(site.delay or knobs.delay, knobs.concurrency),
            size=knobs.window,
            patience=knobs.patience,
            crawl_delay_max=knobs.crawl_delay_max,
            refuse=refuse,
            limit=limit,
        )

    def take(self, clock: float) -> Target | None:
        """The next target to ask for, if the site may be asked now."""
        if self.over or self.sated or self.pace.ready_at() > clock:
            return None
        for _ in range(len(self.window)):
            target = self.window.popleft()
            if (chosen := self._admitted(target)) is not None:
                self.out[chosen.id] = chosen
                self.pace.started(clock)
                return chosen
        return self._best_hunch(clock)

    def _best_hunch(self, clock: float) -> Target | None:
        """The most promising link that is no headline, once everything that the ones before led to is known."""
        go_on = self._hunch_may_follow  # a refusal teaches nothing, so the next is tried at once
        while go_on and self.hunches:
            best = max(self.hunches, key=lambda target: self.worth.promise(self._groups(target)))
            self.hunches.remove(best)
            if (chosen := self._admitted(best)) is not None:
                self.out[chosen.id] = chosen
                self.pace.started(clock)
                return chosen
        return None

    @property
    def _hunch_may_follow(self) -> bool:
        """Whether there is a hunch, and nothing better is in sight."""
        return bool(self.hunches) and not (self.window or self.out or self._stale or self._filling)

    def _groups(self, target: Target) -> tuple[str, ...]:
        return groups(target.url, target.place, self.site.url)

    def _admitted(self, target: Target) -> Target | None:
        """`target`, or the robots.txt that has to be read first; None if it waits for that, or is refused."""
        if target.kind is Kind.ROBOTS:
            return target
        host = host_of(target.url)
        if host not in self.rules:
            self.window.appendleft(target)
            self.rules[host] = None
            return self._robots_target(f"{target.url.partition('://')[0]}://{host}/robots.txt")
        rules = self.rules[host]
        if rules is None:
            self.window.append(target)
            return None
        if rules is SHUT:
            self._refused(target, Result.UNREACHABLE, "its robots.txt can't be read")
        elif not rules.allow(target.url):
            self._refused(target, Result.FORBIDDEN, "robots.txt")
        elif target.kind in (Kind.PAGE, Kind.LISTING) and (group := self.worth.left(self._groups(target))):
            self._refused(target, Result.TRAP, group)
        else:
            return target
        return None

    def _robots_target(self, url: str, *, first: str = "", hops: int = 0, tries: int = 0) -> Target:
        return Target(
            id=target_id(self.site.slug, url),
            site=self.site.slug,
            url=url,
            kind=Kind.ROBOTS,
            due=now(),
            parent=first,
            hops=hops,
            tries=tries,
        )

    def _refused(self, target: Target, result: Result, detail: str) -> None:
        self.out[target.id] = target
        self.refuse(target, result, detail)

    def robots_answered(self, target: Target, answer: RobotsAnswer) -> None:
        """Take in what came of asking for a robots.txt: ask on, or know the rules of the host that it was asked for."""
        first = target.parent or target.url
        if answer.moved_to:
            self.window.appendleft(self._robots_target(answer.moved_to, first=first, hops=target.hops + 1))
        elif answer.again:
            self.window.appendleft(self._robots_target(target.url, first=target.parent, hops=target.hops, tries=target.tries + 1))
        else:
            self._learn(host_of(first), answer.rules or SHUT)

    def _learn(self, host: str, rules: Rules) -> None:
        self.rules[host] = rules
        if rules.crawl_delay > self.crawl_delay_max:
            self.close(f"robots.txt asks for {rules.crawl_delay:g} s between requests, more than crawl.crawl_delay_max")
        self.pace.obey(rules.crawl_delay)

    def close(self, outcome: str) -> None:
        """Hand out nothing more; what is out is still settled."""
        self.over = self.over or outcome
        self.window.clear()
        self.hunches.clear()

    @property
    def sated(self) -> bool:
        """Whether what is out may be all the articles that were asked for."""
        return self.limit is not None and self._articles + len(self.out) >= self.limit

    def abandon(self, outcome: str) -> None:
        """Hand out nothing more and wait for nothing: what is out is somebody else's to settle."""
        self.close(outcome)
        self.out.clear()

    def pause(self, seconds: float, clock: float) -> None:
        """Ask nothing of the site for so long, as it wishes, but no longer than a run waits. If it wishes that twice in a row, leave it."""
        self.pace.hold(clock + min(seconds, self.patience))
        self._long_pauses += seconds > self.patience
        if self._long_pauses >= 2:
            self.close("deferred")

    def answered(self) -> None:
        """The site answered without asking for a pause."""
        self._long_pauses = 0

    def article_read(self) -> None:
        """An article was read; that may be all that was asked for."""
        self._articles += 1
        if self.limit is not None and self._articles >= self.limit:
            self.close("limit")

    def settled(self, settlement: Settlement) -> None:
        """A page is durable: its target is in a new state, and the store may hold more that is due."""
        target = settlement.target
        self.out.pop(target.id, None)
        self.counters[target.result.value] += 1
        if settlement.article is not None and target.result is Result.ARTICLE:
            self.counters["changed" if settlement.revision else "new"] += 1
        self._note_outage(target)
        if target.kind in (Kind.PAGE, Kind.LISTING, Kind.ARTICLE) and target.result in _TELLING:
            fresh = any(found.state is State.DUE and not found.place and found.kind is not Kind.PART for found in settlement.found)
            self.worth.record(self._groups(target), news=fresh or target.result is Result.ARTICLE)
        if settlement.found or target.state is State.DUE or not (self.out or self.hunches):  # the last one out looks ahead
            self._stale = True

    def _note_outage(self, target: Target) -> None:
        """Leave the site for now when it answers nothing any more: what waits must not use up its tries."""
        if target.state is not State.SKIPPED:
            self._unanswered = self._unanswered + 1 if target.result in _NO_ANSWER else 0
        if self._unanswered >= _OUTAGE:
            self.close("no answer")

    @property
    def wants_refill(self) -> bool:
        """Whether the store should be asked for more."""
        if self.over or self._filling or len(self.window) > self.size // 2:
            return False
        return self._stale or (self.waits_for is not None and self.waits_for <= now())

    async def refill(self) -> None:
        """Fill the window with what the store holds due, unless that is being done. Raises StoreError."""
        if self._filling:
            return
        self._filling, self._stale = True, False
        try:
            room = self.size - len(self.window)
            held = {target.id for target in self.window} | self.out.keys()
            due = await self.store.due_targets(self.site.slug, now(), room, held)
            fresh = [target for target in due if target.id not in self.out]
            self.window.extend(target for target in fresh if not target.place)
            self.hunches = [target for target in fresh if target.place]
            self.waits_for = None
            if len(due) == room and not self.hunches:
                self._stale = True
            elif not self.window and not self.hunches and not self.out and not self._stale:
                await self._look_ahead()
        finally:
            self._filling = False

    async def _look_ahead(self) -> None:
        """Nothing is due: wait for what soon will be, or be finished."""
        backlog = await self.store.backlog(self.site.slug)
        if backlog.next_due is None or backlog.next_due > now() + timedelta(seconds=self.patience):
            self.close("finished" if backlog.next_due is None else "deferred")
        else:
            self.waits_for = backlog.next_due

    @property
    def has_more(self) -> bool:
        """Whether the site may still hand something out by itself, now or later in this run. For what is out others have to answer."""
        if self.over:
            return False
        ready = any(map(self._may_be_asked, self.window)) or bool(self.hunches and not self.out)
        return (ready and not self.sated) or self.wants_refill or self._filling or self.waits_for is not None

    def _may_be_asked(self, target: Target) -> bool:
        """Whether a target doesn't wait for a robots.txt that has been asked for."""
        return target.kind is Kind.ROBOTS or self.rules.get(host_of(target.url), SHUT) is not None

    def next_chance(self, clock: float) -> float:
        """The clock's time at which `take` or `refill` is worth a try again; infinite if only an answer can change that."""
        if self.over or self.sated:
            return inf
        if self._hunch_may_follow or any(map(self._may_be_asked, self.window)):
            return self.pace.ready_at()
        if self.waits_for is not None:
            return clock + max(0.0, (self.waits_for - now()).total_seconds())
        return inf
