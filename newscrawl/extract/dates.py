"""When a page says it was published and changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from newscrawl.extract import calendar, hints
from newscrawl.extract.blocks import Layout
from newscrawl.extract.clock import zone_named
from newscrawl.extract.moments import read_moment
from newscrawl.extract.structured import Claim, Structured
from newscrawl.models import Moment

_YEAR, _MONTH, _DAY = r"(?<!\d)(?P<year>(?:19|20)\d\d)", r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12]\d|3[01])"
_IN_URL = (
    re.compile(rf"{_YEAR}(?P<by>[-/_])(?P<month>0?[1-9]|1[0-2])(?P=by)(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"{_YEAR}[-/_]?{_MONTH}{_DAY}(?!\d{{1,3}}(?!\d))"),  # 201605123 is a number; more digits are a time or a counter
)
_CHANGED = re.compile(
    r"updat|modif|aktualis|actuali|mis à jour|aggiornat|atualiza|bijgewerkt|обновл|更新|修改|修订|最終更新|edited|geändert|last change"
    r"|güncelle|diperbarui|cập nhật|अपडेट|تحديث|ενημέρωσ|uppdater|oppdater|opdater|päivitetty|actualizat|оновлен|frissít|수정|แก้ไข|อัปเดต",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"publi|veröffentl|posted|发布|發布|发表|時間|时间|日期|дата|created|erstellt|pubbl|geplaatst", re.IGNORECASE)
_TODAY_IS = re.compile("|".join(map(re.escape, calendar.TODAY_IS)))
_DATELIKE = re.compile(r"\d|" + "|".join(map(re.escape, sorted({*calendar.DAY_WORD, *calendar.JUST_NOW}))))
_LONGEST_LINE = 150
_MOST_GUESSES = 20  # lines that are tried where no date is expected
_NEVER = hints.COMMENT | hints.SIDE | hints.HEADER | hints.HIDDEN  # dates there are those of something else
_ELSEWHERE = hints.OUTSIDE & ~hints.TAGS | hints.HEADER
_CONFIDENCE = {"itemprop": 0.97, "url": 0.95, "json-ld": 0.95, "meta": 0.9, "time": 0.86, "text": 0.75, "listing": 0.8, "guess": 0.5}


@dataclass(frozen=True, slots=True)
class Dates:
    """Both moments, as far as the page tells."""

    published: Moment | None = None
    modified: Moment | None = None
    confidence: float = 0.0  # of `published`
    others: tuple[tuple[str, str], ...] = ()  # what other places say of the day, as (place, text)


@dataclass(frozen=True, slots=True)
class Reader:
    """What is needed to read any date of one page."""

    at: datetime  # of the fetch
    languages: tuple[str, ...] = ()
    zone: str = ""

    def read(self, text: str, source: str) -> Moment | None:
        """The date in `text`, which stood in `source`."""
        moment = read_moment(text, at=self.at, languages=self.languages, zone=self.zone)
        return replace(moment, source=source) if moment else None


def dates_of(
    layout: Layout, stated: Structured, reader: Reader, *, url: str, near: Sequence[int], flags: Sequence[int], listed: str = ""
) -> Dates:
    """When the article was published and changed.

    `near` are the indexes of blocks around its headline, `flags` the inherited hints of boxes, `listed` is the date beside the link to it.
    """
    modified = _first(reader, stated.modified)
    shown = list(_shown(layout, reader, near, flags))
    modified = modified or next((moment for moment, changed in shown if changed), None)
    visible = next((moment for moment, changed in shown if not changed), None)
    claimed = _first(reader, stated.published)
    in_url = date_in_url(url, reader.at)
    listing = reader.read(listed, "listing") if listed else None
    published = _agreed(claimed, in_url, visible or listing) or (modified if shown else None)
    published = published or _labelled(layout, reader, near, flags)
    if modified and published and modified.time < published.time:
        modified = None
    agreeing = sum(bool(other and published and _same_day(other, published)) for other in (claimed, in_url, visible, listing)) - 1
    confidence = min(1.0, confidence_in(published.source) + 0.05 * max(agreeing, 0)) if published else 0.0
    others = (other for other in (claimed, in_url, visible, listing) if other and published and not _same_day(other, published))
    return Dates(published, modified, round(confidence, 2), tuple((other.source, other.raw) for other in others))


def confidence_in(source: str) -> float:
    """How often a date that stood there is right: shares of correct ones among pages of known date."""
    return _CONFIDENCE.get(source, 0.5)


def date_in_url(url: str, at: datetime) -> Moment | None:
    """The day that an address such as /2023/05/17/ or /a/20230517/ contains."""
    path = unquote(url.partition("://")[2].partition("/")[2].partition("?")[0])
    for found in (found for pattern in _IN_URL for found in pattern.finditer(path)):
        text = f"{found['year']}-{found['month']}-{found['day']}"
        if moment := read_moment(text, at=at):
            return replace(moment, raw=found[0], source="url")
    return None


def _agreed(claimed: Moment | None, in_url: Moment | None, other: Moment | None) -> Moment | None:
    """The most trustworthy of three; where two are of one day, the more precise of them."""
    best = claimed or in_url or other
    if claimed and in_url and not _same_day(claimed, in_url):
        best = in_url  # a page may claim the time of its last change, or of its making; an address is given once
    if best and best.precision == "day":
        for more in (claimed, other):
            if more and more.precision != "day" and _same_day(best, more):
                return more
    return best


def _same_day(one: Moment, other: Moment) -> bool:
    """Whether the two may be of one day; zones may put 18 hours between them."""
    return abs(one.time - other.time) <= timedelta(hours=30)


def _first(reader: Reader, claims: Sequence[Claim]) -> Moment | None:
    return next((moment for claim in claims[:8] if (moment := reader.read(claim.value, claim.source))), None)


def _shown(layout: Layout, reader: Reader, near: Sequence[int], flags: Sequence[int]) -> Iterator[tuple[Moment, bool]]:
    """Dates that the page shows near its headline, best first, each with whether it is one of a change."""
    for mark in layout.marks:
        is_near = mark.hints & hints.DATE and mark.value and mark.block in near and not _is_elsewhere(mark.box, flags)
        if is_near and (moment := reader.read(mark.value, "time")):
            yield moment, _is_change(mark.text)
    for index in near:
        block = layout.blocks[index]
        if len(block.text) <= _LONGEST_LINE and _may_be_date(block.text) and not _is_elsewhere(block.box, flags):
            for part in _parts(block.text):
                if moment := reader.read(part, "text"):
                    yield moment, _is_change(part)


def _labelled(layout: Layout, reader: Reader, near: Sequence[int], flags: Sequence[int]) -> Moment | None:
    """The last resort, where dates are not expected: "posted" and when, or a day and hour near the headline."""
    usable = [
        index
        for index, block in enumerate(layout.blocks)
        if len(block.text) <= _LONGEST_LINE and not flags[block.box] & _NEVER and _may_be_date(block.text) and "©" not in block.text
    ]
    labelled = [index for index in usable if _PUBLISHED.search(layout.blocks[index].text)]
    for index in labelled[:_MOST_GUESSES]:
        if not _CHANGED.search(layout.blocks[index].text) and (moment := reader.read(layout.blocks[index].text, "guess")):
            return moment
    for index in sorted(set(near).intersection(usable), key=near.index)[:_MOST_GUESSES]:
        if (moment := reader.read(layout.blocks[index].text, "guess")) and moment.precision in ("minute", "second"):
            return moment
    return None


def _is_change(text: str) -> bool:
    return bool(_CHANGED.search(text)) and not _PUBLISHED.search(text)


def _parts(text: str) -> list[str]:
    """The line, cut where a second date may begin: "Posted … Updated …"."""
    changed = _CHANGED.search(text)
    return [text[: changed.start()], text[changed.start() :]] if changed and changed.start() > 8 else [text]


def _may_be_date(text: str) -> bool:
    lower = text.lower()
    return not _TODAY_IS.search(lower) and bool(_DATELIKE.search(lower))


def _is_elsewhere(box: int, flags: Sequence[int]) -> bool:
    return box >= 0 and bool(flags[box] & _ELSEWHERE)


def languages_of(language: str, stated: str) -> tuple[str, ...]:
    """What `read_moment` should try: the region that the page states decides the order of day and month."""
    region = stated.replace("_", "-")
    if region and region.partition("-")[0].lower() == language.partition("-")[0]:
        return (region,)
    return (language,) if language else ()


def local_day(moment: Moment) -> str:
    """The day of a moment where it was written: "2023-05-17"."""
    there = None if moment.precision == "day" else zone_named(moment.zone)
    return f"{moment.time.astimezone(there or UTC):%Y-%m-%d}"
