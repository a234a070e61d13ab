"""When a site may be asked again. Times are seconds on a clock that the caller reads."""

from __future__ import annotations

from math import inf


class Pace:
    """At most `concurrency` requests at once, `delay` seconds between the starts of two.

    After `obey`, one at a time and `delay` seconds between an answer and the next request: however the network jitters,
    the server sees no shorter gap.
    """

    def __init__(self, delay: float, concurrency: int) -> None:
        self.delay, self.concurrency = delay, concurrency
        self._from_answer = False
        self._open = 0
        self._ready = self._answered = -inf
        self._doubts: dict[str, float] = {}

    def obey(self, crawl_delay: float) -> None:
        """Take over a Crawl-delay that is no shorter than our own, counting from the answer that we have just got."""
        if 0 < crawl_delay >= self.delay:
            self.delay, self.concurrency, self._from_answer = crawl_delay, 1, True
            self.hold(self._answered + crawl_delay)

    def hold(self, until: float) -> None:
        """Ask nothing before `until`."""
        self._ready = max(self._ready, until)

    def ready_at(self) -> float:
        """The earliest time for the next request; infinite while as many as allowed are under way."""
        return inf if self._open >= self.concurrency else max(self._ready, *self._doubts.values(), -inf)

    def started(self, now: float) -> None:
        """A request was handed out."""
        self._open += 1
        self.hold(now + self.delay)

    def finished(self, now: float) -> None:
        """A request was answered, or failed."""
        self._open -= 1
        self._answered = now
        if self._from_answer:
            self.hold(now + self.delay)

    def resume(self, answered: float) -> None:
        """An earlier run got its last answer at this time."""
        self._answered = answered
        self.hold(answered + self.delay)

    def doubt(self, answer: str, until: float) -> None:
        """Nobody has looked at this answer yet, and it may ask for a pause: ask nothing before it is judged, or before `until`."""
        self._doubts[answer] = until

    def judged(self, answer: str) -> None:
        """The answer was looked at."""
        self._doubts.pop(answer, None)
