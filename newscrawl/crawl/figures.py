"""What a run counts of its pages for `crawl.drift`: whether articles have their fields, what servers answered."""

from __future__ import annotations

from collections import Counter
from math import log

from newscrawl.models import Article, Kind, Result, Settlement, Target

LEAST_TEXT = 100  # characters; what has fewer hardly is an article's body
HUNDREDTHS = 100  # logarithms of lengths are counted so, since counters are whole numbers
_HEADLINES = frozenset({Kind.PAGE, Kind.ARTICLE})
_TELLING = frozenset({Result.ARTICLE, Result.SAME_CONTENT, Result.OTHER})


def answer_figures(seconds: float) -> Counter[str]:
    """Counters of one answer that took so long to begin: "answers", and "answer-log", the natural logarithm of its milliseconds."""
    return Counter({"answers": 1, "answer-log": round(log(max(1.0, seconds * 1000)) * HUNDREDTHS)})


def figures(before: Target | None, settlement: Settlement, read: Article | None) -> Counter[str]:
    """Counters of one visit: `before` is the target as it was handed out, `read` the article as its page shows it now.

    "headlines" counts those that led to a page for the first time, "with-article" those of them that led to an article. "read"
    counts articles read, "with-…" those that have the field, "log" and "log-squares" the natural logarithms of text lengths.
    """
    counted: Counter[str] = Counter()
    target = settlement.target
    if settlement.capture is not None and target.kind is not Kind.IMAGE:
        counted[f"status-{settlement.capture.status}"] += 1
    if before is not None and target.kind is Kind.ROBOTS and before.digest and target.digest != before.digest:
        counted["robots-changed"] += 1
    if before is not None and not before.visits and not target.place and target.result in _TELLING and target.kind in _HEADLINES:
        counted["headlines"] += 1
        counted["with-article"] += target.result is not Result.OTHER
    if read is None:
        return counted
    length = log(max(1, len(read.text)))
    has = {"title": read.title, "date": read.published, "authors": read.authors or read.source, "body": len(read.text) >= LEAST_TEXT}
    counted.update(f"with-{name}" for name, there in has.items() if there)
    counted["read"] += 1
    counted["log"] += round(length * HUNDREDTHS)
    counted["log-squares"] += round(length * length * HUNDREDTHS)
    return counted
