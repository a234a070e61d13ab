"""Parameters of a site's addresses that say who looks, not what at: sessions, learned from what pages with and without them have served."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

ENOUGH = 3  # times that another value brought the same article, and none that it brought another
_REMEMBERED = 20_000  # addresses less one parameter; 4 MB


@dataclass(slots=True)
class VisitorParameters:
    """What one site's parameters were seen to do."""

    _articles: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # (name, address without it): address, article
    _same: Counter[str] = field(default_factory=Counter)
    _other: set[str] = field(default_factory=set)  # names of which another value has brought another article

    def saw(self, url: str, article: str) -> None:
        """A canonical address has served the article with this id."""
        for name, rest in _less_one(url):
            address, before = self._articles.setdefault((name, rest), (url, article))
            if before != article:
                self._other.add(name)
            elif address != url:
                self._same[name] += 1
        if len(self._articles) > _REMEMBERED:
            self._articles.clear()

    def without(self, url: str) -> str:
        """The address without the parameters that never made a difference; most often the address itself."""
        path, mark, query = url.partition("?")
        if not mark or not self._same:
            return url
        kept = "&".join(pair for pair in query.split("&") if not self._is_idle(pair.partition("=")[0]))
        return f"{path}?{kept}" if kept else path

    def _is_idle(self, name: str) -> bool:
        return self._same[name] >= ENOUGH and name not in self._other


def _less_one(url: str) -> list[tuple[str, str]]:
    """Each parameter's name with the address less that parameter."""
    path, mark, query = url.partition("?")
    pairs = query.split("&") if mark else []
    return [(pair.partition("=")[0], f"{path}?{'&'.join(pairs[:at] + pairs[at + 1 :])}") for at, pair in enumerate(pairs)]
