"""What a newly read article is to those already stored: new, unchanged, changed, or one of them under another address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from newscrawl.models import Article, Known, Part, Result, Revision


@dataclass(frozen=True, slots=True)
class Placed:
    """What to store of a reading."""

    article: Article
    result: Result
    revision: Revision | None = None  # the state that `article` replaces


def place(read: Article, known: Known) -> Placed:
    """Where an article that was just read belongs. `known` covers its id and its content hash."""
    if (old := known.by_id.get(read.id)) is not None:
        return _again(old, read)
    twin = known.by_content.get((read.site, read.content_hash)) if read.content_hash else None
    if twin is not None and twin.id != read.id:
        aliases = twin.aliases if read.url in (twin.url, *twin.aliases) else (*twin.aliases, read.url)
        return Placed(replace(twin, aliases=aliases, last_seen=max(twin.last_seen, read.last_seen)), Result.SAME_CONTENT)
    return Placed(read, Result.ARTICLE)


def _again(old: Article, read: Article) -> Placed:
    if old.content_hash == read.content_hash:
        return Placed(replace(old, last_seen=max(old.last_seen, read.last_seen)), Result.UNCHANGED)
    changed = tuple(name for name in ("title", "text", "authors", "published") if getattr(old, name) != getattr(read, name))
    former = Revision(
        article=old.id, number=old.revision, seen=old.last_seen, changed=changed, title=old.title, text=old.text, capture=old.capture
    )
    # Its further pages are read again as they are visited again; until then the article shows page 1 as it is now.
    newer = replace(read, first_seen=old.first_seen, aliases=old.aliases, cluster=old.cluster, revision=old.revision + 1)
    return Placed(newer, Result.ARTICLE, former)


def with_part(article: Article, part: Part, *, search_form: Callable[[str], str]) -> Article:
    """The article with one of its pages put in its place. `search_form` makes of a text what search looks at."""
    first = Part(number=1, text=article.text, text_published=article.text_published, capture=article.capture)
    others = (other for other in article.parts or (first,) if other.number != part.number)
    parts = tuple(sorted((*others, part), key=lambda other: other.number))
    text = "\n".join(other.text for other in parts)
    published = "\n".join(other.text_published for other in parts)
    return replace(article, parts=parts, text=text, text_published=published, text_search=search_form(f"{article.title}\n{text}"))
