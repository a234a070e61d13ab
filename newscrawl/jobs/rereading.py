"""Reading captured articles once more, in a process of its own: records and files in, what today's reader makes of them out."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.warc import read_exchange, read_rendered
from newscrawl.clean.article import clean
from newscrawl.clean.template import Template
from newscrawl.clean.text import search_form
from newscrawl.config import CrawlKnobs
from newscrawl.crawl.reading import SiteReader
from newscrawl.errors import ArchiveError
from newscrawl.extract import directed  # noqa: F401 - which readers load when they first read: here it is loaded once for all processes
from newscrawl.identify.article import READER, identified, part_of
from newscrawl.identify.placing import with_part
from newscrawl.identify.revisions import former
from newscrawl.models import Article, Capture, Revision, Target
from newscrawl.sites import SiteDefinition

TOLD = ("title", "text", "authors", "published")  # a change of one of these is a revision; of another field it is not
FIELDS = (*TOLD, "text_published", "source", "editor", "modified", "section", "tags", "language", "summary", "images")


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as the store has it, and the captures of its pages."""

    article: Article
    captures: tuple[tuple[Target, Capture], ...]  # of page 1, then of further pages; the target says how each was found


@dataclass(frozen=True, slots=True)
class Reread:
    """What today's reader makes of an article."""

    before: str  # id
    article: Article | None = None  # if it differs
    changed: tuple[str, ...] = ()  # in which of FIELDS
    trouble: str = ""  # why it was not read

    def revision(self, before: Article, *, at: datetime) -> Revision | None:
        """The state that is replaced, marked as our doing; None if nothing that a reader is told has changed."""
        told = tuple(name for name in self.changed if name in TOLD)
        if self.article is None or not told:
            return None
        return former(before, told, at=at, reader=READER)


@dataclass(frozen=True, slots=True)
class Work:
    """Articles of one site that a process is given."""

    site: SiteDefinition
    knobs: CrawlKnobs
    folder: Path
    kept: tuple[Kept, ...]
    template: str = ""  # what crawls have learned of the site's, as JSON


def reread(work: Work) -> list[Reread]:
    """What today's reader makes of each article, in order."""
    reader = _reader(work.site, work.knobs, work.template)
    return [_reread(reader, work.folder, kept) for kept in work.kept]


@cache
def _reader(site: SiteDefinition, knobs: CrawlKnobs, template: str) -> SiteReader:
    """One a process: it remembers what charsets the site's pages are in, and knows what crawls have learned of its template."""
    return SiteReader(site, knobs, template=template_of(template))


def template_of(learned: str) -> Template:
    """The template that crawls have learned, out of its JSON; an empty one of what is none."""
    template = Template()
    with contextlib.suppress(ValueError):
        template.remember(learned)
    return template


def _reread(reader: SiteReader, folder: Path, kept: Kept) -> Reread:
    before = kept.article
    try:
        after = _article(reader, folder, kept)
    except ArchiveError as error:
        return Reread(before.id, trouble=str(error))
    except Exception as error:  # one page, whatever is wrong with it, stops nothing
        return Reread(before.id, trouble=f"{before.url} can't be read: {error!r}")
    if after is None:
        return Reread(before.id, trouble=f"{before.url} is no longer taken for an article")
    changed = tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))
    if not changed:
        return Reread(before.id)
    revision = before.revision + bool(set(changed).intersection(TOLD))
    return Reread(before.id, replace(after, revision=revision), changed)


def _article(reader: SiteReader, folder: Path, kept: Kept) -> Article | None:
    """The article as it would be stored today; None if its first page is read as none."""
    before, (first, *further) = kept.article, kept.captures
    reading = reader.reread(first[0], _exchange(folder, *first))
    if reading is None:
        return None
    after = identified(clean(reading, repeats=reader.template.repeats), first[1])
    after = replace(after, id=before.id, url=before.url, aliases=before.aliases, joined=before.joined, cluster=before.cluster)
    after = replace(after, gone=before.gone, absences=before.absences, changed=before.changed)
    after = replace(after, first_seen=before.first_seen, last_seen=before.last_seen)
    for part, (target, capture) in zip(before.parts[1:], further, strict=True):
        page = reader.reread(target, _exchange(folder, target, capture))
        read = part_of(clean(page, repeats=reader.template.repeats), number=part.number, capture=capture.id) if page else part
        after = with_part(after, read, search_form=search_form)
    return after


def _exchange(folder: Path, target: Target, capture: Capture) -> Exchange:
    exchange = read_exchange(folder, capture)
    if "after its scripts" in target.detail:
        return replace(exchange, rendered=read_rendered(folder, capture))
    return exchange
