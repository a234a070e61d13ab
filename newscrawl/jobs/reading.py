"""The stages behind the reader, for those who read without Scrapy."""

from __future__ import annotations

import logging

from newscrawl.clean.article import clean
from newscrawl.crawl.visit import Visit
from newscrawl.identify.article import identified, part_of
from newscrawl.models import Kind, Result

log = logging.getLogger(__name__)


def finished(visit: Visit) -> Visit:
    """The visit with what its reading comes to: cleaned, and an article or a part. One without a reading is as it was."""
    if visit.reading is None or visit.capture is None:
        return visit
    try:
        visit.cleaned = clean(visit.reading, repeats=visit.repeated.__contains__)
    except Exception as error:  # one page, whatever is wrong with it, stops nothing
        log.warning("%s could not be cleaned: %r", visit.target.url, error, exc_info=True)
        visit.reading, visit.result, visit.detail = None, Result.UNREADABLE, repr(error)[:500]
        return visit
    if visit.target.kind is Kind.PART:
        visit.part = part_of(visit.cleaned, number=visit.target.number, capture=visit.capture.id)
    else:
        visit.article = identified(visit.cleaned, visit.capture)
    return visit
