"""Reading as a site's own definition directs, where the defaults fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newscrawl.extract.article import read_article
from newscrawl.extract.blocks import layout
from newscrawl.extract.moments import read_moment
from newscrawl.extract.tree import Page, parse
from newscrawl.models import Evidence, Reading

SITE_FILE = Evidence("site file", 1.0)


@dataclass(frozen=True, slots=True)
class Directions:
    """Selectors and facts that an operator gives; empty ones direct nothing."""

    body: str = ""  # selector of the element that holds the text
    drop: Sequence[str] = ()  # selectors of what in it is not the article
    date: str = ""  # selector of the element that holds the date
    zone: str = ""  # of dates without one
    locale: str = ""  # BCP 47, of the dates


def read_directed(page: Page, url: str, directions: Directions, *, at: datetime, link_text: str = "", listed: str = "") -> Reading | None:
    """As `read_article`, with what the directions find in its place. Elements they drop are taken out of the page's tree."""
    for selector in directions.drop:
        for node in page.tree.css(selector):
            node.decompose()
    reading = read_article(page, url, at=at, link_text=link_text, listed=listed, zone=directions.zone)
    if reading is None:
        return None
    evidence = dict(reading.evidence)
    if paragraphs := _text_in(page, directions.body):
        reading, evidence["body"] = replace(reading, paragraphs=paragraphs), SITE_FILE
    languages = (directions.locale,) if directions.locale else ()
    if moment := read_moment(" ".join(_text_in(page, directions.date)), at=at, languages=languages, zone=directions.zone):
        reading, evidence["published"] = replace(reading, published=replace(moment, source=SITE_FILE.source)), SITE_FILE
    return replace(reading, evidence=evidence)


def _text_in(page: Page, selector: str) -> tuple[str, ...]:
    """The lines of text in the first element that matches; () if none does."""
    node = page.tree.css_first(selector) if selector else None
    return tuple(block.text for block in layout(parse(node.html or "")).blocks) if node is not None else ()
