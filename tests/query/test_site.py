"""What is told of a site, and how it looks."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from newscrawl.models import Kind, Result, Run, Settlement, State
from newscrawl.query.reasons import MEANINGS
from newscrawl.query.site import EXAMPLES, RUNS, Example, SiteReport, site_report
from newscrawl.query.site_page import site_page
from newscrawl.store.protocol import Store
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.store.records import START, article, capture, hours, target

HOME = "https://gazette.example/"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def filled(store: Store) -> Store:
    """One article, five traps, a page that is to be tried again and one that is not."""
    traps = [target(f"calendar/{number}", state=State.SKIPPED, result=Result.TRAP, detail="shape /calendar/0") for number in range(5)]
    busy = [target("slow", result=Result.BUSY, detail="503", tries=1), target("late", result=Result.BUSY, detail="500", state=State.FAILED)]
    done = {"state": State.DONE, "visited": START}
    seed = target("", url=HOME, kind=Kind.SEED, result=Result.LISTING, **done)
    story = Settlement(target("a", kind=Kind.ARTICLE, result=Result.ARTICLE, **done), capture=capture("a"), article=article("a"))
    await store.settle([story, *map(Settlement, [*traps, *busy, seed, target("b"), target("c", site="herald", result=Result.TRAP)])])
    await store.save_run(Run("r1", "gazette", START, hours(1), "finished", {"new": 1}))
    return store


async def told(store: Store, site: str = "gazette", url: str = "", **other) -> SiteReport:
    report = await site_report(store, site, url=url, **{"at": START, **other})
    assert report is not None
    return report


def page(report: SiteReport, width: int = 100) -> str:
    shown = io.StringIO()
    Console(file=shown, width=width, highlight=False).print(site_page(report))
    return shown.getvalue()


async def test_reasons_come_most_frequent_first_with_examples(filled: Store) -> None:
    trap, busy = (await told(filled)).reasons
    assert (trap.result, trap.count, trap.waiting, trap.meaning) == (Result.TRAP, 5, 0, MEANINGS[Result.TRAP])
    assert len(trap.examples) == EXAMPLES < trap.count
    assert all(example.url.startswith(f"{HOME}calendar/") and example.detail == "shape /calendar/0" for example in trap.examples)
    assert (busy.result, busy.count, busy.waiting) == (Result.BUSY, 2, 1)
    assert set(busy.examples) == {Example(f"{HOME}slow", "503"), Example(f"{HOME}late", "500")}


async def test_addresses_are_counted_by_kind_and_state(filled: Store) -> None:
    report = await told(filled)
    assert report.standing == {
        Kind.SEED: {State.DONE: 1},
        Kind.PAGE: {State.DUE: 2, State.FAILED: 1, State.SKIPPED: 5},
        Kind.ARTICLE: {State.DONE: 1},
    }
    assert (report.counts.articles, report.counts.captures, report.counts.targets) == (1, 1, 10)


async def test_the_address_is_that_of_the_site_file_or_where_crawls_began(filled: Store) -> None:
    assert ((await told(filled)).addresses, (await told(filled)).configured) == ((HOME,), False)
    configured = await told(filled, url="https://www.gazette.example/")
    assert (configured.addresses, configured.configured) == (("https://www.gazette.example/",), True)


async def test_a_lease_is_told_while_it_lasts(filled: Store) -> None:
    assert (await told(filled)).lease is None
    lease = await filled.take_lease("gazette", "host:1/x", START, hours(1))
    assert (await told(filled)).lease == lease
    assert (await told(filled, at=lease.until)).lease is None
    assert "host:1/x, who holds the site until 2026-08-01 07:00:00 UTC" in page(await told(filled))


async def test_only_the_last_runs_of_the_site_are_told(filled: Store) -> None:
    for number in range(2, 9):
        await filled.save_run(Run(f"r{number}", "gazette", START + timedelta(days=number)))
    await filled.save_run(Run("h1", "herald", hours(99)))
    assert [run.id for run in (await told(filled)).runs] == ["r8", "r7", "r6", "r5", "r4"]
    assert RUNS == 5


async def test_a_site_that_nobody_knows_is_none(filled: Store) -> None:
    assert await site_report(filled, "nowhere", url="", at=START) is None


async def test_one_that_was_configured_and_never_crawled(filled: Store) -> None:
    report = await told(filled, "valley", url="https://valley.example/")
    assert (report.runs, report.reasons, report.standing, report.counts.articles) == ((), (), {}, 0)
    assert "It was not crawled yet." in page(report)


async def test_the_page_tells_all(filled: Store) -> None:
    text = page(await told(filled))
    assert f"{HOME}  (not configured)" in text
    assert "     5  trap: not asked for, because its like has led to nothing new\n" in text
    assert "     2  busy: the server was overloaded or failed, 1 of them to be tried again\n" in text
    assert f"        {HOME}slow  (503)\n" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["page", "2", "0", "1", "5"] in rows
    assert ["waiting", "done", "failed", "skipped"] in rows


async def test_no_address_can_move_the_cursor(filled: Store) -> None:
    nasty = target("x", url="https://gazette.example/\x1b[2J\u202e", result=Result.MISSING, detail="\x1b[31m404\r", state=State.DONE)
    await filled.settle([Settlement(replace(nasty, kind=Kind.SEED))])
    text = page(await told(filled))
    assert not {"\x1b", "\u202e", "\r"} & set(text)
    assert "missing" in text
