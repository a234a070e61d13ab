"""Asking what became of an article: its revisions, and the addresses that were taken for it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from newscrawl.commands.options import StoreUri, asked, configured, output
from newscrawl.config import Config
from newscrawl.errors import InputError, LeaseError
from newscrawl.models import Article, Result, Revision
from newscrawl.store.protocol import Store

if TYPE_CHECKING:
    from newscrawl.jobs.parting import Parted

ArticleKey = Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id, its first 8 characters or more, or its address.")]


def diff(
    article: ArticleKey,
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="[A [B]]", help="Revisions: A and the one before it, or A and B. None: the last change.")
    ] = None,
    *,
    html: Annotated[bool, typer.Option("--html", help="A page of its own, to be written to a file.")] = False,
    store: StoreUri = None,
) -> None:
    """Show what changed in an article: word by word, in Chinese character by character."""
    from newscrawl.query.diff import chosen, diff_html, diff_page, versions

    if numbers and len(numbers) > 2:
        raise InputError(f"{len(numbers)} revisions can't be compared: name one or two")
    record, revisions = asked(configured(store).store.uri, lambda opened: _history(opened, article))
    states = versions(record, revisions)
    if len(states) == 1 and not numbers:
        typer.echo(f"{record.id}: never changed since it was first seen, {record.first_seen:%Y-%m-%d %H:%M} UTC.", err=True)
        return
    old, new = chosen(states, numbers or ())
    if html:
        sys.stdout.write(diff_html(record, old, new))
    else:
        console = output()
        console.print(diff_page(old, new, coloured=console.is_terminal))


def split(
    article: ArticleKey,
    url: Annotated[str, typer.Argument(metavar="ALIAS", help="Its address; `newscrawl show ID --aliases` lists them.")],
    *,
    store: StoreUri = None,
) -> None:
    """Part an address from the article it was taken for, whatever joined them; it is fetched anew by the next crawl."""
    config = configured(store)
    record, parted = asked(config.store.uri, lambda opened: _split(opened, config, article, url))
    typer.echo(f"{parted.url} is no longer taken for {record.id}; {_AFTER[parted.joined_by].format(site=record.site, again=parted.again)}")


# What follows, by what had joined them.
_AFTER: Mapping[Result, str] = {
    Result.SAME_CONTENT: "the next crawl of {site} reads it as an article of its own.",
    Result.VARIANT: "the next crawl of {site} reads it as an article of its own, whatever it names as its canonical address.",
    Result.REDIRECT: "the next crawl of {site} asks for it: what it shows then is its own, and as long as it redirects it is nobody's.",
    Result.TWIN: "the rule behind that holds no more: the next crawl of {site} asks for it, and for {again} others that rules explained.",
}


async def _history(store: Store, key: str) -> tuple[Article, list[Revision]]:
    article = await found(store, key)
    return article, await store.revisions(article.id)


async def found(store: Store, key: str) -> Article:
    """The article. Raises InputError if there is none."""
    from newscrawl.query.addresses import article_at, is_address

    article = await article_at(store, key)
    if article is None and is_address(key):
        raise InputError(f"{key}: no article is known at this address; words of its headline may find it (`newscrawl search`)")
    if article is None:
        raise InputError(f"{key}: no such article; `newscrawl search` shows ids. An id may be cut to 8 characters if it stays the only one")
    return article


async def _split(store: Store, config: Config, key: str, url: str) -> tuple[Article, Parted]:
    from newscrawl.crawl.lease import LeaseKeeper
    from newscrawl.jobs.parting import part

    leases = LeaseKeeper(store, config.crawl.lease_seconds, lost=lambda *_: None)
    try:
        article = await found(store, key)
        if held := await leases.take([article.site]):
            raise LeaseError(f"{article.site} is being crawled by {held[0].holder}: wait for its end, or stop it")
        return article, await part(store, article, url)
    finally:
        await leases.close()
