"""Requests that can be spared: addresses that are twins of known articles, by rules that the site's own pages have proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from newscrawl.identify.addresses import Addresses
from newscrawl.identify.exact import target_id
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
    _removed: set[str] = field(default_factory=set)  # ids of targets whose articles were taken down: their twins must not bring them back
    _checks: set[str] = field(default_factory=set)  # ids of targets by which a rule is being checked

    def twin(self, target: Target) -> str:
        """The address of the known article that a target would show once more, so that it is spared; "" if it is to be asked for."""
        if self.is_check(target) or not _may_be_twin(target):
            return ""
        for rule, known in self.addresses.spared_by(target.url):
            identity = target_id(target.site, known)
            if identity in self._removed or (identity in self._articles and self.addresses.twins.spare(rule)):
                return known
            if identity in self._articles:
                self._checks.add(target.id)
                return ""
        return ""

    def is_check(self, target: Target) -> bool:
        """Whether a target is asked for although a rule explains it, to see whether that still holds."""
        return target.id in self._checks

    def settled(self, target: Target) -> None:
        """Take in what an address came to."""
        self._checks.discard(target.id)
        if target.kind is Kind.ARTICLE and target.result in _ARTICLES:
            self._remember([target.id])

    def _remember(self, articles: Iterable[str]) -> None:
        if len(self._articles) > _REMEMBERED:
            self._articles.clear()
        self._articles.update(articles)

    async def look_up(self, store: Store, due: Iterable[Target]) -> set[str]:
        """Learn which of these may be spared; the ids of those that have to wait until their twins were asked for. Raises StoreError."""
        twins: dict[str, str] = {}
        for target in filter(_may_be_twin, due):
            for _, known in self.addresses.spared_by(target.url):
                twins[target.id] = target_id(target.site, known)
        wanted = set(twins.values()) - self._articles - self._removed
        found = await store.targets(wanted) if wanted else {}
        self._remember(one.id for one in found.values() if one.kind is Kind.ARTICLE and one.result in _ARTICLES)
        self._removed.update(one.id for one in found.values() if one.result is Result.TAKEN_DOWN)
        waiting = {one.id for one in found.values() if one.state is State.DUE and not one.visits}
        return {target for target, known in twins.items() if known in waiting}

    async def undo(self, store: Store) -> int:
        """Make due again all that was spared, as a rule has proved wrong: what others explain is spared once more. How much it was.

        Raises StoreError.
        """
        count, site = 0, self.addresses.site
        while spared := await store.examples(site, Result.TWIN, _AT_ONCE):
            again = [replace(one, state=State.DUE, due=now(), result=Result.NONE, detail="", tries=0) for one in spared]
            await store.settle([Settlement(target) for target in again])
            count += len(again)
        self.addresses.twins.settle()
        return count


def _may_be_twin(target: Target) -> bool:
    return not target.visits and target.kind in (Kind.PAGE, Kind.ARTICLE)
