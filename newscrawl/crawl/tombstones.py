"""What was taken down stays away: pages that lead to it are neither archived nor asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, State, Target
from newscrawl.store.protocol import LEADING, Store

_PAGES = frozenset({Kind.PAGE, Kind.ARTICLE, Kind.PART})  # what else leads there, a front page say, may lead elsewhere tomorrow
_MOST_STEPS = 5  # from an address that names another to that which was taken down


def tombstone(target: Target) -> Target:
    """The target as one that is never asked for again, without the headline that led there."""
    gone = replace(target, state=State.SKIPPED, result=Result.TAKEN_DOWN, detail="", again=None, visits=max(1, target.visits))
    return replace(gone, link_text="", listed="", digest="", etag="", last_modified="")


async def bury(store: Store, visits: Iterable[Visit]) -> None:
    """Of visits of one batch, make those that lead to what was taken down such that nothing of them is kept. Raises StoreError.

    A page may show the whole text under another address, so this comes before anything is written.
    """
    visits = list(visits)
    moved = {visit.target.id: visit.moved_to for visit in visits if visit.moved_to}
    ahead = {visit.target.id: url for visit in visits if visit.target.kind in _PAGES and (url := _leads_to(visit))}
    gone = await _gone(store, {visit.target.id: visit.target.site for visit in visits}, ahead, moved) if ahead else set()
    for visit in visits:
        if visit.target.id in gone:
            visit.result, visit.capture, visit.part = Result.TAKEN_DOWN, None, None
            visit.found = () if visit.target.kind is Kind.PART else visit.found


def _leads_to(visit: Visit) -> str:
    """The address whose text a page shows, as it says itself or as the first page of an article said; "" for that of its own."""
    return visit.target.parent if visit.target.kind is Kind.PART else visit.moved_to


async def _gone(store: Store, sites: Mapping[str, str], ahead: dict[str, str], moved: Mapping[str, str]) -> set[str]:
    """Those of the targets that are `ahead` of an address that leads to what was taken down.

    Where an address leads is what the batch has `moved`, or what the store knows.
    """
    gone: set[str] = set()
    for _ in range(_MOST_STEPS):
        steps = {id_: target_id(sites[id_], url) for id_, url in ahead.items()}
        there = await store.targets(set(steps.values())) if steps else {}
        gone |= {id_ for id_, step in steps.items() if step in there and there[step].result is Result.TAKEN_DOWN}
        ahead = {id_: url for id_, step in steps.items() if id_ not in gone and (url := moved.get(step) or _onward(there.get(step)))}
    return gone


def _onward(target: Target | None) -> str:
    """Where an address that is another one leads; "" for any other."""
    return target.detail.partition(" ")[2] if target and target.result in LEADING else ""
