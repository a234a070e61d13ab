"""What every store promises: keeping, the frontier, looking up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.errors import InputError, StoreError
from newscrawl.known import Known
from newscrawl.models import Article, Capture, Kind, Result, Revision, Run, Settlement, State, Target
from newscrawl.store import open_store
from newscrawl.store.protocol import Backlog, Counts, Search, Store
from newscrawl.store.storable import storable
from tests.store.records import START, anything, article, capture, digest, holding, hours, revision, target, visited

IDS = st.from_regex("[0-9a-f]{32}", fullmatch=True)
many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


# round trips


@many
@given(kept=anything(Article, id=IDS, cluster=st.just("")))
async def test_any_article_comes_back_as_it_went_in(store: Store, kept: Article) -> None:
    await store.settle(holding(kept))
    assert await store.article(kept.id) == kept


@many
@given(kept=anything(Capture, id=IDS))
async def test_any_capture_comes_back(store: Store, kept: Capture) -> None:
    await store.settle([visited(capture=kept)])
    assert await store.capture(kept.id) == kept


@many
@given(kept=anything(Target, id=IDS, state=st.just(State.DUE)))
async def test_any_target_comes_back(store: Store, kept: Target) -> None:
    await store.settle([Settlement(kept)])
    assert kept in await store.due_targets(kept.site, kept.due, 1000)


@many
@given(kept=anything(Revision, article=IDS))
async def test_any_revision_comes_back(store: Store, kept: Revision) -> None:
    await store.settle([visited(revision=kept)])
    assert kept in await store.revisions(kept.article)


@many
@given(kept=anything(Run, id=IDS))
async def test_any_run_comes_back(store: Store, kept: Run) -> None:
    await store.save_run(kept)
    assert kept in await store.runs(limit=1000)


async def test_half_a_surrogate_pair_is_replaced(store: Store) -> None:
    broken = article(title="half \ud83d", evidence={}, tags=("\ude00",), text="joined \ud83d\ude00")
    await store.settle([Settlement(target(state=State.DONE), found=(target("b", link_text="\ud800"),), article=broken)])
    found = await store.article(broken.id)
    assert found == storable(broken)
    assert (found.title, found.tags, found.text) == ("half \ufffd", ("\ufffd",), "joined 😀")
    assert await store.add_targets([target("c", listed="\udfff")]) == 1
    assert [due.listed for due in await store.due_targets("gazette", START, 9) if due.listed] == ["\ufffd"]


async def test_half_a_surrogate_pair_is_not_looked_for(store: Store) -> None:
    with pytest.raises(InputError, match="surrogate"):
        await store.article("https://gazette.example/\ud83d")


# settling


async def test_settling_twice_changes_nothing(store: Store) -> None:
    batch = [
        visited("a", found=(target("b"), target("c")), article=article("a", revision=2), revision=revision("a")),
        visited("b", found=(target("a"), target("d"))),
    ]
    await store.settle(batch)
    before = await everything(store)
    await store.settle(batch)
    assert await everything(store) == before
    assert before[0] == Counts(articles=1, revisions=1, captures=2, targets=4, sites=1)


async def everything(store: Store) -> tuple[object, ...]:
    return (
        await store.counts(),
        await store.due_targets("gazette", hours(99), 99),
        await store.revisions(article("a").id),
        [found async for found in store.captures()],
        await store.search(Search(words=("plain",))),
    )


async def test_a_found_target_does_not_touch_what_is_known(store: Store) -> None:
    await store.settle([visited("a"), Settlement(target("b", priority=7))])
    await store.settle([visited("c", found=(target("a", link_text="again"), target("b", priority=1)))])
    assert await store.due_targets("gazette", START, 9) == [target("b", priority=7)]


async def test_of_two_that_find_the_same_the_first_is_kept(store: Store) -> None:
    await store.settle([visited("a", found=(target("c", depth=1),)), visited("b", found=(target("c", depth=2),))])
    assert await store.due_targets("gazette", START, 9) == [target("c", depth=1)]


async def test_found_and_settled_in_one_batch_is_settled(store: Store) -> None:
    await store.settle([visited("a", found=(target("b"),)), visited("b")])
    assert await store.backlog("gazette") == Backlog(0, None)


async def test_a_settled_target_may_be_due_again(store: Store) -> None:
    await store.add_targets([target()])
    later = target(due=hours(1), tries=1, result=Result.BUSY, detail="503", visited=START)
    await store.settle([Settlement(later)])
    assert await store.due_targets("gazette", START, 9) == []
    assert await store.due_targets("gazette", hours(1), 9) == [later]


async def test_a_later_article_takes_the_place_of_the_former(store: Store) -> None:
    await store.settle(holding(article("a", "First words.", aliases=("https://m.gazette.example/a",))))
    second = article("a", "Second words.", revision=2, aliases=("https://gazette.example/a?print",))
    await store.settle([visited("a", article=second, revision=revision("a"))])
    assert await store.article(second.id) == second
    assert await store.article("https://m.gazette.example/a") is None
    assert await store.article("https://gazette.example/a?print") == second
    assert await store.revisions(second.id) == [revision("a")]


async def test_an_empty_batch_is_nothing(store: Store) -> None:
    await store.settle([])
    assert await store.counts() == Counts(0, 0, 0, 0, 0)


# the frontier


async def test_targets_are_added_once(store: Store) -> None:
    assert await store.add_targets([target("a"), target("b"), target("a", depth=3)]) == 2
    assert await store.add_targets([target("b", priority=-1), target("c")]) == 1
    assert await store.add_targets([]) == 0
    assert await store.due_targets("gazette", START, 9) == sorted([target(name) for name in "abc"], key=lambda found: found.id)


async def test_the_unknown_among_any_number_of_ids(store: Store) -> None:
    added = [target(f"{number}") for number in range(2_001)]
    await store.add_targets(added)
    assert await store.unknown_targets([*(one.id for one in added), "other"]) == {"other"}
    assert await store.add_targets([*added, target("one more")]) == 1


async def test_of_several_settlements_of_one_target_the_last_counts(store: Store) -> None:
    await store.add_targets([target("a", place="div.more", priority=5)])
    await store.settle([Settlement(target("a", link_text="first")), Settlement(target("a", link_text="last"))])
    assert await store.due_targets("gazette", START, 9) == [target("a", link_text="last")]


async def test_the_unvisited_among_any_number_of_ids(store: Store) -> None:
    waiting = [
        target("due", place="div.more", tries=1),
        target("later", due=hours(9)),
        target("left", state=State.SKIPPED, result=Result.TRAP),
        target("no picture", kind=Kind.IMAGE, state=State.DONE, result=Result.NOT_IMAGE),
    ]
    others = [target("done", state=State.DONE), target("failed", state=State.FAILED), target("again", visits=1)]
    others.append(target("down", state=State.SKIPPED, result=Result.TAKEN_DOWN))
    others.append(target("picture", kind=Kind.IMAGE, state=State.DONE, result=Result.IMAGE, visits=1))
    others.append(target("picture down", kind=Kind.IMAGE, state=State.SKIPPED, result=Result.TAKEN_DOWN))
    more = [target(f"{number}", state=State.DONE) for number in range(2_001)]
    await store.add_targets([*waiting, *others, *more])
    found = await store.unvisited_targets([one.id for one in (*waiting, *others, *more, target("nobody knows it"))])
    assert sorted(found, key=lambda one: one.id) == sorted(waiting, key=lambda one: one.id)
    assert await store.unvisited_targets([]) == []


async def test_due_targets_come_by_priority_then_due_then_id(store: Store) -> None:
    added = [target(f"{priority} {due}", priority=priority, due=hours(due)) for priority in (3, -1, 0) for due in (2, -1, 0, -1.5)]
    await store.add_targets([*added, target("other", site="herald"), target("done", state=State.DONE)])
    ordered = sorted((found for found in added if found.due <= START), key=lambda found: (found.priority, found.due, found.id))
    assert await store.due_targets("gazette", START, 99) == ordered
    assert await store.due_targets("gazette", START, 4) == ordered[:4]
    assert await store.due_targets("gazette", START, 2, {ordered[0].id, ordered[2].id}) == [ordered[1], ordered[3]]
    assert await store.due_targets("nowhere", START, 9) == []


async def test_the_backlog_counts_what_waits(store: Store) -> None:
    assert await store.backlog("gazette") == Backlog(0, None)
    await store.add_targets([target("a", due=hours(3)), target("b", due=hours(2), priority=5), target("c", state=State.FAILED, due=START)])
    assert await store.backlog("gazette") == Backlog(2, hours(2))


async def test_revisiting_makes_entries_due_and_leaves_the_rest(store: Store) -> None:
    at, done = hours(24), {"state": State.DONE, "tries": 4}
    left = {"state": State.SKIPPED, "result": Result.TRAP, "tries": 4}
    entries = [target("seed", kind=Kind.SEED, **done), target("list", kind=Kind.LISTING, again=at, **done)]
    entries += [target("failed", state=State.FAILED, tries=4), target("headline", **left), target("story", again=hours(1), **done)]
    entries.append(target("old", state=State.SKIPPED, result=Result.OLD, place="div.main"))
    waiting = target("waiting", kind=Kind.LISTING, due=hours(48), tries=1)
    others = [target("robots", kind=Kind.ROBOTS, again=START, **done), target("page", **done), target("hunch", place="div.foot", **left)]
    others.append(target("later", kind=Kind.LISTING, again=hours(25), **done))
    await store.add_targets([*entries, waiting, *others, target("other", site="herald", kind=Kind.SEED, **done)])
    assert await store.revisit("gazette", at) == len(entries)
    again = [replace(entry, state=State.DUE, tries=0, due=at) for entry in entries]
    assert await store.due_targets("gazette", hours(48), 9) == [*sorted(again, key=lambda found: found.id), waiting]
    assert await store.revisit("gazette", at) == 0


async def test_revived_targets_are_due_again(store: Store) -> None:
    part, waiting = target("part", state=State.DONE, tries=2), target("waiting", due=hours(48), tries=1)
    first = target("first", state=State.DONE, visited=hours(3))
    await store.add_targets([part, waiting])
    await store.settle([Settlement(first, revived=(part.id, waiting.id, digest("nobody knows it")))])
    assert await store.due_targets("gazette", hours(48), 9) == [replace(part, state=State.DUE, due=hours(3), tries=0), waiting]


# looking up


async def test_known_by_id_and_by_content(store: Store) -> None:
    first, copy = article("a", "Same.", first_seen=hours(1)), article("b", "Same.", first_seen=hours(2))
    elsewhere, other = article("c", "Same.", site="herald", first_seen=START), article("d", "Other.")
    await store.settle(holding(copy, first, elsewhere, other))
    same = ("gazette", first.content_hash)
    known = await store.known([copy.id, "missing"], [same, ("gazette", digest("nothing")), ("herald", other.content_hash)])
    assert known == Known({copy.id: copy}, {same: first})
    assert await store.known([], []) == Known({}, {})


async def test_an_article_is_found_by_id_address_and_alias(store: Store) -> None:
    kept = article("a", aliases=("https://m.gazette.example/a",))
    await store.settle(holding(kept, article("b")))
    for key in (kept.id, kept.id[:8], kept.url, kept.aliases[0]):
        assert await store.article(key) == kept
    for key in (kept.id[:7], kept.id + "0", "", "%", "https://gazette.example/%", "x' OR '1'='1", '{"$ne": ""}', ".{8,}"):
        assert await store.article(key) is None


async def test_an_address_of_its_own_beats_an_alias(store: Store) -> None:
    kept = article("b", first_seen=hours(1))
    await store.settle(holding(article("a", aliases=(kept.url,)), kept))
    assert await store.article(kept.url) == kept


async def test_an_ambiguous_beginning_is_refused(store: Store) -> None:
    await store.settle(holding(article("a", id="0123456789ab"), article("b", id="0123456789cd"), article("c", id="01234567")))
    with pytest.raises(InputError, match="more than one"):
        await store.article("012345678")
    assert (await store.article("0123456789c")).url == article("b").url
    assert (await store.article("01234567")).url == article("c").url


async def test_captures_come_by_time_of_one_site_or_all(store: Store) -> None:
    kept = [
        capture(str(number), time=START - timedelta(minutes=number // 2), site=("gazette", "herald")[number % 2]) for number in range(450)
    ]
    await store.settle([Settlement(target(found.url, state=State.DONE), capture=found) for found in kept])
    ordered = sorted(kept, key=lambda found: (found.time, found.id))
    assert [found async for found in store.captures()] == ordered
    assert [found async for found in store.captures("herald")] == [found for found in ordered if found.site == "herald"]
    assert await store.capture("missing") is None


async def test_revisions_come_oldest_first(store: Store) -> None:
    await store.settle([visited(str(number), revision=revision("a", number)) for number in (10, 2, 1)])
    assert [found.number for found in await store.revisions(article("a").id)] == [1, 2, 10]


async def test_runs_come_latest_first_and_are_replaced_by_id(store: Store) -> None:
    runs = [Run(id=str(number), site=("gazette", "herald")[number % 2], started=hours(number)) for number in range(4)]
    for run in runs:
        await store.save_run(run)
    ended = replace(runs[3], ended=hours(9), outcome="finished", counters={"article": 3})
    await store.save_run(ended)
    assert await store.runs() == [ended, *runs[2::-1]]
    assert await store.runs("gazette", limit=1) == [runs[2]]


async def test_counts_are_of_one_site_or_all(store: Store) -> None:
    await store.settle([visited("a", article=article("a"), revision=revision("a"), found=(target("x"),)), visited("b")])
    herald = {"site": "herald"}
    await store.settle([Settlement(target("c", **herald), (), capture("c", **herald), article("c", **herald), revision("c"))])
    assert await store.counts() == Counts(articles=2, revisions=2, captures=3, targets=4, sites=2)
    assert await store.counts("gazette") == Counts(articles=1, revisions=1, captures=2, targets=3, sites=1)
    assert await store.counts("nowhere") == Counts(0, 0, 0, 0, 0)


# opening and closing


async def test_preparing_again_takes_no_step(store: Store) -> None:
    assert await store.prepare() == []


async def test_what_one_has_settled_another_reads(store: Store, store_uri: str) -> None:
    reader = open_store(store_uri)
    await reader.open()
    await store.settle(holding(article("a")))
    assert await reader.article(article("a").id) == article("a")
    await reader.close()


async def test_closed_is_closed(store: Store) -> None:
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="not open"):
        await store.counts()
    with pytest.raises(StoreError, match="not open"):
        await store.settle([visited()])


async def test_what_was_closed_may_be_opened_again(store: Store) -> None:
    await store.settle([visited()])
    await store.close()
    await store.open()
    assert (await store.counts()).captures == 1


async def test_an_article_is_known_by_its_other_addresses(store: Store) -> None:
    alias = "https://m.gazette.example/a"
    kept = article("a", aliases=(alias, "https://gazette.example/a?print"), joined=((alias, "same-content"),))
    await store.settle(holding(kept, article("b", aliases=("https://m.gazette.example/b",)), article("c", site="herald", aliases=(alias,))))
    found = await store.known((), (), {("gazette", alias), ("gazette", kept.url), ("other", alias)})
    assert (found.by_id, found.by_content) == ({}, {})
    assert {key: value for key, value in found.by_alias.items() if key[1] == alias} == {("gazette", alias): kept}
    assert all(one == kept for one in found.by_alias.values())


# payloads


async def test_a_payload_is_found_by_its_digest_where_it_was_kept_first(store: Store) -> None:
    first = capture("a", digest="sha1:A", time=hours(1))
    again = capture("b", digest="sha1:A", time=hours(2))
    revisit = capture("c", digest="sha1:A", time=START, refers_to=first.id)
    other = capture("d", digest="sha1:B", refers_to="elsewhere")
    await store.settle([visited(capture=kept) for kept in (again, revisit, first, other)])
    assert await store.payloads({"sha1:A", "sha1:B", "sha1:C"}) == {"sha1:A": first}
    assert await store.payloads([]) == {}


async def test_targets_are_found_by_their_ids(store: Store) -> None:
    await store.add_targets([target("a"), target("b"), target("c")])
    assert await store.targets([target("a").id, target("c").id, "unknown"]) == {one.id: one for one in (target("a"), target("c"))}
    assert await store.targets([]) == {}


async def test_captures_are_found_by_their_ids(store: Store) -> None:
    kept = [capture("a"), capture("b")]
    await store.settle([visited(capture=one) for one in kept])
    assert await store.captures_by_id([kept[0].id, "unknown"]) == {kept[0].id: kept[0]}
    assert await store.captures_by_id([]) == {}


async def test_what_is_taken_down_goes_and_its_address_is_never_due_again(store: Store) -> None:
    await store.settle([*holding(article("a"), article("b")), visited(capture=capture("a")), visited(capture=capture("b"))])
    await store.settle([visited(revision=revision("a")), visited(revision=revision("b"))])
    tombstone = target("a", state=State.SKIPPED, result=Result.TAKEN_DOWN, visits=1)
    assert await store.take_down(article("a").id, [capture("a").id], [tombstone]) == []
    assert [await store.article(article(name).id) for name in "ab"] == [None, article("b")]
    assert [await store.capture(capture(name).id) for name in "ab"] == [None, capture("b")]
    assert [len(await store.revisions(article(name).id)) for name in "ab"] == [0, 1]
    assert await store.search(Search(words=("plain",))) == [article("b")]
    await store.settle([Settlement(target("x", visited=hours(1)), found=(target("a"),), revived=(target("a").id,))])
    await store.revisit("gazette", hours(1000))
    assert (await store.targets([target("a").id]))[target("a").id] == tombstone
    await store.take_down(article("a").id, [capture("a").id], [tombstone])


async def test_captures_alone_can_be_removed(store: Store) -> None:
    await store.settle([visited(capture=capture("a")), visited(capture=capture("b"))])
    await store.take_down("", {capture("a").id, "unknown"}, ())
    assert [one async for one in store.captures()] == [capture("b")]
