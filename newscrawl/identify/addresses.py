"""What the pages of one site have taught of its addresses: which are the same page once more, and what in them says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

import msgspec

from newscrawl.identify.exact import article_id, target_id
from newscrawl.identify.twins import Twins, is_idle
from newscrawl.identify.visitors import VisitorParameters
from newscrawl.known import Known
from newscrawl.models import Article, Result, State, Target

_SHORTLY = timedelta(hours=1)  # within which a site does not write most of a list anew
_NO_ARTICLE = frozenset({Result.LISTING, Result.OTHER, Result.MISSING})


@dataclass(slots=True)
class Addresses:
    """Of one site, by its slug. Everything it takes and gives is a canonical address."""

    site: str
    visitors: VisitorParameters = field(default_factory=VisitorParameters)
    twins: Twins = field(default_factory=Twins)
    parted: set[str] = field(default_factory=set)  # ids of targets that a person has said are articles of their own

    def likely(self, url: str) -> list[str]:
        """Addresses of which this one should show the same article, as far as was learned."""
        return [known for _, known in self.spared_by(url)]

    def spared_by(self, url: str) -> list[tuple[str, str]]:
        """The rules that explain an address, each with the address of which it would be the twin."""
        return [] if target_id(self.site, url) in self.parted else [*self.twins.known_as(url)]

    def shortened(self, url: str) -> tuple[str, bool]:
        """An address as it is to be asked for, without what is idle in it; and whether it is to be kept in mind as it was found."""
        idle = [] if target_id(self.site, url) in self.parted else self.twins.idle_in(url)
        if not idle:
            return url, False
        identity = target_id(self.site, url)
        return idle[0][1], any(not self.twins.is_trusted(rule) or self.twins.is_sample(rule, identity) for rule, _ in idle)

    def read(self, url: str, shows: Article, known: Known, there: Mapping[str, Target] = MappingProxyType({})) -> None:
        """An address was read and shows this article.

        `known` covers the articles at `likely` addresses, and `there` what the frontier knows of these, by id.
        """
        for rule, other in self.spared_by(url):
            article = article_at(known, self.site, other)
            if article is not None and article.id != shows.id:
                self.twins.refute(rule, url)
            elif article is not None:
                self.twins.hold(rule)
            elif is_idle(rule) and _result(there, self.site, other) in _NO_ARTICLE:
                self.twins.refute(rule, url)
        for rule, agrees in self.visitors.saw(url, shows.id):
            if agrees:
                self.twins.prove(rule, shows.url)
            elif self.twins.is_in_force(rule):
                self.twins.refute(rule, url)
        if url != shows.url and not self.twins.idle_in(url):
            self.twins.saw(url, shows.url)

    def led(self, url: str, to: str, known: Mapping[str, Article]) -> None:
        """An address leads to another one, or names it as its proper one; it is among the `known` if it is that of an article."""
        for rule, other in self.spared_by(url):
            article = known.get(article_id(self.site, other))
            if article and target_id(self.site, to) not in {target_id(self.site, one) for one in (other, article.url, *article.aliases)}:
                self.twins.refute(rule, url)
        for rule, other in self.twins.idle_in(to):
            if other == url:  # the site puts in what we have left out
                self.twins.hold(rule)
        if article_id(self.site, to) in known:  # sections may lead elsewhere than articles do
            self.twins.saw(url, to)

    def listed(self, target: Target, *, new: int, shown: int, there: Mapping[str, Target]) -> None:
        """A target was read and is no article; of so many headlines `shown` so many are `new`; `there` is as for `read`.

        That tells something of what is idle in its address if the one without was read before: shortly before, if links vouch for it, for
        a rule on a session that falls by mistake costs more than one on another parameter.
        """
        for rule, other in self.twins.idle_in(target.url):
            before = there.get(target_id(self.site, other))
            if before is None or before.visited is None or target.visited is None:
                continue
            if self.twins.is_vouched(rule) and target.visited - before.visited > _SHORTLY:
                continue
            if self.twins.weigh(rule, new=new, shown=shown):
                self.twins.refute(rule, target.url)
            elif not new and before.result is target.result:
                self.twins.hold(rule)

    def links(self, page: str, urls: Iterable[str]) -> None:
        """A page has links to these canonical addresses."""
        if names := self.twins.idle - self.visitors.contradicted():
            for rule, vouching in [*self.visitors.vouched(page, urls, names)]:
                self.twins.vouch(rule, vouching)

    def as_json(self) -> str:
        """What was learned, for the next run."""
        sections = {"visitors": msgspec.Raw(self.visitors.as_json().encode()), "twins": msgspec.Raw(self.twins.as_json().encode())}
        return msgspec.json.encode({**sections, "parted": sorted(self.parted)}).decode()

    def remember(self, text: str) -> None:
        """Take over what an earlier run learned. Raises msgspec.DecodeError for what is none of ours."""
        sections = msgspec.json.decode(text or "{}", type=dict[str, msgspec.Raw])
        self.visitors = VisitorParameters.from_json(bytes(sections.get("visitors", b"")).decode())
        self.twins = Twins.from_json(bytes(sections.get("twins", b"")).decode())
        self.parted.update(msgspec.json.decode(sections.get("parted", b"[]"), type=list[str]))  # the same set: its site's reader has it


def article_at(known: Known, site: str, url: str) -> Article | None:
    """Of the articles known, the one at a canonical address, be it its own or another one of it."""
    return known.by_id.get(article_id(site, url)) or known.by_alias.get((site, url))


def _result(there: Mapping[str, Target], site: str, url: str) -> Result:
    """The last word on an address."""
    target = there.get(target_id(site, url))
    return target.result if target is not None and target.state is State.DONE else Result.NONE
