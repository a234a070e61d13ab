"""The hosts of a site: what their robots.txt files allow, whether they answer, when they want to be left alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from math import inf

from newscrawl.clean.urls import host_of
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.pace import Pace
from newscrawl.crawl.reception import Reception
from newscrawl.crawl.robots import SHUT, RobotsAnswer, Rules
from newscrawl.crawl.rulebook import SHUT_FOR, Rulebook
from newscrawl.crawl.visit import Visit
from newscrawl.discover.links import in_site
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, Target, now
from newscrawl.sites import SiteDefinition

_UNAVAILABLE = 503
_WANTS_A_PAUSE = frozenset({429, _UNAVAILABLE})  # statuses by which a server speaks for itself as a whole, not for one page
_SPEAK_FOR_ALL = frozenset({Kind.SEED, Kind.ROBOTS})
_FOR_PICTURES = frozenset({Kind.IMAGE, Kind.ROBOTS})  # what is asked of a host outside the site
DEFERRED = "deferred"  # how the word begins on how a run ended that leaves something for later


def deferred(until: datetime, why: str) -> str:
    """How a run ends that leaves something until then."""
    return f"{DEFERRED} until {until:%Y-%m-%d %H:%M} UTC: {why}"


class Turn(Enum):
    """When a target may be asked for."""

    NOW = auto()
    LATER = auto()  # its host wants a pause, or its robots.txt is being asked for
    AFTER_ROBOTS = auto()  # of its host, which nobody has asked for yet


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a target is not asked for."""

    result: Result
    detail: str
    wait: timedelta | None = None  # until it may be asked for all the same; None: not before the next visit


