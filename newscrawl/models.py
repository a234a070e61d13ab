"""The records that travel through newscrawl. All are frozen; all times are aware UTC datetimes cut to milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from newscrawl.remarks import Dropped


def utc(moment: datetime) -> datetime:
    """The same moment in UTC, cut to milliseconds, as every store keeps it. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return (moment := moment.astimezone(UTC)).replace(microsecond=moment.microsecond // 1000 * 1000)


def now() -> datetime:
    """The present, as `utc` writes it."""
    return utc(datetime.now(UTC))


class Kind(StrEnum):
    """What the frontier expects behind an address."""

    ROBOTS, SEED, LISTING = "robots", "seed", "listing"
    PAGE = "page"  # not known yet
    ARTICLE = "article"
    PART = "part"  # a further page of an article
    FEED, SITEMAP = "feed", "sitemap"
    IMAGE = "image"  # of an article, where the site's definition asks for images


class State(StrEnum):
    """Where an address stands in the frontier."""

    DUE = "due"
    DONE = "done"
    FAILED = "failed"  # tried as often as allowed
    SKIPPED = "skipped"  # never asked for, see Result


class Result(StrEnum):
    """What came of an address: the last word on it, or why it was left."""

    NONE = ""
    ARTICLE = "article"
    PART = "part"
    SAME_CONTENT = "same-content"  # an article of this site under another address
    VARIANT = "variant"  # names another address of the site as its canonical one
    TWIN = "twin"  # not asked for: by a rule that the site's pages have proved it is a known article's address
    UNCHANGED = "unchanged"
    LISTING = "listing"
    OTHER = "other"  # a page that is neither article nor listing
    ROBOTS = "robots"  # a robots.txt was read
    REDIRECT = "redirect"
    MISSING = "missing"  # 404, 410
    REFUSED = "refused"  # 401, 403, 451
    BUSY = "busy"  # 429, 5xx
    UNREACHABLE = "unreachable"  # no connection, time-out, broken answer
    TOO_LARGE = "too-large"
    NOT_HTML = "not-html"
    IMAGE = "image"
    NOT_IMAGE = "not-image"  # where one was expected; not kept
    UNREADABLE = "unreadable"  # the reader failed on it
    LEAKED = "leaked"  # handed out and never answered for
    FORBIDDEN = "forbidden"  # robots.txt says no
    OFF_SITE = "off-site"  # a redirect that leaves the site
    BAD_ADDRESS = "bad-address"  # a private address or a scheme that is not fetched
    TOO_DEEP = "too-deep"
    TOO_MANY_HOPS = "too-many-hops"
    TRAP = "trap"  # its pattern yields nothing new
    SCRIPTED = "scripted"  # made by scripts that were not run, or not to their end
    BLOCKED = "blocked"  # a page that lets only people in: a captcha, a challenge
    TAKEN_DOWN = "taken-down"  # removed from the archive on purpose, and not to come back
    OLD = "old"  # published before the time that the crawl was asked for


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link as a page shows it."""

    url: str  # absolute, canonical
    kind: Kind
    text: str = ""  # the link's text
    listed: str = ""  # the date beside the link, as written
    place: str = ""  # where on the page it stands, if it is no headline; see discover.worth
    number: int = 0  # which page of an article, for Kind.PART


@dataclass(frozen=True, slots=True)
class Target:
    """One address of a site in the frontier."""

    id: str  # identify.exact.target_id(site, url)
    site: str  # slug
    url: str
    kind: Kind
    due: datetime
    state: State = State.DUE
    priority: int = 0  # smaller comes first
    depth: int = 0  # links between the seed and this address
    hops: int = 0  # redirects followed to get here
    tries: int = 0  # answers that were no use, in a row
    found_on: str = ""  # id of the target that showed it
    link_text: str = ""
    listed: str = ""  # the date beside the link, as written
    place: str = ""  # where on the page the link stands, if it is no headline; see discover.worth
    parent: str = ""  # address of the page that a further page or an image belongs to; of the first robots.txt, for one that was redirected
    number: int = 0  # which page of the article, from 2
    result: Result = Result.NONE
    detail: str = ""  # status code, exception, rule: whatever explains `result`
    visited: datetime | None = None  # when it last brought a full answer or "not modified"
    visits: int = 0  # that brought a full answer or "not modified"
    etag: str = ""  # of the last full answer, for conditional requests; as sent
    last_modified: str = ""  # likewise
    seen_change: datetime | None = None  # when its content last differed from the visit before
    digest: str = ""  # of the content of the last full answer
    again: datetime | None = None  # from when on a new visit of the site asks for it once more; None: not by itself


@dataclass(frozen=True, slots=True)
class Capture:
    """One exchange with a server, and where the archive keeps it."""

    id: str
    site: str
    target: str
    url: str
    time: datetime
    status: int
    content_type: str
    digest: str  # sha1:BASE32 of the payload as sent, as in WARC-Payload-Digest
    size: int  # bytes of that payload
    file: str = ""  # name of the WARC file, without folder
    offset: int = 0  # of the gzip member, in bytes
    length: int = 0  # of the gzip member, in bytes
    refers_to: str = ""  # id of the capture whose record holds the payload, if this one's is a revisit record


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that a page states."""

    time: datetime
    precision: str  # "second", "minute", "hour" or "day"
    zone: str = ""  # UTC offset such as "+08:00"; "" if nothing tells
    zone_source: str = ""  # "text", "site" or ""
    raw: str = ""  # as written
    source: str = ""  # where it stood: "json-ld", "meta", "time", "url", "listing", "text", "guess"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a field of an article is what it is."""

    source: str  # "json-ld", "og", "h1", "title", "link", "byline", ...
    confidence: float  # 0 to 1
    others: tuple[tuple[str, str], ...] = ()  # what else was found and not taken: (source, value); for the body (reason, paragraph)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in an article's body."""

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader took from one page, before cleaning. Paragraphs are in page order, one line of text each."""

    title: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...] = ()
    source: str = ""  # outlet that a reprint names
    editor: str = ""
    published: Moment | None = None
    modified: Moment | None = None
    section: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""  # BCP 47: "zh-Hans", "en", ...
    summary: str = ""
    images: tuple[Image, ...] = ()
    canonical: str = ""  # rel=canonical, absolute; "" if none
    shown: tuple[str, ...] = ()  # all lines of the page, article or not: what the site's template is learned from
    evidence: Mapping[str, Evidence] = field(default_factory=dict)  # by field name


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of a page. Paragraphs of texts are divided by newlines."""

    reading: Reading  # every field repaired; paragraphs are those of `text`
    text: str
    text_published: str  # the kept paragraphs as the site wrote them
    text_search: str  # title and text, see Article
    repairs: Mapping[str, int]  # how often each was needed, by its name
    dropped: tuple[tuple[str, Dropped], ...]  # paragraphs that are not the article, repaired


@dataclass(frozen=True, slots=True)
class Part:
    """One page of an article that has several."""

    number: int
    text: str
    text_published: str
    capture: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article of a site, as the store keeps it. Paragraphs of texts are divided by newlines."""

    id: str  # identify.exact.article_id(site, url)
    site: str
    url: str
    title: str
    text: str  # repaired, in the script it was published in, all pages joined
    text_published: str  # as the site published it, before repairs
    text_search: str  # title and text in simplified characters and folded forms; what search looks at
    first_seen: datetime
    last_seen: datetime
    capture: str  # latest capture of page 1
    content_hash: str  # of title and page 1, see identify.exact
    reader: str  # version of the reader that made this
    aliases: tuple[str, ...] = ()  # other addresses of the same article
    authors: tuple[str, ...] = ()
    source: str = ""
    editor: str = ""
    published: Moment | None = None
    modified: Moment | None = None
    section: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    summary: str = ""
    images: tuple[Image, ...] = ()
    parts: tuple[Part, ...] = ()  # sorted by number, page 1 among them; () for an article on one page
    repairs: Mapping[str, int] = field(default_factory=dict)  # "pinyin", "byte-shift", ...: how many
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    cluster: str = ""  # label of the reprint cluster
    revision: int = 1  # number of the current revision
    changed: datetime | None = None  # when the current revision was first seen; None for the first one
    gone: datetime | None = None  # since when its address answers 404 or 410; None while it is there
    absences: tuple[tuple[datetime, datetime], ...] = ()  # when it was gone before, and back
    joined: tuple[tuple[str, str], ...] = ()  # alias and the rule that joined it; see identify.placing


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of an article that a later one replaced."""

    article: str
    number: int  # from 1
    seen: datetime  # when this state was first seen
    changed: tuple[str, ...]  # fields in which the next state differs
    title: str
    text: str
    capture: str
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    replaced: datetime | None = None  # when the next state was first seen
    silent: bool = False  # the next state has the same date of change
    reader: str = ""  # the reader that made the next state of the same page, if the change is ours; "" if it is the outlet's


@dataclass(frozen=True, slots=True)
class Settlement:
    """Everything that one page came to; a store makes it durable in one step."""

    target: Target  # in its new state
    found: tuple[Target, ...] = ()  # added to the frontier unless it knows them
    capture: Capture | None = None
    article: Article | None = None  # inserted or replaced
    revision: Revision | None = None  # the state that `article` replaces
    revived: tuple[str, ...] = ()  # ids of targets that become due now if the frontier knows them


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one site."""

    id: str
    site: str
    started: datetime
    ended: datetime | None = None
    outcome: str = ""  # "" while it runs, "finished", "limit", "deferred until …: why", "no answer", "blocked", ...
    counters: Mapping[str, int] = field(default_factory=dict)  # by Result, and "new", "changed", "damaged", "requests", "bytes"
    version: str = ""
