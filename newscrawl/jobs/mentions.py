"""Where else an article's words stand in the archive: feeds that carried it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import msgspec

from newscrawl.archive.exchange import content
from newscrawl.archive.warc import read_exchange
from newscrawl.errors import ArchiveError
from newscrawl.extract.decode import decode
from newscrawl.identify.revisions import letters
from newscrawl.models import Article, Capture, Kind
from newscrawl.store.protocol import Store

_TAG = re.compile(r"<[^<>]{0,2000}>")
_LEAST_TITLE, _LEAST_TEXT = 6, 30  # letters; what is shorter may stand anywhere
_LARGEST = 64 << 20  # bytes of a feed
_FEEDS = frozenset({Kind.FEED, Kind.SITEMAP})


async def feeds_with(store: Store, folder: Path, article: Article) -> list[Capture]:
    """The captures of feeds and sitemaps of the article's site that hold its title, or a paragraph of it. Raises StoreError."""
    captures = [capture async for capture in store.captures(article.site)]
    targets = await store.targets({capture.target for capture in captures})
    feeds = [capture for capture in captures if capture.target in targets and targets[capture.target].kind in _FEEDS]
    return await asyncio.to_thread(_holding, folder, feeds, words_of(article))


def words_of(article: Article) -> tuple[str, ...]:
    """What tells an article in a text that may have cut it: letters and digits of its title and of the beginnings of its paragraphs."""
    title = letters(article.title)
    paragraphs = (letters(line)[:_LEAST_TEXT] for text in (article.text, article.text_published) for line in text.split("\n"))
    return (*([title] if len(title) >= _LEAST_TITLE else []), *dict.fromkeys(line for line in paragraphs if len(line) >= _LEAST_TEXT))


def _holding(folder: Path, feeds: Sequence[Capture], words: Sequence[str]) -> list[Capture]:
    """Those that hold some of the words; equal payloads are read once, and what can't be read shows nothing."""
    holds: dict[str, bool] = {}
    for capture in feeds:
        if capture.digest not in holds:
            try:
                exchange = read_exchange(folder, capture)
                text = decode(content(exchange, _LARGEST), "").text
            except ArchiveError:
                continue
            plain = letters(_plain(text))
            holds[capture.digest] = any(word in plain for word in words)
    return [capture for capture in feeds if holds.get(capture.digest)]


def _plain(text: str) -> str:
    """The words of a feed, whatever they are wrapped in."""
    if text.lstrip()[:1] in ("{", "["):
        with contextlib.suppress(msgspec.DecodeError):
            text = str(msgspec.json.decode(text))
    return _TAG.sub(" ", unescape(unescape(text.replace("<![CDATA[", " "))))
