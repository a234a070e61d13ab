"""What the links of a site have been worth so far, group by group: whom to ask next, and what to leave."""

from __future__ import annotations

import heapq
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from newscrawl.clean.urls import host_of

_LONG_HEX = re.compile(r"(?<=[/=_.-])[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4}(?=$|[/&_.-])", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.ASCII)

HUNCH = "hunch"  # all links of a site that are no headlines, but for menus
_MENU = re.compile(r"nav|menu|channel|sections|rubri[ck]|lanmu", re.IGNORECASE)

# Barren visits in a row after which a group is left: before it has ever led to news, and since.
_PATIENCE = {"shape": (3, 8), "host": (3, 8), "place": (2, 3), "menu": (5, 5), "sitemap": (3, 20), "pager": (8, 20), HUNCH: (5, 5)}
_MOST = 5_000  # groups that are kept; a site whose addresses have no shape makes one of every article
_PROVEN = 2  # news of a shape after which its pages are taken for news
_PATIENCE_WITH_HUNCHES = 3  # for shapes, where the link is no headline


def shape(url: str) -> str:
    """The address with its numbers blanked, and its last segment if it lies in a folder: what pages made alike share. Without host."""
    path, mark, query = _LONG_HEX.sub("x", url.partition("://")[2].partition("/")[2]).partition("?")
    folder, slash, name = path.rstrip("/").rpartition("/")
    ending = _ENDING.search(name)
    blank = f"*{ending[0] if ending else ''}" if slash and not mark else name
    return _DIGITS.sub("0", f"/{folder}{slash}{blank}{mark}{query}")


@lru_cache(maxsize=1024)  # those that wait are compared again and again
def groups(url: str, place: str, front: str) -> tuple[str, ...]:
    """The groups that a link belongs to: addresses of its shape, links in its place on a page, pages of a host beside the front page's."""
    found = [f"shape {shape(url)}"]
    if is_menu(place):
        found.append(f"menu {place}")  # lists sections, even if the first ones show nothing that the front page doesn't
    elif place.startswith("sitemap "):
        found.append(place)
    elif place:
        found += [f"place {place}", HUNCH]
    if (host := host_of(url)) != host_of(front):
        found.append(f"host {host}")
    return tuple(found)


def pager(url: str) -> str:
    """The group of what the further page of a list at `url` and its like lead to."""
    return f"pager {shape(url)}"


def is_menu(place: str) -> bool:
    """Whether the links in a place of a page are the site's sections, by what the boxes around them are called."""
    return _MENU.search(place) is not None


def repeats_itself(url: str) -> bool:
    """Whether a path names the same segment three times or more, as relative links that loop do."""
    segments = [part for part in url.partition("://")[2].partition("?")[0].split("/")[1:] if part]
    return bool(segments) and max(Counter(segments).values()) >= 3


@dataclass(slots=True)
class Group:
    """What came of the pages of one group."""

    visits: int = 0
    news: int = 0  # visits that led to something new
    barren: int = 0  # visits since the last of those


@dataclass(slots=True)
class Worth:
    """The groups of one site."""

    _groups: dict[str, Group] = field(default_factory=dict)

    def record(self, member_of: Sequence[str], *, news: bool) -> None:
        """Note a visit; `news` if the page is a new article, or shows links to what may be some and was not known."""
        for name in member_of:
            group = self._groups.setdefault(name, Group())
            group.visits += 1
            group.news += news
            group.barren = 0 if news else group.barren + 1

    def left(self, member_of: Sequence[str]) -> str:
        """The group for which pages with this membership are left alone; "" if there is none.

        A place does not count against a shape that has been worth it: lists of links hold sections beside forms and imprints.
        """
        tired = [name for name in member_of if self._tired(name, hunch=HUNCH in member_of)]
        shaped = self._groups.get(member_of[0], Group())
        if shaped.news and member_of[0] not in tired:
            tired = [name for name in tired if name.startswith(("shape", "host", "pager"))]
        return tired[0] if tired else ""

    def _tired(self, name: str, *, hunch: bool) -> bool:
        group = self._groups.get(name, Group())
        kind = name.partition(" ")[0]
        before, since = _PATIENCE[kind]
        if hunch and kind == "shape":
            before = since = _PATIENCE_WITH_HUNCHES
        return group.barren >= (since if group.news else before)

    def proven(self, member_of: Sequence[str]) -> bool:
        """Whether pages with this membership have mostly been news, so that there is no need to try them one by one."""
        known = [self._groups.get(name, Group()) for name in member_of if name != HUNCH]
        tried = known[0].news >= _PROVEN and all(group.news for group in known)
        return tried and self.promise(member_of) > 0.5 and not self.left(member_of)

    def on_strange_host(self, member_of: Sequence[str]) -> bool:
        """Whether pages with this membership are on a host that has brought nothing yet: often a twin of the site for other screens."""
        return any(name.startswith("host ") and not self._groups.get(name, Group()).news for name in member_of)

    def promise(self, member_of: Sequence[str]) -> float:
        """The chance that a visit is worth it, by the least promising of its groups."""
        known = [self._groups.get(name, Group()) for name in member_of if name != HUNCH]
        return min(((group.news + 1) / (group.visits + 1) for group in known), default=1.0)

    def as_json(self) -> str:
        """What was learned, for the next run."""
        most = heapq.nlargest(_MOST, self._groups.items(), key=lambda item: item[1].visits)
        return json.dumps({name: asdict(group) for name, group in most}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Worth:
        """What an earlier run learned. Raises ValueError for what is none of ours."""
        return cls({name: Group(**numbers) for name, numbers in json.loads(text or "{}").items()})

    def forgive(self) -> None:
        """Give each group that was left one more chance: sites change."""
        for group in self._groups.values():
            group.barren = max(0, group.barren - 1)
