"""Parameters of a site's addresses that make no difference, as sessions don't: told by what pages show under other values of them.

A rule names the parameter and the shape of the addresses in which it is idle, such as "idle sid example.org/read?id=0": what is idle
in the addresses of articles may select which articles a list shows. `identify.twins` keeps the rules and checks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from newscrawl.clean.urls import names_further_page

PAGES = 8  # in a row that have one value of a parameter in all their links, each another one, to vouch for it wherever it stands
_MOST = 200  # rules that are kept from run to run as wrong
_MOST_WRONG = 5_000  # in one run
_MANY_PARAMETERS = 50  # of an address; one with more is a filter or a trap, and what is idle in it is not asked
_REMEMBERED = 20_000  # addresses less one parameter; 4 MB
_DIGITS = re.compile(r"\d+", re.ASCII)
_SLUG = re.compile(r"(?<=/)(?:[^/-]*-[^/-]*-[^/]*|[^/]*%[^/]*?)(?=/|\.\w{2,5}$|$)", re.ASCII)  # a headline in a path
_WORD = re.compile(r"[A-Za-z]{1,12}", re.ASCII)  # says what kind of page it is, as in ?action=list


def shape(url: str) -> str:
    """What the addresses of pages made alike share: host, path without numbers and headlines, parameters without values but for words.

    The further pages of a list are made as it is.
    """
    path, _, query = url.partition("://")[2].partition("?")
    host, slash, path = path.partition("/")
    path = host + _DIGITS.sub("0", _SLUG.sub("*", slash + path))
    kept = sorted(_blanked(pair) for pair in query.split("&") if pair and not names_further_page(pair))
    return f"{path}?{'&'.join(kept)}" if kept else path


def _blanked(pair: str) -> str:
    name, mark, value = pair.partition("=")
    return pair if _WORD.fullmatch(value) else f"{name}{mark}0"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a canonical address."""

    name: str
    value: str
    rest: str  # the address without it

    @property
    def rule(self) -> str:
        """That it is idle there."""
        return f"idle {self.name} {shape(self.rest)}"


def parameters(url: str) -> Iterator[Parameter]:
    """Those of a canonical address; none if it has very many."""
    path, mark, query = url.partition("?")
    pairs = query.split("&") if mark else []
    if len(pairs) > _MANY_PARAMETERS:
        return
    for at, pair in enumerate(pairs):
        name, _, value = pair.partition("=")
        rest = "&".join(pairs[:at] + pairs[at + 1 :])
        yield Parameter(name, value, f"{path}?{rest}" if rest else path)


def without(url: str, names: Iterable[str]) -> str:
    """A canonical address less all parameters of these names."""
    path, _, query = url.partition("?")
    idle = set(names)
    kept = "&".join(pair for pair in query.split("&") if pair.partition("=")[0] not in idle)
    return f"{path}?{kept}" if kept else path


class _Kept(msgspec.Struct):
    wrong: list[str] = []


@dataclass(slots=True)
class VisitorParameters:
    """What one site's parameters were seen to do."""

    _articles: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # (name, address without it): address, article
    _wrong: set[str] = field(default_factory=set)  # rules that another article under another value has contradicted
    _vouching: dict[str, dict[str, str]] = field(default_factory=dict)  # by name: pages, by their one value of it

    def saw(self, url: str, article: str) -> Iterator[tuple[str, bool]]:
        """A canonical address has served the article with this id: the rules which that bears out, or else contradicts."""
        for parameter in parameters(url):
            address, before = self._articles.setdefault((parameter.name, parameter.rest), (url, article))
            if before != article and len(self._wrong) < _MOST_WRONG:
                self._wrong.add(parameter.rule)
            if before != article or (address != url and parameter.rule not in self._wrong):
                yield parameter.rule, before == article
        if len(self._articles) > _REMEMBERED:
            self._articles.clear()

    def vouched(self, page: str, links: Iterable[str], names: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Rules on parameters that are idle elsewhere, which the links of pages bear out, this being the last; each with such a page.

        Who looks is the same in all links of a page, and another on the next page; of what selects something a page offers several values.
        """
        linked: dict[str, list[Parameter]] = {}
        for parameter in (one for url in links for one in parameters(url) if one.name in names):
            linked.setdefault(parameter.name, []).append(parameter)
        for name, found in linked.items():
            if len({one.value for one in found}) > 1:
                self._vouching.pop(name, None)
            elif len({one.rest for one in found}) > 1:
                pages = self._vouching.setdefault(name, {})
                pages[found[0].value] = page
                if len(pages) >= PAGES:
                    yield from ((rule, vouching) for rule in {one.rule for one in found} for vouching in pages.values())
                    pages.pop(next(iter(pages)))  # so that there are no more of them

    def contradicted(self) -> set[str]:
        """Names of parameters that make a difference in addresses of some shape."""
        return {rule.split(" ")[1] for rule in self._wrong}

    def as_json(self) -> str:
        """What was learned, for the next run: one rule of each parameter before others."""
        first = {rule.split(" ")[1]: rule for rule in sorted(self._wrong, reverse=True)}
        ordered = [*first.values(), *sorted(self._wrong.difference(first.values()))]
        return msgspec.json.encode(_Kept(sorted(ordered[:_MOST]))).decode()

    @classmethod
    def from_json(cls, text: str) -> VisitorParameters:
        """What an earlier run learned. Raises msgspec.DecodeError for what is none of ours."""
        return cls(_wrong=set(msgspec.json.decode(text or "{}", type=_Kept).wrong))