class Hosts:
    """All hosts of one site, whose requests share one `pace`. Those outside of it, where its pictures are, speak for themselves alone."""

    def __init__(self, site: SiteDefinition, pace: Pace, *, knobs: CrawlKnobs) -> None:
        self._site, self._pace, self._knobs = site, pace, knobs
        self.reception = Reception(site.url, knobs.retry_seconds)
        self.rulebook = Rulebook()
        self.leave = ""  # why nothing more is to be asked of the site in this run
        self.leave_until: datetime | None = None  # until then the site wants to be left alone, which is longer than a run waits
        self._closed: dict[str, float] = {}  # hosts of which a page asked for a pause beyond that, and the clock's time when it ends
        self.left: dict[str, datetime] = {}  # hosts outside the site that want to be left alone for longer than a run waits, until then
        self._outside: dict[str, Pace] = {}  # how fast such hosts may be asked, if the site's pace allows for it

    def turn(self, target: Target, clock: float) -> Turn | Refusal:
        """Whether `target` may be asked for at this time."""
        host, circuits = host_of(target.url), self.reception.circuits
        if (wait := circuits.ready_at(host) - clock) > 0:
            if target.kind is Kind.ROBOTS or self.reception.is_front(host):
                return Turn.LATER
            soon = timedelta(seconds=wait) if wait <= self._knobs.patience else None  # the run need not wait for what may be a dead link
            return Refusal(Result.UNREACHABLE, "its host does not answer", soon)  # nor others behind it
        if host in self.left and self.left[host] > now():
            if target.kind is Kind.ROBOTS:
                self.rulebook.learn(host_of(target.parent or target.url), SHUT, now())
            return Refusal(Result.UNREACHABLE, f"its host asks to be left alone until {self.left[host]:%Y-%m-%d %H:%M} UTC (Retry-After)")
        outside = self._pace_outside(host)
        if target.kind is Kind.ROBOTS:
            return Turn.NOW if outside is None or outside.ready_at() <= clock else Turn.LATER
        if self.rulebook.is_asked(host):
            return Turn.LATER
        rules = self.rulebook.rules(host, now()) or self._recalled(host, clock)
        if rules is None:
            return Turn.AFTER_ROBOTS
        if rules is SHUT:
            return Refusal(Result.UNREACHABLE, "its robots.txt can't be read", SHUT_FOR if self.reception.is_front(host) else None)
        if rules.crawl_delay > self._knobs.crawl_delay_max:
            return Refusal(Result.FORBIDDEN, _too_slow(rules))
        if not rules.allow(target.url):
            return Refusal(Result.FORBIDDEN, "robots.txt")
        ready = self._pace.ready_at() if outside is None else max(self._pace.ready_at(), outside.ready_at())
        return Turn.NOW if ready <= clock else Turn.LATER  # rules that were just recalled may ask for more time

    def asked(self, target: Target, clock: float) -> None:
        """A request for `target` goes out."""
        self._pace.started(clock)
        if (outside := self._pace_outside(host_of(target.url))) is not None:
            outside.started(clock)
        self.reception.circuits.asked(host_of(target.url), clock)

    def robots_target(self, target: Target) -> Target:
        """The robots.txt that has to be read before `target`; it counts as being asked for from now on."""
        host = host_of(target.url)
        self.rulebook.ask(host)
        return self._robots(f"{target.url.partition('://')[0]}://{host}/robots.txt")

    def robots_answered(self, target: Target, answer: RobotsAnswer) -> Target | None:
        """Take in what came of asking for a robots.txt: what to ask for next, or None as the rules are known now, or can't be."""
        if answer.moved_to:
            return self._robots(answer.moved_to, first=target.parent or target.url, hops=target.hops + 1)
        if answer.again:
            return self._robots(target.url, first=target.parent, hops=target.hops, tries=target.tries + 1)
        host, rules = host_of(target.parent or target.url), answer.rules or SHUT
        self.rulebook.learn(host, rules, now())
        self._obey(host, rules)
        return None

    def heard(self, target: Target, visit: Visit, clock: float) -> None:
        """Take in what came of a request to `target`, as it was handed out: the site may want us to wait, or to leave."""
        self._pace.judged(target.id)
        if (outside := self._pace_outside(host_of(target.url))) is not None:
            outside.finished(clock)
        if visit.exchange is not None:
            if visit.exchange.status in _WANTS_A_PAUSE:
                self._pause_wanted(target, visit, clock)
            elif visit.exchange.status < 500:
                self._closed.pop(host_of(target.url), None)  # it is open, so the pause was that page's own
        self.leave = self.leave or self.reception.heard(target, visit.result, clock)

    def _pause_wanted(self, target: Target, visit: Visit, clock: float) -> None:
        """A server asks for a pause. 429 is about us. So is 503, as a rule, but a single page may be closed as well.

        So if one asks for more than a run waits, the site is left alone for as long as that, and the host's next answer tells: if it is
        a pause again, it meant all of itself, and the site is left. The front page, a robots.txt and a 429 are believed at once.
        A host outside the site, where its pictures are, speaks for itself alone.
        """
        host, hold = host_of(target.url), visit.hold
        ours = min(self._knobs.retry_seconds * 2**target.tries, self._knobs.patience)
        if target.kind in _FOR_PICTURES and (outside := self._pace_outside(host)) is not None:
            if hold > self._knobs.patience:
                self.left[host] = now() + timedelta(seconds=hold)
            else:
                outside.hold(clock + (hold or ours))
            return
        if not hold:
            self._pace.hold(clock + ours)
        if host in self._closed:
            self.pause(max(hold, self._closed[host] - clock), clock)
        elif hold > self._knobs.patience and visit.exchange and visit.exchange.status == _UNAVAILABLE and target.kind not in _SPEAK_FOR_ALL:
            self._closed[host] = clock + hold
            self._pace.hold(clock + self._knobs.patience)
        elif hold:
            self.pause(hold, clock)

    def pause(self, seconds: float, clock: float) -> None:
        """Ask nothing of the site for so long, as it wishes. If that is longer than a run waits, leave it to a later run."""
        self._pace.hold(clock + seconds)
        if seconds > self._knobs.patience:
            self.leave_until = now() + timedelta(seconds=seconds)
            self.leave = self.leave or deferred(self.leave_until, "the site asks to be left alone until then (Retry-After)")

    def goes_on(self, target: Target) -> bool:
        """Whether a target doesn't wait for a robots.txt that has been asked for."""
        return self.rulebook.none_asked or target.kind is Kind.ROBOTS or not self.rulebook.is_asked(host_of(target.url))

    def ready_at(self, targets: Iterable[Target]) -> float:
        """When the first of these may be asked for; infinite if all wait for an answer."""
        circuits = self.reception.circuits
        if self.rulebook.none_asked and circuits.all_closed and not self._outside:
            return self._pace.ready_at()
        first = min((self._host_ready_at(host_of(target.url)) for target in targets if self.goes_on(target)), default=inf)
        return max(self._pace.ready_at(), first)

    def _host_ready_at(self, host: str) -> float:
        ready = self.reception.circuits.ready_at(host)
        return max(ready, self._outside[host].ready_at()) if host in self._outside and host not in self.left else ready

    def _pace_outside(self, host: str) -> Pace | None:
        """The pace of a host outside the site; None for one of the site's own."""
        if host not in self._outside and not in_site(f"https://{host}/", self._site.url):
            self._outside[host] = Pace(self._pace.delay, self._pace.concurrency)
        return self._outside.get(host)

    def _recalled(self, host: str, clock: float) -> Rules | None:
        if (rules := self.rulebook.recall(host, now())) is not None:
            self._obey(host, rules)
            if (outside := self._pace_outside(host)) is not None and rules.crawl_delay <= self._knobs.crawl_delay_max:
                outside.hold(clock + rules.crawl_delay)  # an earlier run may have asked it just now
        return rules

    def _obey(self, host: str, rules: Rules) -> None:
        if rules.crawl_delay <= self._knobs.crawl_delay_max:
            (self._pace_outside(host) or self._pace).obey(rules.crawl_delay)
        elif self.reception.is_front(host):
            self.leave = self.leave or _too_slow(rules)

    def _robots(self, url: str, *, first: str = "", hops: int = 0, tries: int = 0) -> Target:
        slug = self._site.slug
        return Target(target_id(slug, url), slug, url, Kind.ROBOTS, now(), parent=first, hops=hops, tries=tries)


def _too_slow(rules: Rules) -> str:
    return f"robots.txt asks for {rules.crawl_delay:g} s between requests, more than crawl.crawl_delay_max"
