"""An article's headline, by the agreement of those who state it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newscrawl.extract import hints
from newscrawl.extract.blocks import Layout, plain
from newscrawl.extract.structured import Structured

_SEPARATOR = re.compile(
    r"\s+[|\-–—·•:»«/]+\s+|\s*[|_｜»«]+\s*|\s*::\s*|\s+[-–—]|[-–—]\s+|\s?--+\s?|(?<=[\u3000-\u9fff\uff00-\uffef])[-–—－](?=[\u3000-\u9fff])"
)
_COLON = re.compile(r"[:：]\s*")  # "Site: Headline"; but headlines have colons too
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]")
_MARKED_OFF = re.compile(r"[:：]|\s[-–—|]\s|[?!？！｜]")  # what stands between a kicker and its headline
_SHARE_OF_HEADLINE = 0.4  # of a shown headline: what is left of it without its kicker
_AROUND = 4  # blocks between a kicker and its headline
_MOST_SEGMENTS = 8
_FEWEST = 4  # letters or characters of a headline


@dataclass(frozen=True, slots=True)
class Title:
    """A headline and where the page shows it."""

    text: str
    source: str  # "h1", "heading", "text", "json-ld", "og", "meta", "title", "link"
    confidence: float
    block: int = -1  # index of the block that shows it, -1 if none does
    others: tuple[tuple[str, str], ...] = ()  # what other places say instead, as (place, text)


def folded(text: str) -> str:
    """What two spellings of one headline share: letters and digits in one case."""
    return _NOT_WORD.sub("", text.casefold())


def title_of(layout: Layout, stated: Structured, *, url: str = "", link_text: str = "") -> Title | None:
    """The page's headline.

    A heading that <title> contains is it. Else the segments that structured data and <title> share, then a segment of <title> that the page
    shows as a line, then either of them without the site's name, then a heading, then the text of the link that led here.
    """
    document = html.unescape(stated.document_title)
    claims = [(claim.source, plain(html.unescape(claim.value))) for claim in stated.titles]
    sites = _site_names(stated, url)
    link = folded(link_text.rstrip("….· "))
    candidates = (
        _shown_heading(layout, [folded(document), *(folded(text) for _, text in claims)], sites),
        _shared(layout, claims, document, sites),
        _shown_segment(layout, document, sites),
        _first_heading(layout, sites),
        Title(without_site(document, sites), "title", 0.5) if document else None,
        Title(plain(link_text), "link", 0.3) if link else None,
    )
    best = next((title for title in candidates if title and folded(title.text) and folded(title.text) not in sites), None)
    return _voted(_with_its_kicker(layout, best, claims, document, sites), claims, link) if best else None


def _with_its_kicker(layout: Layout, title: Title, claims: list[tuple[str, str]], document: str, sites: set[str]) -> Title:
    """The headline with the words before it, or without them, as structured data have it: "Old bridge: At last, it is rebuilt".

    Pages show such words in a smaller type above the headline, inside of its element or outside. What structured data put before it counts
    if <title> agrees; what they leave out is left out.
    """
    key = folded(title.text)
    wholes = (title.text, document, *(text for _, text in claims))
    apart = ""
    for source, text in claims:
        clean = without_site(text, sites)
        claim = folded(clean)
        before = claim.removesuffix(key)
        if 0 < len(before) < len(claim):
            is_kicker = len(before) <= 2 * len(key) and before not in sites and bool(_MARKED_OFF.search(clean))
            if is_kicker and folded(document).startswith(claim) and _is_shown_near(layout, before, title.block):
                return replace(title, text=clean)
        elif source == "og" and key.endswith(claim) and max(_SHARE_OF_HEADLINE * len(key), 3 * _FEWEST) <= len(claim) < len(key):
            apart = apart or (clean if any(_stands_apart(clean, whole) for whole in wholes) else "")
    return replace(title, text=apart) if apart else title


def _stands_apart(headline: str, whole: str) -> bool:
    """Whether a headline ends a longer text in which something marks its beginning."""
    before = whole[: max(0, whole.find(headline))].rstrip()
    return before.endswith((":", "：", "-", "–", "—", "|", "?", "!", '"', "”", "»"))


def _is_shown_near(layout: Layout, key: str, block: int) -> bool:
    """Whether a line of its own around this block says this."""
    around = layout.blocks[max(0, block - _AROUND) : block + _AROUND] if block >= 0 else ()
    return any(folded(shown.text) == key for shown in around)


def _site_names(stated: Structured, url: str) -> set[str]:
    """What the site may call itself, folded."""
    host = url.partition("://")[2].partition("/")[0].removeprefix("www.")
    names = (stated.site_name, stated.publisher, host, host.partition(".")[0])
    return {folded(name) for name in names if name}


def _shared(layout: Layout, claims: list[tuple[str, str]], document: str, sites: set[str]) -> Title | None:
    """What structured data and <title> have in common; what structured data say, if it is nothing."""
    document_runs = {folded(run) for run in _runs(document)}
    for source, text in claims:
        common = [run for run in _runs(text) if folded(run) in document_runs and folded(run) not in sites]
        best = without_site(max(common, key=len) if common else text, sites)
        if len(folded(best)) >= _FEWEST and folded(best) not in sites:
            return Title(best, source, 0.8 if common else 0.7, _line(layout, folded(best)))
    return None


def _runs(text: str) -> set[str]:
    """All runs of segments of a <title>: of "A | B | C" A, B, C, A | B, B | C and the whole."""
    inner = sorted(found.span() for pattern in (_SEPARATOR, _COLON) for found in pattern.finditer(text))[:_MOST_SEGMENTS]
    spans = [(0, 0), *inner, (len(text), len(text))]
    return {run for i, (_, start) in enumerate(spans) for end, _ in spans[i + 1 :] if (run := text[start:end].strip())}


def _first_heading(layout: Layout, sites: set[str]) -> Title | None:
    """An h1 that nothing on the page confirms."""
    for text, block in _headings(layout, "h1"):
        if len(folded(text)) >= 2 * _FEWEST and folded(text) not in sites:
            return Title(text, "h1", 0.4, block)
    return None


def title_above(layout: Layout, first: int) -> Title | None:
    """The headline of a page that names none: above the block `first`, the nearest line marked as a title, or a heading, or any line."""
    above = range(first - 1, max(-1, first - 30), -1)
    marked = (
        index for index in above if layout.boxes[layout.blocks[index].box].hints & hints.TITLE or layout.blocks[index].tag in _HEADINGS
    )
    alone = (index for index in above if not layout.blocks[index].linked and not any(map(str.isdecimal, layout.blocks[index].text)))
    for confidence, indexes in ((0.4, marked), (0.2, alone)):
        for index in indexes:
            if len(folded(layout.blocks[index].text)) >= _FEWEST:
                return Title(layout.blocks[index].text, "text", confidence, index)
    return None


def without_site(text: str, sites: set[str]) -> str:
    """The headline in a <title>: without the site's names, and without ends behind the same mark that are shorter than what is before."""
    spots = list(_SEPARATOR.finditer(text))
    if not spots:
        return text
    if folded(text[: spots[0].start()]) in sites:
        return text[spots[0].end() :].strip()
    mark = spots[-1][0].strip()
    while spots and spots[-1][0].strip() == mark:
        before, behind = text[: spots[-1].start()], text[spots[-1].end() :]
        if folded(behind) not in sites and len(folded(before)) < len(folded(behind)):
            break
        text = before
        spots.pop()
    return text.strip()


