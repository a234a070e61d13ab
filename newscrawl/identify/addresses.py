"""What the pages of one site have taught of its addresses: which are the same page once more, and what in them says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from newscrawl.identify.exact import article_id, target_id
from newscrawl.identify.twins import Twins
from newscrawl.identify.visitors import VisitorParameters
from newscrawl.models import Article


@dataclass(slots=True)
class Addresses:
    """Of one site, by its slug. Everything it takes and gives is a canonical address."""

    site: str
    visitors: VisitorParameters = field(default_factory=VisitorParameters)
    twins: Twins = field(default_factory=Twins)
    parted: set[str] = field(default_factory=set)  # ids of targets that a person has said are articles of their own

    def likely(self, url: str) -> list[str]:
        """Addresses of which this one should show the same article, as far as was learned."""
        if target_id(self.site, url) in self.parted:
            return []
        shorter = self.visitors.without(url)
        return [*([shorter] if shorter != url else []), *(known for _, known in self.twins.known_as(url))]

    def spared_by(self, url: str) -> Iterator[tuple[str, str]]:
        """The rules that explain an address, each with the address of which it would be the twin."""
        if target_id(self.site, url) not in self.parted:
            yield from self.twins.known_as(url)

    def read(self, url: str, shows: Article, known: Mapping[str, Article]) -> None:
        """An address was read and shows this article; `known` are articles by id, those at `likely` addresses among them."""
        for rule, other in [*self.spared_by(url)]:
            if known.get(article_id(self.site, other), shows).id != shows.id:
                self.twins.refute(rule, url)
        shorter = known.get(article_id(self.site, self.visitors.without(url)), shows)
        self.visitors.saw(url, shows.id, shorter=shorter.id)
        if url != shows.url:
            self.twins.saw(url, shows.url)

    def led(self, url: str, to: str, known: Mapping[str, Article]) -> None:
        """An address leads to another one, or names it as its proper one; it is among the `known` if it is that of an article."""
        for rule, other in [*self.spared_by(url)]:
            article = known.get(article_id(self.site, other))
            if article and target_id(self.site, to) not in {target_id(self.site, one) for one in (other, article.url, *article.aliases)}:
                self.twins.refute(rule, url)
        if article_id(self.site, to) in known:  # sections may lead elsewhere than articles do
            self.twins.saw(url, to)

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
