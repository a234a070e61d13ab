"""Taking an article down: out of the archive, out of the store, and out of every later crawl."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newscrawl.archive.index import NAME, index_folder
from newscrawl.archive.removal import Removal, take_out
from newscrawl.archive.warc import WarcWriter, may_repeat, read_exchange
from newscrawl.config import Config
from newscrawl.crawl.provenance import warc_info
from newscrawl.crawl.tombstones import tombstone
from newscrawl.errors import ArchiveError
from newscrawl.identify.exact import article_id, target_id
from newscrawl.jobs.reextract import FOLDER
from newscrawl.models import Article, Capture, Kind, Result, Settlement, Target, now
from newscrawl.store.protocol import Search, Store

_MOST_HOPS = 5  # redirects between the address that a page names and its picture


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes with an article."""

    article: Article
    revisions: int
    captures: tuple[Capture, ...]  # of its pages in all their states, of the same pages under other addresses of its site, of its pictures
    pictures: int  # of the captures
    tombstones: tuple[Target, ...]  # its addresses, never to be asked for again
    needing: tuple[Capture, ...] = ()  # captures that stay, of pages or pictures that are the same: records that go hold their payloads


async def planned(store: Store, article: Article) -> Plan:
    """What would go. Raises StoreError."""
    revisions = await store.revisions(article.id)
    named = {article.capture, *(part.capture for part in article.parts), *(revision.capture for revision in revisions)}
    known = await store.captures_by_id(named)
    urls = dict.fromkeys((article.url, *article.aliases, *(capture.url for capture in known.values())))
    ids = {target_id(article.site, url) for url in urls}
    ids |= await _copies(store, article)
    digests = {capture.digest for capture in known.values() if may_repeat(capture)}
    pictures = await _pictures(store, article, set(urls))
    going: dict[str, Capture] = {}
    needing: list[Capture] = []
    async for capture in store.captures():  # by time, so what is referred to comes first
        ours = capture.id in known or capture.target in ids or capture.digest in digests or capture.target in pictures
        if ours and capture.site == article.site:  # another site's copy is another article, and its page stays
            going[capture.id] = capture
        elif capture.refers_to in going:
            needing.append(capture)
    targets = await store.targets({*ids, *pictures, *(capture.target for capture in going.values())})
    tombstones = [tombstone(target) for target in targets.values()]
    tombstones += [tombstone(_unknown(article.site, url)) for url in urls if target_id(article.site, url) not in targets]
    shown = sum(capture.target in pictures for capture in going.values())
    return Plan(article, len(revisions), tuple(going.values()), shown, tuple(tombstones), tuple(needing))


async def _copies(store: Store, article: Article) -> set[str]:
    """The targets of addresses that show the article once more: what was read of them, or would be if a rule proved wrong."""
    found, ways = dict[str, Target](), [article.url, *article.aliases]
    while ways:
        new = [one for url in ways for one in await store.leading_to(article.site, url) if one.id not in found]
        found.update((one.id, one) for one in new)
        ways = [one.url for one in new]
    shown = {article_id(article.site, one.url): one.id for one in found.values() if one.result in (Result.TWIN, Result.VARIANT)}
    known = await store.known(set(shown), ()) if shown else None
    others = set(known.by_id) - {article.id} if known else set()  # what was read as an article before it named this one still is one
    return {target for id_, target in shown.items() if id_ not in others}


async def _pictures(store: Store, article: Article, pages: set[str]) -> set[str]:
    """The targets of an article's pictures, and of what redirects to them, without those that another article of its site shows."""
    ours = {target_id(article.site, image.url) for image in article.images}
    kept = [capture.target async for capture in store.captures(article.site) if capture.content_type.startswith("image/")]
    if not kept:
        return set()
    known = {id_: target for id_, target in (await store.targets({*ours, *kept})).items() if target.kind is Kind.IMAGE}
    others = {
        target_id(article.site, image.url)
        async for other in store.articles(Search(site=article.site))
        if other.id != article.id
        for image in other.images
    }
    found: set[str] = set()
    for target in known.values():
        way = await _way(store, target)
        if others.isdisjoint(way) and (target.parent in pages or not ours.isdisjoint(way)):
            found.update(way)
    return found


async def _way(store: Store, picture: Target) -> list[str]:
    """A picture's target and those that redirected to it: the page names the last of them."""
    way = [picture.id]
    while len(way) <= _MOST_HOPS and picture.hops:
        before = (await store.targets([picture.found_on])).get(picture.found_on)
        if before is None or before.kind is not Kind.IMAGE:
            break
        picture = before
        way.append(picture.id)
    return way


async def taken_down(store: Store, config: Config, plan: Plan, *, also: Sequence[Capture] = ()) -> Removal:
    """Do it; what of the records could be written over, and what not, as it is lost or damaged. A takedown that was cut short is
    finished by the next. `also` are further captures that go. Raises ArchiveError if a file can't be written, StoreError.

    The store comes last: as long as it knows the article, the command can be repeated.
    """  # noqa: D205 - one thought
    folder, captures = config.archive_folder, (*plan.captures, *also)
    lost = await _moved(store, config, plan.needing)
    removal = await asyncio.to_thread(take_out, folder, (*captures, *plan.needing), now())
    if (folder / NAME).exists():
        await asyncio.to_thread(index_folder, folder)
    for journal in (folder / FOLDER).glob("*.jsonl"):
        journal.unlink(missing_ok=True)  # it may hold the article's text
    left = await store.take_down(plan.article.id, [capture.id for capture in captures], plan.tombstones)
    return replace(removal, troubles=(*lost, *removal.troubles), left=tuple(left))


async def _moved(store: Store, config: Config, needing: Sequence[Capture]) -> list[str]:
    """Write captures that stay anew, with their payloads; those that can't be read."""
    if not needing:
        return []
    archive, lost, written = config.archive, [], dict[str, Capture]()
    writer = WarcWriter(config.archive_folder, rotate_bytes=archive.rotate_bytes, compression=archive.compression, info=warc_info(config))
    targets = await store.targets({capture.target for capture in needing})
    try:
        for capture in needing:
            try:
                exchange = await asyncio.to_thread(read_exchange, config.archive_folder, capture)
            except ArchiveError as error:
                lost.append(f"{capture.url} has the same content and can't be kept: {error}")
                continue
            (placed,) = await asyncio.to_thread(writer.write, [(replace(capture, refers_to=""), exchange)], written)
            written.setdefault(placed.digest, placed)
            if capture.target in targets:
                await store.settle([Settlement(targets[capture.target], capture=placed)])
    finally:
        await asyncio.to_thread(writer.close)
    return lost


def _unknown(site: str, url: str) -> Target:
    return Target(id=target_id(site, url), site=site, url=url, kind=Kind.ARTICLE, due=now(), visited=now())


def told(plan: Plan) -> Iterator[str]:
    """What would go, in lines."""
    captures = _counted(len(plan.captures), "capture", "captures") + (f", {plan.pictures} of them of pictures," if plan.pictures else ",")
    yield f"{plan.article.title}\n  {plan.article.url}"
    states, addresses = _counted(plan.revisions, "former state", "former states"), _counted(len(plan.tombstones), "address", "addresses")
    yield f"  {states}, {captures} {addresses}:"
    yield from (f"    {target.url}" for target in plan.tombstones)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
