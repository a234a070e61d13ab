"""Reading the archive again with today's reader: everything first, then, if that is wanted, the store.

What has been read stands in a journal beside the WARC files. A run that was killed goes on from there, and a look without writing need
not be repeated to write. An article is written only if it is still what it was when it was read, so that nothing is changed twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import msgspec

from newscrawl.archive.processes import pool
from newscrawl.config import Config
from newscrawl.crawl.clustering import ReprintFinder
from newscrawl.crawl.learned import read_learned
from newscrawl.identify.article import READER
from newscrawl.jobs.journal import Journal, Line
from newscrawl.jobs.rereading import FIELDS, Kept, Reread, Work, reread, template_of
from newscrawl.models import Article, Kind, Settlement, State, Target, now
from newscrawl.sites import SiteDefinition, load_sites, site_for_url
from newscrawl.store.protocol import Search, Store

FOLDER = "reextract"
_CHUNK = 20  # articles that a process is given at a time
_SAMPLE = 5  # changed articles that are shown
_STAGES = ("extract", "clean")


@dataclass(frozen=True, slots=True)
class _Known:
    """What crawls have learned of a site's template."""

    learned: str  # as JSON; "" if nothing that can be read
    digest: bytes
    repeats: Callable[[str], bool]  # whether a line is the site's


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Articles that a process is given, and digests of what they were."""

    work: Work
    bases: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What reading again came to."""

    articles: int = 0
    resumed: int = 0  # of them, those that an earlier run had read
    changed: Counter[str] = field(default_factory=Counter)  # articles, by field
    differing: int = 0  # articles
    sites: set[str] = field(default_factory=set)  # of them
    troubles: list[str] = field(default_factory=list)
    sample: list[tuple[Article, Reread]] = field(default_factory=list)
    written: int = 0
    left: int = 0  # changed by somebody else since they were read, or of a site that is being crawled


