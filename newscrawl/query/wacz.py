"""A part of the archive as a WACZ file: a whole site, or the articles of a search with all pages that they were read from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from newscrawl import __version__
from newscrawl.archive.replay import replayed
from newscrawl.archive.wacz import PageOf, WaczWriter
from newscrawl.errors import ArchiveError
from newscrawl.models import Article, Capture, now
from newscrawl.query.pictures import ways_to_pictures
from newscrawl.store.conditions import Among, Field
from newscrawl.store.protocol import Search, Store


@dataclass(slots=True)
class Exported:
    """What a file came to."""

    articles: int = 0
    captures: int = 0
    answers: int = 0  # in its index
    troubles: list[str] = field(default_factory=list)  # captures that could not be taken along


async def steps(store: Store, query: Search) -> int:
    """What `heard` of `export_wacz` comes to: articles, and before them captures of a whole site, or else the articles once more."""
    query = _of_site(query)
    articles = await store.count(query)
    if not _is_whole(query):
        return 2 * articles
    if not query.site:
        return articles + (await store.counts()).captures
    return articles + len([None async for _ in store.captures(query.site)])


async def export_wacz(store: Store, folder: Path, query: Search, path: Path, heard: Callable[[int], None] = lambda _: None) -> Exported:
    """Write the articles that the query finds to a WACZ file, with the captures of their former states.

    A query for nothing but a site, or for nothing at all, takes all captures along: front page, lists, all that leads to the articles.
    `heard` is told how many of `steps` are done.
    Raises ArchiveError if nothing is found or the file can't be written, OSError if there is no room to gather records in.
    """
    came, pages, query = Exported(), [], _of_site(query)
    writer, done = WaczWriter(folder, path), count(1)
    try:
        async for capture in _chosen(store, folder, query, lambda: heard(next(done))):
            try:
                writer.add(capture)
            except ArchiveError as error:
                came.troubles.append(str(error))
            else:
                came.captures += 1
        async for article in store.articles(query):
            heard(next(done))
            if latest := await store.capture(article.capture):
                pages.append(PageOf(article.url, latest.time, article.title, article.text))
        came.articles = len(pages)
        came.answers = writer.close(pages, title=_title(query), software=f"newscrawl/{__version__}", created=now())
    finally:
        writer.drop()
    return came


def _of_site(query: Search) -> Search:
    """`site:SLUG` alone asks for the same as --site SLUG."""
    match query.conditions:
        case (Among(field=Field.SITE, values=(slug,)),) if not (query.site or query.words):
            return replace(query, site=slug, conditions=())
    return query


def _is_whole(query: Search) -> bool:
    return not (query.words or query.conditions or query.since or query.until)


async def _chosen(store: Store, folder: Path, query: Search, step: Callable[[], None]) -> AsyncIterator[Capture]:
    """Captures; `step` is called after each of a whole site, and else after those of each article."""
    if _is_whole(query):
        async for capture in store.captures(query.site):
            yield capture
            step()
        return
    pictures: dict[str, set[str]] = {}  # by site: ids of the targets between its pages and their pictures
    async for article in store.articles(query):
        former = [revision.capture for revision in await store.revisions(article.id)]
        for identity in dict.fromkeys((*former, *_captures_of(article))):
            if kept := await store.capture(identity):
                yield kept
                pictures.setdefault(article.site, set()).update(await _pictures_of(store, folder, kept))
        step()
    for site in (site for site, targets in pictures.items() if targets):
        async for capture in store.captures(site):
            if capture.target in pictures[site]:
                yield capture


async def _pictures_of(store: Store, folder: Path, capture: Capture) -> set[str]:
    try:
        page = await asyncio.to_thread(replayed, folder, capture, after_scripts=True)
    except ArchiveError:
        return set()  # its capture is told to be lost
    return {target.id for way in (await ways_to_pictures(store, capture, page.body)).values() for target in way}


def _captures_of(article: Article) -> Iterator[str]:
    yield article.capture
    yield from (part.capture for part in article.parts)


def _title(query: Search) -> str:
    """Such as "gazette.example: bridge, since 2026-08-01"."""
    told = [" ".join(query.phrases)] if query.phrases else []
    told += [f"since {query.since:%Y-%m-%d}"] if query.since else []
    told += [f"before {query.until:%Y-%m-%d}"] if query.until else []
    return ": ".join(filter(None, (query.site or "newscrawl archive", ", ".join(told))))
