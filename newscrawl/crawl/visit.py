"""The item that travels through Scrapy's pipelines: everything that one page came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.archive.exchange import Exchange
from newscrawl.models import Article, Candidate, Capture, Cleaned, Part, Reading, Result, Target


@dataclass(slots=True)
class Visit:
    """One target, what its server answered, and what was made of it. Pipelines fill in what stands below."""

    target: Target  # as it was handed out
    result: Result = Result.NONE
    detail: str = ""
    exchange: Exchange | None = None  # None: nothing was answered, or nothing was asked
    again: bool = False  # `target` is already due again: a retry, or a redirect to another spelling of itself
    hold: float = 0.0  # seconds for which the server asks us to leave the whole site alone
    candidates: list[Candidate] = field(default_factory=list)
    scripts: str = ""  # why its scripts should be run and the page be read again
    html: str = ""  # the page as decoded, if so
    moved_to: str = ""  # canonical address, for Result.REDIRECT and Result.VARIANT
    reading: Reading | None = None  # for Result.ARTICLE and Result.PART
    repeated: frozenset[str] = frozenset()  # paragraphs of the reading that the site's other pages show too
    cleaned: Cleaned | None = None
    article: Article | None = None  # for Result.ARTICLE, before it is compared with what the store knows
    part: Part | None = None  # for Result.PART
    capture: Capture | None = None
    found: tuple[Target, ...] = ()
    promoted: tuple[Target, ...] = ()  # known targets of which it tells more
    revived: tuple[str, ...] = ()  # ids of known targets that have changed, as the page says
    lists: tuple[tuple[str, ...], ...] = ()  # of a listing seen before: ids of the targets in each of its lists
    headlines: tuple[str, ...] = ()  # of a listing: addresses of those that no listing of this run has shown before
    onward: tuple[str, ...] = ()  # likewise: ids of its further pages
