"""From cleaned texts to an article with its ids."""

from __future__ import annotations

from newscrawl import __version__
from newscrawl.identify.exact import article_id, content_hash
from newscrawl.models import Article, Capture, Cleaned, Part

READER = f"newscrawl/{__version__}"


def identified(cleaned: Cleaned, capture: Capture) -> Article:
    """The article that a page at the capture's address is, as if it were seen for the first time."""
    reading = cleaned.reading
    return Article(
        id=article_id(capture.site, capture.url),
        site=capture.site,
        url=capture.url,
        title=reading.title,
        text=cleaned.text,
        text_published=cleaned.text_published,
        text_search=cleaned.text_search,
        first_seen=capture.time,
        last_seen=capture.time,
        capture=capture.id,
        content_hash=content_hash(reading.title, cleaned.text_search),
        reader=READER,
        authors=reading.authors,
        source=reading.source,
        editor=reading.editor,
        published=reading.published,
        modified=reading.modified,
        section=reading.section,
        tags=reading.tags,
        language=reading.language,
        summary=reading.summary,
        images=reading.images,
        repairs=cleaned.repairs,
        evidence=reading.evidence,
    )


def part_of(cleaned: Cleaned, *, number: int, capture: str) -> Part:
    """A further page of an article."""
    return Part(number=number, text=cleaned.text, text_published=cleaned.text_published, capture=capture)
