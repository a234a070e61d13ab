"""How a site receives us: whether to go on, to wait, or to leave."""

from __future__ import annotations

from newscrawl.clean.urls import host_of
from newscrawl.crawl.circuit import Circuits
from newscrawl.models import Kind, Result, Target

NO_ANSWER, BLOCKED, REFUSED = "no answer", "blocked", "refused"  # how the run of a site ends that is left
LEAVES_AFTER = 3  # walls in a row: one may guard a single page, and a second one by chance
REFUSED_AFTER = 10  # 401, 403 or 451 in a row: a few pages may be for subscribers
_FAILED = frozenset({Result.BUSY, Result.UNREACHABLE})
_TELLS_NOTHING = frozenset({Result.LEAKED, Result.BAD_ADDRESS})  # the server was never asked, or nobody knows what it said


class Reception:
    """What the answers of a site told in this run. `front` is its address, `pause` the first pause after failures, in seconds."""

    def __init__(self, front: str, pause: float) -> None:
        self._front = _without_www(host_of(front))
        self.circuits = Circuits(pause)
        self._walls = self._refusals = 0  # in a row

    def heard(self, target: Target, result: Result, clock: float) -> str:
        """Take in what came of a request to `target`, as it was handed out; why the site is to be left for now, or ""."""
        host = host_of(target.url)
        if result in _TELLS_NOTHING:
            return ""
        if result in _FAILED:
            self.circuits.failed(host, clock, again=target.tries > 0 and target.kind is not Kind.ROBOTS)
            return NO_ANSWER if self.circuits.is_open(host) and self.is_front(host) else ""
        self.circuits.answered(host)
        if target.kind is Kind.IMAGE:
            return ""  # who refuses its pictures may show its pages all the same
        self._walls = self._walls + 1 if result is Result.BLOCKED else 0
        self._refusals = self._refusals + 1 if result is Result.REFUSED else 0
        if self._refusals >= REFUSED_AFTER:
            return REFUSED
        walled_in = result is Result.BLOCKED and target.kind is Kind.SEED  # where everybody begins
        return BLOCKED if walled_in or self._walls >= LEAVES_AFTER else ""

    def is_front(self, host: str) -> bool:
        """Whether the site's front page is there, with or without "www."."""
        return _without_www(host) == self._front


def _without_www(host: str) -> str:
    return host.removeprefix("www.")
