"""Article, listing, or neither: what a page is, from what it shows and from the links that lead to and from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from newscrawl.clean.urls import page_number
from newscrawl.discover.links import Link
from newscrawl.models import Kind, Reading, Result

_WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NOT_WORD = re.compile(r"[\W_]+")
SHORTEST_BODY = 140  # letters; a Chinese character counts for 2.5 of them
_STRUCTURED = frozenset({"json-ld", "meta", "itemprop"})
_SEEN = frozenset({"time", "text", "guess"})  # where a date is one that the page shows
HEADLINE = 18  # letters from which a link's text may be a headline: section names are shorter


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a page is taken for, and how sure that is (0 to 1)."""

    result: Result  # ARTICLE, LISTING or OTHER
    confidence: float
    reason: str


def weight(text: str) -> float:
    """Length of a text in letters, wide characters counting for 2.5."""
    return len(text) + 1.5 * len(_WIDE.findall(text))


def is_headline(text: str) -> bool:
    """Whether a link's text is long enough for a headline; names of sections and tags are not."""
    return weight(text) >= HEADLINE


def judge(reading: Reading | None, links: Sequence[Link], *, url: str, kind: Kind, link_text: str) -> Verdict:
    """What the page at `url` is. `reading` is None if nothing could be read; `link_text` is that of the link that led here."""
    headlines = [link for link in links if is_headline(link.text) and not link.turns]
    lists = len(headlines) >= (1 if kind is Kind.LISTING else 3)  # the last page of a list may hold one
    if kind is Kind.SEED:
        return Verdict(Result.LISTING, 1.0, "seed")
    if reading is None:
        return Verdict(Result.LISTING if lists else Result.OTHER, 0.8, "no body")
    score, reasons = (-0.5, ["where a listing goes on -0.5"]) if kind is Kind.LISTING else (0.0, [])
    beside = {text for link in headlines for text in (link.text, link.listed) if text} if kind is Kind.LISTING else set()
    for points, reason in (_date_sign(reading, beside), *_signs(reading, headlines, links, url=url, link_text=link_text)):
        score += points
        reasons.append(f"{reason} {points:+.1f}")
    if score >= 1.0:
        return Verdict(Result.ARTICLE, min(1.0, 0.5 + score / 8), ", ".join(reasons))
    return Verdict(Result.LISTING if lists else Result.OTHER, min(1.0, 0.5 + (1 - score) / 8), ", ".join(reasons))


def _signs(reading: Reading, headlines: Sequence[Link], links: Sequence[Link], *, url: str, link_text: str) -> list[tuple[float, str]]:
    """Points for (and, below zero, against) an article but for its date, each with its reason."""
    signs = []
    size = sum(weight(paragraph) for paragraph in reading.paragraphs)
    if size < SHORTEST_BODY:
        signs.append((-2.0, "short body"))
    if link_text and weight(link_text) >= HEADLINE and agrees(link_text, reading.title):
        signs.append((1.0, "headline is that of the link"))
    elif weight(reading.title) < HEADLINE:
        signs.append((-1.0, "short headline"))
    pager = [link for link in links if link.turns and not page_number(link.url, url)]
    if pager:
        signs.append((-0.5, "turns pages"))
    linked = sum(weight(link.text) for link in headlines)
    if linked > 2 * size:
        signs.append((-1.5, "more headlines than text"))
    if (dated := sum(len(link.listed) >= 8 for link in headlines)) >= 3:
        signs.append((-1.0, f"{dated} dated headlines"))
    return signs


def _date_sign(reading: Reading, beside: Collection[str]) -> tuple[float, str]:
    """`beside`: what headlines of the page say; where a list goes on with few of them their dates are no evidence of an article."""
    if reading.published and reading.published.source in _SEEN and reading.published.raw in beside:
        return -1.0, "date of a headline"
    if reading.published is None or reading.published.source == "guess":
        return -1.0, "no date"
    if reading.published.source in _STRUCTURED:
        return 2.5, f"date in {reading.published.source}"
    return 1.5, f"date in {reading.published.source}"


def agrees(shown: str, title: str) -> bool:
    """Whether a link's text, perhaps cut off, is a page's headline."""
    shown, title = _NOT_WORD.sub("", shown).lower(), _NOT_WORD.sub("", title).lower()
    return bool(shown) and bool(title) and (title.startswith(shown) or shown.startswith(title) or (len(shown) > 12 and shown in title))
