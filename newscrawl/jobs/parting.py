"""Undoing what joined an address with an article: its content, a redirect, a canonical address, or a rule of its site's addresses."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from newscrawl.clean.urls import canonical
from newscrawl.crawl.learned import read_learned, write_learned
from newscrawl.crawl.sparing import Sparing
from newscrawl.errors import InputError
from newscrawl.identify.addresses import Addresses
from newscrawl.identify.exact import target_id
from newscrawl.identify.placing import parted
from newscrawl.identify.twins import BY_HAND, difference, in_words
from newscrawl.models import Article, Kind, Result, Settlement, Target, now
from newscrawl.store.leading import leading_to
from newscrawl.store.protocol import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parted:
    """An address that is an article's no more."""

    url: str
    joined_by: Result  # what had joined it: SAME_CONTENT, REDIRECT, VARIANT, TWIN
    again: int = 0  # addresses that become due as well, since the rule that explained them holds no more


async def part(store: Store, article: Article, url: str) -> Parted:
    """Part an address from an article; the next crawl asks for it. Whoever calls holds the site's lease, as a crawl writes what it learned.

    Raises InputError if it is no alias, and StoreError.
    """
    identity = target_id(article.site, canonical(url))
    alias = next((one for one in article.aliases if target_id(article.site, one) == identity), "")
    leading = next((one for one in await leading_to(store, article) if one.id == identity), None)
    if not alias and leading is None:
        raise InputError(f"{url} is no alias of {article.id}; `newscrawl show {article.id[:10]} --aliases` lists them")
    own = alias or (leading.url if leading else "")
    by = Result.SAME_CONTENT if alias or leading is None else leading.result
    sections = _sections(await store.learned(article.site))
    addresses = _addresses(article.site, sections)
    for rule in _explaining(addresses, own, article) if by is Result.TWIN else ():
        addresses.twins.refute(rule, BY_HAND)
    addresses.parted.add(identity)
    await store.save_learned(article.site, write_learned({**sections, "addresses": addresses.as_json()}))
    again = Target(identity, article.site, own, Kind.ARTICLE, now())
    await store.settle([Settlement(again, article=parted(article, own))])
    return Parted(own, by, await Sparing(addresses).undo(store) if by is Result.TWIN else 0)


async def rules(store: Store, article: Article, leading: Iterable[Target]) -> Mapping[str, str]:
    """For those of the targets that a rule took for the article, by address: the rule and what speaks for it."""
    twins = [target.url for target in leading if target.result is Result.TWIN]
    if not twins:
        return {}
    known = _addresses(article.site, _sections(await store.learned(article.site)))
    named = {url: _explaining(known, url, article) for url in twins}
    return {url: "; ".join(f"{in_words(rule)} ({known.twins.evidence(rule)})" for rule in found) for url, found in named.items() if found}


def _explaining(addresses: Addresses, url: str, article: Article) -> list[str]:
    """The rules that make an address a twin of the article's."""
    idle = [rule for rule, _ in addresses.twins.idle_in(url)]
    return idle or [rule for rule in [difference(url, article.url)] if rule]


def _sections(learned: str) -> dict[str, str]:
    try:
        return read_learned(learned)
    except ValueError as error:  # the next crawl learns it anew
        log.warning("what was learned can't be read: %s", error)
        return {}


def _addresses(site: str, sections: Mapping[str, str]) -> Addresses:
    addresses = Addresses(site)
    try:
        addresses.remember(sections.get("addresses", ""))
    except msgspec.DecodeError as error:
        log.warning("%s: what was learned of its addresses can't be read: %s", site, error)
    return addresses
