"""From what a batch of visits came to, to what the store is asked to keep of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from newscrawl.crawl.answers import NOT_MODIFIED, WHOLE
from newscrawl.crawl.finding import promises
from newscrawl.crawl.promotion import RECONSIDERED, promoted
from newscrawl.crawl.revisits import LOOK_AGAIN, next_look
from newscrawl.crawl.visit import Visit
from newscrawl.identify.addresses import Addresses
from newscrawl.identify.exact import article_id, target_id
from newscrawl.identify.placing import looked_at, place, place_part
from newscrawl.known import Known
from newscrawl.models import Article, Kind, Result, Revision, Settlement, State, Target, now
from newscrawl.store.protocol import Store

_REMEMBERED = 50_000  # new targets
_LONGEST_VALIDATOR = 500  # characters; a longer one would be cut, and match nothing


@dataclass(slots=True)
class Settler:
    """Makes settlements of visits, as far as the store's knowledge goes, and remembers what is new since the last visit of each site."""

    store: Store
    review: timedelta  # age up to which articles are looked at again at the next visit and after half their age
    _better: dict[str, Target] = field(default_factory=dict)  # what was promoted, by id: a refusal may be on its way that knew no better
    _fresh: set[str] = field(default_factory=set)  # ids of targets found on pages that had been seen before
    _pictures: set[str] = field(default_factory=set)  # ids of what was named as pictures, and may turn out to be pages
    addresses: dict[str, Addresses] = field(default_factory=dict)  # what was learned of them, by site

    async def settlements(self, visits: Sequence[Visit]) -> list[Settlement]:
        """One settlement a visit, in order. Raises StoreError."""
        ids = {article for visit in visits for article in (_article_behind(visit), _led_to(visit), *self._likely(visit)) if article}
        contents = {(visit.article.site, visit.article.content_hash) for visit in visits if visit.article and visit.article.content_hash}
        addresses = {(visit.article.site, visit.article.url) for visit in visits if visit.article}
        known = await self.store.known(ids, contents, addresses) if ids else Known({}, {})
        for visit in visits:
            visit.found = tuple(self._without_visitors(visit))
        unknown = await self.store.unknown_targets([found.id for visit in visits for found in visit.found])
        if len(self._fresh) > _REMEMBERED:
            self._fresh.clear()
        if len(self._pictures) > _REMEMBERED:
            self._pictures.clear()
        self._pictures |= {found.id for visit in visits for found in visit.found if found.kind is Kind.IMAGE and found.id in unknown}
        waiting = await self._waiting(visits, unknown)
        for visit in visits:
            seen, visit.found = visit.found, tuple(found for found in visit.found if found.id in unknown)
            unknown.difference_update(found.id for found in visit.found)
            if visit.target.visits:
                self._fresh |= {found.id for found in visit.found}
            visit.promoted = visit.promoted or tuple(self._promoted(visit, seen, waiting))  # a batch that failed comes again
            if visit is not visits[-1]:  # the next ones may know better what this one found
                waiting |= {found.id: found for found in visit.found if found.place or found.kind is Kind.IMAGE}
        for visit in visits:
            self._reconsider(visit)
        batch = Known(dict(known.by_id), dict(known.by_content), dict(known.by_alias))  # and what this very batch adds
        return [self._settlement(visit, batch) for visit in visits]

    async def _waiting(self, visits: Sequence[Visit], unknown: set[str]) -> dict[str, Target]:
        """Of what the visits found and the store knows, what has not been visited, by id.

        What is no headline tells nothing new of it, unless it was taken for a picture.
        """
        telling = (found for visit in visits for found in visit.found if not found.place or found.id in self._pictures)
        known = {found.id for found in telling if found.id not in unknown}
        return {target.id: target for target in await self.store.unvisited_targets(known)} if known else {}

    def _promoted(self, visit: Visit, found: Sequence[Target], waiting: dict[str, Target]) -> Iterator[Target]:
        """What is known, and better known by now."""
        renewed = self._is_renewed(visit)
        for target in found:
            if (known := waiting.get(target.id)) is not None and (better := promoted(known, target, renewed=renewed)) is not None:
                waiting[target.id] = self._better[target.id] = better
                yield better

    def _reconsider(self, visit: Visit) -> None:
        """Put back what was refused, or asked for as a picture, for what is no longer so."""
        if len(self._better) > _REMEMBERED:
            self._better.clear()
        was_picture = visit.target.kind is Kind.IMAGE and visit.result is not Result.IMAGE
        if not was_picture and (visit.exchange is not None or visit.result not in RECONSIDERED):
            return
        if (better := self._better.pop(visit.target.id, None)) and replace(better, due=visit.target.due) != visit.target:
            visit.target, visit.again = better, True

    def _settlement(self, visit: Visit, known: Known) -> Settlement:
        likely = next((known.by_id[one] for one in self._likely(visit) if one in known.by_id), None)
        article, revision, result = _placed(visit, known, likely)
        if article is not None:
            _remember(article, known)
        self._learn(visit, article, known)
        return Settlement(
            target=settled_target(visit, result, review=self.review, article=article),
            found=tuple(found for found in visit.found if found.kind is not Kind.PART or result is not Result.SAME_CONTENT),
            capture=visit.capture,
            article=article,
            revision=revision,
            revived=(
                *visit.revived,
                *(visit.onward if self._is_renewed(visit) else ()),
                *(_parts(visit) if revision else ()),
                *_own_address(visit, article),
            ),
        )

    def _of(self, site: str) -> Addresses:
        return self.addresses.setdefault(site, Addresses(site))

    def _likely(self, visit: Visit) -> list[str]:
        """Ids of the articles that a page should show once more, by what was learned of its address."""
        site, url = visit.target.site, visit.article.url if visit.article else visit.target.url
        asked = visit.article or visit.moved_to
        return [article_id(site, other) for other in self._of(site).likely(url)] if asked else []

    def _learn(self, visit: Visit, article: Article | None, known: Known) -> None:
        """Take in what was at an address."""
        addresses = self._of(visit.target.site)
        if visit.article is not None and article is not None:
            addresses.read(visit.article.url, article, known.by_id)
        elif visit.moved_to and visit.target.kind is not Kind.ROBOTS:
            addresses.led(visit.target.url, visit.moved_to, known.by_id)

    def _is_renewed(self, visit: Visit) -> bool:
        """Whether most of one of the lists of a page is new, so that more that is new may stand on its further pages."""
        return any(2 * len(self._fresh.intersection(ids)) > len(ids) for ids in visit.lists)

    def _without_visitors(self, visit: Visit) -> Iterator[Target]:
        """What a visit found, addresses without the parameters that were seen to make no difference on their site."""
        visitors = self._of(visit.target.site).visitors
        for found in visit.found:
            url = found.url if visit.moved_to else visitors.proper(found.url)  # a site may insist on its sessions by redirects
            yield found if url == found.url else replace(found, id=target_id(found.site, url), url=url)


