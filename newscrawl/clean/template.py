"""What a site's pages have in common: a line that stands under many of its headlines is no article's.

A short line needs few: it may be a label or a button. A line that reads like a paragraph may be background that a series of articles
shares, so it has to stand under half of all headlines. What was once known stays known, else old pages would read otherwise later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

import msgspec

from newscrawl.clean.hanzi import has_han

QUORUM, SHARE = 3, 0.2  # headlines, and of all headlines
PROSE_QUORUM, PROSE_SHARE = 8, 0.5  # for a line that reads like a paragraph
MOST_LINES = 20_000  # kept of a site while it is crawled, 3 MB
MOST_SAVED = 4_000  # 80 KB
_PROSE = "p"  # before the key of a line that reads like a paragraph
_PARAGRAPH = 60  # characters; Chinese ones need half
_SENTENCE_END = re.compile("[.!?。！？…][\"'”’」』）)]*$")
_LINES_OF_A_PAGE = 1_500
_STRANGE = 0.25  # of the usual share of known lines: a page with less has another layout
_REDESIGN = 8  # such pages in a row


class _Saved(msgspec.Struct):
    version: int = 1
    pages: int = 0
    usual: float = 0.0
    lines: dict[str, int] = {}
    known: list[str] = []


@dataclass(slots=True)
class Template:
    """Of one site: under how many headlines each line has stood. However often a page is read, it counts once."""

    version: int = 1  # goes up with each redesign
    pages: int = 0  # that were learned from since then
    _usual: float = 0.0  # share of a page's lines that are known, as pages go
    _lines: dict[str, int] = field(default_factory=dict)  # by `_key`, those seen latest last
    _known: dict[str, None] = field(default_factory=dict)  # the site's lines, by `_key`
    _headlines: set[str] = field(default_factory=set)
    _strange: list[list[str]] = field(default_factory=list)  # pages in a row that show next to nothing of what is known, not counted yet

    def repeats(self, line: str) -> bool:
        """Whether a line, as the page shows it, is the site's and not an article's."""
        return _key(line) in self._known

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
            self._lines[key] = count = self._lines.pop(key, 0) + 1
            quorum, share = (PROSE_QUORUM, PROSE_SHARE) if key.startswith(_PROSE) else (QUORUM, SHARE)
            if count >= max(quorum, share * self.pages) and len(self._known) < MOST_SAVED:
                self._known[key] = None
        if len(self._lines) > MOST_LINES:
            self._forget()

    def _forget(self) -> None:
        """Keep three quarters: first those lines go that were seen once, the longest ago first; then whatever was."""
        once = [key for key, count in self._lines.items() if count == 1]
        often = [key for key, count in self._lines.items() if count > 1]
        for key in [*once, *often][: len(self._lines) - MOST_LINES * 3 // 4]:
            del self._lines[key]

    def as_json(self) -> str:
        """What was learned, for the next run: the lines seen most often, and those that are known."""
        often = dict(sorted(self._lines.items(), key=lambda item: -item[1])[:MOST_SAVED])
        return msgspec.json.encode(_Saved(self.version, self.pages, round(self._usual, 3), often, list(self._known))).decode()

    def remember(self, text: str) -> None:
        """Take over what an earlier run learned, as `as_json` wrote it. Raises ValueError for what is none of ours."""
        try:
            saved = msgspec.json.decode(text or "{}", type=_Saved)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from None
        self.version, self.pages, self._usual, self._lines = saved.version, saved.pages, saved.usual, saved.lines
        self._known = dict.fromkeys(saved.known)


def _key(line: str) -> str:
    digest = blake2b(line.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return _PROSE + digest if _is_prose(line) else digest


def _is_prose(line: str) -> bool:
    """Whether a line is as long as a sentence or two, and ends like one."""
    return len(line) >= (_PARAGRAPH // 2 if has_han(line) else _PARAGRAPH) and bool(_SENTENCE_END.search(line))
