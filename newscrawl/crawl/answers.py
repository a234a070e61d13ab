"""What an answer means before anybody reads its page: a page, a redirect, a wait, an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from newscrawl.archive.exchange import KNOWN_ENCODINGS, Exchange, content, encodings
from newscrawl.clean.urls import join
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.visit import Visit
from newscrawl.discover.walls import LARGEST, wall
from newscrawl.errors import ArchiveError
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, State, Target

REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
WHOLE = frozenset({200, 203})  # 203: as a proxy changed it
NOT_NOW = frozenset({408, 425, 429})  # beside all from 500 on
_GONE = frozenset({404, 410})
_PLAIN: Mapping[int, Result] = {
    NOT_MODIFIED: Result.UNCHANGED,
    **dict.fromkeys((401, 403, 451), Result.REFUSED),
    **dict.fromkeys(_GONE, Result.MISSING),
}
_PAGES = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", "application/octet-stream"})
_SOURCES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_ANY_TYPE = frozenset({Kind.ROBOTS, Kind.IMAGE})  # whose type says nothing: their content does
_PACKED = frozenset({"application/gzip", "application/x-gzip", "application/json"})  # only where a feed or sitemap is expected
LONGEST_HOLD = 86_400.0  # seconds; a server that names a later date is asked again tomorrow


def answered(target: Target, exchange: Exchange, knobs: CrawlKnobs) -> tuple[Visit, bytes]:
    """The visit as far as status and headers tell, and the page's bytes; a page is still to be read if its result is NONE."""
    visit = Visit(target=target, exchange=exchange, detail=str(exchange.status))
    status = exchange.status
    if status in REDIRECTS and (location := exchange.header("Location")):
        return _redirected(visit, _as_sent(location), knobs), b""
    wait = retry_after(exchange.header("Retry-After"), exchange.time) if status in NOT_NOW or status >= 500 else None
    visit.hold = wait or 0.0
    if status not in WHOLE | _GONE and (whose := wall(status, exchange.headers, _small_content(exchange))):
        return _blocked(visit, whose), b""
    if status in NOT_NOW or status >= 500:
        return tried(visit, Result.BUSY, knobs, at=exchange.time, wait=wait), b""
    if status not in WHOLE:
        unasked = status == NOT_MODIFIED and not target.digest  # there is nothing that it could be unchanged from
        visit.result = Result.OTHER if unasked else _PLAIN.get(status, Result.OTHER)
        return visit, b""
    if target.kind not in _ANY_TYPE and not (may_be_page(exchange) or _may_be_source(target, exchange)):
        visit.result, visit.detail = Result.NOT_HTML, exchange.header("Content-Type")[:100]
        return visit, b""
    if unknown := set(encodings(exchange)) - KNOWN_ENCODINGS:
        visit.result, visit.detail = Result.UNREADABLE, f"content encoding {min(unknown)[:100]}"
        return visit, b""
    try:
        body = content(exchange, knobs.image_bytes if target.kind is Kind.IMAGE else knobs.max_bytes)
    except ArchiveError as error:
        visit.result, visit.detail = Result.TOO_LARGE, str(error)
        return visit, b""
    if whose := wall(status, exchange.headers, body):
        return _blocked(visit, whose), b""
    return visit, body


def _blocked(visit: Visit, whose: str) -> Visit:
    visit.result, visit.detail = Result.BLOCKED, f"{visit.detail} {whose}"
    return visit


def _small_content(exchange: Exchange) -> bytes:
    """The body of an answer that may be a wall; b"" for one that is too large for that, or can't be decoded."""
    try:
        return content(exchange, LARGEST)
    except ArchiveError:
        return b""


def tried(visit: Visit, result: Result, knobs: CrawlKnobs, *, at: datetime, wait: float | None = None) -> Visit:
    """The visit as one that was no use: due again after `wait` seconds (or a doubling pause), as often as allowed."""
    target = visit.target
    visit.result = result
    pause = wait if wait is not None else min(knobs.retry_seconds * 2**target.tries, LONGEST_HOLD)
    failed_before = target.kind is Kind.PAGE and target.again is not None
    # A hunch, what we have, what could not be had on earlier visits either: no insisting. But what we have may have been edited.
    soon = wait is not None and wait <= knobs.patience
    once = (target.place and wait is None) or (target.kind is Kind.ARTICLE and target.visits and not soon) or failed_before
    once = once or (target.kind is Kind.IMAGE and pause > knobs.patience)  # a run is whole without it; the next visit asks again
    most = 1 if once else knobs.max_tries
    visit.again = target.tries + 1 < most
    visit.target = replace(target, tries=target.tries + 1, state=State.DUE, due=at + timedelta(seconds=pause))
    return visit


def retry_after(value: str, at: datetime) -> float | None:
    """Seconds that a Retry-After header names, as a number or as a date (RFC 9110); None if it names none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_HOLD)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(0.0, (until - at).total_seconds()), LONGEST_HOLD)


def _redirected(visit: Visit, location: str, knobs: CrawlKnobs) -> Visit:
    target = visit.target
    url = join(target.url, location)
    visit.result, visit.detail = Result.REDIRECT, f"{visit.detail} {url or location}"[:500]
    if not url:
        visit.result = Result.BAD_ADDRESS
    elif target.hops >= knobs.max_hops:
        visit.result = Result.TOO_MANY_HOPS
    elif target_id(target.site, url) == target.id:  # http to https and the like: the same target, spelled better
        visit.again = url != target.url
        visit.target = replace(target, url=url, hops=target.hops + 1, state=State.DUE)
    else:
        visit.moved_to = url
    return visit


def _as_sent(location: str) -> str:
    """A Location header that was read as latin-1, in UTF-8 if it is that: many servers send bare characters."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def may_be_page(exchange: Exchange) -> bool:
    """Whether an answer's type allows for a web page."""
    return _type_of(exchange) in _PAGES


def _may_be_source(target: Target, exchange: Exchange) -> bool:
    kind = _type_of(exchange)
    return kind in _SOURCES or (target.kind in (Kind.FEED, Kind.SITEMAP) and kind in _PACKED)


def _type_of(exchange: Exchange) -> str:
    return exchange.header("Content-Type").partition(";")[0].strip().lower()
