"""Asking what became of an article: its revisions, and the addresses that were taken for it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from newscrawl.commands.options import StoreUri, asked, configured, output
from newscrawl.errors import InputError
from newscrawl.models import Article, Kind, Revision, Settlement, Target, now
from newscrawl.store.protocol import Store

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
    """Part an address from the article it was joined with, because both had the same content; it is fetched anew by the next crawl."""
    record = asked(configured(store).store.uri, lambda opened: _split(opened, article, url))
    typer.echo(f"{url} is no longer taken for {record.id}; the next crawl of {record.site} reads it as an article of its own.")


async def _history(store: Store, key: str) -> tuple[Article, list[Revision]]:
    article = await found(store, key)
    return article, await store.revisions(article.id)


async def found(store: Store, key: str) -> Article:
    """The article. Raises InputError if there is none."""
    article = await store.article(key)
    if article is None:
        raise InputError(f"{key}: no such article; `newscrawl search` shows ids. An id may be cut to 8 characters if it stays the only one")
    return article


async def _split(store: Store, key: str, url: str) -> Article:
    from newscrawl.clean.urls import canonical
    from newscrawl.identify.exact import target_id
    from newscrawl.identify.placing import parted

    article, alias = await found(store, key), canonical(url)
    if alias not in article.aliases:
        raise InputError(f"{url} is no alias of {article.id} that content joined; `newscrawl show {article.id[:10]} --aliases` lists them")
    apart = parted(article, alias)
    again = Target(target_id(article.site, alias), article.site, alias, Kind.ARTICLE, now())
    await store.settle([Settlement(again, article=apart)])
    return apart
