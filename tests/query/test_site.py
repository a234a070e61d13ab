"""What is told of a site, and how it looks."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.console import Console

from newscrawl.models import Kind, Result, Run, Settlement, State, Target
from newscrawl.query.reasons import MEANINGS
from newscrawl.query.site import EXAMPLES, RUNS, WAYS, Example, SiteReport, Way, site_report
from newscrawl.query.site_page import site_page
from newscrawl.store.protocol import Store
from tests.store.records import START, article, capture, hours, target

HOME = "https://gazette.example/"


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


async def report_of(store: Store, site: str = "gazette", url: str = "", **other) -> SiteReport:
    report = await site_report(store, site, url=url, **{"at": START, **other})
    assert report is not None
    return report


def page(report: SiteReport, width: int = 100) -> str:
    shown = io.StringIO()
    Console(file=shown, width=width, highlight=False).print(site_page(report))
    return shown.getvalue()


async def test_reasons_come_most_frequent_first_with_examples(filled: Store) -> None:
    trap, busy = (await report_of(filled)).reasons
    assert (trap.result, trap.count, trap.waiting, trap.meaning) == (Result.TRAP, 5, 0, MEANINGS[Result.TRAP])
    assert len(trap.examples) == EXAMPLES < trap.count
    assert all(example.url.startswith(f"{HOME}calendar/") and example.detail == "shape /calendar/0" for example in trap.examples)
    assert (busy.result, busy.count, busy.waiting) == (Result.BUSY, 2, 1)
    assert set(busy.examples) == {Example(f"{HOME}slow", "503"), Example(f"{HOME}late", "500")}


def regular(name: str, kind: Kind = Kind.LISTING, **other) -> Target:
    return target(name, **{"kind": kind, "state": State.DONE, "result": Result.LISTING, "visited": START, "again": hours(2), **other})


async def test_the_plan_is_the_front_page_and_what_is_looked_at_again(filled: Store) -> None:
    told = {"detail": "20 entries", "link_text": "RSS"}
    news, feed = regular("news/", link_text="News", detail="seed", again=START), regular("feed", Kind.FEED, **told)
    kept = [regular("sport/", result=Result.BUSY, detail="503"), regular("map", Kind.SITEMAP, result=Result.UNCHANGED, detail="304")]
    guess = regular("rss.xml", Kind.FEED, result=Result.MISSING, detail="404")
    await filled.settle([*map(Settlement, [feed, news, guess, *kept, regular("news/2", number=2)])])
    assert (await report_of(filled)).plan == (
        Way(HOME, Kind.SEED, "", None),
        Way(f"{HOME}feed", Kind.FEED, "20 entries", hours(2)),
        Way(f"{HOME}map", Kind.SITEMAP, "", hours(2)),
        Way(f"{HOME}news/", Kind.LISTING, "News", START),
        Way(f"{HOME}sport/", Kind.LISTING, "busy (503)", hours(2)),
    )
    rows = [line.split() for line in page(await report_of(filled)).splitlines()]
    assert ["each", "visit", "seed", HOME] in rows
    assert ["next", "visit", "listing", f"{HOME}news/", "News"] in rows
    assert ["08-01", "08:00", "feed", f"{HOME}feed", "20", "entries"] in rows


async def test_of_a_kind_only_those_due_first_are_told(filled: Store) -> None:
    await filled.settle([Settlement(regular(f"{number}/", again=hours(number))) for number in range(WAYS + 5)])
    ways = [way for way in (await report_of(filled)).plan if way.kind is Kind.LISTING]
    assert [way.again for way in ways] == [hours(number) for number in range(WAYS)]


async def test_addresses_are_counted_by_kind_and_state(filled: Store) -> None:
    report = await report_of(filled)
    assert report.standing == {
        Kind.SEED: {State.DONE: 1},
        Kind.PAGE: {State.DUE: 2, State.FAILED: 1, State.SKIPPED: 5},
        Kind.ARTICLE: {State.DONE: 1},
    }
    assert (report.counts.articles, report.counts.captures, report.counts.targets) == (1, 1, 10)


async def test_the_address_is_that_of_the_site_file_or_where_crawls_began(filled: Store) -> None:
    assert ((await report_of(filled)).addresses, (await report_of(filled)).configured) == ((HOME,), False)
    configured = await report_of(filled, url="https://www.gazette.example/")
    assert (configured.addresses, configured.configured) == (("https://www.gazette.example/",), True)


async def test_a_lease_is_told_while_it_lasts(filled: Store) -> None:
    assert (await report_of(filled)).lease is None
    lease = await filled.take_lease("gazette", "host:1/x", START, hours(1))
    assert (await report_of(filled)).lease == lease
    assert (await report_of(filled, at=lease.until)).lease is None
    assert "host:1/x, who holds the site until 2026-08-01 07:00:00 UTC" in page(await report_of(filled))


async def test_only_the_last_runs_of_the_site_are_told(filled: Store) -> None:
    for number in range(2, 9):
        await filled.save_run(Run(f"r{number}", "gazette", START + timedelta(days=number)))
    await filled.save_run(Run("h1", "herald", hours(99)))
    assert [run.id for run in (await report_of(filled)).runs] == ["r8", "r7", "r6", "r5", "r4"]
    assert RUNS == 5


async def test_a_site_that_nobody_knows_is_none(filled: Store) -> None:
    assert await site_report(filled, "nowhere", url="", at=START) is None


async def test_one_that_was_configured_and_never_crawled(filled: Store) -> None:
    report = await report_of(filled, "valley", url="https://valley.example/")
    assert (report.runs, report.reasons, report.standing, report.counts.articles) == ((), (), {}, 0)
    assert "It was not crawled yet." in page(report)


async def test_the_page_tells_all(filled: Store) -> None:
    text = page(await report_of(filled))
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
    text = page(await report_of(filled))
    assert not {"\x1b", "\u202e", "\r"} & set(text)
    assert "missing" in text
