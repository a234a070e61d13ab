"""The copies of an article on a terminal: who had it first, who has how much of it, at which addresses a site shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from newscrawl.models import Article, Result, Target
from newscrawl.query.present import SHORT, visible, when
from newscrawl.reprints import Cluster
from newscrawl.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Reprints:
    """A cluster and its articles."""

    cluster: Cluster
    articles: Mapping[str, Article]  # by id


async def clusters_of(store: Store, articles: Collection[Article]) -> dict[str, Cluster]:
    """The clusters in which any of the articles are, by label."""
    labels = {article.cluster for article in articles} - {""}
    return {found.id: found for found in await store.clusters(labels)} if labels else {}


async def reprints_of(store: Store, article: Article) -> Reprints | None:
    """The cluster of an article; None if it is in none."""
    found = (await clusters_of(store, [article])).get(article.cluster)
    if found is None:
        return None
    return Reprints(found, (await store.known([copy.article for copy in found.copies], ())).by_id)


def reprint_table(found: Reprints, article: Article) -> Table:
    """The copies, the likely original first."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("id", "site", "published", "of the original"):
        table.add_column(name, no_wrap=True)
    table.add_column("title", overflow="fold")
    for copy in found.cluster.copies:
        if one := found.articles.get(copy.article):
            share = "likely original" if one.id == found.cluster.original else f"{copy.share:.0%}"
            title = Text(visible(one.title) + ("  (this one)" if one.id == article.id else ""))
            table.add_row(one.id[:SHORT], one.site, when(one.published, one.first_seen), share, title)
    return table


def reprints_told(found: Reprints) -> list[dict[str, Any]]:
    """What the table shows, for JSON: each copy with its share of the original's text, 0 to 1."""
    return [
        {
            **{name: getattr(one, name) for name in ("id", "site", "url", "title", "published", "first_seen")},
            "original": one.id == found.cluster.original,
            "share": copy.share,
        }
        for copy in found.cluster.copies
        if (one := found.articles.get(copy.article))
    ]


_RULES = {Result.REDIRECT: "redirect", Result.VARIANT: "rel=canonical", Result.TWIN: "rule"}


@dataclass(frozen=True, slots=True)
class Alias:
    """An address at which an article's site shows it."""

    url: str
    rule: str  # what joined it
    because: str = ""  # the learned rule, told for people


def aliases_told(article: Article, leading: Iterable[Target], because: Mapping[str, str]) -> Iterator[Alias]:
    """All addresses of an article, its own first.

    `leading` are targets that led to its address, `because` the rules by which some of them were joined, by address.
    """
    joined_by = dict(article.joined)
    yield Alias(article.url, "its own")
    for url in article.aliases:
        yield Alias(url, joined_by.get(url, "same-content"))
    for url, rule in article.joined:
        if url not in article.aliases:
            yield Alias(url, rule)
    for target in leading:
        if target.url not in joined_by:
            yield Alias(target.url, _RULES.get(target.result, str(target.result)), because.get(target.url, ""))


def alias_table(aliases: Iterable[Alias]) -> Table:
    """What joined each address to an article."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("joined by", no_wrap=True)
    table.add_column("address", overflow="fold")
    for alias in aliases:
        lines = [visible(alias.url), *([alias.because] if alias.because else [])]
        table.add_row(alias.rule, Text("\n".join(lines)))
    return table
