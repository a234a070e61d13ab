"""When an address is looked at again: as often as it has brought something, and articles ever more rarely as they age."""

from __future__ import annotations

from datetime import datetime, timedelta

from newscrawl.discover.worth import is_menu
from newscrawl.models import Kind, Result, Target

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=1)  # between two looks at what lists articles
_FIRST = timedelta(hours=1)  # until what lists articles is looked at for the second time
DEEP = timedelta(days=30)  # guesses that missed, and the further pages of a list: new articles stand on the first
_SOONEST = timedelta(hours=1)  # between two looks at an article
_LISTS = frozenset({Kind.LISTING, Kind.FEED, Kind.SITEMAP})
_SEEN = frozenset({Result.ARTICLE, Result.UNCHANGED, Result.MISSING})
_NOT_HAD = frozenset({Result.MISSING, Result.REFUSED, Result.BLOCKED, Result.BUSY, Result.UNREACHABLE, Result.LEAKED})
_LEFT = frozenset({Result.FORBIDDEN, Result.TRAP})
WEEK = timedelta(days=7)
LOOK_AGAIN = 3  # priority of an article that is known: behind what may be new, before what is no headline


def next_look(target: Target, *, at: datetime, news: bool, published: datetime | None, review: timedelta) -> datetime | None:
    """From when on a visit of the site asks for `target` again, which was visited at `at`, its other fields being those from before.

    What lists articles: twice as soon as the last time after news, twice as late after none. An article, until it is `review` old: at
    the next visit, for most edits come early, then after as long as half its age; an older one when it is twice as old. What scripts
    would have to make: at the next visit. What a menu leads to: in a day. What could not be had: at the next visit, then once a week, as
    what is left without being asked for; rules and sites change. None for everything else. Seeds are part of every visit.
    """
    if target.result in _LEFT:
        return at + WEEK
    if target.result is Result.SCRIPTED:
        return at  # there may be a browser by then
    if is_moved_front(target):
        return None  # every visit asks for it as long as the front page leads there
    if target.kind in _LISTS:
        return at + _until_next_list(target, news=news)
    if target.result is Result.OTHER and is_menu(target.place):
        return at + LONGEST  # a section that lists too little yet
    if target.kind is Kind.ARTICLE and (target.visits or target.result not in _NOT_HAD):
        return _next_article(target, at=at, published=published, review=review)
    if target.result not in _NOT_HAD or (target.place and target.result is Result.MISSING):
        return None
    return at if target.again is None else at + WEEK


def _until_next_list(target: Target, *, news: bool) -> timedelta:
    """Of what lists articles."""
    if target.kind is Kind.SITEMAP and target.listed:
        return WEEK  # its index says when it has changed
    if target.number or target.place.startswith("guessed"):
        return DEEP
    if target.again is None or target.visited is None:
        return _FIRST
    last = target.again - target.visited
    return min(LONGEST, max(SHORTEST, last / 2 if news else last * 2))


def _next_article(target: Target, *, at: datetime, published: datetime | None, review: timedelta) -> datetime | None:
    """Of what is known for an article."""
    if target.result in _NOT_HAD - {Result.MISSING}:
        return at
    age = at - (published if published and published <= at else target.visited or at)
    if target.result not in _SEEN or not review:
        return None
    if age > review:
        return at + age
    return at + max(_SOONEST, age / 2) if target.visits else at


def is_moved_front(target: Target) -> bool:
    """Whether a target is where the front page of the site once led: what else is that near to it are its own further pages."""
    return target.kind is Kind.LISTING and target.depth == 0 and target.number == 0
