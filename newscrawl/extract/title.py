"""An article's headline, by the agreement of those who state it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawl.extract import hints
from newscrawl.extract.blocks import Layout, plain
from newscrawl.extract.structured import Structured

_SEPARATOR = re.compile(r"\s+[|\-–—·•:»«/]+\s+|\s*[|_｜»«]+\s*|\s*::\s*|\s+[-–—]|[-–—]\s+|\s?--+\s?")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOT_WORD = re.compile(r"[\W_]+")
_FEWEST = 4  # letters or characters of a headline


@dataclass(frozen=True, slots=True)
class Title:
    """A headline and where the page shows it."""

    text: str
    source: str  # "h1", "heading", "text", "json-ld", "og", "meta", "title", "link"
    confidence: float
    block: int = -1  # index of the block that shows it, -1 if none does


def folded(text: str) -> str:
    """What two spellings of one headline share: letters and digits in one case."""
    return _NOT_WORD.sub("", text.casefold())


def title_of(layout: Layout, stated: Structured, *, link_text: str = "") -> Title | None:
    """The page's headline.

    A heading that <title> contains is it. Else what structured data say, then a segment of <title> that the page shows as a line, then
    <title> without the site's name, then the text of the link that led here.
    """
    document = html.unescape(stated.document_title)
    claims = [(claim.source, plain(html.unescape(claim.value))) for claim in stated.titles]
    wider = [folded(document), *(folded(text) for _, text in claims)]
    link = folded(link_text.rstrip("….· "))
    sites = {folded(name) for name in (stated.site_name, stated.publisher) if name}
    if shown := _shown_heading(layout, wider, sites):
        return _voted(shown, claims, link)
    for source, text in claims:
        text = without_site(text, sites)
        if len(folded(text)) >= _FEWEST and folded(text) not in sites:
            return _voted(Title(text, source, 0.7, _line(layout, folded(text))), claims, link)
    if document:
        if segment := _shown_segment(layout, document, sites):
            return _voted(segment, claims, link)
        text = without_site(document, sites)
        if folded(text):
            return _voted(Title(text, "title", 0.5), claims, link)
    heading = next((text for text, _ in _headings(layout, "h1")), "")
    if heading:
        return _voted(Title(heading, "h1", 0.4, _line(layout, folded(heading))), claims, link)
    return Title(plain(link_text), "link", 0.3) if link else None


def title_above(layout: Layout, first: int) -> Title | None:
    """The headline of a page that names none: the nearest line above the block `first` that is marked as a title, or is a heading, or stands alone."""
    above = range(first - 1, max(-1, first - 30), -1)
    marked = (index for index in above if layout.boxes[layout.blocks[index].box].hints & hints.TITLE or layout.blocks[index].tag in _HEADINGS)
    alone = (index for index in above if not layout.blocks[index].linked and not any(map(str.isdecimal, layout.blocks[index].text)))
    for confidence, indexes in ((0.4, marked), (0.2, alone)):
        for index in indexes:
            if len(folded(layout.blocks[index].text)) >= _FEWEST:
                return Title(layout.blocks[index].text, "text", confidence, index)
    return None


def without_site(text: str, sites: set[str]) -> str:
    """The headline in a <title>: without segments that are the site's name; if the name is unknown, the longest of the first two segments."""
    spots = [found.span() for found in _SEPARATOR.finditer(text)]
    if not spots:
        return text
    first, last = text[: spots[0][0]], text[spots[-1][1] :]
    if sites and folded(first) in sites:
        return text[spots[0][1] :].strip()
    while spots and (folded(text[spots[-1][1] :]) in sites or len(folded(text[: spots[-1][0]])) >= len(folded(last))):
        text = text[: spots[-1][0]]
        spots.pop()
    return text.strip() or last


def _shown_heading(layout: Layout, wider: list[str], sites: set[str]) -> Title | None:
    """The longest h1 that <title> or structured data contain; failing that, such an h2 or h3 of some length."""
    for tags, fewest in (("h1", _FEWEST), ("h2 h3", 2 * _FEWEST)):
        best: tuple[int, str, int] | None = None
        for text, block in _headings(layout, *tags.split()):
            key = folded(text)
            if len(key) >= fewest and key not in sites and any(key in whole for whole in wider) and (best is None or len(key) > best[0]):
                best = (len(key), text, block)
        if best and best[0] * 4 >= min((len(whole) for whole in wider if whole), default=0):
            return Title(best[1], "h1" if tags == "h1" else "heading", 0.9, best[2])
    return None


def _headings(layout: Layout, *tags: str) -> Iterator[tuple[str, int]]:
    """Headings with the index of their first block: each line, and all lines of a heading together."""
    blocks = layout.blocks
    for box in layout.boxes:
        if box.tag in tags and box.end > box.first and not box.hints & hints.HIDDEN:
            yield blocks[box.first].text, box.first
            if box.end - box.first > 1:
                yield " ".join(block.text for block in blocks[box.first : box.end]), box.first


def _shown_segment(layout: Layout, document: str, sites: set[str]) -> Title | None:
    """The longest run of segments of <title> that stands on the page as a line of its own, not as a link."""
    spots = [(0, 0), *(found.span() for found in _SEPARATOR.finditer(document)), (len(document), len(document))]
    runs = {document[start:end].strip() for i, (_, start) in enumerate(spots) for end, _ in spots[i + 1 :]}
    by_length = sorted(runs, key=len, reverse=True)
    for run in by_length[:20]:
        key = folded(run)
        if len(key) >= _FEWEST and key not in sites and (block := _line(layout, key)) >= 0:
            return Title(run, "text", 0.8, block)
    return None


def _line(layout: Layout, key: str) -> int:
    """The block whose text this is, links left out; -1 if there is none."""
    length = len(key)
    for index, block in enumerate(layout.blocks):
        if length <= len(block.text) <= 2 * length + 20 and block.linked * 2 < len(block.text) and folded(block.text) == key:
            return index
    return -1


def _voted(title: Title, claims: list[tuple[str, str]], link: str) -> Title:
    """The same with the confidence that others lend it."""
    key = folded(title.text)
    votes = sum(folded(text) == key for source, text in claims if source != title.source) + (bool(link) and (key.startswith(link) or link in key))
    return Title(title.text, title.source, min(1.0, round(title.confidence + 0.05 * votes, 2)), title.block)
