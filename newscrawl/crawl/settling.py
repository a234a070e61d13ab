"""From what a batch of visits came to, to what the store is asked to keep of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from newscrawl.crawl.answers import NOT_MODIFIED, WHOLE
from newscrawl.crawl.finding import promises
from newscrawl.crawl.promotion import RECONSIDERED, promoted
from newscrawl.crawl.revisits import LOOK_AGAIN, next_look
from newscrawl.crawl.tombstones import tombstone
from newscrawl.crawl.visit import Visit
from newscrawl.identify.addresses import Addresses, article_at
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
        known, there = await self._known(visits), await self._there(visits)
        for visit in visits:
            self._learn_links(visit)
            visit.found = tuple(_each_once(self._without_visitors(visit)))
        unknown = await self.store.unknown_targets([found.id for visit in visits for found in visit.found])
        if len(self._fresh) > _REMEMBERED:
            self._fresh.clear()
        if len(self._pictures) > _REMEMBERED:
            self._pictures.clear()
        self._pictures |= {found.id for visit in visits for found in visit.found if found.kind is Kind.IMAGE and found.id in unknown}
        waiting = await self._waiting(visits, unknown)
        shown = [len(self._headlines(visit)) for visit in visits]
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
        return [self._settlement(visit, batch, there, headlines) for visit, headlines in zip(visits, shown, strict=True)]

    async def _known(self, visits: Sequence[Visit]) -> Known:
        """What the store knows of the articles that the visits may be about."""
        likely = {(visit.target.site, url) for visit in visits for url in self._likely(visit)}
        behind = {article for visit in visits for article in (_article_behind(visit), _led_to(visit)) if article}
        ids = behind | {article_id(site, url) for site, url in likely}
        articles = [visit.article for visit in visits if visit.article]
        contents = {(article.site, article.content_hash) for article in articles if article.content_hash}
        addresses = likely | {(article.site, article.url) for article in articles}
        return await self.store.known(ids, contents, addresses) if ids else Known({}, {})

    async def _there(self, visits: Sequence[Visit]) -> dict[str, Target]:
        """What the frontier knows of the addresses that are those of visited pages less what is idle in them, by id."""
        visited = [visit.target for visit in visits if visit.exchange is not None]
        less = {target_id(target.site, url) for target in visited for _, url in self._of(target.site).twins.idle_in(target.url)}
        return await self.store.targets(less) if less else {}

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

    def _settlement(self, visit: Visit, known: Known, there: Mapping[str, Target], headlines: int) -> Settlement:
        likely = filter(None, (article_at(known, visit.target.site, url) for url in self._likely(visit)))
        article, revision, result = _placed(visit, known, next(likely, None))
        if article is not None:
            _remember(article, known)
        target = settled_target(visit, result, review=self.review, article=article)
        addresses = self._of(target.site)
        if visit.article is not None and article is not None:
            addresses.read(visit.article.url, article, known, there)
        elif visit.moved_to and target.kind is not Kind.ROBOTS:
            addresses.led(target.url, visit.moved_to, known.by_id)
        elif target.result in (Result.LISTING, Result.OTHER):
            addresses.listed(target, new=len(self._headlines(visit)), shown=headlines, there=there)
        return Settlement(
            target=target,
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
        """Addresses of the articles that a page should show once more, by what was learned of its own."""
        asked = visit.article or visit.moved_to
        return self._of(visit.target.site).likely(visit.article.url if visit.article else visit.target.url) if asked else []

    def _headlines(self, visit: Visit) -> list[Target]:
        """Of a page by which rules on idle parameters are checked: what it names that may be articles, each once."""
        twins = self._of(visit.target.site).twins
        if not twins.idle_in(visit.target.url):
            return []
        return [found for found in visit.found if promises(found, on=visit.target) and not twins.idle_in(found.url)]

    def _learn_links(self, visit: Visit) -> None:
        self._of(visit.target.site).links(visit.target.url, [found.url for found in visit.found] if not visit.moved_to else [])

    def _is_renewed(self, visit: Visit) -> bool:
        """Whether most of one of the lists of a page is new, so that more that is new may stand on its further pages."""
        return any(2 * len(self._fresh.intersection(ids)) > len(ids) for ids in visit.lists)

    def _without_visitors(self, visit: Visit) -> Iterator[Target]:
        """What a visit found, addresses less what is idle in them; while that is not sure, they themselves as well."""
        addresses = self._of(visit.target.site)
        learned = bool(addresses.twins.idle) and not visit.moved_to  # a site may insist on its sessions by redirects
        for found in visit.found:
            url, remembered = addresses.shortened(found.url) if learned else (found.url, True)
            if url != found.url:
                yield replace(found, id=target_id(found.site, url), url=url)
            if url == found.url or remembered:
                yield found


def _each_once(found: Iterable[Target]) -> Iterator[Target]:
    """Each as it was found first."""
    seen = set[str]()
    for target in found:
        if target.id not in seen:
            seen.add(target.id)
            yield target


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
    if result is Result.TAKEN_DOWN:
        return tombstone(replace(before, visited=exchange.time if exchange else now()))
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
