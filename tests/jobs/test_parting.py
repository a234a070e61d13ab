"""What the next crawl makes of addresses that were parted from their articles. By real crawls of a small site."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from newscrawl.crawl.sparing import Sparing
from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from newscrawl.errors import InputError
from newscrawl.identify.addresses import Addresses
from newscrawl.identify.exact import target_id
from newscrawl.jobs.parting import Parted, part
from newscrawl.jobs.takedown import planned
from newscrawl.models import Kind, Result, Settlement, State, Target
from newscrawl.store import open_store
from newscrawl.store.protocol import twin_of
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.crawl.crawls import Place
from tests.crawl.pages import listing, publish, story
from tests.examples import START, article

NAMES = ("Ayton", "Barham", "Corby")
JOINED = {"/copy": ("Ayton", Result.VARIANT), "/go": ("Barham", Result.REDIRECT), "/same": ("Corby", Result.SAME_CONTENT)}


def site() -> dict[str, Page]:
    """Three stories, each at another address as well: by its canonical address, by a redirect, by its content."""
    stories = {f"/news/{name}": story(name) for name in NAMES}
    return {
        "/robots.txt": Page(b"User-agent: *\nDisallow:\n", "text/plain"),
        "/": listing(*stories, *JOINED),
        **stories,
        "/copy": story("Ayton", head='<link rel="canonical" href="/news/Ayton">'),
        "/go": Page(b"moved", status=301, headers=(("Location", "/news/Barham"),)),
        "/same": story("Corby"),
    }


def parted(place: Place, url: str, alias: str) -> Parted:
    async def ask() -> Parted:
        store = open_store(place.store)
        await store.open()
        try:
            found = await store.article(url)
            assert found is not None
            return await part(store, found, alias)
        finally:
            await store.close()

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as served:
        publish(served, site())
        yield served


def test_what_was_parted_is_an_article_of_its_own_from_the_next_crawl_on(server: Server, tmp_path) -> None:
    place, origin = Place(tmp_path), server.origins[0]
    crawl = ("-a", f"url={origin}")
    assert place.crawl(*crawl).code == 0
    assert place.holding().urls == sorted(f"{origin}/news/{name}" for name in NAMES)
    for path, (name, joined_by) in JOINED.items():
        assert parted(place, f"{origin}/news/{name}", f"{origin}{path}").joined_by is joined_by
    with pytest.raises(InputError, match="no alias"):
        parted(place, f"{origin}/news/Corby", f"{origin}/same")

    for _ in range(2):  # and remains one
        assert place.crawl(*crawl).code == 0
        assert place.holding().urls == sorted([*(f"{origin}/news/{name}" for name in NAMES), f"{origin}/copy", f"{origin}/same"])
    assert place.frontier()[f"{origin}/go"].result is Result.REDIRECT
    assert {one.aliases for one in place.holding().articles} == {()}


async def test_what_was_spared_as_a_twin_is_never_asked_for_after_a_takedown(tmp_path) -> None:
    """Not even if the rule behind it proves wrong."""
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    story = article(1)
    page = Target(target_id(story.site, story.url), story.site, story.url, Kind.ARTICLE, START, State.DONE, result=Result.ARTICLE, visits=1)
    twin = replace(page, url=f"{story.url}?print=1", id=target_id(story.site, f"{story.url}?print=1"), kind=Kind.PAGE, visits=0)
    twin = replace(twin, state=State.SKIPPED, result=Result.TWIN, detail=twin_of(story.url))
    await store.settle([Settlement(page, article=story), Settlement(twin)])
    plan = await planned(store, story)
    assert {one.url for one in plan.tombstones} == {page.url, twin.url}
    await store.take_down(story.id, [], plan.tombstones)
    assert await Sparing(Addresses(story.site)).undo(store) == 0
    assert (await store.backlog(story.site)).waiting == 0
    await store.close()
