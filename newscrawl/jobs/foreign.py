"""Somebody else's crawl, read by the way of our own: its WARC file is taken into the archive, and each answer in it is a visit.

What its pages link to is known while the file is read, for link texts and dates beside links help reading; it does not become
due. So nothing is fetched, and nothing that is read twice is stored twice: a file that was cut short is read again from its beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.archive.exchange import Exchange, parsed_answer, payload_digest
from newscrawl.archive.records import Record
from newscrawl.archive.scan import scan
from newscrawl.archive.warc import captured, read_record
from newscrawl.clean.urls import canonical, host_of
from newscrawl.config import Config
from newscrawl.crawl.clustering import ReprintFinder
from newscrawl.crawl.lease import LeaseKeeper
from newscrawl.crawl.reading import SiteReader
from newscrawl.crawl.settling import Settler
from newscrawl.crawl.stages import cleaned, identified
from newscrawl.crawl.tombstones import bury
from newscrawl.crawl.visit import Visit
from newscrawl.discover.links import in_site
from newscrawl.errors import ArchiveError, InputError
from newscrawl.identify.exact import article_id, capture_id, target_id
from newscrawl.models import Capture, Kind, Result, Settlement, Target, utc
from newscrawl.sites import SiteDefinition, load_sites, site_for_url
from newscrawl.store.protocol import Store

KNOWN, HELD, NO_PAGE = "known", "held", "no-page"  # beside the names of results: read before; the site is being crawled; no HTTP answer


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer in the file, and the page that it is."""

    target: Target
    exchange: Exchange
    capture: Capture


@dataclass(slots=True)
class Imported:
    """What a file came to."""

    file: str  # its name in the archive
    counts: Counter[str] = field(default_factory=Counter)  # by Result, and "known", "held", "no-page"
    new: int = 0  # articles that the store did not have
    sites: set[str] = field(default_factory=set)


