"""What a site's pages have in common: a line that stands under several headlines is no article's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

import msgspec

QUORUM = 3  # headlines. Of 822 pages of 46 sites, lines under three or more held 71 % of what was no article, and .1 % of what was
MOST_LINES = 20_000  # kept of a site while it is crawled, 3 MB
MOST_SAVED = 4_000  # 80 KB
_LINES_OF_A_PAGE = 1_500
_STRANGE = 0.25  # of the usual share of known lines: a page with less has another layout
_REDESIGN = 8  # such pages in a row


class _Saved(msgspec.Struct):
    version: int = 1
    pages: int = 0
    usual: float = 0.0
    lines: dict[str, int] = {}


@dataclass(slots=True)
class Template:
    """Of one site: under how many headlines each line has stood. However often a page is read, it counts once."""

    version: int = 1  # goes up with each redesign
    pages: int = 0  # that were learned from since then
    _usual: float = 0.0  # share of a page's lines that are known, as pages go
    _lines: dict[str, int] = field(default_factory=dict)  # by `_key`, those seen latest last
    _headlines: set[str] = field(default_factory=set)
    _strange: list[list[str]] = field(default_factory=list)  # pages in a row that show next to nothing of what is known, not counted yet

    def repeats(self, line: str) -> bool:
        """Whether a line, as the page shows it, is the site's and not an article's."""
        return self._lines.get(_key(line), 0) >= QUORUM

    def learn(self, lines: Iterable[str], headline: str) -> None:
        """Take in all lines of an article's page. A known headline teaches nothing: it may be the same page, or its next part."""
        name = _key(headline)
        if name in self._headlines:
            return
        self._headlines.add(name)
        keys = list(dict.fromkeys(map(_key, lines)))[:_LINES_OF_A_PAGE]
        if self._is_strange(keys):
            self._strange.append(keys)
            if len(self._strange) < _REDESIGN:
                return
            self.version, self.pages, self._usual = self.version + 1, 0, 0.0
            self._lines.clear()
        else:
            self._strange.append(keys)
        for page in self._strange:
            self._count(page)
        self._strange.clear()

    def _is_strange(self, keys: list[str]) -> bool:
        """Whether a page shows next to nothing of what all others do."""
        return self.pages >= QUORUM and self._share(keys) < _STRANGE * self._usual

    def _share(self, keys: list[str]) -> float:
        return sum(self._lines.get(key, 0) >= QUORUM - 1 for key in keys) / (len(keys) or 1)

    def _count(self, keys: list[str]) -> None:
        self.pages += 1
        self._usual += (self._share(keys) - self._usual) / min(self.pages, 50)
        for key in keys:
            self._lines[key] = self._lines.pop(key, 0) + 1
        if len(self._lines) > MOST_LINES:
            self._forget()

    def _forget(self) -> None:
        """Keep three quarters: first those lines go that were seen once, the longest ago first; then whatever was."""
        once = [key for key, count in self._lines.items() if count == 1]
        often = [key for key, count in self._lines.items() if count > 1]
        for key in [*once, *often][: len(self._lines) - MOST_LINES * 3 // 4]:
            del self._lines[key]

    def as_json(self) -> str:
        """What was learned, for the next run: the lines seen more than once."""
        known = sorted((item for item in self._lines.items() if item[1] > 1), key=lambda item: -item[1])
        return msgspec.json.encode(_Saved(self.version, self.pages, round(self._usual, 3), dict(known[:MOST_SAVED]))).decode()

    def remember(self, text: str) -> None:
        """Take over what an earlier run learned, as `as_json` wrote it. Raises ValueError for what is none of ours."""
        try:
            saved = msgspec.json.decode(text or "{}", type=_Saved)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from None
        self.version, self.pages, self._usual, self._lines = saved.version, saved.pages, saved.usual, saved.lines


def _key(line: str) -> str:
    return blake2b(line.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
