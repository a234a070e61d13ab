"""`newscrawl diff`, `split`, and what `show` and `search` tell of copies and addresses."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from newscrawl.crawl.learned import read_learned, write_learned
from newscrawl.identify.addresses import Addresses
from newscrawl.identify.exact import target_id
from newscrawl.models import Article, Kind, Result, Revision, Run, Settlement, State, Target, now
from newscrawl.reprints import Cluster, Copy, Regrouping
from newscrawl.store import open_store
from newscrawl.store.protocol import twin_of
from tests.examples import START, article
from tests.test_cli import STORE, here, run

__all__ = ["here"]

ALIAS = "https://m.gazette.example/1"
LOOP = "https://gazette.example/loop"
SHORT, AMP = "https://gazette.example/go/1", "https://gazette.example/amp/1"
CHANGED = article(1, text="The bridge opens in June.", revision=2, changed=START, aliases=(ALIAS,), joined=((ALIAS, "same-content"),))
FORMER = Revision(CHANGED.id, 1, START, ("text",), CHANGED.title, "The bridge opens in May.", "c1", replaced=START + timedelta(hours=1))
PRINT = f"{CHANGED.url}?print=1"
SESSION = f"{ALIAS}?who=7"
IDLE = "idle who m.gazette.example/0"
OTHER = article(3, text="The mill stands still.", title="The mill")
COPY = article(2, site="herald", url="https://herald.example/2")


def at(url: str) -> str:
    return target_id("gazette", url)


async def fill() -> None:
    store = open_store(STORE)
    await store.open()
    page = Target("t1", "gazette", CHANGED.url, Kind.ARTICLE, START, State.DONE, result=Result.ARTICLE)
    short = replace(page, id=at(SHORT), url=SHORT, result=Result.REDIRECT, detail=f"301 {CHANGED.url}")
    twin = replace(page, id=at(AMP), url=AMP, result=Result.VARIANT, detail=f"200 {CHANGED.url}")
    spared = [
        replace(page, id=at(url), url=url, state=State.SKIPPED, visits=0, result=Result.TWIN, detail=twin_of(of))
        for url, of in ((PRINT, CHANGED.url), (f"{OTHER.url}?print=1", OTHER.url), (SESSION, ALIAS))
    ]
    loop = replace(short, id=at(LOOP), url=LOOP, detail=f"301 {LOOP}")
    page = replace(page, id=at(CHANGED.url))
    await store.settle([Settlement(page, article=CHANGED, revision=FORMER), Settlement(short), Settlement(twin, article=COPY)])
    await store.settle([Settlement(loop)])
    await store.save_run(Run("r1", "gazette", START, START, "finished"))
    await store.settle([Settlement(spared[0]), Settlement(spared[1], article=OTHER), Settlement(spared[2])])
    addresses = Addresses("gazette")
    for number in range(3):
        addresses.twins.saw(f"https://gazette.example/{number}?print=1", f"https://gazette.example/{number}")
        addresses.twins.prove(IDLE, f"https://m.gazette.example/{number}")
    await store.save_learned("gazette", write_learned({"worth": "{}", "addresses": addresses.as_json()}))
    cluster = Cluster("k", START, START, CHANGED.id, (Copy(CHANGED.id, 1.0), Copy(COPY.id, 0.9)))
    await store.regroup(Regrouping((), labels={CHANGED.id: "k", COPY.id: "k"}, clusters=(cluster,)))
    await store.close()


@pytest.fixture
def filled(here):
    asyncio.run(fill())
    return here


def test_diff_shows_the_last_change(filled):
    text = run("diff", CHANGED.id[:10]).stdout
    assert "The bridge opens in [-May-]{+June+}." in text
    assert run("diff", CHANGED.url, "2").stdout == run("diff", CHANGED.id, "1", "2").stdout == text


def test_diff_as_a_page(filled):
    assert "<del>May</del><ins>June</ins>" in run("diff", CHANGED.id, "--html").stdout


def test_what_never_changed_says_so(filled):
    done = run("diff", COPY.id)
    assert done.stdout == ""
    assert "never changed" in done.stderr


@pytest.mark.parametrize(("numbers", "said"), [(("7",), "no revision 7"), (("1", "2", "3"), "name one or two")])
def test_what_diff_cannot_show_is_named(filled, numbers, said):
    done = run("diff", CHANGED.id, *numbers, code=2)
    assert said in done.stderr


def test_show_lists_the_copies(filled):
    lines = run("show", COPY.id, "--reprints").stdout.splitlines()
    assert "likely original" in lines[1]
    assert "90%" in lines[2]
    assert "(this one)" in lines[2]
    assert "1 other copy" in run("show", COPY.id).stdout
    assert "1 other copy" in run("search", "bridge").stdout


def test_show_lists_the_addresses(filled):
    text = run("show", CHANGED.id, "--aliases").stdout
    assert [line.split()[-2:] for line in text.splitlines()[1:]] == [
        ["own", CHANGED.url],
        ["same-content", ALIAS],
        ["rule", PRINT],
        ["spared", "yet)"],
        ["rel=canonical", AMP],
        ["redirect", SHORT],
        ["rule", SESSION],
        ["spared", "yet)"],
    ]
    assert "?print=1 makes it no other page (proved by 3 articles" in text
    assert "?who=… makes it no other page, as in m.gazette.example/0 (proved by 3 articles" in text


@pytest.mark.parametrize(
    "url", [SHORT, AMP, PRINT, SESSION, PRINT.replace("https:", "http:"), CHANGED.url.replace("https:", "http:"), ALIAS]
)
def test_an_article_is_found_by_any_of_its_addresses(filled, url):
    assert run("show", url).stdout == run("show", CHANGED.id).stdout


@pytest.mark.parametrize("url", ["https://gazette.example/go/2", "https://gazette.example/loop"])
def test_what_leads_to_no_article_is_none(filled, url):
    assert "no article is known at this address" in run("show", url, code=2).stderr


def test_no_copies_are_no_error(filled):
    async def dissolve() -> None:
        store = open_store(STORE)
        await store.open()
        await store.regroup(Regrouping((), labels={CHANGED.id: "", COPY.id: ""}))
        await store.close()

    asyncio.run(dissolve())
    done = run("show", CHANGED.id, "--reprints")
    assert "no copies" in done.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (ALIAS, "reads it as an article of its own."),
        (AMP, "whatever it names as its canonical address"),
        (SHORT, "as long as it redirects it is nobody's"),
        (PRINT, "asks for it, and for 2 others that rules explained"),
        (SESSION, "asks for it, and for 2 others that rules explained"),
        (PRINT.replace("https:", "http:"), "asks for it"),
    ],
)
def test_split_undoes_what_joined_an_address(filled, url, said):
    alias = url.replace("http:", "https:")
    assert said in run("split", CHANGED.id, url).stdout
    rows = [line.split() for line in run("show", CHANGED.id, "--aliases").stdout.splitlines()]
    assert [row for row in rows if alias in row] == [["parted", alias]]
    kept, waiting, addresses = asyncio.run(after())
    assert alias not in kept.aliases
    assert (alias, "parted") in kept.joined
    assert target_id("gazette", alias) in {one.id for one in waiting}
    assert addresses.parted == {target_id("gazette", alias)}
    assert run("split", CHANGED.id, url, code=2).stderr.startswith("newscrawl: ")  # it is no alias any more


def test_to_part_what_a_rule_joined_undoes_the_rule(filled):
    run("split", CHANGED.id, PRINT)
    _, waiting, addresses = asyncio.run(after())
    assert sorted(one.url for one in waiting) == sorted([PRINT, f"{OTHER.url}?print=1", SESSION])
    assert addresses.likely("https://gazette.example/9?print=1") == []
    assert addresses.twins.evidence("query print=1") == "wrong: by hand"


def test_to_part_anything_else_does_not(filled):
    run("split", CHANGED.id, AMP)
    _, waiting, addresses = asyncio.run(after())
    assert [one.url for one in waiting] == [AMP]
    assert addresses.likely("https://gazette.example/9?print=1") == ["https://gazette.example/9"]


async def after() -> tuple[Article, list[Target], Addresses]:
    """The article, what is due, and what is known of the site's addresses."""
    store = open_store(STORE)
    await store.open()
    kept = await store.article(CHANGED.id)
    waiting = await store.due_targets("gazette", START + timedelta(days=9999), 9)
    sections = read_learned(await store.learned("gazette"))
    await store.close()
    assert kept is not None
    assert sections["worth"] == "{}"
    addresses = Addresses("gazette")
    addresses.remember(sections["addresses"])
    return kept, waiting, addresses


@pytest.mark.parametrize("url", ["https://gazette.example/go/2", CHANGED.url, "nonsense"])
def test_what_is_no_alias_cannot_be_parted(filled, url):
    assert "no alias" in run("split", CHANGED.id, url, code=2).stderr


def test_nothing_is_parted_while_a_crawl_is_running(filled):
    async def hold() -> None:
        store = open_store(STORE)
        await store.open()
        await store.take_lease("gazette", "elsewhere:1/x", now(), now() + timedelta(hours=1))
        await store.close()

    asyncio.run(hold())
    assert "is being crawled by elsewhere" in run("split", CHANGED.id, ALIAS, code=6).stderr
