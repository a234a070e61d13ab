"""Visits that lead to what was taken down."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newscrawl.crawl.tombstones import bury, tombstone
from newscrawl.crawl.visit import Visit
from newscrawl.errors import StoreError
from newscrawl.models import Kind, Result, State, Target
from newscrawl.store.protocol import Store
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.crawl.test_committer import files, made
from tests.crawl.visits import HOME, target, visit

FERRY, OTHER, SHORT, LOOP = (HOME + path for path in ("ferry", "other", "go/1", "loop"))


@pytest.fixture
async def store(tmp_path: Path) -> Any:
    opened = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await opened.open()
    await opened.add_targets(
        [
            tombstone(target("ferry", link_text="The ferry is late", visits=3)),
            target("other", state=State.DONE, result=Result.ARTICLE, detail="200", visits=1),
            target("go/1", state=State.DONE, result=Result.REDIRECT, detail=f"301 {FERRY}"),
            target("go/2", state=State.DONE, result=Result.REDIRECT, detail=f"301 {OTHER}"),
            target("loop", state=State.DONE, result=Result.REDIRECT, detail=f"301 {LOOP}"),
        ]
    )
    yield opened
    await opened.close()


def leading(path: str, to: str, *, result: Result = Result.VARIANT, kind: Kind = Kind.PAGE, parent: str = "") -> Visit:
    made = visit(path, result=result, moved_to=to, found=(target("more"),))
    made.target = replace(made.target, kind=kind, parent=parent)
    return made


@pytest.mark.parametrize(
    ("one", "goes"),
    [
        (leading("amp", FERRY), True),
        (leading("amp", FERRY.replace("https:", "http:")), True),
        (leading("old", FERRY, result=Result.REDIRECT, kind=Kind.ARTICLE), True),
        (leading("amp", SHORT), True),
        (leading("ferry/2", "", result=Result.PART, kind=Kind.PART, parent=FERRY), True),
        (leading("amp", OTHER), False),
        (leading("amp", HOME + "go/2"), False),
        (leading("amp", LOOP), False),
        (leading("amp", HOME + "unknown"), False),
        (leading("other/2", "", result=Result.PART, kind=Kind.PART, parent=OTHER), False),
        (leading("page", "", result=Result.ARTICLE), False),
        (leading("", FERRY, result=Result.REDIRECT, kind=Kind.SEED), False),
        (leading("city", FERRY, result=Result.REDIRECT, kind=Kind.LISTING), False),
    ],
)
async def test_what_leads_to_what_was_taken_down_is_not_kept(store: Store, one: Visit, *, goes: bool) -> None:
    before = one.result
    await bury(store, [one])
    assert (one.result, one.capture is None) == ((Result.TAKEN_DOWN, True) if goes else (before, False))


async def test_what_a_batch_itself_learns_of_the_way_counts(store: Store) -> None:
    batch = [leading("amp", HOME + "go/9"), leading("go/9", FERRY, result=Result.REDIRECT), leading("print", OTHER)]
    await bury(store, batch)
    assert [one.result for one in batch] == [Result.TAKEN_DOWN, Result.TAKEN_DOWN, Result.VARIANT]


async def test_links_of_a_page_are_kept_but_not_further_pages_of_what_is_gone(store: Store) -> None:
    page, part = leading("amp", FERRY), leading("ferry/2", "", result=Result.PART, kind=Kind.PART, parent=FERRY)
    await bury(store, [page, part])
    assert (len(page.found), len(part.found)) == (1, 0)


async def settled(store: SqliteStore, archive: Path, one: Visit) -> Target:
    committer = made(store, archive, hurry=lambda _: True)  # type: ignore[arg-type]  # any store will do
    settlement = await committer.commit(one)
    await committer.close()
    return settlement.target


async def test_nothing_of_it_reaches_the_archive_and_it_is_a_tombstone(store: SqliteStore, tmp_path: Path) -> None:
    one = leading("amp", FERRY)
    one.target = replace(one.target, link_text="The ferry is late")
    gone = await settled(store, tmp_path / "warc", one)
    assert files(tmp_path / "warc") == []
    assert (gone.state, gone.result, gone.link_text, gone.again, gone.visits) == (State.SKIPPED, Result.TAKEN_DOWN, "", None, 1)
    assert (await store.targets([gone.id]))[gone.id] == gone
    assert gone.visited is not None
    assert (await store.counts()).captures == 0


async def test_a_store_that_is_away_is_asked_again_before_anything_is_written(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked, refusals = store.targets, [StoreError("the store is away")]

    async def refusing(ids: Any) -> dict[str, Target]:
        if refusals:
            raise refusals.pop()
        return await asked(ids)

    monkeypatch.setattr(store, "targets", refusing)
    with caplog.at_level(logging.WARNING):
        assert (await settled(store, tmp_path / "warc", leading("amp", FERRY))).result is Result.TAKEN_DOWN
    assert "the store is away" in caplog.text
    assert files(tmp_path / "warc") == []