def _shown_heading(layout: Layout, wider: list[str], sites: set[str]) -> Title | None:
    """The longest h1 that <title> or structured data contain; failing that, such an h2 or h3 of some length."""
    for tags, fewest in (("h1", _FEWEST), ("h2 h3", 2 * _FEWEST)):
        best: tuple[int, str, int] | None = None
        for text, block in _headings(layout, *tags.split()):
            key = folded(text)
            if len(key) < fewest or key in sites or (best and len(key) <= best[0]):
                continue
            if any(
                key in whole and not (whole.endswith(key) and len(whole) > 2 * len(key)) for whole in wider
            ):  # the short end is the site's name
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
    """The longest run of segments of <title> that stands on the page as a line of its own."""
    for run in sorted(_runs(document), key=len, reverse=True):
        key = folded(run)
        if len(key) >= _FEWEST and key not in sites and (block := _line(layout, key)) >= 0:
            return Title(run, "text", 0.8, block)
    return None


def _line(layout: Layout, key: str) -> int:
    """The block whose text this is, -1 if there is none."""
    length = len(key)
    for index, block in enumerate(layout.blocks):
        text = block.text
        if (
            length <= len(text) <= 2 * length + 20
            and (first := _WORD.search(text))
            and first[0].casefold()[0] == key[0]
            and folded(text) == key
        ):
            return index  # few lines begin with the right letter, and are worth folding
    return -1


def _voted(title: Title, claims: list[tuple[str, str]], link: str) -> Title:
    """The same with the confidence that others lend it."""
    key = folded(title.text)
    votes = sum(folded(text) == key for source, text in claims if source != title.source) + (
        bool(link) and (key.startswith(link) or link in key)
    )
    others = {folded(text): (source, text) for source, text in reversed(claims) if folded(text) not in ("", key)}
    confidence = min(1.0, round(title.confidence + 0.05 * votes, 2))
    return replace(title, confidence=confidence, others=tuple(reversed(others.values())))