class Reextraction:
    """One reading of the articles that `query` chooses. `heard` is told how many are done.

    `changed_template`: only those that a change of their site's learned template since they were read makes differ.
    """

    def __init__(
        self,
        store: Store,
        config: Config,
        query: Search,
        *,
        processes: int,
        changed_template: bool = False,
        heard: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._store, self._config, self._query, self._processes, self._heard = store, config, query, processes, heard
        self._sites = {site.slug: site for site in load_sites(config.sites_folder)}
        self._journal = Journal(config.archive_folder / FOLDER / f"{fingerprint(tuple(self._sites.values()))}.jsonl")
        self._changed_template = changed_template
        self._looked_at = 0  # articles
        self._templates: dict[str, _Known] = {}  # by site
        self.outcome = Outcome()

    async def read(self) -> Outcome:
        """Read everything; nothing is written but the journal. Raises StoreError or ArchiveError."""
        done = self._journal.lines()
        with pool(self._processes) as readers, self._journal:
            under_way: list[tuple[_Chunk, asyncio.Future[list[Reread]]]] = []
            async for chunk in self._chunks(done):
                future = asyncio.get_running_loop().run_in_executor(readers, reread, chunk.work)
                under_way.append((chunk, future))
                if len(under_way) > 2 * self._processes:
                    await self._take_in(*under_way.pop(0))
            for chunk, future in under_way:
                await self._take_in(chunk, future)
        return self.outcome

    async def write(self, held: Collection[str] = ()) -> Outcome:
        """Write what differs, in batches, but not of sites that are `held` by somebody else; then the journal has done its work."""
        batch: list[Settlement] = []
        async for settlement in self._settlements(held):
            batch.append(settlement)
            if len(batch) >= self._config.store.batch_size:
                await self._settle(batch)
                batch = []
        await self._settle(batch)
        await ReprintFinder(self._store).close()
        if not self.outcome.left:
            self._journal.remove()
        return self.outcome

    async def _settle(self, batch: list[Settlement]) -> None:
        if batch:
            await self._store.settle(batch)
            self.outcome.written += len(batch)
            self._heard(self.outcome.written)

    async def _chunks(self, done: dict[str, str]) -> AsyncIterator[_Chunk]:
        """What is still to be read, by site."""
        waiting: dict[str, list[tuple[Article, str]]] = {}
        async for article in self._articles():
            self.outcome.articles += 1
            base = base_of(article, (await self._template(article.site)).digest)
            if done.get(article.id) == base:
                self._count(article, self._journal.reread(article.id))
                self.outcome.resumed += 1
                continue
            some = waiting.setdefault(article.site, [])
            some.append((article, base))
            if len(some) >= _CHUNK:
                yield await self._given(waiting.pop(article.site))
        for some in waiting.values():
            yield await self._given(some)

    async def _articles(self) -> AsyncIterator[Article]:
        """Those that the query chooses; with `changed_template` those of them that hold a line which by now is known as their site's.

        What is known stays known, so that is what a change of the template since they were read comes to.
        """
        self._looked_at = 0
        async for article in self._store.articles(self._query):
            self._looked_at += 1
            repeats = (await self._template(article.site)).repeats
            if not self._changed_template or any(map(repeats, article.text_published.split("\n"))):
                yield article

    async def _given(self, articles: Sequence[tuple[Article, str]]) -> _Chunk:
        captures = await self._store.captures_by_id({part for article, _ in articles for part in _captures_of(article)})
        targets = await self._store.targets({capture.target for capture in captures.values()})
        kept, bases = [], []
        for article, base in articles:
            found = [captures.get(identity) for identity in _captures_of(article)]
            if lost := [identity for identity in _captures_of(article) if identity not in captures]:
                self.outcome.troubles.append(f"{article.url}: the store knows no capture {lost[0]}")
                continue
            pairs = tuple((targets.get(capture.target) or _lost(article, capture.target), capture) for capture in found if capture)
            kept.append(Kept(article, pairs))
            bases.append(base)
        site = await self._site(articles[0][0])
        learned = (await self._template(site.slug)).learned
        return _Chunk(Work(site, self._config.crawl, self._config.archive_folder, tuple(kept), learned), tuple(bases))

    async def _site(self, article: Article) -> SiteDefinition:
        if article.site not in self._sites:
            seeds = await self._store.seeds(article.site)
            plain = site_for_url(seeds[0].url if seeds else article.url)
            self._sites[article.site] = SiteDefinition(slug=article.site, url=plain.url)
        return self._sites[article.site]

    async def _template(self, site: str) -> _Known:
        if site not in self._templates:
            learned = ""
            with contextlib.suppress(ValueError):
                learned = read_learned(await self._store.learned(site)).get("template", "")
            self._templates[site] = _Known(learned, digest_of(learned), template_of(learned).repeats)
        return self._templates[site]

    async def _take_in(self, chunk: _Chunk, future: asyncio.Future[list[Reread]]) -> None:
        came = await future
        self._journal.add(Line(base, one) for base, one in zip(chunk.bases, came, strict=True))
        for kept, one in zip(chunk.work.kept, came, strict=True):
            self._count(kept.article, one)
        self._heard(self._looked_at)

    def _count(self, article: Article, came: Reread) -> None:
        if came.trouble:
            self.outcome.troubles.append(came.trouble)
        if came.article is not None:
            self.outcome.differing += 1
            self.outcome.sites.add(article.site)
            self.outcome.changed.update(came.changed)
            if len(self.outcome.sample) < _SAMPLE:
                self.outcome.sample.append((article, came))

    async def _settlements(self, held: Collection[str]) -> AsyncIterator[Settlement]:
        done = self._journal.lines()
        async for article in self._articles():
            if article.id not in done:
                continue
            came = self._journal.reread(article.id)
            if came.article is None or came.article == article:
                continue
            if done[article.id] != base_of(article, (await self._template(article.site)).digest) or article.site in held:
                self.outcome.left += 1
                continue
            capture = await self._store.capture(article.capture)
            target = (await self._store.targets([capture.target])).get(capture.target) if capture else None
            target = target or _lost(article, capture.target if capture else article.id)
            yield Settlement(target, article=came.article, revision=came.revision(article, at=now()))


def fingerprint(sites: Sequence[SiteDefinition]) -> str:
    """What stands for today's reader: its program and the definitions of sites. Another reader begins another journal."""
    digest = hashlib.sha256(READER.encode())
    for stage in _STAGES:
        for file in sorted(files("newscrawl").joinpath(stage).iterdir(), key=lambda file: file.name):
            if file.is_file() and file.name.endswith((".py", ".toml", ".npz")):
                digest.update(file.read_bytes())
    digest.update(repr((FIELDS, sorted(sites, key=lambda site: site.slug))).encode())
    return digest.hexdigest()[:16]


def base_of(article: Article, template: bytes) -> str:
    """A digest of an article as it is, and of what is known of its site's template, of which `template` is the digest."""
    return hashlib.sha256(msgspec.json.encode(article) + template).hexdigest()[:24]


def digest_of(learned: str) -> bytes:
    """A digest of what is known of a template."""
    return hashlib.sha256(learned.encode()).digest()


def _captures_of(article: Article) -> tuple[str, ...]:
    return (article.capture, *(part.capture for part in article.parts[1:]))


def _lost(article: Article, identity: str) -> Target:
    """A target that stands in for one that the frontier does not know."""
    return Target(id=identity, site=article.site, url=article.url, kind=Kind.ARTICLE, due=now(), state=State.DONE)
