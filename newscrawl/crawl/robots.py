"""What a host's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

AGENT = "newscrawl"  # the product token that robots.txt files address us by


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host for us."""

    _parsed: Protego | None  # None: everything is allowed
    crawl_delay: float = 0.0  # seconds; 0 if none is asked for

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
    return Rules(parsed, delay)
