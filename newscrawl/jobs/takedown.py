"""Taking an article down: out of the archive, out of the store, and out of every later crawl."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from newscrawl.archive.index import NAME, index_folder
from newscrawl.archive.removal import take_out
from newscrawl.archive.warc import may_repeat
from newscrawl.identify.exact import target_id
from newscrawl.jobs.reextract import FOLDER
from newscrawl.models import Article, Capture, Kind, Result, State, Target, now
from newscrawl.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes with an article."""

    article: Article
    revisions: int
    captures: tuple[Capture, ...]  # of its pages in all their states, and of the same pages under other addresses of its site
    tombstones: tuple[Target, ...]  # its addresses, never to be asked for again


async def planned(store: Store, article: Article) -> Plan:
    """What would go. Raises StoreError."""
    revisions = await store.revisions(article.id)
    named = {article.capture, *(part.capture for part in article.parts), *(revision.capture for revision in revisions)}
    known = await store.captures_by_id(named)
    urls = dict.fromkeys((article.url, *article.aliases, *(capture.url for capture in known.values())))
    ids = {target_id(article.site, url) for url in urls}
    ids |= {one.id for one in await store.leading_to(article.site, article.url) if one.result is Result.TWIN}  # it may be asked for yet
    digests = {capture.digest for capture in known.values() if may_repeat(capture)}
    captures = [
        capture
        async for capture in store.captures(article.site)  # another site's copy is another article, and its page stays
        if capture.id in known or capture.target in ids or capture.digest in digests
    ]
    targets = await store.targets({*ids, *(capture.target for capture in captures)})
    tombstones = [_tombstone(target) for target in targets.values()]
    tombstones += [_tombstone(_unknown(article.site, url)) for url in urls if target_id(article.site, url) not in targets]
    return Plan(article, len(revisions), tuple(captures), tuple(tombstones))


async def taken_down(store: Store, folder: Path, plan: Plan) -> int:
    """Do it; how many records were written over. A takedown that was cut short is finished by the next. Raises ArchiveError, StoreError.

    The store comes last: as long as it knows the article, the command can be repeated.
    """
    count = await asyncio.to_thread(take_out, folder, plan.captures, now())
    if (folder / NAME).exists():
        await asyncio.to_thread(index_folder, folder)
    for journal in (folder / FOLDER).glob("*.jsonl"):
        journal.unlink(missing_ok=True)  # it may hold the article's text
    await store.take_down(plan.article.id, [capture.id for capture in plan.captures], plan.tombstones)
    return count


def _tombstone(target: Target) -> Target:
    """The target as one that is never asked for again, without the headline that led there."""
    gone = replace(target, state=State.SKIPPED, result=Result.TAKEN_DOWN, detail="", again=None, visits=max(1, target.visits))
    return replace(gone, link_text="", listed="", digest="", etag="", last_modified="")


def _unknown(site: str, url: str) -> Target:
    return Target(id=target_id(site, url), site=site, url=url, kind=Kind.ARTICLE, due=now(), visited=now())


def told(plan: Plan) -> Iterator[str]:
    """What would go, in lines."""
    yield f"{plan.article.title}\n  {plan.article.url}"
    yield f"  {plan.revisions} former states, {len(plan.captures)} captures, {len(plan.tombstones)} addresses:"
    yield from (f"    {target.url}" for target in plan.tombstones)
