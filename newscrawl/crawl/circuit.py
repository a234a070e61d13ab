"""Which hosts of a site answer: growing pauses for one that doesn't, and then none but a single request now and then.

Times are seconds on a clock that the caller reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

OPENS_AFTER = 8  # failures in a row: with pauses of 2 s and up that is two minutes, in which most servers have been restarted
LONGEST_PAUSE = 3_600.0  # seconds


@dataclass(slots=True)
class _Circuit:
    failures: int = 0  # in a row
    ready_at: float = -inf


class Circuits:
    """The hosts of a site, their circuits closed unless told otherwise.

    The second failure in a row brings a pause of `pause` seconds, every further one twice the one before. The first may be the page's own.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._failing: dict[str, _Circuit] = {}

    def answered(self, host: str) -> None:
        """A host answered, whatever it said."""
        self._failing.pop(host, None)

    def failed(self, host: str, clock: float, *, again: bool = False) -> None:
        """A host gave no answer. `again`: to a request that had failed before, which tells of an open circuit only."""
        circuit = self._failing.setdefault(host, _Circuit())
        if not again or self.is_open(host):
            circuit.failures += 1
            circuit.ready_at = max(circuit.ready_at, clock + self._length(circuit.failures))

    def asked(self, host: str, clock: float) -> None:
        """A request goes to the host. If its circuit is open, this is the one that tries whether it is back; the others wait."""
        if self.is_open(host):
            circuit = self._failing[host]
            circuit.ready_at = clock + self._length(circuit.failures + 1)

    def ready_at(self, host: str) -> float:
        """When the host may be asked again."""
        return self._failing[host].ready_at if host in self._failing else -inf

    def is_open(self, host: str) -> bool:
        """Whether so much has failed that nothing is to wait for this host."""
        return host in self._failing and self._failing[host].failures >= OPENS_AFTER

    @property
    def all_closed(self) -> bool:
        """Whether every host answered the last time."""
        return not self._failing

    def _length(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        return min(self._pause * 2.0 ** min(failures - 2, 40), LONGEST_PAUSE) if failures > 1 else 0.0
