"""Who votes for what: one page to one Reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from newscrawl.clean.urls import join
from newscrawl.extract import hints
from newscrawl.extract.authors import credits_of
from newscrawl.extract.blocks import Layout, layout
from newscrawl.extract.body import Body, choose
from newscrawl.extract.dates import Reader, dates_of, languages_of
from newscrawl.extract.evidence import fields_evidence, images_evidence, language_evidence
from newscrawl.extract.labels import labels_of
from newscrawl.extract.language import language_of
from newscrawl.extract.network import Network
from newscrawl.extract.structured import structured
from newscrawl.extract.title import title_above, title_of
from newscrawl.extract.tree import Page
from newscrawl.models import Evidence, Image, Reading
from newscrawl.remarks import Alarm

_MOST_IMAGES = 30
_BYLINES = 6  # lines of names and dates between the first two blocks of a text, at most
_ABOVE = 12  # blocks above a headline that may be breadcrumbs


def read_article(
    page: Page, url: str, *, at: datetime, link_text: str = "", listed: str = "", zone: str = "", network: Network | None = None
) -> Reading | None:
    """What the page at `url`, fetched at `at`, says as an article; None if it has no body or no title.

    `link_text` and `listed` are what a listing showed with the link, `zone` is the site's, `network` judges in place of the shipped one.
    Whether a page is an article at all is not asked here.
    """
    shown = layout(page)
    stated = structured(page, url)
    title = title_of(shown, stated, url=url, link_text=link_text)
    body = choose(shown, title, network=network)
    if not body.chosen or not (title := title or title_above(shown, body.chosen[0])):
        return None
    paragraphs = _texts(shown, body.chosen)
    language = language_of(" ".join(paragraphs), stated.language)
    reader = Reader(at, languages_of(language, stated.language), zone)
    around = near(body, title.block, len(shown.blocks))
    dates = dates_of(shown, stated, reader, url=url, near=around, flags=body.flags, listed=listed)
    lines = _texts(shown, (index for index in around if index != title.block and not _is_in_figure(shown, index)))
    names = credits_of(shown, stated, lines, flags=body.flags, language=language, host=_host(url))
    labels = labels_of(stated, _texts(shown, _above(title.block)), paragraphs, title=title.text)
    pictures = images(shown, body, url)
    evidence = {**labels.evidence, **fields_evidence(title, dates, names), **language_evidence(language, stated.language)}
    evidence |= {**images_evidence(pictures), "body": Evidence("network", body.confidence, _cut_at(page, shown))}
    return Reading(
        title=title.text,
        paragraphs=tuple(paragraphs),
        authors=names.authors,
        source=names.source or labels.outlet,
        editor=names.editor,
        published=dates.published,
        modified=dates.modified,
        section=labels.section,
        tags=labels.tags,
        language=language,
        summary=labels.summary,
        images=pictures,
        canonical=stated.canonical,
        shown=tuple(block.text for block in shown.blocks),
        evidence=evidence,
    )


def _texts(shown: Layout, indexes: Iterable[int]) -> list[str]:
    return [shown.blocks[index].text for index in indexes]


def _above(headline: int) -> range:
    """The blocks above a headline, nearest first."""
    return range(headline - 1, max(-1, headline - _ABOVE), -1)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].removeprefix("www.")


def _is_in_figure(shown: Layout, block: int) -> bool:
    """Whether a line stands in a <figure>: whoever is named there made the picture."""
    return any(box.tag == "figure" for box in shown.around(shown.blocks[block].box))


def _cut_at(page: Page, shown: Layout) -> tuple[tuple[str, str], ...]:
    """What is wrong with a text of which not all was read."""
    reason = page.cut or ("nodes or text" if shown.cut else "")
    return ((Alarm.CUT.value, reason),) if reason else ()


def near(body: Body, headline: int, count: int) -> list[int]:
    """The blocks where date and byline may stand, likeliest first: from the headline into the text, before the headline, behind it."""
    first, last = body.chosen[0], body.chosen[-1]
    start = headline if 0 <= headline <= first else max(0, first - 8)
    second = body.chosen[1] if len(body.chosen) > 1 else first + 1
    end = min(second + 1 if second - first <= _BYLINES else first + 2, count)  # a subheading may stand above them
    between = range(start, end)
    if len(between) > 40:  # a headline far from its text: both ends
        ends = [*range(start, start + 12), *range(end - 14, end)]
    else:
        ends = list(between)
    before = [index for index in range(start - 1, max(-1, start - 6), -1) if not body.flags_of(index) & hints.HEADER]
    behind = range(max(last - 4, first + 2), min(last + 6, count))
    return [*ends, *before, *behind]


def images(shown: Layout, body: Body, url: str) -> tuple[Image, ...]:
    """The pictures in and right above the text, with their captions."""
    first, last = body.chosen[0] - 4, body.chosen[-1] + 1
    found: dict[str, Image] = {}
    for picture in shown.pictures:
        if not first <= picture.block <= last or len(found) >= _MOST_IMAGES:
            continue
        if picture.box >= 0 and body.flags[picture.box] & hints.OUTSIDE & ~hints.CAPTION:
            continue
        if address := join(url, picture.url):
            found.setdefault(address, Image(address, _caption(shown, picture.box, body.flags) or picture.alt))
    return tuple(found.values())


def _caption(shown: Layout, box: int, flags: Sequence[int]) -> str:
    """The caption in the <figure> around a box."""
    while box >= 0:
        around = shown.boxes[box]
        if around.tag == "figure":
            return " ".join(block.text for block in shown.blocks[around.first : around.end] if flags[block.box] & hints.CAPTION)
        box = around.parent
    return ""
