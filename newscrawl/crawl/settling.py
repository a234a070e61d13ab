"""From what a batch of visits came to, to what the store is asked to keep of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import article_id
from newscrawl.identify.placing import place, with_part
from newscrawl.models import Article, Known, Result, Revision, Settlement, State, Target
from newscrawl.store.protocol import Store


async def settlements(visits: Sequence[Visit], store: Store) -> list[Settlement]:
    """One settlement a visit, in order. Raises StoreError."""
    ids = {visit.article.id for visit in visits if visit.article} | {_parent(visit) for visit in visits if visit.part}
    contents = {(visit.article.site, visit.article.content_hash) for visit in visits if visit.article and visit.article.content_hash}
    known = await store.known(ids, contents) if ids else Known({}, {})
    unknown = await store.unknown_targets({found.id for visit in visits for found in visit.found})
    for visit in visits:
        visit.found = tuple(found for found in visit.found if found.id in unknown)
        unknown -= {found.id for found in visit.found}
    batch = Known(dict(known.by_id), dict(known.by_content))  # and what this very batch adds
    return [_settlement(visit, batch) for visit in visits]


def _settlement(visit: Visit, known: Known) -> Settlement:
    article, revision, result = _placed(visit, known)
    if article is not None:
        _remember(article, known)
    return Settlement(target=settled_target(visit, result), found=visit.found, capture=visit.capture, article=article, revision=revision)


def _placed(visit: Visit, known: Known) -> tuple[Article | None, Revision | None, Result]:
    if visit.article is not None:
        placed = place(visit.article, known)
        return placed.article, placed.revision, placed.result
    if visit.part is not None and (parent := known.by_id.get(_parent(visit))) is not None:
        from newscrawl.clean.text import search_form  # not loaded where nothing is read

        return with_part(parent, visit.part, search_form=search_form), None, Result.PART
    return None, None, visit.result


def _parent(visit: Visit) -> str:
    return article_id(visit.target.site, visit.target.parent)


def _remember(article: Article, known: Known) -> None:
    assert isinstance(known.by_id, dict)
    assert isinstance(known.by_content, dict)
    known.by_id[article.id] = article
    key = (article.site, article.content_hash)
    if key not in known.by_content or known.by_content[key].id == article.id:
        known.by_content[key] = article


def settled_target(visit: Visit, result: Result) -> Target:
    """The target in its new state. `visit.target` already carries what a retry or a redirect to itself asks for."""
    visited = visit.exchange.time if visit.exchange else visit.target.visited
    target = replace(visit.target, result=result, detail=visit.detail, visited=visited)
    return target if visit.again else replace(target, state=_FINAL.get(result, State.DONE))


_FINAL = {
    Result.FORBIDDEN: State.SKIPPED,
    Result.TRAP: State.SKIPPED,
    Result.BAD_ADDRESS: State.SKIPPED,
    Result.BUSY: State.FAILED,
    Result.UNREACHABLE: State.FAILED,
    Result.LEAKED: State.FAILED,
}
