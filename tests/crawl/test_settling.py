"""From what a batch of visits came to, to what the store is asked to keep of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newscrawl.crawl.settling import Settler, settled_target
from newscrawl.crawl.visit import Visit
from newscrawl.identify.twins import ENOUGH, HELD, MANY
from newscrawl.identify.visitors import PAGES
from newscrawl.models import Kind, Part, Result, Settlement, State
from newscrawl.store.protocol import Store
from tests.crawl.visits import HOME, article, target, visit

REVIEW = timedelta(days=20)
LONG = " ".join(f"word{number}" for number in range(60))


async def settled(store: Store, *visits: Visit) -> list[Settlement]:
    """What they were settled as, stored."""
    done = await Settler(store, REVIEW).settlements(visits)
    await store.settle(done)
    return done


def read(path: str, text: str = "The ferry was late.") -> Visit:
    return visit(path, result=Result.ARTICLE, article=article(path, text))


def further(path: str, parent: str, number: int, text: str) -> Visit:
    made = visit(path, result=Result.PART, part=Part(number, text, text, f"capture {number}"))
    made.target = replace(made.target, kind=Kind.PART, parent=HOME + parent, number=number)
    return made


async def test_one_for_each_visit_in_their_order(store: Store) -> None:
    visits = [visit("one"), read("two"), visit("three", result=Result.MISSING)]
    done = await Settler(store, REVIEW).settlements(visits)
    assert [settlement.target.result for settlement in done] == [Result.OTHER, Result.ARTICLE, Result.MISSING]
    assert [settlement.capture for settlement in done] == [made.capture for made in visits]


async def test_a_copy_in_a_later_batch_is_no_article(store: Store) -> None:
    await settled(store, read("one"))
    (copy,) = await settled(store, read("copy"))
    assert copy.target.result is Result.SAME_CONTENT
    assert copy.article is not None
    assert (copy.article.url, copy.article.aliases) == (f"{HOME}one", (f"{HOME}copy",))
    assert (await store.counts()).articles == 1


async def test_copies_in_one_batch_are_one_article(store: Store) -> None:
    done = await settled(store, read("one"), read("copy"), read("third"))
    assert [settlement.target.result for settlement in done] == [Result.ARTICLE, Result.SAME_CONTENT, Result.SAME_CONTENT]
    kept = await store.article(f"{HOME}third")
    assert kept is not None
    assert (kept.url, kept.aliases) == (f"{HOME}one", (f"{HOME}copy", f"{HOME}third"))


async def test_an_edit_makes_a_revision(store: Store) -> None:
    await settled(store, read("one"))
    (edited,) = await settled(store, read("one", "The ferry was early."))
    assert edited.article is not None
    assert edited.revision is not None
    assert (edited.article.revision, edited.article.text) == (2, "The ferry was early.")
    assert (edited.revision.number, edited.revision.text) == (1, "The ferry was late.")


async def test_an_edit_within_a_batch_makes_one_too(store: Store) -> None:
    done = await settled(store, read("one"), read("one", "The ferry was early."))
    assert done[1].revision is not None
    assert len(await store.revisions(article("one").id)) == 1


async def test_the_same_again_changes_nothing(store: Store) -> None:
    await settled(store, read("one"))
    (again,) = await settled(store, read("one"))
    assert (again.target.result, again.revision) == (Result.UNCHANGED, None)


async def test_parts_join_their_article_in_the_order_of_their_numbers(store: Store) -> None:
    await settled(store, read("one", "First."))
    await settled(store, further("one_3", "one", 3, "Third."), further("one_2", "one", 2, "Second."))
    kept = await store.article(article("one").id)
    assert kept is not None
    assert kept.text == "First.\nSecond.\nThird."
    assert [part.number for part in kept.parts] == [1, 2, 3]


async def test_a_part_may_come_in_the_batch_of_its_article(store: Store) -> None:
    await settled(store, read("one", "First."), further("one_2", "one", 2, "Second."))
    kept = await store.article(article("one").id)
    assert kept is not None
    assert kept.text == "First.\nSecond."


async def test_a_batch_without_articles_does_not_ask_the_store(store: Store) -> None:
    await store.close()
    assert len(await Settler(store, REVIEW).settlements([visit("one")])) == 1


# states


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result.ARTICLE, State.DONE),
        (Result.MISSING, State.DONE),
        (Result.OFF_SITE, State.DONE),
        (Result.FORBIDDEN, State.SKIPPED),
        (Result.TRAP, State.SKIPPED),
        (Result.BAD_ADDRESS, State.SKIPPED),
        (Result.BUSY, State.FAILED),
        (Result.UNREACHABLE, State.FAILED),
        (Result.LEAKED, State.FAILED),
    ],
)
def test_the_state_in_which_a_result_leaves_a_target(result: Result, state: State) -> None:
    made = visit("one", result=result)
    done = settled_target(made, result, review=REVIEW)
    assert (done.state, done.result, done.detail) == (state, result, "200")
    assert made.exchange is not None
    assert done.visited == made.exchange.time


def test_what_is_tried_again_stays_due() -> None:
    again = Visit(target("one", tries=1), Result.BUSY, "503", again=True)
    done = settled_target(again, Result.BUSY, review=REVIEW)
    assert (done.state, done.result, done.tries, done.visited) == (State.DUE, Result.BUSY, 1, None)


@pytest.mark.parametrize(
    ("rendered", "result", "etag"),
    [(b"", Result.LISTING, '"1"'), (b"<p>", Result.LISTING, ""), (b"", Result.SCRIPTED, "")],
)
def test_a_page_that_scripts_make_has_no_validators(rendered: bytes, result: Result, etag: str) -> None:
    """Those of the page as served, which may stay the same under a new list."""
    made = visit("list", result=result)
    assert made.exchange is not None
    made.exchange = replace(made.exchange, headers=(("ETag", '"1"'),), rendered=rendered)
    assert settled_target(made, result, review=REVIEW).etag == etag


def test_what_scripts_would_have_to_make_is_asked_for_at_the_next_visit() -> None:
    made = visit("list", result=Result.SCRIPTED)
    assert made.exchange is not None
    target = settled_target(made, Result.SCRIPTED, review=REVIEW)
    assert (target.state, target.again) == (State.DONE, made.exchange.time)


SESSIONS = [(number, session) for number in range(ENOUGH) for session in (1, 2)]
BORNE_OUT = [(number, 3) for number in range(HELD)]


async def taught(store: Store, *stories: tuple[int, int]) -> Settler:
    """Of a site whose stories are the same under any ?sid=; each is found without it as well."""
    settler = Settler(store, REVIEW)
    for number, session in stories:
        for path in (f"read?id={number}", f"read?id={number}&sid={session}"):
            await store.settle(await settler.settlements([read(path, f"{LONG} {number}")]))
    return settler


async def found_by(settler: Settler, made: Visit) -> list[str]:
    (settlement,) = await settler.settlements([made])
    assert [found.id for found in settlement.found] == [target(found.url.removeprefix(HOME)).id for found in settlement.found]
    return [found.url.removeprefix(HOME) for found in settlement.found]


async def test_addresses_that_differ_in_a_session_alone_are_found_once_that_is_known(store: Store) -> None:
    """At first with the addresses as they stood there, so that these can be asked for if it proves wrong."""
    links = tuple(target(f"read?id={id_}&sid=9") for id_ in (77, 88))
    listing = visit("city", result=Result.LISTING, found=links)
    assert await found_by(await taught(store, *SESSIONS[:-1]), replace(listing)) == ["read?id=77&sid=9", "read?id=88&sid=9"]
    settler = await taught(store, *SESSIONS)
    assert await found_by(settler, replace(listing)) == ["read?id=77", "read?id=77&sid=9", "read?id=88", "read?id=88&sid=9"]
    settler = await taught(store, *SESSIONS, *BORNE_OUT)
    for session in range(PAGES):
        settler.addresses["gazette"].links(f"{HOME}{session}", [f"{HOME}read?id={number}&sid={session}" for number in (1, 2)])
    assert await found_by(settler, replace(listing)) == ["read?id=77", "read?id=88"]


async def test_a_batch_that_the_store_refuses_finds_the_same_again(store: Store) -> None:
    settler = await taught(store, *SESSIONS)
    made = visit("city", result=Result.LISTING, found=(target("read?id=77&sid=9"),))
    assert await found_by(settler, made) == await found_by(settler, made) == ["read?id=77", "read?id=77&sid=9"]


async def test_what_a_redirect_insists_on_is_kept(store: Store) -> None:
    settler = await taught(store, *SESSIONS, *BORNE_OUT)
    url = f"{HOME}read?id=77&sid=9"
    assert await found_by(settler, visit("go", result=Result.REDIRECT, moved_to=url, found=(target("read?id=77&sid=9"),))) == [
        "read?id=77&sid=9"
    ]


async def test_a_list_with_a_session_that_shows_new_stories_is_another_list(store: Store) -> None:
    settler = await taught(store, *SESSIONS)
    addresses = settler.addresses["gazette"]
    for session in range(PAGES):
        addresses.links(f"{HOME}{session}", [f"{HOME}{path}?sid={session}" for path in ("city", "about")])
    await store.settle(await settler.settlements([visit("city", result=Result.LISTING, found=(target("read?id=80"),))]))
    known = (target("read?id=80&sid=9"), target("late?sid=9", place="nav"))
    await store.settle(await settler.settlements([visit("city?sid=9", result=Result.LISTING, found=known)]))
    assert not addresses.twins.owes
    others = tuple(target(f"read?id={number}&sid=9") for number in range(90, 90 + MANY))
    await store.settle(await settler.settlements([visit("city?sid=8", result=Result.LISTING, found=others)]))
    assert addresses.twins.owes


async def test_an_edit_seen_at_an_alias_first_has_the_article_looked_at(store: Store) -> None:
    long = " ".join(f"word{number}" for number in range(60))
    await settled(store, read("one", long))
    await settled(store, read("copy", long))
    (alias,) = await settled(store, read("copy", long.replace("word7", "other")))
    assert alias.target.result is Result.SAME_CONTENT
    assert alias.revived == (target("one").id,)
    assert (await store.counts()).articles == 1
    (edited,) = await settled(store, read("one", long.replace("word7", "other")))
    assert edited.revision is not None


async def test_a_variant_tells_what_it_led_to(store: Store) -> None:
    await settled(store, visit("amp/one", result=Result.VARIANT, moved_to=f"{HOME}one"))
    await settled(store, visit("amp/two", result=Result.VARIANT, moved_to=f"{HOME}two"))
    assert [one.url for one in await store.leading_to("gazette", f"{HOME}one")] == [f"{HOME}amp/one"]


# addresses that a rule explains


@pytest.fixture
async def ruled(store: Store) -> Settler:
    """Of a site on which ?print=1 has been proved to make no other page."""
    settler = Settler(store, REVIEW)
    for number in range(ENOUGH):
        for path in (f"{number}", f"{number}?print=1"):
            await store.settle(await settler.settlements([read(path, f"{LONG} {number}")]))
    return settler


async def test_an_edit_seen_at_a_twin_first_makes_no_second_article(store: Store, ruled: Settler) -> None:
    await store.settle(await ruled.settlements([read("9", f"{LONG} nine")]))
    (twin,) = await ruled.settlements([read("9?print=1", f"{LONG} nine, edited")])
    assert (twin.target.result, twin.article.aliases, twin.revived) == (Result.SAME_CONTENT, (f"{HOME}9?print=1",), (target("9").id,))
    assert not ruled.addresses["gazette"].twins.owes


async def test_another_article_at_a_twin_is_one_and_ends_the_rule(store: Store, ruled: Settler) -> None:
    await store.settle(await ruled.settlements([read("9", f"{LONG} nine")]))
    (other,) = await ruled.settlements([read("9?print=1", "The mill stands still, as it has since noon.")])
    assert (other.target.result, other.article.url) == (Result.ARTICLE, f"{HOME}9?print=1")
    assert ruled.addresses["gazette"].twins.owes
    assert ruled.addresses["gazette"].likely(f"{HOME}8?print=1") == []


async def test_the_same_words_under_another_headline_are_another_article(store: Store, ruled: Settler) -> None:
    """A form filled in anew, say."""
    await store.settle(await ruled.settlements([read("9", f"Monday {LONG}")]))
    (other,) = await ruled.settlements([read("9?print=1", f"Friday {LONG}")])
    assert other.target.result is Result.ARTICLE


async def test_a_variant_that_names_another_page_ends_the_rule(store: Store, ruled: Settler) -> None:
    await store.settle(await ruled.settlements([read("8", f"{LONG} eight"), read("9", f"{LONG} nine")]))
    await ruled.settlements([visit("9?print=1", result=Result.VARIANT, moved_to=f"{HOME}8")])
    assert ruled.addresses["gazette"].twins.owes


async def test_what_an_alias_calls_its_further_pages_is_not_asked_for(store: Store) -> None:
    """They would be pages of an article that is none."""
    settler = Settler(store, REVIEW)
    links = (target("copy_2", kind=Kind.PART, number=2), target("next"))
    await store.settle(await settler.settlements([read("one", LONG)]))
    (alias,) = await settler.settlements([replace(read("copy", LONG), found=links)])
    assert [found.url for found in alias.found] == [f"{HOME}next"]
