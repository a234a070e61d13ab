"""Whether a site has become slow: how long its answers took in the last days, beside whole stretches of as many days before.

Answers of one hour are alike, so each stretch counts as one observation, whatever the number of answers in it; few stretches prove little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import atan, cos, exp, log, pi, sin, sqrt
from statistics import fmean, stdev

from newscrawl.crawl.figures import HUNDREDTHS
from newscrawl.health import Alarm, Sign
from newscrawl.models import Run

_DAYS = (1, 2, 4, 7)  # of a stretch: the shortest of which enough have answers
_LEAST_ANSWERS = 20  # that tell of a stretch
_LEAST_STRETCHES = 7
_TIMES, _SECONDS = log(3), 1.0  # as slow as it was, and at least so slow, to matter: a crawl waits a second between requests anyway
_LEAST_SPREAD = 0.25  # of stretches' mean logarithms, however alike they have been


def slowness(runs: Sequence[Run], *, at: datetime, chance: float) -> Iterator[Alarm]:
    """The alarm that answers are slow, if chance brings so much less often than that. `runs` are latest first."""
    for days in _DAYS:
        now, *before = _stretches(runs, at, timedelta(days=days)) or [None]
        known = [mean for mean in before if mean is not None]
        if now is None or len(known) < _LEAST_STRETCHES:
            continue
        usual, spread = fmean(known), max(_LEAST_SPREAD, stdev(known))
        distance = (now - usual) / (spread * sqrt(1 + 1 / len(known)))
        if now - usual >= _TIMES and exp(now) >= _SECONDS * 1000 and student_tail(distance, len(known) - 1) < chance:
            span = "day" if days == 1 else f"{days} days"
            told = f"answers of the last {span} took {exp(now) / 1000:.1f} s, before that {exp(usual) / 1000:.2f} s"
            yield Alarm(Sign.SLOW, told, at - timedelta(days=days))
        return


def _stretches(runs: Sequence[Run], at: datetime, length: timedelta) -> list[float | None]:
    """Mean natural logarithm of the milliseconds of answers in each stretch before `at`, the latest first; None where there are too few."""
    sums: dict[int, tuple[int, int]] = {}
    for run in runs:
        place = (at - run.started) // length
        answers, total = sums.get(place, (0, 0))
        sums[place] = answers + run.counters.get("answers", 0), total + run.counters.get("answer-log", 0)
    if not sums:
        return []
    each = (sums.get(place, (0, 0)) for place in range(max(sums) + 1))
    return [total / HUNDREDTHS / answers if answers >= _LEAST_ANSWERS else None for answers, total in each]


def student_tail(distance: float, freedom: int) -> float:
    """Chance of more than `distance` in Student's t with so many degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    angle = atan(distance / sqrt(freedom))
    squared, term, total = cos(angle) ** 2, 1.0, 0.0
    for step in range(1 + freedom % 2, freedom, 2):
        total += term
        term *= squared * step / (step + 1)
    if freedom % 2 == 0:
        return (1 - sin(angle) * total) / 2
    return (1 - 2 / pi * (angle + sin(angle) * cos(angle) * total)) / 2
