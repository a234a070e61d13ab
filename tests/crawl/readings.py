"""Answers read without a crawl around them, each by a reader of its own, of a site called gazette."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from newscrawl.config import CrawlKnobs
from newscrawl.crawl.reading import SiteReader
from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Target
from newscrawl.sites import SiteDefinition, site_for_url
from tests.exchanges import AT, exchange
from tests.knobs import crawl_knobs

GAZETTE = site_for_url("https://gazette.example/")
HOME = "https://gazette.example/"
BODY = "".join(
    f"<p>The fire brigade of the lower town was called to warehouse {number} at the old river port, where timber had caught fire.</p>"
    for number in range(1, 8)
)


def reader_of(site: SiteDefinition = GAZETTE, *, since: datetime | None = None, **knobs: Any) -> SiteReader:
    return SiteReader(site, crawl_knobs(**knobs), since)


def page_read(
    path: str,
    html: str | bytes = "",
    *,
    status: int = 200,
    site: SiteDefinition = GAZETTE,
    reader: SiteReader | None = None,
    target: dict[str, Any] | None = None,
    knobs: CrawlKnobs | None = None,
    plain: bool = False,
    rendered: str = "",
    **headers: str,
) -> Visit:
    """What an answer comes to; `target` are fields of what was asked for, `headers` those of the answer, with _ for -.

    `rendered` is what scripts made of the page; `plain`: they are not going to be run.
    """
    url = path if "://" in path else HOME + path
    asked = Target(id=target_id("gazette.example", url), site="gazette.example", url=url, kind=Kind.PAGE, due=AT)
    payload = html if isinstance(html, bytes) else html.encode()
    answer = exchange(payload, status, url=url, **{"Content_Type": "text/html", **headers})
    answer = replace(answer, rendered=rendered.encode())
    return (reader or SiteReader(site, knobs or crawl_knobs())).read(replace(asked, **(target or {})), answer, plain=plain)


def addresses(visit: Visit) -> list[str]:
    """Where it leads, without guesses."""
    return [found.url for found in visit.found if not found.place.startswith("guessed")]
