"""What a newly read article is to those already stored: new, unchanged, changed, or one of them under another address."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newscrawl.identify.near import fingerprint, overlap
from newscrawl.identify.revisions import changes, former, is_silent, letters, same_text
from newscrawl.known import Known
from newscrawl.models import Article, Part, Result, Revision

_VERSION = 0.5  # of a text, from which on it is an edited version
_ONE_EDIT = timedelta(hours=2)  # further pages that are read so soon after a change belong to it

SAME_CONTENT = "same-content"  # rules by which addresses are joined
PARTED = "parted"  # no rule: somebody has said that this address is another article


@dataclass(frozen=True, slots=True)
class Placed:
    """What to store of a reading."""

    article: Article
    result: Result
    revision: Revision | None = None  # the state that `article` replaces


def place(
    read: Article, known: Known, *, search_form: Callable[[str], str], repeated: Collection[str] = (), likely: Article | None = None
) -> Placed:
    """Where an article that was just read belongs. `known` covers its id, address and content hash; `search_form` is as in `with_part`.

    `likely` is the article that its address leads one to expect: under the same headline it is that one, perhaps edited.

    `repeated` are lines that were left out of it as its site's: that they stand in what was read earlier makes no revision. They stay
    there until it is read again from the archive.
    """
    if (old := known.by_id.get(read.id)) is not None:
        return _again(old, read, search_form, repeated)
    owner = known.by_alias.get((read.site, read.url))
    if owner is not None and _is_version(owner, read):
        return Placed(looked_at(owner, at=read.last_seen, there=True), Result.SAME_CONTENT)
    if likely is not None and (read.url, PARTED) not in likely.joined and _is_expected(likely, read):
        return Placed(_with_alias(likely, read), Result.SAME_CONTENT)
    twin = known.by_content.get((read.site, read.content_hash)) if read.content_hash else None
    if twin is not None and twin.id != read.id and (read.url, PARTED) not in twin.joined:
        return Placed(_with_alias(twin, read), Result.SAME_CONTENT)
    return Placed(read, Result.ARTICLE)


def _is_version(article: Article, read: Article) -> bool:
    """Whether what stands at an alias is still the article, perhaps edited. Its own address will tell how; see `crawl.settling`."""
    if article.content_hash == read.content_hash or same_text(article.text, read.text):
        return True
    return overlap(fingerprint(article.text_search), fingerprint(read.text_search)).containment >= _VERSION


def _is_expected(article: Article, read: Article) -> bool:
    return letters(article.title) == letters(read.title) and _is_version(article, read)


def _with_alias(article: Article, read: Article) -> Article:
    article = replace(article, last_seen=max(article.last_seen, read.last_seen))
    if read.url in (article.url, *article.aliases):
        return article
    return replace(article, aliases=(*article.aliases, read.url), joined=(*article.joined, (read.url, SAME_CONTENT)))


def _again(old: Article, read: Article, search_form: Callable[[str], str], repeated: Collection[str]) -> Placed:
    absences = looked_at(old, at=read.last_seen, there=True).absences
    newer = replace(read, first_seen=old.first_seen, aliases=old.aliases, joined=old.joined, cluster=old.cluster, absences=absences)
    for part in old.parts[1:]:  # as they were, until they are read again
        newer = with_part(newer, part, search_form=search_form)
    changed = changes(_without(old, repeated), _without(newer, repeated))
    if not changed:
        return Placed(looked_at(old, at=read.last_seen, there=True), Result.UNCHANGED)
    return _revised(old, newer, changed, at=read.last_seen, result=Result.ARTICLE)


def _without(article: Article, lines: Collection[str]) -> Article:
    return replace(article, text="\n".join(line for line in article.text.split("\n") if line not in lines)) if lines else article


def _revised(old: Article, newer: Article, changed: tuple[str, ...], *, at: datetime, result: Result) -> Placed:
    replaced = former(old, changed, at=at, silent=is_silent(old, newer, changed))
    return Placed(replace(newer, revision=old.revision + 1, changed=at), result, replaced)


def place_part(parent: Article, part: Part, *, at: datetime, search_form: Callable[[str], str]) -> Placed:
    """The article with one of its further pages, read at a time. A page that has changed since it was last read makes a revision."""
    before = next((other for other in parent.parts if other.number == part.number), None)
    if before is not None and same_text(before.text, part.text):
        return Placed(parent, Result.PART)
    newer = with_part(parent, part, search_form=search_form)
    if before is None or (parent.changed is not None and at - parent.changed < _ONE_EDIT):
        return Placed(newer, Result.PART)
    return _revised(parent, newer, ("text",), at=at, result=Result.PART)


def looked_at(article: Article, *, at: datetime, there: bool) -> Article:
    """An article whose address was asked for again, and brought the same (`there`) or no page any more."""
    if not there:
        return article if article.gone else replace(article, gone=at)
    absences = (*article.absences, (article.gone, max(at, article.gone))) if article.gone else article.absences
    return replace(article, last_seen=max(article.last_seen, at), gone=None, absences=absences)


def with_part(article: Article, part: Part, *, search_form: Callable[[str], str]) -> Article:
    """The article with one of its pages put in its place. `search_form` makes of a text what search looks at."""
    first = Part(number=1, text=article.text, text_published=article.text_published, capture=article.capture)
    others = (other for other in article.parts or (first,) if other.number != part.number)
    parts = tuple(sorted((*others, part), key=lambda other: other.number))
    text = "\n".join(other.text for other in parts)
    published = "\n".join(other.text_published for other in parts)
    return replace(article, parts=parts, text=text, text_published=published, text_search=search_form(f"{article.title}\n{text}"))


def parted(article: Article, alias: str) -> Article:
    """The article without one of its aliases, which content will not join with it again."""
    joined = tuple(pair for pair in article.joined if pair[0] != alias)
    return replace(article, aliases=tuple(url for url in article.aliases if url != alias), joined=(*joined, (alias, PARTED)))
