"""Targets and visits as the crawl makes them, of a site called gazette."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.warc import captured
from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.hosts import Hosts
from newscrawl.crawl.pace import Pace
from newscrawl.crawl.visit import Visit
from newscrawl.demo.pages import Page
from newscrawl.identify.exact import article_id, capture_id, content_hash, target_id
from newscrawl.models import Article, Kind, Result, Target, now
from newscrawl.sites import SiteDefinition
from newscrawl.store.protocol import Store
from tests.knobs import crawl_knobs

HOME = "https://gazette.example/"
SITE = SiteDefinition(slug="gazette", url=HOME)


def target(path: str = "", *, kind: Kind = Kind.PAGE, wait: float = 0.0, **other: Any) -> Target:
    """Due in `wait` seconds."""
    url = path if "://" in path else HOME + path
    made = Target(id=target_id("gazette", url), site="gazette", url=url, kind=kind, due=now() + timedelta(seconds=wait))
    return replace(made, **other)


def exchange(url: str, page: Page) -> Exchange:
    """What came when a page was asked for."""
    headers = (("Content-Type", page.content_type), *page.headers)
    return Exchange(url=url, time=now(), status=page.status, headers=headers, payload=page.body)


def visit(path: str, *, result: Result = Result.OTHER, payload: bytes = b"a page", **other: Any) -> Visit:
    """A page that was fetched, and its capture."""
    asked = target(path)
    came = exchange(asked.url, Page(payload))
    capture = captured(came, id=capture_id(asked.id, round(came.time.timestamp() * 1000)), site="gazette", target=asked.id)
    return Visit(asked, result, "200", came, capture=capture, **other)


def article(path: str, text: str = "The ferry was late.", **other: Any) -> Article:
    """As `identify` makes it of a page."""
    title, seen = f"Report of {text[:20]}", now()
    made = Article(
        id=article_id("gazette", HOME + path), site="gazette", url=HOME + path, title=title, text=text, text_published=text,
        text_search=text,
        first_seen=seen, last_seen=seen, capture="c", content_hash=content_hash(title, text), reader="1",
    )  # fmt: skip
    return replace(made, **other)


def frontier_of(store: Store, pace: Pace, *, refuse: Callable[[Target, Result, str], None] = lambda *_: None) -> SiteFrontier:
    """The site's, with a window of four and little patience."""
    knobs = crawl_knobs(patience=2.0, crawl_delay_max=60.0, retry_seconds=2.0)
    return SiteFrontier(SITE, store, pace, Hosts(SITE, pace, knobs=knobs), size=4, patience=2.0, refuse=refuse)
