"""Parameters of a site's addresses that say who looks, not what at: sessions, learned from what pages with and without them have served.

What was learned is kept from run to run, and checked: every CHECKED'th address keeps the parameters that should make no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import msgspec

ENOUGH = 3  # times that another value brought the same article, and none that it brought another
CHECKED = 20
_MOST = 200  # names that are kept from run to run
_REMEMBERED = 20_000  # addresses less one parameter; 4 MB


class _Kept(msgspec.Struct):
    same: dict[str, int] = {}  # how often, by name
    other: list[str] = []


@dataclass(slots=True)
class VisitorParameters:
    """What one site's parameters were seen to do."""

    _articles: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # (name, address without it): address, article
    _same: Counter[str] = field(default_factory=Counter)
    _other: set[str] = field(default_factory=set)  # names of which another value has brought another article
    _shortened: int = 0  # addresses so far

    def saw(self, url: str, article: str, *, shorter: str = "") -> None:
        """A canonical address has served the article with this id, and `without` it what is known as `shorter`, if that is not ""."""
        if shorter and shorter != article:
            self._other.update(name for name, _ in _less_one(url) if self._is_idle(name))
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

    def proper(self, url: str) -> str:
        """As `without`, but for the addresses by which that is checked."""
        less = self.without(url)
        if less == url:
            return url
        self._shortened += 1
        return less if self._shortened % CHECKED else url

    def as_json(self) -> str:
        """What was learned, for the next run."""
        same = [(name, times) for name, times in self._same.most_common() if name not in self._other]
        return msgspec.json.encode(_Kept(dict(same[:_MOST]), sorted(self._other)[:_MOST])).decode()

    @classmethod
    def from_json(cls, text: str) -> VisitorParameters:
        """What an earlier run learned. Raises msgspec.DecodeError for what is none of ours."""
        kept = msgspec.json.decode(text or "{}", type=_Kept)
        return cls(_same=Counter(kept.same), _other=set(kept.other))

    def _is_idle(self, name: str) -> bool:
        return self._same[name] >= ENOUGH and name not in self._other


def _less_one(url: str) -> list[tuple[str, str]]:
    """Each parameter's name with the address less that parameter."""
    path, mark, query = url.partition("?")
    pairs = query.split("&") if mark else []
    return [(pair.partition("=")[0], f"{path}?{'&'.join(pairs[:at] + pairs[at + 1 :])}") for at, pair in enumerate(pairs)]