def _own_address(visit: Visit, article: Article | None) -> Iterator[str]:
    """The address of an article that an alias shows edited."""
    if visit.article is None or article is None or visit.article.id == article.id:
        return
    if visit.article.content_hash != article.content_hash:
        yield target_id(article.site, article.url)


def _parts(visit: Visit) -> Iterator[str]:
    """The further pages of an article that has changed."""
    return (target_id(visit.target.site, candidate.url) for candidate in visit.candidates if candidate.kind is Kind.PART)


def _placed(visit: Visit, known: Known, likely: Article | None) -> tuple[Article | None, Revision | None, Result]:
    if visit.article is not None or visit.part is not None:
        return _read(visit, known, likely)
    if visit.result in (Result.UNCHANGED, Result.MISSING) and (kept := known.by_id.get(_article_behind(visit))) and visit.exchange:
        return looked_at(kept, at=visit.exchange.time, there=visit.result is Result.UNCHANGED), None, visit.result
    return None, None, visit.result


def _read(visit: Visit, known: Known, likely: Article | None) -> tuple[Article | None, Revision | None, Result]:
    from newscrawl.clean.text import search_form  # not loaded where nothing is read

    if visit.article is not None:
        placed = place(visit.article, known, likely=likely, search_form=search_form, repeated=visit.repeated)
        return placed.article, placed.revision, placed.result
    if visit.part is not None and (parent := known.by_id.get(_parent(visit))) is not None:
        at = visit.exchange.time if visit.exchange else now()
        placed = place_part(parent, visit.part, at=at, search_form=search_form)
        return placed.article, placed.revision, placed.result
    return None, None, visit.result


