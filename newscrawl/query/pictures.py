"""Which pictures the archive holds of those that its pages show."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from newscrawl.archive.pictures import sources
from newscrawl.archive.replay import Replayed, illustrated, replayed
from newscrawl.clean.urls import join
from newscrawl.errors import ArchiveError
from newscrawl.identify.exact import capture_id, target_id
from newscrawl.models import Capture, Result, Target
from newscrawl.store.protocol import Store

_MOST_HOPS = 5  # redirects between the address that a page names and its picture


async def replayed_with_pictures(store: Store, folder: Path, capture: Capture, *, after_scripts: bool) -> Replayed:
    """As `archive.replay.replayed`, with the pictures that were archived. Raises ArchiveError, StoreError."""
    page = await asyncio.to_thread(replayed, folder, capture, after_scripts=after_scripts)
    pictures = await pictures_of(store, capture, page.body)
    return await asyncio.to_thread(illustrated, folder, page, pictures)


async def pictures_in(store: Store, folder: Path, captures: Iterable[Capture]) -> Mapping[str, Mapping[str, Capture]]:
    """`pictures_of` the pages of several captures, after their scripts, by id; none of those that can't be read. Raises StoreError."""
    found: dict[str, Mapping[str, Capture]] = {}
    for capture in captures:
        with contextlib.suppress(ArchiveError):  # who looks at that page is told
            page = await asyncio.to_thread(replayed, folder, capture, after_scripts=True)
            found[capture.id] = await pictures_of(store, capture, page.body)
    return found


async def pictures_of(store: Store, capture: Capture, page: bytes) -> Mapping[str, Capture]:
    """The pictures of a captured page by their addresses as written in it. Raises StoreError."""
    ways = await ways_to_pictures(store, capture, page)
    ids = {source: capture_id(way[-1].id, round(way[-1].visited.timestamp() * 1000)) for source, way in ways.items() if way[-1].visited}
    found = await store.captures_by_id(set(ids.values()))
    return {source: found[identity] for source, identity in ids.items() if identity in found}


async def ways_to_pictures(store: Store, capture: Capture, page: bytes) -> Mapping[str, list[Target]]:
    """By its address as written, the targets between it and the picture: redirects, if there were any, then its own. Raises StoreError."""
    following = {source: url for source in sources(page) if (url := join(capture.url, source))}
    ways: dict[str, list[Target]] = {source: [] for source in following}
    for _ in range(_MOST_HOPS + 1):
        targets = await store.targets({target_id(capture.site, url) for url in following.values()}) if following else {}
        reached = {source: targets.get(target_id(capture.site, url)) for source, url in following.items()}
        following = {}
        for source, target in reached.items():
            if target is not None:
                ways[source].append(target)
                if target.result is Result.REDIRECT:
                    following[source] = target.detail.partition(" ")[2]
    return {source: way for source, way in ways.items() if way and way[-1].result in _PICTURES}


_PICTURES = frozenset({Result.IMAGE, Result.NOT_HTML})  # the latter in what was imported
