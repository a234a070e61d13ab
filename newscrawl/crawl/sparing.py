"""Requests that can be spared: addresses that are twins of known articles, by rules that the site's own pages have proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from newscrawl.identify.addresses import Addresses
from newscrawl.identify.exact import target_id
from newscrawl.identify.twins import is_idle
from newscrawl.models import Kind, Result, Settlement, State, Target, now
from newscrawl.store.protocol import Store

_REMEMBERED = 50_000  # ids of articles; 6 MB
_AT_ONCE = 1_000  # addresses that become due again
_ARTICLES = frozenset({Result.ARTICLE, Result.UNCHANGED})


@dataclass(slots=True)
class Sparing:
    """What of one site's frontier need not be asked for."""

    addresses: Addresses
    _articles: set[str] = field(default_factory=set)  # ids of targets that are known to be articles
    _pages: set[str] = field(default_factory=set)  # ids of other targets that have been read
    _removed: set[str] = field(default_factory=set)  # ids of targets whose articles were taken down: their twins must not bring them back
    _checks: set[str] = field(default_factory=set)  # ids of targets by which a rule is being checked

    def twin(self, target: Target) -> str:
        """The address of the known article that a target would show once more, so that it is spared; "" if it is to be asked for."""
        if self.is_check(target):
            return ""
        for rule, known in self._explained(target):
            identity = target_id(target.site, known)
            explained = identity in self._articles or (is_idle(rule) and identity in self._pages)
            if identity in self._removed or (explained and self._may_spare(rule, target)):
                return known
            if explained:
                self._checks.add(target.id)
                return ""
        return ""

    def _explained(self, target: Target) -> Iterator[tuple[str, str]]:
        """The rules by which a target need not be asked for, each with the address of which it would be the twin.

        What is idle in an address is so in that of a list as well, even of one that was read before that was known.
        """
        if target.kind not in (Kind.PAGE, Kind.ARTICLE, Kind.LISTING):
            return
        for rule, known in self.addresses.spared_by(target.url):
            if target.kind is not Kind.LISTING:
                may_be_twin = not target.visits
            else:
                may_be_twin = is_idle(rule) and (not target.visits or self.addresses.twins.is_trusted(rule))
            if may_be_twin:
                yield rule, known

    def _may_spare(self, rule: str, target: Target) -> bool:
        twins = self.addresses.twins
        return twins.spare(rule) and not (is_idle(rule) and twins.is_sample(rule, target.id))

    def is_check(self, target: Target) -> bool:
        """Whether a target is asked for although a rule explains it, to see whether that still holds."""
        return target.id in self._checks

    def settled(self, target: Target) -> None:
        """Take in what an address came to."""
        self._checks.discard(target.id)
        self._remember([target])

    def _remember(self, targets: Iterable[Target]) -> None:
        for target in targets:
            if target.kind is Kind.ARTICLE and target.result in _ARTICLES:
                self._articles.add(target.id)
            elif target.visits and target.result is not Result.TAKEN_DOWN:
                self._pages.add(target.id)
        for ids in (self._articles, self._pages):
            if len(ids) > _REMEMBERED:
                ids.clear()

    async def look_up(self, store: Store, due: Iterable[Target]) -> set[str]:
        """Learn which of these may be spared; the ids of those that have to wait until their twins were asked for. Raises StoreError.

        What is known only with a parameter that has proved idle waits for the address without it, which becomes due.
        """
        twins: dict[str, str] = {}
        plain: dict[str, Target] = {}
        for target in due:
            for rule, known in self._explained(target):
                twins[target.id] = identity = target_id(target.site, known)
                if is_idle(rule):
                    plain.setdefault(identity, replace(_anew(target), id=identity, url=known))
        wanted = set(twins.values()) - self._articles - self._pages - self._removed
        found = await store.targets(wanted) if wanted else {}
        new = {identity: target for identity, target in plain.items() if identity in wanted and identity not in found}
        if new:
            await store.settle([Settlement(target) for target in new.values()])
        self._remember(found.values())
        self._removed.update(one.id for one in found.values() if one.result is Result.TAKEN_DOWN)
        waiting = {one.id for one in found.values() if one.state is State.DUE and not one.visits} | new.keys()
        return {target for target, known in twins.items() if known in waiting}

    async def undo(self, store: Store) -> int:
        """Make due again all that was spared, as a rule has proved wrong: what others explain is spared once more. How much it was.

        Lists as well, if it has explained more than is kept in mind. Raises StoreError.
        """
        count, site = 0, self.addresses.site
        if self.addresses.twins.owes_more:
            lists = await store.examples(site, Result.LISTING, _AT_ONCE)
            again = [replace(one, state=State.DUE, due=now(), tries=0, etag="", last_modified="") for one in lists]
            await store.settle([Settlement(target) for target in again])
            count += len(again)
        while spared := await store.examples(site, Result.TWIN, _AT_ONCE):
            again = [replace(one, state=State.DUE, due=now(), result=Result.NONE, detail="", tries=0) for one in spared]
            await store.settle([Settlement(target) for target in again])
            count += len(again)
        self.addresses.twins.settle()
        return count


def _anew(target: Target) -> Target:
    """As if nobody had asked for it yet."""
    return replace(target, result=Result.NONE, visits=0, visited=None, digest="", etag="", last_modified="", seen_change=None, again=None)
