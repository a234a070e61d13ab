"""A result as a folder of pages: linked, whole, and in a real browser nothing runs or asks for anything."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from newscrawl.crawl.browser import missing, program
from newscrawl.query.export.work import export
from newscrawl.reprints import Cluster, Compared, Copy, Regrouping
from newscrawl.store.protocol import Search
from newscrawl.web.copy import CopyWriter, address_of, changes_of
from tests.knobs import browser_knobs
from tests.query.conftest import store
from tests.store.records import START, holding, hours, revision, visited
from tests.web.conftest import COPY, FERRY, HOSTILE, MANY

__all__ = ["store"]
EDITED = replace(FERRY, revision=2, changed=hours(5), cluster="c1")


@pytest.fixture
async def folder(store, tmp_path):
    """All articles of the web tests, copied."""
    await store.settle(holding(EDITED, COPY, *MANY, *HOSTILE))
    await store.settle([visited("ferry", revision=revision("ferry", text="The ferry sails."))])
    compared = tuple(Compared(one.id, one.text_search, ()) for one in (EDITED, COPY))
    copies = (Copy(EDITED.id, 1.0), Copy(COPY.id, 0.9), Copy("not found", 0.9))
    await store.regroup(
        Regrouping(compared, labels={EDITED.id: "c1", COPY.id: "c1"}, clusters=(Cluster("c1", START, START, EDITED.id, copies),))
    )
    await copied(store, Search(), tmp_path / "copy", told="ferry <OR> 渡船")
    return tmp_path / "copy"


async def copied(store, query, out, *, told="all"):
    await export(store, query, CopyWriter(out, "q", store, told=told), lambda _: None)


class Links(HTMLParser):
    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src")]


def test_every_link_leads_to_a_page_of_the_copy_and_every_page_is_linked(folder):
    linked = {folder / "index.html"}
    for page in folder.rglob("*.html"):
        for link in Links(page).found:
            if not link.startswith("#"):
                linked.add(target := (page.parent / link).resolve())
                assert target.is_file(), f"{page}: {link}"
    assert linked == {path for path in folder.rglob("*") if path.is_file()}


def test_the_list_has_all_articles_the_newest_first_and_months(folder):
    pages = [(folder / name).read_text("utf-8") for name in ("index.html", "page-2.html")]
    assert "<h1>ferry &lt;OR&gt; 渡船</h1>" in pages[0]
    assert "<b>56</b> articles" in pages[0]
    titles = [title for page in pages for title in re.findall(r'<h2><a href="[^"]+">([^<]*)</a></h2>', page)]
    assert len(titles) == 56
    assert [title for title in titles if title.startswith("Council")] == [f"Council meets {at}" for at in reversed(range(45))]


def test_an_article_shows_its_copies_and_changes(folder):
    page = (folder / address_of(EDITED.id)).read_text("utf-8")
    assert "likely original" in page
    assert f'href="../../{address_of(COPY.id)}"' in page
    assert page.count("<tr") == 3  # a head and two copies: of what was not found there is nothing to show
    changes = (folder / changes_of(EDITED.id)).read_text("utf-8")
    assert "<del>sails</del>" in changes
    assert "<ins>stays" in changes


async def test_a_copy_that_was_not_found_is_not_linked(store, folder, tmp_path):
    await copied(store, Search(("fog",)), tmp_path / "fog")
    page = (tmp_path / "fog" / address_of(EDITED.id)).read_text("utf-8")
    assert COPY.id not in page
    assert "Copies" not in page


@pytest.fixture
async def browser() -> AsyncIterator[object]:
    if missing(browser_knobs()):
        pytest.skip(f"no browser: {missing(browser_knobs())}")
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program(browser_knobs()), args=["--no-sandbox"])
        yield opened
        await opened.close()


async def test_in_a_browser_nothing_runs_and_nothing_is_asked_for(browser, folder):
    page, asked, said = await browser.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for one in [EDITED, *HOSTILE]:
        await page.goto((folder / address_of(one.id)).as_uri())
        assert "ran" not in (await page.title()).split()
        assert await page.evaluate("document.title") != "ran"
        assert await page.evaluate("document.scripts.length") == 0
    assert {url for url in asked if not url.startswith(folder.as_uri())} == set()
    assert said == []
    assert await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "1088px"  # the style sheet is in force


async def test_the_policy_would_stop_a_script(browser, folder):
    """The control: a page with a script in it, under the same policy."""
    path = folder / "index.html"
    path.write_text(path.read_text("utf-8").replace("</main>", "<script>document.title = 'ran'</script></main>"), "utf-8")
    page, said = await browser.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(path.as_uri())
    assert await page.evaluate("document.scripts.length") == 1
    assert await page.title() != "ran"
    assert any("Content Security Policy" in text for text in said)


async def test_a_reader_goes_through_it_on_a_telephone(browser, folder):
    page = await browser.new_page(viewport={"width": 360, "height": 700})
    page.set_default_timeout(15_000)
    await page.goto((folder / "index.html").as_uri())
    await page.click("text=further →")
    await page.click("text=← newer")
    await page.click("text=港口")
    assert await page.inner_text("h1") == COPY.title
    await page.click(".copies a >> nth=0")
    await page.click("text=What changed")
    assert await page.inner_text("tr.changed del") == "sails"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.click("text=the article")
    await page.click("text=All articles")
    assert page.url.endswith(".html")
