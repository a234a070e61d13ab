"""The stages behind the reader, as steps of a visit: for Scrapy's pipelines, and for those who read without Scrapy."""

from __future__ import annotations

import logging

from newscrawl.crawl.visit import Visit
from newscrawl.models import Kind, Result

log = logging.getLogger(__name__)


def cleaned(visit: Visit) -> Visit:
    """The visit with its reading cleaned, or without it where that fails; one without a reading is as it was."""
    if visit.reading is None:
        return visit
    from newscrawl.clean.article import clean  # not loaded where nothing is read

    try:
        visit.cleaned = clean(visit.reading, repeats=visit.repeated.__contains__)
    except Exception as error:  # one page, whatever is wrong with it, never stops a crawl, and is captured all the same
        log.warning("%s could not be cleaned: %r", visit.target.url, error, exc_info=True)
        visit.reading, visit.result, visit.detail = None, Result.UNREADABLE, repr(error)[:500]
    return visit


def identified(visit: Visit) -> Visit:
    """The visit with the article or part that its cleaned texts are; one without texts or capture is as it was."""
    if visit.cleaned is None or visit.capture is None:
        return visit
    from newscrawl.identify import article

    if visit.target.kind is Kind.PART:
        visit.part = article.part_of(visit.cleaned, number=visit.target.number, capture=visit.capture.id)
    else:
        visit.article = article.identified(visit.cleaned, visit.capture)
    return visit
