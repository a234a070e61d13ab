"""What a newly read article is to those already stored: new, unchanged, changed, or one of them under another address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from newscrawl.models import Article, Known, Part, Result, Revision


@dataclass(frozen=True, slots=True)
class Placed:
    """What to store of a reading."""

    article: Article
    result: Result
    revision: Revision | None = None  # the state that `article` replaces


def place(read: Article, known: Known, *, search_form: Callable[[str], str]) -> Placed:
    """Where an article that was just read belongs. `known` covers its id and its content hash; `search_form` is as in `with_part`."""
    if (old := known.by_id.get(read.id)) is not None:
        return _again(old, read, search_form)
    twin = known.by_content.get((read.site, read.content_hash)) if read.content_hash else None
    if twin is not None and twin.id != read.id:
        aliases = twin.aliases if read.url in (twin.url, *twin.aliases) else (*twin.aliases, read.url)
        return Placed(replace(twin, aliases=aliases, last_seen=max(twin.last_seen, read.last_seen)), Result.SAME_CONTENT)
    return Placed(read, Result.ARTICLE)


def _again(old: Article, read: Article, search_form: Callable[[str], str]) -> Placed:
    if old.content_hash == read.content_hash:
        return Placed(looked_at(old, at=read.last_seen, there=True), Result.UNCHANGED)
    newer = replace(read, first_seen=old.first_seen, aliases=old.aliases, cluster=old.cluster, revision=old.revision + 1)
    for part in old.parts[1:]:  # as they were, until they are read again
        newer = with_part(newer, part, search_form=search_form)
    changed = tuple(name for name in ("title", "text", "authors", "published") if getattr(old, name) != getattr(newer, name))
    former = Revision(
        article=old.id, number=old.revision, seen=old.last_seen, changed=changed, title=old.title, text=old.text, capture=old.capture
    )
    return Placed(newer, Result.ARTICLE, former)


def looked_at(article: Article, *, at: datetime, there: bool) -> Article:
    """An article whose address was asked for again, and brought the same (`there`) or no page any more."""
    if there:
        return replace(article, last_seen=max(article.last_seen, at), gone=None)
    return article if article.gone else replace(article, gone=at)


def with_part(article: Article, part: Part, *, search_form: Callable[[str], str]) -> Article:
    """The article with one of its pages put in its place. `search_form` makes of a text what search looks at."""
    first = Part(number=1, text=article.text, text_published=article.text_published, capture=article.capture)
    others = (other for other in article.parts or (first,) if other.number != part.number)
    parts = tuple(sorted((*others, part), key=lambda other: other.number))
    text = "\n".join(other.text for other in parts)
    published = "\n".join(other.text_published for other in parts)
    return replace(article, parts=parts, text=text, text_published=published, text_search=search_form(f"{article.title}\n{text}"))
