"""What a host's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from protego import Protego

from newscrawl.archive.exchange import Exchange
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.answers import NOT_NOW, answered
from newscrawl.crawl.visit import Visit
from newscrawl.models import Result, Target

AGENT = "newscrawl"  # the product token by which robots.txt files address us


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host for us."""

    _parsed: Protego | None  # None: everything is allowed
    crawl_delay: float = 0.0  # seconds; 0 if none is asked for
    text: str = ""  # of which they were read; "" if there is none

    def allow(self, url: str) -> bool:
        """Whether this address may be fetched."""
        return self._parsed is None or bool(self._parsed.can_fetch(url, AGENT))


FREE = Rules(None)


def read_rules(text: str) -> Rules:
    """The rules in a robots.txt. What is no rule is passed over; a Request-rate counts as a Crawl-delay."""
    parsed = Protego.parse(text)
    delay = float(parsed.crawl_delay(AGENT) or 0.0)
    if rate := parsed.request_rate(AGENT):
        delay = max(delay, rate.seconds / rate.requests)
    return Rules(parsed, delay, text)


SHUT = Rules(Protego.parse("User-agent: *\nDisallow: /"))  # of a host whose robots.txt can't be read: RFC 9309, 2.3.1.4


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What asking for a robots.txt came to: rules, or another address to ask, or another try; none of them: it can't be read."""

    visit: Visit
    rules: Rules | None = None
    moved_to: str = ""
    again: bool = False


def robots_answer(target: Target, exchange: Exchange, knobs: CrawlKnobs) -> RobotsAnswer:
    """What a host's answer to the request for its robots.txt means."""
    visit, body = answered(target, exchange, knobs)
    settled = replace(visit, target=target, again=False, moved_to="")
    if visit.result is Result.NONE:
        text = _whole_lines(body, knobs.robots_bytes).decode("utf-8", "replace").removeprefix("\ufeff")
        rules = read_rules(text)
        asks = f", asks for {rules.crawl_delay:g} s between requests" if rules.crawl_delay else ""
        return RobotsAnswer(replace(settled, result=Result.ROBOTS, detail=f"{settled.detail}{asks}"), rules)
    if visit.result is Result.REDIRECT:
        return RobotsAnswer(settled, moved_to=visit.moved_to or (visit.target.url if visit.again else ""))
    if exchange.status == 204 or (400 <= exchange.status < 500 and exchange.status not in NOT_NOW):
        return RobotsAnswer(settled, FREE)  # there is none: RFC 9309, 2.3.1.3
    return RobotsAnswer(settled, again=target.tries + 1 < knobs.max_tries)


def _whole_lines(body: bytes, limit: int) -> bytes:
    """The lines within the first `limit` bytes; half a rule may forbid more than the whole one."""
    if len(body) <= limit:
        return body
    return body[: max(body.rfind(b"\n", 0, limit), body.rfind(b"\r", 0, limit)) + 1]
