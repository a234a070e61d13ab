"""The article behind any address that leads to it."""

from dataclasses import replace

import pytest

from newscrawl.errors import InputError
from newscrawl.identify.exact import article_id, target_id
from newscrawl.models import Result, Run, Settlement, State, Target
from newscrawl.query.addresses import article_at, is_address
from newscrawl.query.replay import pages_of
from newscrawl.store.protocol import Store, twin_of
from tests.store.records import START, article, capture, holding, target

ALIAS = "https://m.gazette.example/ferry"
FERRY = replace(
    article("ferry", "The ferry stays in port."),
    id=article_id("gazette", "https://gazette.example/ferry"),
    aliases=(ALIAS,),
    capture=capture("ferry").id,
)
SHORT, AMP, PRINT, TWICE = (f"https://gazette.example/{path}" for path in ("go/1", "amp/ferry", "ferry?print=1", "go/2"))
LOOP, NOWHERE, LISTED = (f"https://gazette.example/{path}" for path in ("loop", "go/3", "city"))


def leading(url: str, result: Result, detail: str, *, site: str = "gazette") -> Target:
    return target(id=target_id(site, url), site=site, url=url, state=State.DONE, result=result, detail=detail)


async def know(store: Store, site: str, result: Result, detail: str, url: str = SHORT) -> None:
    """Another site of which there has been a crawl that met this address."""
    await store.add_targets([leading(url, result, detail, site=site)])
    await store.save_run(Run(f"r-{site}", site, START, START, "finished"))


@pytest.fixture
async def filled(store: Store) -> Store:
    await store.settle([*holding(FERRY), Settlement(target("ferry"), capture=capture("ferry"))])
    await store.add_targets(
        [
            leading(FERRY.url, Result.ARTICLE, "200"),
            leading(SHORT, Result.REDIRECT, f"301 {FERRY.url}"),
            leading(TWICE, Result.REDIRECT, f"302 {SHORT}"),
            leading(AMP, Result.VARIANT, f"200 {FERRY.url}"),
            leading(PRINT, Result.TWIN, twin_of(FERRY.url)),
            leading(LOOP, Result.REDIRECT, f"301 {LOOP}"),
            leading(NOWHERE, Result.REDIRECT, "301 https://gazette.example/nothing"),
            leading(LISTED, Result.LISTING, "200"),
        ]
    )
    await store.save_run(Run("r1", "gazette", START, START, "finished"))
    return store


@pytest.mark.parametrize(
    "key",
    [
        FERRY.id,
        FERRY.id[:10],
        *(FERRY.url, ALIAS, SHORT, AMP, PRINT, TWICE),
        *(FERRY.url.replace("https:", "http:"), PRINT.replace("https:", "http:"), f" {SHORT} ", f"{FERRY.url}?utm_source=mail#top"),
    ],
)
async def test_any_of_its_names_finds_an_article(filled: Store, key: str) -> None:
    found = await article_at(filled, key)
    assert found is not None
    assert found.id == FERRY.id
    assert (await pages_of(filled, key))[0].id == FERRY.id


@pytest.mark.parametrize("key", [LOOP, NOWHERE, LISTED, "https://gazette.example/nothing", "nonsense", "", "https://", "http://[", "ferry"])
async def test_others_find_none(filled: Store, key: str) -> None:
    assert await article_at(filled, key) is None
    with pytest.raises(InputError):
        await pages_of(filled, key)


@pytest.mark.parametrize("others", [("albion",), ("zephyr",), tuple(f"{letter}-post" for letter in "abcdefhijk")])
async def test_what_other_sites_know_of_an_address_does_not_hide_where_it_leads(filled: Store, others: tuple[str, ...]) -> None:
    for number, site in enumerate(others):
        await know(filled, site, *((Result.NONE, "") if number % 2 else (Result.REDIRECT, "301 https://gazette.example/nothing")))
    found = await article_at(filled, SHORT)
    assert found is not None
    assert found.id == FERRY.id


async def test_an_address_of_two_sites_that_leads_to_two_articles_is_refused_by_both_names(filled: Store) -> None:
    """Even if both stand at one address, each is its site's own."""
    theirs = replace(FERRY, id=article_id("albion", FERRY.url), site="albion", capture=capture("albion").id, aliases=())
    await filled.settle(holding(theirs))
    await know(filled, "albion", Result.REDIRECT, f"301 {FERRY.url}")
    for key in (SHORT, SHORT.replace("https:", "http:")):
        with pytest.raises(InputError) as told:
            await article_at(filled, key)
        assert f"{key} leads to more than one article: {theirs.id[:10]} of albion ({FERRY.url}) and {FERRY.id[:10]} of" in str(told.value)
        assert "ask by id" in str(told.value)
        with pytest.raises(InputError, match="leads to more than one article"):
            await pages_of(filled, key)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://gazette.example/1", True),
        (" HTTP://gazette.example ", True),
        ("ferry", False),
        ("site:gazette", False),
        ("https://gazette.example ferry", False),
        ("ftp://gazette.example", False),
    ],
)
def test_what_is_an_address(text: str, *, expected: bool) -> None:
    assert is_address(text) is expected