def _parent(visit: Visit) -> str:
    return article_id(visit.target.site, visit.target.parent)


def _led_to(visit: Visit) -> str:
    """The id of the article at the address that a page leads to, if there is one; "" if it leads nowhere."""
    return article_id(visit.target.site, visit.moved_to) if visit.moved_to else ""


def _article_behind(visit: Visit) -> str:
    """The id of the article that a visit may be about; "" if it is about none."""
    if visit.article:
        return visit.article.id
    if visit.part:
        return _parent(visit)
    return article_id(visit.target.site, visit.target.url) if visit.target.kind is Kind.ARTICLE else ""


def _remember(article: Article, known: Known) -> None:
    assert isinstance(known.by_id, dict)
    assert isinstance(known.by_content, dict)
    known.by_id[article.id] = article
    assert isinstance(known.by_alias, dict)
    known.by_alias.update({(article.site, url): article for url in article.aliases})
    key = (article.site, article.content_hash)
    if key not in known.by_content or known.by_content[key].id == article.id:
        known.by_content[key] = article


def settled_target(visit: Visit, result: Result, *, review: timedelta, article: Article | None = None) -> Target:
    """The target in its new state. `visit.target` already carries what a retry or a redirect to itself asks for."""
    exchange, before = visit.exchange, visit.target
    detail = f"{visit.detail} {visit.moved_to}"[:500] if result is Result.VARIANT else visit.detail
    target = replace(before, result=result, detail=detail)
    if not visit.again:
        at = exchange.time if exchange else now()
        grown = target.kind is Kind.SITEMAP and bool(visit.revived)  # it tells of what it knew before
        news = grown or any(promises(found, on=target) for found in visit.found)
        published = (article.published.time if article.published else article.first_seen) if article else None
        again = next_look(target, at=at, news=news, published=published, review=review)
        target = replace(target, state=_FINAL.get(result, State.DONE), again=again)
        target = replace(target, priority=LOOK_AGAIN) if target.kind is Kind.ARTICLE else target
    if exchange is None:
        return target
    if exchange.status == NOT_MODIFIED and result is Result.UNCHANGED:
        return replace(target, visited=exchange.time, visits=target.visits + 1)
    if exchange.status not in WHOLE or result is Result.BLOCKED or visit.capture is None:
        return target
    changed = visit.capture.digest != target.digest
    bare = exchange.rendered or result is Result.SCRIPTED  # as served, the page may be the same under a new list
    return replace(
        target,
        visited=exchange.time,
        visits=target.visits + 1,
        digest=visit.capture.digest,
        etag="" if bare else _short(exchange.header("ETag")),
        last_modified="" if bare else _short(exchange.header("Last-Modified")),
        seen_change=exchange.time if changed else target.seen_change,
    )


def _short(validator: str) -> str:
    return validator if len(validator) <= _LONGEST_VALIDATOR else ""


_FINAL = {
    Result.FORBIDDEN: State.SKIPPED,
    Result.TRAP: State.SKIPPED,
    Result.TWIN: State.SKIPPED,
    Result.OLD: State.SKIPPED,
    Result.BAD_ADDRESS: State.SKIPPED,
    Result.BUSY: State.FAILED,
    Result.BLOCKED: State.FAILED,
    Result.UNREACHABLE: State.FAILED,
    Result.LEAKED: State.FAILED,
}
