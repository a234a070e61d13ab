"""What second visits come to: what is looked at again and when, what is marked, what is revived. On both stores."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.warc import captured
from newscrawl.crawl.revisits import LOOK_AGAIN
from newscrawl.crawl.settling import Settler, settled_target
from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import capture_id
from newscrawl.models import Candidate, Capture, Kind, Moment, Part, Result, Settlement, State, Target
from newscrawl.store.protocol import Store
from tests.crawl.visits import HOME, article, target
from tests.store import conftest as stores

store, store_uri = stores.store, stores.store_uri

REVIEW = timedelta(days=20)
START = datetime(2026, 8, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
HEADERS = (("ETag", '"a"'), ("Last-Modified", "Sat, 01 Aug 2026 06:00:00 GMT"))


def at(hours: float) -> datetime:
    return START + hours * HOUR


def answer(
    url: str, hours: float, payload: bytes = b"a page", *, status: int = 200, headers: tuple[tuple[str, str], ...] = HEADERS
) -> Exchange:
    return Exchange(url=url, time=at(hours), status=status, headers=headers, payload=payload)


def capture(asked: Target, came: Exchange) -> Capture:
    return captured(came, id=capture_id(asked.id, round(came.time.timestamp() * 1000)), site=asked.site, target=asked.id)


def visit(asked: Target, came: Exchange, result: Result, **other: object) -> Visit:
    return Visit(asked, result, str(came.status), came, capture=capture(asked, came), **other)


def page(path: str = "city", kind: Kind = Kind.LISTING, **other: object) -> Target:
    return target(path, kind=kind, **{"due": START, "depth": 1, **other})


def seen(asked: Target, hours: float, result: Result, *, status: int = 200, payload: bytes = b"a page", **other: object) -> Target:
    """The target as it stands after a visit."""
    return settled_target(visit(asked, answer(asked.url, hours, payload, status=status), result, **other), result, review=REVIEW)


# what is remembered of a page


def test_a_full_answer_is_remembered_with_its_validators():
    done = seen(page(), 0, Result.LISTING)
    assert (done.visits, done.visited, done.seen_change) == (1, at(0), at(0))
    assert (done.etag, done.last_modified, done.digest[:5]) == ('"a"', "Sat, 01 Aug 2026 06:00:00 GMT", "sha1:")


def test_the_same_again_is_no_change():
    done = seen(seen(page(), 0, Result.LISTING), 5, Result.LISTING)
    assert (done.visits, done.visited, done.seen_change) == (2, at(5), at(0))
    changed = seen(done, 9, Result.LISTING, payload=b"another page")
    assert (changed.seen_change, changed.digest != done.digest) == (at(9), True)


def test_not_modified_is_a_visit_that_leaves_everything_as_it_was():
    first = seen(page(), 0, Result.LISTING)
    done = seen(first, 5, Result.UNCHANGED, status=304, payload=b"")
    assert done == replace(first, result=Result.UNCHANGED, detail="304", visits=2, visited=at(5), again=at(5) + 2 * HOUR)


def test_a_304_that_nobody_asked_for_is_no_visit():
    done = seen(page(), 0, Result.OTHER, status=304, payload=b"")
    assert (done.visits, done.visited, done.digest) == (0, None, "")


@pytest.mark.parametrize(("result", "status"), [(Result.MISSING, 404), (Result.REFUSED, 403), (Result.BUSY, 503), (Result.BLOCKED, 200)])
def test_an_answer_that_was_no_page_is_none_either(result, status):
    """What changed since the last real visit is still to be seen."""
    first = seen(page(), 0, Result.LISTING)
    done = seen(first, 5, result, status=status, payload=b"no such page")
    assert (done.visits, done.visited, done.digest, done.etag) == (1, at(0), first.digest, first.etag)
    tried = seen(first, 5, result, status=status, payload=b"no such page", again=True)
    assert (tried.visits, tried.visited) == (1, at(0))


def test_a_validator_that_is_too_long_is_not_cut_but_left():
    came = answer(f"{HOME}city", 0, headers=(("ETag", "x" * 501), ("Last-Modified", "y" * 500)))
    done = settled_target(visit(page(), came, Result.LISTING), Result.LISTING, review=REVIEW)
    assert (done.etag, done.last_modified) == ("", "y" * 500)


# when it is looked at again


def test_a_listing_with_news_is_looked_at_sooner_than_one_without():
    known = replace(seen(page(), 0, Result.LISTING), again=at(4))
    assert seen(known, 5, Result.LISTING, found=(target("a"),)).again == at(7)
    assert seen(known, 5, Result.LISTING).again == at(13)
    assert seen(known, 5, Result.LISTING, found=(target("a", place="ul.nav"),)).again == at(13)  # a hunch is no news
    assert seen(known, 5, Result.LISTING, found=(target("a", state=State.SKIPPED, result=Result.TRAP),)).again == at(13)


def test_whatever_a_sitemap_names_is_news():
    known = replace(seen(page(kind=Kind.SITEMAP), 0, Result.LISTING), again=at(4))
    assert seen(known, 5, Result.LISTING, found=(target("a", place="sitemap /sitemap.xml"),)).again == at(7)


def test_an_article_is_looked_at_again_behind_what_is_new_and_before_what_may_be_nothing():
    dated = article("a", published=Moment(at(-8), "minute"))
    asked = page("a", Kind.ARTICLE, priority=2)
    first = settled_target(visit(asked, answer(asked.url, 0), Result.ARTICLE), Result.ARTICLE, review=REVIEW, article=dated)
    assert (first.again, first.priority) == (at(0), LOOK_AGAIN)
    second = settled_target(visit(first, answer(asked.url, 0), Result.UNCHANGED), Result.UNCHANGED, review=REVIEW, article=dated)
    assert second.again == at(4)
    old = replace(dated, published=Moment(at(0) - REVIEW - HOUR, "day"))
    later = settled_target(visit(asked, answer(asked.url, 0), Result.ARTICLE), Result.ARTICLE, review=REVIEW, article=old)
    assert (later.again, later.priority) == (at(0) + REVIEW + HOUR, LOOK_AGAIN)


def test_what_is_due_anyway_gets_no_second_date():
    first = seen(page(), 0, Result.LISTING)
    assert seen(first, 5, Result.BUSY, status=503, again=True).again == first.again


def test_what_was_published_too_early_is_left_without_a_visit():
    refused = settled_target(Visit(page("a", Kind.PAGE), Result.OLD, "before 2026-08-01"), Result.OLD, review=REVIEW)
    assert (refused.state, refused.visits, refused.visited) == (State.SKIPPED, 0, None)


# what becomes of articles


async def settle(settler: Settler, *visits: Visit) -> list[Settlement]:
    done = await settler.settlements(visits)
    await settler.store.settle(done)
    return done


def reading(text: str, hours: float, *, asked: Target | None = None, **other: object) -> Visit:
    asked = asked or page("story", Kind.ARTICLE)
    came = answer(asked.url, hours, text.encode())
    read = article("story", text, first_seen=at(hours), last_seen=at(hours), capture=capture(asked, came).id)
    return visit(asked, came, Result.ARTICLE, article=read, **other)


def missing(asked: Target, hours: float, status: int = 404) -> Visit:
    return visit(asked, answer(asked.url, hours, b"", status=status), Result.MISSING)


async def test_an_article_that_is_gone_is_marked_and_kept_and_comes_back(store: Store) -> None:
    settler, story = Settler(store, REVIEW), article("story")
    (first,) = await settle(settler, reading("The ferry was late.", 0))
    (gone,) = await settle(settler, missing(first.target, 1, 410))
    kept = await store.article(story.id)
    assert kept is not None
    assert (kept.gone, kept.last_seen, kept.text, kept.revision) == (at(1), at(0), "The ferry was late.", 1)
    assert (gone.target.state, gone.target.result, gone.revision) == (State.DONE, Result.MISSING, None)
    assert gone.target.again is not None  # it may come back
    await settle(settler, missing(gone.target, 2))
    assert (await store.article(story.id)).gone == at(1)
    (back,) = await settle(settler, reading("The ferry was late.", 3, asked=gone.target))
    kept = await store.article(story.id)
    assert (kept.gone, kept.last_seen, back.target.result) == (None, at(3), Result.UNCHANGED)


async def test_an_article_that_comes_back_changed_has_a_revision(store: Store) -> None:
    settler = Settler(store, REVIEW)
    (first,) = await settle(settler, reading("The ferry was late.", 0))
    (gone,) = await settle(settler, missing(first.target, 1))
    (back,) = await settle(settler, reading("The ferry was early.", 2, asked=gone.target))
    kept = await store.article(article("story").id)
    assert (kept.gone, kept.revision, back.revision.text) == (None, 2, "The ferry was late.")


async def test_not_modified_means_that_it_is_still_there(store: Store) -> None:
    settler = Settler(store, REVIEW)
    (first,) = await settle(settler, reading("The ferry was late.", 0))
    (gone,) = await settle(settler, missing(first.target, 1))
    await settle(settler, visit(gone.target, answer(gone.target.url, 2, b"", status=304), Result.UNCHANGED))
    kept = await store.article(article("story").id)
    assert (kept.gone, kept.last_seen, kept.revision) == (None, at(2), 1)


async def test_a_page_that_never_was_an_article_is_only_missing(store: Store) -> None:
    (done,) = await settle(Settler(store, REVIEW), missing(page("story", Kind.PAGE), 0))
    assert (done.article, done.target.result) == (None, Result.MISSING)


async def test_a_copy_that_is_gone_takes_nothing_with_it(store: Store) -> None:
    settler = Settler(store, REVIEW)
    await settle(settler, reading("The ferry was late.", 0))
    copy = page("copy", Kind.ARTICLE)
    (done,) = await settle(settler, visit(copy, answer(copy.url, 0), Result.ARTICLE, article=article("copy", "The ferry was late.")))
    assert done.target.result is Result.SAME_CONTENT
    await settle(settler, missing(done.target, 1))
    assert (await store.article(article("story").id)).gone is None


# articles on several pages


def part(number: int, text: str, hours: float) -> Visit:
    asked = page(f"story_{number}", Kind.PART, parent=f"{HOME}story", number=number)
    return visit(asked, answer(asked.url, hours, text.encode()), Result.PART, part=Part(number, text, text, f"capture {number}"))


FURTHER = [Candidate(f"{HOME}story_2", Kind.PART, number=2)]


async def due(store: Store, hours: float) -> list[str]:
    return [one.url.removeprefix(HOME) for one in await store.due_targets("gazette", at(hours), 99)]


async def test_a_changed_article_keeps_its_further_pages_and_has_them_read_again(store: Store) -> None:
    settler = Settler(store, REVIEW)
    (first, _) = await settle(settler, reading("First.", 0, candidates=FURTHER), part(2, "Second.", 0))
    assert await due(store, 1) == []
    (same,) = await settle(settler, reading("First.", 1, asked=first.target, candidates=FURTHER))
    assert (same.revived, await due(store, 2)) == ((), [])
    (changed,) = await settle(settler, reading("First, corrected.", 2, asked=same.target, candidates=FURTHER))
    assert (changed.article.text, changed.revision.text) == ("First, corrected.\nSecond.", "First.\nSecond.")
    assert await due(store, 3) == ["story_2"]
    await settle(settler, part(2, "Second, corrected.", 3))
    kept = await store.article(article("story").id)
    assert (kept.text, kept.revision, await due(store, 4)) == ("First, corrected.\nSecond, corrected.", 2, [])


# listings that go on


def listing(asked: Target, hours: float, *lists: str, found: str = "") -> Visit:
    """A listing with lists of articles, each named by a letter, of which it finds some; it goes on at city?page=2."""
    ids = tuple(tuple(target(letter).id for letter in names) for names in lists)
    links = tuple(target(letter, due=at(hours)) for letter in found)
    onward = (target("city?page=2").id,)
    return visit(asked, answer(asked.url, hours), Result.LISTING, lists=ids, onward=onward, found=links)


@pytest.fixture
async def settler(store: Store) -> Settler:
    """Of a site whose listing goes on, all of it visited."""
    settler = Settler(store, REVIEW)
    further = page("city?page=2", number=2)
    read = [visit(one, answer(one.url, 0), Result.OTHER) for one in (page(letter, Kind.PAGE) for letter in "abc")]
    await settle(
        settler, visit(page(), answer(f"{HOME}city", 0), Result.LISTING), visit(further, answer(further.url, 0), Result.LISTING), *read
    )
    return settler


CITY = page(visits=1, visited=START, again=START)


@pytest.mark.parametrize(
    ("lists", "found", "goes_on"),
    [
        (["def"], "def", True),
        (["def", "abc"], "def", True),  # of one list all is new, so there may be more; the other is a sidebar
        (["dea"], "de", True),  # a story that is pinned to the top is always known
        (["dabc"], "d", False),
        (["abc"], "", False),
        (["de", "abc"], "de", True),
        ([], "def", False),  # links without a list
    ],
)
async def test_a_listing_is_read_on_where_most_of_a_list_is_new(settler: Settler, lists: list[str], found: str, *, goes_on: bool) -> None:
    await settle(settler, listing(CITY, 1, *lists, found=found))
    assert ("city?page=2" in await due(settler.store, 2)) is goes_on


async def test_also_where_another_page_of_this_visit_showed_the_new_ones_before(settler: Settler) -> None:
    """The front page, often: what it found is no longer new to the store, but it is new since the last visit."""
    front = page("", Kind.SEED, visits=1, visited=START)
    await settle(settler, listing(front, 1, "def", found="def"), listing(CITY, 1, "def", found="def"))
    assert "city?page=2" in await due(settler.store, 2)


async def test_but_not_where_a_first_visit_found_them(settler: Settler) -> None:
    """A page that was never seen shows what nobody has seen, however old it is."""
    await settle(settler, listing(page("archive"), 1, found="def"))
    await settle(settler, listing(CITY, 1, "def"))
    assert "city?page=2" not in await due(settler.store, 2)


async def test_pages_that_a_sitemap_says_have_changed_are_due_again(settler: Settler) -> None:
    sitemap = page("sitemap.xml", Kind.SITEMAP, visits=1, visited=START)
    revived = (target("a").id, target("never heard of").id)
    await settle(settler, visit(sitemap, answer(sitemap.url, 1), Result.LISTING, revived=revived))
    assert await due(settler.store, 2) == ["a"]
