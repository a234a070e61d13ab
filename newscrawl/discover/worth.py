"""What the links of a site have been worth so far, group by group: whom to ask next, and what to leave."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from newscrawl.clean.urls import host_of

_LONG_HEX = re.compile(r"(?<=[/=_.-])[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4}(?=$|[/&_.-])", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.ASCII)
_REMEMBERED = 2_000  # pages whose links may still turn out to be news

# Barren visits in a row after which a group is left, by what its pages share; more if it has ever led to news.
_PATIENCE = {"shape": 3, "place": 2, "host": 3}
_PATIENCE_ONCE_FRUITFUL = 8


def shape(url: str) -> str:
    """The address with its numbers blanked, and its last segment if it lies in a folder: what pages made alike share. Without host."""
    path, mark, query = _LONG_HEX.sub("x", url.partition("://")[2].partition("/")[2]).partition("?")
    folder, slash, name = path.rstrip("/").rpartition("/")
    ending = _ENDING.search(name)
    blank = f"*{ending[0] if ending else ''}" if slash and not mark else name
    return _DIGITS.sub("0", f"/{folder}{slash}{blank}{mark}{query}")


def groups(url: str, place: str, front: str) -> tuple[str, ...]:
    """The groups that a link belongs to: addresses of its shape, links in its place on a page, pages of a host beside the front page's."""
    found = [f"shape {shape(url)}"]
    if place:
        found.append(f"place {place}")
    if (host := host_of(url)) != host_of(front):
        found.append(f"host {host}")
    return tuple(found)


@dataclass(slots=True)
class Group:
    """What came of the pages of one group."""

    visits: int = 0
    news: int = 0  # articles that were first found on, or are, one of its pages
    barren: int = 0  # visits since the last of them


@dataclass(slots=True)
class Worth:
    """The groups of one site. A page's visit counts as barren until it, or a link first seen on it, turns out to be a new article."""

    _groups: dict[str, Group] = field(default_factory=dict)
    _visited: OrderedDict[str, tuple[str, ...]] = field(default_factory=OrderedDict)  # groups of the latest pages, by target id

    def visited(self, target: str, member_of: Sequence[str]) -> None:
        """Note that a page was read, or did not answer."""
        self._visited[target] = tuple(member_of)
        if len(self._visited) > _REMEMBERED:
            self._visited.popitem(last=False)
        for name in member_of:
            group = self._groups.setdefault(name, Group())
            group.visits += 1
            group.barren += 1

    def news(self, targets: Iterable[str]) -> None:
        """Note that an article was new; `targets` are its own target and the page that led to it."""
        for name in {name for target in targets for name in self._visited.get(target, ())}:
            group = self._groups[name]
            group.news += 1
            group.barren = 0

    def left(self, member_of: Sequence[str]) -> str:
        """The group for which pages with this membership are left alone; "" if there is none."""
        for name in member_of:
            group = self._groups.get(name)
            if group is not None and group.barren >= (_PATIENCE_ONCE_FRUITFUL if group.news else _PATIENCE[name.partition(" ")[0]]):
                return name
        return ""

    def promise(self, member_of: Sequence[str]) -> float:
        """New articles to be expected of a visit, by the least promising of its groups."""
        known = [self._groups.get(name, Group()) for name in member_of]
        return min(((group.news + 1) / (group.visits + 1) for group in known), default=1.0)

    def as_json(self) -> str:
        """What was learned, for the next run."""
        return json.dumps({name: asdict(group) for name, group in self._groups.items()}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Worth:
        """What an earlier run learned; each group that it left gets one more chance. Raises ValueError for what is none of ours."""
        learned = {name: Group(**numbers) for name, numbers in json.loads(text or "{}").items()}
        for group in learned.values():
            group.barren = max(0, group.barren - 1)
        return cls(learned)
