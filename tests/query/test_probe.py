"""What is made of a first look, and what it advises."""

import tomllib
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from newscrawl.discover.links import Link
from newscrawl.discover.verdict import judge
from newscrawl.models import Article, Evidence, Kind, Reading, Result, Run, Settlement, State, Target
from newscrawl.query.probe import DATED, Probe, confidence, probed
from newscrawl.sites import load_site
from newscrawl.store.protocol import Store
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.examples import article, published
from tests.store.records import START, target

HOME = "https://gazette.example/"
SURE = dict.fromkeys(("title", "body", "published"), Evidence("json-ld", 0.9))
LISTS = f"short body -2.0, 6 {DATED} -1.0"
NUMBER = count()


def page(path: str = "", *, result: Result = Result.LISTING, **other: Any) -> Target:
    """A page that was asked for."""
    kind = Kind.LISTING if result is Result.LISTING else Kind.PAGE
    made = target(path, url=HOME + path, kind=kind, state=State.DONE, result=result, detail=LISTS if kind is Kind.LISTING else "200")
    return replace(made, **{"place": "ul.nav", "depth": 1, "visited": START, **other})


def front(**other: Any) -> Target:
    return page("", **{"kind": Kind.SEED, "detail": "seed", "place": "", "depth": 0, **other})


def story(**other: Any) -> Article:
    return article(next(NUMBER), **{"evidence": SURE, **other})


async def look(store: Store, *targets: Target, articles: tuple[Article, ...] = (), outcome: str = "survey", requests: int = 25) -> Probe:
    """What a look that met all this found."""
    read = [Settlement(page(f"read/{one.id}", result=Result.ARTICLE, kind=Kind.ARTICLE, place=""), article=one) for one in articles]
    await store.settle([*map(Settlement, targets), *read])
    run = Run("r1", "gazette", START, START, outcome, {"requests": requests})
    return await probed(store, run, HOME)


def paths(targets: tuple[Target, ...]) -> list[str]:
    return [target.url.removeprefix(HOME) for target in targets]


def said(probe: Probe) -> str:
    return "; ".join(advice.text for advice in probe.advice)


# what was found


async def test_what_was_met_is_sorted(store: Store) -> None:
    probe = await look(
        store,
        front(),
        page("robots.txt", kind=Kind.ROBOTS, result=Result.ROBOTS),
        page("feed", kind=Kind.FEED, detail="20 entries"),
        page("sitemap.xml", kind=Kind.SITEMAP, detail="900 entries", depth=2),
        page("news/"),
        page("about", result=Result.OTHER),
        page("gone", result=Result.MISSING),
        page("hidden", result=Result.FORBIDDEN),
        target("waits"),
        page("elsewhere", site="herald"),
        articles=(story(),),
    )
    assert (probe.site, probe.url, probe.requests, probe.waiting) == ("gazette", HOME, 25, 1)
    assert (paths(probe.robots), paths(probe.sources)) == (["robots.txt"], ["feed", "sitemap.xml"])
    assert (paths(probe.sections), paths(probe.others)) == (["", "news/"], ["about"])
    assert (sorted(paths(probe.shut)), len(probe.articles)) == (["gone", "hidden"], 1)


async def test_guesses_that_missed_are_not_told(store: Store) -> None:
    feed = page("rss.xml", kind=Kind.FEED, place="guessed feed", result=Result.MISSING)
    probe = await look(store, front(), feed, page("feed", kind=Kind.FEED, place="guessed feed", result=Result.OTHER))
    assert (probe.shut, probe.others, probe.sources) == ((), (), ())


async def test_a_robots_txt_that_is_missing_is_told_as_one(store: Store) -> None:
    probe = await look(store, front(), page("robots.txt", kind=Kind.ROBOTS, result=Result.MISSING))
    assert (paths(probe.robots), probe.shut) == (["robots.txt"], ())


async def test_further_pages_of_a_list_are_no_sections_nor_is_the_way_back(store: Store) -> None:
    second = page("news/2", number=2)
    probe = await look(store, front(), page("news/"), second, page("news/1", found_on=second.id))
    assert (paths(probe.sections), probe.others) == (["", "news/"], ())


async def test_a_page_that_only_repeats_a_list_is_no_section(store: Store) -> None:
    about = page("about", detail="no date -1.0, short headline -1.0")
    probe = await look(store, front(), about)
    assert (paths(probe.sections), paths(probe.others)) == ([""], ["about"])


async def test_one_that_led_to_something_new_is(store: Store) -> None:
    sport = page("sport/", detail="short body -2.0")
    menu = page("life/", detail="short body -2.0")
    found = [target("goal", found_on=sport.id), target("imprint", found_on=menu.id, place="div.footer")]
    probe = await look(store, front(), sport, menu, *found)
    assert (paths(probe.sections), paths(probe.others)) == (["", "sport/"], ["life/"])


def test_the_sign_of_a_dated_list_is_the_one_that_a_verdict_gives():
    links = [Link(f"{HOME}{number}", f"The mayor opens bridge number {number}", listed="2026-08-01") for number in range(3)]
    verdict = judge(Reading("News", ("Words.",)), links, url=f"{HOME}news/", kind=Kind.PAGE, link_text="News")
    assert (verdict.result, DATED in verdict.reason) == (Result.LISTING, True)


async def test_what_is_nearest_to_the_front_page_comes_first(store: Store) -> None:
    probe = await look(store, page("b/", depth=2), page("a/", depth=3), front(), page("c/", depth=1))
    assert paths(probe.sections) == ["", "c/", "b/", "a/"]


