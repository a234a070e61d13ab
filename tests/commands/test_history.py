"""`newscrawl diff`, `split`, and what `show` and `search` tell of copies and addresses."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, Revision, Settlement, State, Target
from newscrawl.reprints import Cluster, Copy, Regrouping
from newscrawl.store import open_store
from tests.examples import START, article
from tests.test_cli import STORE, here, run

__all__ = ["here"]

ALIAS = "https://m.gazette.example/1"
CHANGED = article(1, text="The bridge opens in June.", revision=2, changed=START, aliases=(ALIAS,), joined=((ALIAS, "same-content"),))
FORMER = Revision(CHANGED.id, 1, START, ("text",), CHANGED.title, "The bridge opens in May.", "c1", replaced=START + timedelta(hours=1))
COPY = article(2, site="herald", url="https://herald.example/2")


async def fill() -> None:
    store = open_store(STORE)
    await store.open()
    page = Target("t1", "gazette", CHANGED.url, Kind.ARTICLE, START, State.DONE, result=Result.ARTICLE)
    short = replace(page, id="t2", url="https://gazette.example/go/1", result=Result.REDIRECT, detail=f"301 {CHANGED.url}")
    twin = replace(page, id="t3", url="https://gazette.example/amp/1", result=Result.VARIANT, detail=f"200 {CHANGED.url}")
    await store.settle([Settlement(page, article=CHANGED, revision=FORMER), Settlement(short), Settlement(twin, article=COPY)])
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
        ["rel=canonical", "https://gazette.example/amp/1"],
        ["redirect", "https://gazette.example/go/1"],
    ]


def test_no_copies_are_no_error(filled):
    async def dissolve() -> None:
        store = open_store(STORE)
        await store.open()
        await store.regroup(Regrouping((), labels={CHANGED.id: "", COPY.id: ""}))
        await store.close()

    asyncio.run(dissolve())
    done = run("show", CHANGED.id, "--reprints")
    assert "no copies" in done.stderr


def test_split_parts_an_address(filled):
    assert "no longer taken for" in run("split", CHANGED.id, ALIAS).stdout
    assert "parted" in run("show", CHANGED.id, "--aliases").stdout

    async def after() -> tuple[object, list[str]]:
        store = open_store(STORE)
        await store.open()
        kept = await store.article(CHANGED.id)
        waiting = await store.due_targets("gazette", START + timedelta(days=9999), 9)
        await store.close()
        assert kept is not None
        return (kept.aliases, kept.joined), [one.id for one in waiting]

    assert asyncio.run(after()) == (((), ((ALIAS, "parted"),)), [target_id("gazette", ALIAS)])


def test_what_is_no_alias_cannot_be_parted(filled):
    done = run("split", CHANGED.id, "https://gazette.example/go/1", code=2)
    assert "no alias" in done.stderr
