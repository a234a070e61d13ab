"""What both stores tell of many articles at once: outlines, samples, edits, losses, headlines that came to nothing."""

from dataclasses import replace

import pytest

from newscrawl.models import Kind, Moment, Result, Run, State
from newscrawl.store.conditions import Among, Field, Not
from newscrawl.store.mongodb import overview
from newscrawl.store.overview import Outline, loss_place
from newscrawl.store.protocol import Search, Store
from tests.store.records import article, digest, holding, hours, revision, target, visited

FERRY = article("ferry", "The ferry sails.", revision=3, changed=hours(5), published=Moment(hours(0), "minute", "+08:00"), language="en")
BRIDGE = article("bridge", "The bridge opens.", site="herald", revision=2, changed=hours(7))
MARKET = article("market", "The market is shut.", gone=hours(9))
CHURCH = article("church", "The church is gone.", site="herald", gone=hours(8))


@pytest.fixture
async def filled(store: Store) -> Store:
    await store.settle(holding(FERRY, BRIDGE, MARKET, CHURCH))
    changes = [
        revision("ferry", 1, replaced=hours(3), silent=True, title="Ferry may sail"),
        revision("ferry", 2, replaced=hours(5), changed=("title", "text"), title="Ferry sails"),
        revision("bridge", 1, replaced=hours(7)),
    ]
    for change in changes:
        await store.settle([visited(f"page of {change.article} {change.number}", capture=None, revision=change)])
    return store


async def test_outlines_are_articles_without_texts(filled: Store) -> None:
    found = await filled.outlines([FERRY.id, MARKET.id, digest("nobody")])
    assert found == {one.id: Outline(**{name: getattr(one, name) for name in Outline.__slots__}) for one in (FERRY, MARKET)}
    assert await filled.outlines([]) == {}


async def test_a_sample_is_the_articles_found_with_the_smallest_ids(filled: Store) -> None:
    by_id = sorted((FERRY, BRIDGE, MARKET, CHURCH), key=lambda one: one.id)
    assert await filled.sample(Search(), 3) == [one.text_search for one in by_id[:3]]
    assert await filled.sample(Search(("ferry",)), 3) == [FERRY.text_search]
    assert await filled.sample(Search(("absent",)), 3) == []


async def test_the_latest_edit_comes_first(filled: Store) -> None:
    told = [(edit.article.id, edit.number, edit.title, edit.changed, edit.silent) for edit in await filled.edits(Search())]
    assert told == [
        (BRIDGE.id, 1, "Former title", ("text",), False),
        (FERRY.id, 2, "Ferry sails", ("title", "text"), False),
        (FERRY.id, 1, "Ferry may sail", ("text",), True),
    ]
    assert [edit.replaced for edit in await filled.edits(Search(limit=1, offset=1))] == [hours(5)]
    assert {edit.article.id for edit in await filled.edits(Search(("ferry",)))} == {FERRY.id}
    elsewhere = Search(conditions=(Not(Among(Field.SITE, ("gazette",))),))
    assert [edit.article.id for edit in await filled.edits(elsewhere)] == [BRIDGE.id]
    assert await filled.edits(Search(("market",))) == []


async def test_edits_and_losses_go_on_behind_a_place(filled: Store) -> None:
    together = revision("church", 1, replaced=hours(7)), revision("church", 2, replaced=hours(7))  # as the bridge's
    await filled.settle([visited(f"once more {one.number}", capture=None, revision=one) for one in together])
    await filled.settle(holding(replace(BRIDGE, gone=hours(8))))
    for query in (Search(), Search(site="herald")):
        every, lost = await filled.edits(query), await filled.gone(query)
        assert [edit.place for edit in every] == sorted((edit.place for edit in every), key=lambda one: (-one[0].timestamp(), *one[1:]))
        for at, edit in enumerate(every):
            assert await filled.edits(query, edit.place) == every[at + 1 :]
            assert await filled.edits(replace(query, limit=1), edit.place) == every[at + 1 : at + 2]
        for at, one in enumerate(lost):
            assert await filled.gone(query, loss_place(one)) == lost[at + 1 :]
    assert (len(every), len(lost)) == (3, 2)


async def test_a_change_that_is_ours_is_no_edit(filled: Store) -> None:
    again = revision("bridge", 1, replaced=hours(7), reader="2")
    await filled.settle([visited("again", capture=None, revision=again)])
    assert [edit.article.id for edit in await filled.edits(Search(limit=1))] == [FERRY.id]
    assert await filled.edits(Search(site="herald")) == []


async def test_the_latest_loss_comes_first(filled: Store) -> None:
    assert [one.id for one in await filled.gone(Search())] == [MARKET.id, CHURCH.id]
    assert [one.gone for one in await filled.gone(Search(site="herald"))] == [hours(8)]
    assert [one.id for one in await filled.gone(Search(limit=1, offset=1))] == [CHURCH.id]
    await filled.settle(holding(replace(MARKET, gone=None)))
    assert [one.id for one in await filled.gone(Search(("market",)))] == []


async def test_more_articles_than_a_server_can_be_told_are_told_apart_here(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "_NAMED", 0)
    query = Search(site="gazette", limit=1)
    assert [edit.number for edit in await filled.edits(query)] == [2]
    assert [edit.number for edit in await filled.edits(replace(query, offset=1))] == [1]
    assert await filled.edits(replace(query, offset=2)) == []
    assert [one.id for one in await filled.gone(query)] == [MARKET.id]
    assert await filled.gone(Search(("ferry",))) == []


async def test_headlines_that_came_to_nothing_are_counted_in_groups(store: Store) -> None:
    shown = {"kind": Kind.ARTICLE, "listed": "2026-08-01"}
    targets = [
        target("waiting", **shown),
        target("failed", **shown, state=State.FAILED, result=Result.BUSY),
        target("other", **shown, state=State.DONE, result=Result.OTHER, visited=hours(1)),
        target("other too", **shown, state=State.DONE, result=Result.OTHER, visited=hours(2)),
        target("read", **shown, state=State.DONE, result=Result.ARTICLE, visited=hours(1)),
        target("alias", **shown, state=State.DONE, result=Result.VARIANT, visited=hours(1)),
        target("menu", kind=Kind.PAGE, place="nav"),
        target("list", kind=Kind.LISTING),
        target("elsewhere", **shown, site="herald"),
        target("undated", kind=Kind.PAGE),
    ]
    await store.add_targets(targets)
    assert [(one.listed, one.result, one.captured, one.count) for one in await store.unread("gazette", 100)] == [
        ("", Result.NONE, False, 1),
        ("2026-08-01", Result.NONE, False, 1),
        ("2026-08-01", Result.BUSY, False, 1),
        ("2026-08-01", Result.OTHER, True, 2),
    ]
    assert len(await store.unread("gazette", 2)) == 2
    assert await store.unread("nothing", 10) == []


async def test_the_latest_run_of_each_site_however_many_of_others_came_later(store: Store) -> None:
    assert await store.latest_runs() == {}
    seldom = [Run(str(hour), "herald", hours(hour), counters={"new": hour}) for hour in (1, 2, 0)]
    often = [Run(f"often {hour}", "gazette", hours(hour), hours(hour + 1), "finished") for hour in range(10, 40)]
    together = [Run(id_, "tribune", hours(5)) for id_ in ("b", "a")]
    for run in (*seldom, *often, *together):
        await store.save_run(run)
    latest = await store.latest_runs()
    assert latest == {"gazette": often[-1], "herald": seldom[1], "tribune": together[1]}
    assert latest == {site: (await store.runs(site, limit=1))[0] for site in latest}