# how sure


def test_an_article_is_as_sure_as_its_weakest_part():
    assert confidence(story()) == 0.9
    assert confidence(story(evidence={**SURE, "body": Evidence("page", 0.4), "authors": Evidence("byline", 0.1)})) == 0.4
    assert confidence(story(evidence={name: one for name, one in SURE.items() if name != "published"})) == 0.0


# advice


@pytest.mark.parametrize("outcome", ["survey", "finished", "deferred"])
async def test_where_all_is_well_the_defaults_do(store: Store, outcome: str) -> None:
    targets = [front(), page("news/"), page("hidden", result=Result.FORBIDDEN)]
    probe = await look(store, *targets, articles=(story(), story()), outcome=outcome)
    assert (probe.advice, probe.site_file, probe.cut_short) == ((), "", False)


@pytest.mark.parametrize(("undated", "told"), [(1, ""), (2, "2 of 3 articles show no date")])
async def test_articles_without_a_date(store: Store, undated: int, told: str) -> None:
    without = [story(published=None) for _ in range(undated)]
    probe = await look(store, front(), articles=(story(published=published("2026-08-01 06:00")), *without))
    assert said(probe).startswith(told)
    assert (bool(probe.advice), "date = {" in probe.site_file) == (bool(told), bool(told))


@pytest.mark.parametrize(("unsure", "told"), [(1, ""), (2, "most texts are uncertain")])
async def test_articles_of_which_the_reader_is_not_sure(store: Store, unsure: int, told: str) -> None:
    doubtful = [story(evidence={**SURE, "body": Evidence("page", 0.3)}) for _ in range(unsure)]
    probe = await look(store, front(), articles=(story(), *doubtful))
    assert said(probe).startswith(told)
    assert (bool(probe.advice), "body = {" in probe.site_file) == (bool(told), bool(told))


async def test_undated_articles_are_not_called_uncertain_as_well(store: Store) -> None:
    probe = await look(store, front(), articles=(story(published=None, evidence={}),))
    assert [advice.key.split()[1] for advice in probe.advice] == ["date"]


@pytest.mark.parametrize("other", [page("news/"), page("ferry-is-late", result=Result.OTHER, place="")])
async def test_a_section_or_headlines_without_an_article(store: Store, other: Target) -> None:
    probe = await look(store, front(), other)
    assert "it lists pages, but none was taken for an article" in said(probe)
    assert "# article = " in probe.site_file


async def test_nothing_at_all(store: Store) -> None:
    probe = await look(store, front(), page("about", result=Result.OTHER))
    assert "no article and no list of them was found" in said(probe)
    assert "# listing = " in probe.site_file


@pytest.mark.parametrize(
    ("result", "outcome", "told"),
    [
        (Result.BLOCKED, "blocked", "a captcha or challenge"),
        (Result.UNREACHABLE, "deferred", "check the address, or try again later"),
        (Result.BUSY, "no answer", "check the address, or try again later"),
        (Result.MISSING, "finished", "check the address, or try again later"),
        (Result.REFUSED, "finished", "check the address, or try again later"),
        (Result.FORBIDDEN, "finished", "its robots.txt asks us to leave it alone"),
        (Result.OFF_SITE, "finished", "its front page leads to another site"),
    ],
)
async def test_a_front_page_that_could_not_be_had(store: Store, result: Result, outcome: str, told: str) -> None:
    probe = await look(store, front(result=result), outcome=outcome)
    assert told in said(probe)
    assert (len(probe.advice), probe.site_file) == (1, "")


async def test_lists_that_scripts_make(store: Store) -> None:
    scripted = page("news/", result=Result.SCRIPTED)
    probe = await look(store, front(), scripted)
    assert said(probe).startswith("1 of its lists are made by scripts: get newscrawl[javascript] and a Chromium; nothing can be said")
    assert "made by scripts" in said(await look(store, articles=(story(),)))


@pytest.mark.parametrize("outcome", ["shutdown", "memory", "blocked"])
async def test_a_look_that_was_broken_off_says_so(store: Store, outcome: str) -> None:
    probe = await look(store, front(), outcome=outcome)
    assert probe.cut_short
    assert said(probe) == f"the look was broken off ({outcome}): look again"
    assert "so it tells little" in said(await look(store, articles=(story(),), outcome=outcome))


# the file


async def test_the_site_file_is_one_and_its_keys_work_once_their_mark_is_gone(store: Store, tmp_path: Path) -> None:
    keys = []
    for number, (targets, articles) in enumerate(
        [((), (story(published=None),)), ((), (story(evidence={}),)), ((page("a/"), page("b/")), ()), ((), ())]
    ):
        empty = SqliteStore(tmp_path / f"{number}.db", "sqlite:///x.db")
        await empty.open()
        text = (await look(empty, front(), *targets, articles=articles)).site_file
        await empty.close()
        (tmp_path / "gazette.toml").write_text(text, "utf-8")
        assert load_site("gazette", tmp_path).url == HOME
        (tmp_path / "gazette.toml").write_text(text.replace("# ", ""), "utf-8")
        assert load_site("gazette", tmp_path).url == HOME
        keys += [key for key in tomllib.loads(text.replace("# ", "")) if key != "url"]
    assert keys == ["date", "body", "article", "listing"]


async def test_the_address_in_the_site_file_is_quoted(store: Store) -> None:
    probe = replace(await look(store), url='https://gazette.example/?"é\\n')
    assert tomllib.loads(probe.site_file)["url"] == probe.url
