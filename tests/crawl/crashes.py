"""Crawls that are cut off, and whether store and archive are whole afterwards."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen

from warcio.archiveiterator import ArchiveIterator

from newscrawl.archive.recovery import TORN, whole_end
from newscrawl.demo.pages import Answer, Answers, Expected, Page
from newscrawl.demo.serving import Demo, serve_demo
from tests.crawl.crawls import Place

STALLED = 120.0  # seconds without a request after which a crawl is taken for ended


@dataclass(frozen=True, slots=True)
class Whole:
    """What was found when everything was looked at."""

    articles: int
    missing: int  # articles of the portals that aren't there
    twice: int  # articles that are there more than once
    strange: int  # articles that the portals don't have
    captures: int  # each read back from its WARC file, its digest right
    records: int  # in all WARC files, each read by warcio, which checked its digests
    torn: int  # tails of unfinished records that were set aside

    @property
    def sound(self) -> bool:
        return not (self.missing or self.twice or self.strange)


@contextmanager
def brisk_demo() -> Iterator[Demo]:
    """The demo's portals without their Crawl-delay and Retry-After, since it is the store that is tried here."""
    with serve_demo() as demo:
        demo.server.publish(*(_without_delay(portal.answer) for portal in demo.portals))
        yield demo


def _without_delay(answers: Answers) -> Answers:
    def answer(target: str) -> Answer:
        page = answers(target)
        if not isinstance(page, Page):
            return page
        if page.first is not None:  # 503
            return replace(page, first=replace(page.first, headers=(("Retry-After", "0"),)))
        if target != "/robots.txt":
            return page
        return Page(b"".join(line for line in page.body.splitlines(keepends=True) if b"Crawl-delay" not in line), "text/plain")

    return answer


def after_requests(demo: Demo, process: Popen[str], count: int) -> None:
    """Returns once the crawl has sent `count` more requests, or has ended."""
    goal, begun = len(demo.requests) + count, time.monotonic()
    while len(demo.requests) < goal and process.poll() is None and time.monotonic() - begun < STALLED:
        time.sleep(0.002)


def looked_through(place: Place, expected: list[Expected]) -> Whole:
    """Everything that store and archive hold, held against the truth. Raises ArchiveError for a capture that can't be read back."""
    articles = place.holding().articles
    known = [sum(bool(truth.addresses & {article.url, *article.aliases}) for article in articles) for truth in expected]
    per_url = Counter(article.url for article in articles)
    return Whole(
        articles=len(articles),
        missing=known.count(0),
        twice=sum(count > 1 for count in (*known, *per_url.values())),
        strange=sum(not any(article.url in truth.addresses for truth in expected) for article in articles),
        captures=place.verified(),
        records=sum(records_in(path) for path in place.archive.glob("*.warc.gz")),
        torn=len(list(place.archive.glob(f"*{TORN}"))),
    )


def records_in(path: Path) -> int:
    """How many records a WARC file has. An AssertionError tells that it ends in the middle of one, or that a digest is wrong."""
    assert whole_end(path) == path.stat().st_size, f"{path} has a torn end"
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        return sum(record.content_stream().read() is not None for record in records)