class Importer:
    """Reads files of the archive folder. `heard` is told how many bytes of the file are done."""

    def __init__(self, store: Store, config: Config, leases: LeaseKeeper, *, heard: Callable[[int], None] = lambda _: None) -> None:
        self._store, self._config, self._leases, self._heard = store, config, leases, heard
        self._settler = Settler(store, timedelta(days=config.crawl.review_days))
        self._sites = load_sites(config.sites_folder)
        self._readers: dict[str, SiteReader] = {}
        self._site_of: dict[str, SiteDefinition | None] = {}  # by host; None: its site is being crawled by somebody else
        self._in_file: set[str] = set()  # hosts and paths of the file's answers
        self._found: dict[str, Target] = {}  # what pages of the file have linked to, if it is in the file
        self._payloads: dict[str, Capture] = {}  # by address and date: answers that revisit records may refer to

    async def read(self, name: str) -> Imported:
        """Make visits of the answers in a file and store what they come to. Raises StoreError or ArchiveError."""
        came, path = Imported(name), self._config.archive_folder / name
        await self._look_over(path)
        batch: list[_Answer] = []
        for scanned in scan(path):
            if scanned.record is None or scanned.record.kind not in ("response", "revisit"):
                continue
            if (answer := self._answer(scanned.record, name, scanned.offset, scanned.length, came)) is not None:
                batch.append(answer)
            if len(batch) >= self._config.store.batch_size:
                await self._settle(batch, came)
                self._heard(scanned.offset)
                batch = []
        await self._settle(batch, came)
        await ReprintFinder(self._store).close()
        return came

    async def _look_over(self, path: Path) -> None:
        """Learn which hosts and addresses there are, before anything is read: a host below another belongs to that one's site."""
        fronts: dict[str, str] = {}
        for scanned in scan(path):
            if scanned.record is not None and scanned.record.kind == "response" and (url := canonical(scanned.record.url)):
                fronts.setdefault(host_of(url), f"{url.partition('://')[0]}://{host_of(url)}/")
                self._in_file.add(_place(url))
        for host in sorted(fronts, key=lambda host: (host.removeprefix("www.").count("."), host)):
            site = next((known for known in self._sites if in_site(fronts[host], known.url)), None)
            if site is None:
                try:
                    site = site_for_url(fronts[host])
                except InputError:
                    self._site_of[host] = None
                    continue
                self._sites.append(site)
            if site.slug not in self._readers:
                self._readers[site.slug] = SiteReader(site, self._config.crawl, reachable=lambda url: _place(url) in self._in_file)
                await self._leases.take([site.slug])
            self._site_of[host] = site if await self._leases.sure(site.slug) else None

    def _answer(self, record: Record, name: str, offset: int, length: int, came: Imported) -> _Answer | None:
        url, at = canonical(record.url), _moment(record.field("WARC-Date"))
        if not url or at is None:
            came.counts[NO_PAGE] += 1
            return None
        site = self._site_of.get(host_of(url))
        if site is None:
            came.counts[HELD] += 1
            return None
        try:
            answer = replace(parsed_answer(record.block), url=url, time=at)
        except ArchiveError:
            came.counts[NO_PAGE] += 1
            return None
        came.sites.add(site.slug)
        target = _fresh(site, url, at)
        capture = captured(answer, id=capture_id(target.id, round(at.timestamp() * 1000)), site=site.slug, target=target.id)
        capture = replace(capture, file=name, offset=offset, length=length)
        if record.kind == "response":
            self._payloads[_key(record.url, record.field("WARC-Date"))] = capture
            return _Answer(target, answer, capture)
        return self._revisited(record, target, answer, capture, came)

    def _revisited(self, record: Record, target: Target, answer: Exchange, capture: Capture, came: Imported) -> _Answer | None:
        """A revisit record as the answer that it stands for: the capture points to the record that holds the payload."""
        original = self._payloads.get(_key(record.field("WARC-Refers-To-Target-URI"), record.field("WARC-Refers-To-Date")))
        if original is None:
            came.counts[NO_PAGE] += 1  # in a file that is not here
            return None
        payload = parsed_answer(read_record(self._config.archive_folder, capture.file, original.offset).block).payload
        digest, size = payload_digest(payload), len(payload)
        capture = replace(capture, offset=original.offset, length=original.length, digest=digest, size=size, refers_to=original.id)
        return _Answer(target, replace(answer, payload=payload), capture)

    async def _settle(self, batch: list[_Answer], came: Imported) -> None:
        known = await self._store.targets({answer.target.id for answer in batch})
        visits: list[Visit] = []
        ids = set(await self._store.captures_by_id({answer.capture.id for answer in batch}))
        for answer in batch:
            if (there := known.get(answer.target.id)) and there.result is Result.TAKEN_DOWN:
                came.counts[Result.TAKEN_DOWN] += 1
                continue
            target = there or self._found.get(answer.target.id) or answer.target
            visit = self._visit(target, answer)
            if answer.capture.id in ids:
                came.counts[KNOWN] += 1
            else:
                visits.append(visit)
                ids.add(answer.capture.id)
        if not visits:
            return
        await bury(self._store, visits)
        await self._leave_newer(visits)
        settlements = await self._settler.settlements(visits)
        for settlement in settlements:
            came.counts[settlement.target.result] += 1
            came.new += settlement.target.result is Result.ARTICLE and settlement.article is not None and settlement.revision is None
        await self._store.settle(list(_settled(settlements, known)))

    def _visit(self, target: Target, answer: _Answer) -> Visit:
        """What an answer comes to. The links of its page are kept in mind, and no longer."""
        reader = self._readers[answer.target.site]
        visit = reader.read(target, answer.exchange, plain=True)
        visit.again, visit.hold, visit.capture = False, 0.0, answer.capture
        for found in visit.found:
            if _place(found.url) in self._in_file:
                self._found.setdefault(found.id, found)
        visit.found, visit.revived = (), ()
        return identified(cleaned(visit))

    async def _leave_newer(self, visits: list[Visit]) -> None:
        """An article that was seen later than the file's page of it stays as it is."""
        about = [(visit, _article_of(visit)) for visit in visits if visit.article or visit.part]
        known = await self._store.known({article for _, article in about}, ()) if about else None
        for visit, identity in about:
            article = known.by_id.get(identity) if known else None
            if article and visit.exchange and article.last_seen > visit.exchange.time:
                visit.result = Result.PART if visit.part else Result.UNCHANGED
                visit.article = visit.part = None


def _article_of(visit: Visit) -> str:
    return visit.article.id if visit.article else article_id(visit.target.site, visit.target.parent)


def _settled(settlements: list[Settlement], known: dict[str, Target]) -> Iterator[Settlement]:
    """Without what would become due, and with targets that were visited later left as they are."""
    for settlement in settlements:
        before = known.get(settlement.target.id)
        later = before and before.visited and settlement.capture and before.visited >= settlement.capture.time
        target = before if later and before else settlement.target
        yield replace(settlement, target=target, found=(), revived=())


def _fresh(site: SiteDefinition, url: str, at: datetime) -> Target:
    """A page that nothing is known of but its address."""
    kind = Kind.SEED if _place(url) == _place(site.url) else Kind.ROBOTS if url.endswith("/robots.txt") else Kind.PAGE
    return Target(id=target_id(site.slug, url), site=site.slug, url=url, kind=kind, due=at, depth=0 if kind is Kind.SEED else 1)


def _place(url: str) -> str:
    return url.partition("://")[2]


def _key(url: str, date: str) -> str:
    """Address and date to the second, as revisit records refer to answers."""
    return f"{url.strip('<>')} {date[:19]}"


def _moment(text: str) -> datetime | None:
    """A WARC-Date; None if it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return utc(found if found.tzinfo else found.replace(tzinfo=UTC))
