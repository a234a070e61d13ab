"""`newscrawl sites` and `newscrawl sites show`."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.models import Kind, Result, Run, Settlement, State, Target
from newscrawl.query.site import SiteReport
from newscrawl.store import open_store
from tests.examples import START, article
from tests.test_cli import STORE, here, run

__all__ = ["here"]


async def fill() -> None:
    store = open_store(STORE)
    await store.open()
    page = Target("t1", "gazette", "https://gazette.example/1", Kind.ARTICLE, START, State.DONE, result=Result.ARTICLE)
    left = replace(page, id="t2", url="https://gazette.example/2", state=State.SKIPPED, result=Result.FORBIDDEN, detail="robots.txt")
    news = replace(
        page, id="t3", url="https://gazette.example/news/", kind=Kind.LISTING, result=Result.LISTING, link_text="News", again=START
    )
    await store.settle([Settlement(page, article=article(1)), Settlement(left), Settlement(news)])
    await store.save_run(Run(id="r1", site="gazette", started=START, ended=START, outcome="finished", counters={"new": 1, "article": 1}))
    await store.close()


@pytest.fixture
def filled(here: Path) -> Path:
    """A working directory after a crawl of one site, with another that is configured."""
    asyncio.run(fill())
    sites = Path("settings/sites")
    sites.mkdir(parents=True)
    (sites / "valley.toml").write_text('url = "https://valley.example/"')
    return here


def test_the_list_names_those_configured_and_those_crawled(filled):
    lines = run("sites").stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["gazette", "valley"]
    assert "https://valley.example/" in lines[1]
    assert "never" in lines[1]
    assert run("sites", "--store", STORE).stdout.splitlines()[1:] == lines


def test_without_a_store_or_a_site_there_is_nothing_to_list(here):
    assert "none was crawled" in run("sites").stderr


def test_one_is_shown_with_its_reasons(filled):
    text = run("sites", "show", "gazette").stdout
    assert "forbidden: robots.txt asks us to leave it alone" in text
    assert "https://gazette.example/2  (robots.txt)" in text
    assert "finished" in text
    assert "next visit  listing  https://gazette.example/news/  News" in text
    assert "https://valley.example/" in run("sites", "show", "valley").stdout


def test_json_has_all_fields(filled):
    shown = json.loads(run("sites", "show", "gazette", "--json").stdout)
    assert list(shown) == list(SiteReport.__slots__)
    assert shown["reasons"][0]["examples"] == [{"url": "https://gazette.example/2", "detail": "robots.txt"}]
    assert shown["standing"] == {"listing": {"done": 1}, "article": {"done": 1, "skipped": 1}}
    assert shown["plan"] == [{"url": "https://gazette.example/news/", "kind": "listing", "told": "News", "again": "2026-08-01T06:00:00Z"}]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["show", "gazete"], 2, "gazete: no such site. Did you mean 'gazette'? `newscrawl sites` lists"),
        (["show", "vally"], 2, "Did you mean 'valley'?"),
        (["show"], 2, "Missing argument"),
        (["shw"], 2, "No such command"),
        (["show", "gazette", "--store", "sqlite:///nowhere.db"], 4, "there is no such file"),
    ],
)
def test_a_mistake_is_one_clear_message(filled, arguments, code, said):
    result = run("sites", *arguments, code=code)
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""
