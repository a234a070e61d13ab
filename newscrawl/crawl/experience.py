"""What a visit teaches of the pages that are like it."""

from __future__ import annotations

from datetime import datetime

from newscrawl.crawl.finding import promises
from newscrawl.crawl.lists import Lists, is_further
from newscrawl.discover.worth import Worth, groups
from newscrawl.identify.addresses import Addresses
from newscrawl.models import Kind, Result, Settlement, State, Target

# Results that tell what pages of a kind are worth; a server that is busy or refuses tells nothing of them.
_TELLING = frozenset(
    {Result.ARTICLE, Result.UNCHANGED, Result.LISTING, Result.OTHER, Result.SAME_CONTENT, Result.VARIANT, Result.REDIRECT, Result.MISSING}
    | {Result.NOT_HTML, Result.TOO_MANY_HOPS, Result.SCRIPTED}
)
_MOVED = frozenset({Result.REDIRECT, Result.VARIANT, Result.SAME_CONTENT})  # whose links are those of its twin
_OF_THE_PAGE = frozenset({Kind.PART, Kind.IMAGE})  # what an article leads to and is no news
_JUDGED = frozenset({Kind.PAGE, Kind.LISTING, Kind.ARTICLE})


def learn(settlement: Settlement, *, worth: Worth, lists: Lists, front: str, addresses: Addresses) -> None:
    """Note in `worth` and `lists` what came of a page of the site with the front page `front`."""
    _learn_worth(settlement, worth, lists, front, plain=_is_plain(settlement, addresses))
    _learn_from_list(settlement, worth, lists)


def fails_for_the_first_time(before: Target, target: Target) -> bool:
    """Whether there was no answer from what may be news, and was not asked for in vain on an earlier visit already."""
    return target.state is State.FAILED and not (target.place or target.visits or target.kind in (Kind.ROBOTS, Kind.IMAGE) or before.again)


def _is_plain(settlement: Settlement, addresses: Addresses) -> bool:
    """Whether a page shows an article that was first seen at this address with a session: the next one will be first seen here."""
    article, target = settlement.article, settlement.target
    return article is not None and article.url != target.url == addresses.shortened(article.url)[0]


def _learn_worth(settlement: Settlement, worth: Worth, lists: Lists, front: str, *, plain: bool) -> None:
    """Note what a first visit was worth. Found links count as news unless they lead where nothing has been."""
    target = settlement.target
    moved = target.result in _MOVED
    if moved and any(found.hops > target.hops for found in settlement.found):
        return  # it is worth what it leads to
    telling = target.result in _TELLING or (bool(target.place) and target.state is State.FAILED)
    if target.visits > 1 or not telling or not (target.place or target.kind in _JUDGED):
        return
    if is_further(target):  # a sitemap may have known all of it, and a pager without an end shows the same
        fresh = any(not worth.left(groups(url, "", front)) for url in lists.taken(target))
    else:
        new = (found for found in settlement.found if promises(found, on=target) and found.kind not in _OF_THE_PAGE)
        leads_on = not moved and any(not worth.left(groups(found.url, found.place, front)) for found in new)
        fresh = target.result is Result.ARTICLE or plain or leads_on
    member_of = groups(target.url, target.place, front)
    if target.result is Result.LISTING and not fresh:  # a section may show today what others showed before
        member_of = tuple(group for group in member_of if not group.startswith("menu"))
    worth.record(member_of, news=fresh)


def _learn_from_list(settlement: Settlement, worth: Worth, lists: Lists) -> None:
    """Note what the headline of a list has led to: how old the list is, and whether its pager shows articles or invents headlines."""
    target, article = settlement.target, settlement.article
    pager = lists.settled(settlement)
    if target.result is Result.ARTICLE and article and article.published:
        lists.dated(target, article.published.time)
    if target.result is Result.OLD and settlement.capture:  # what was known to be old tells nothing of what its list shows by now
        lists.dated(target, datetime.fromisoformat(target.listed))
    elif pager and target.result in _TELLING:
        worth.record((pager,), news=target.result is Result.ARTICLE)
