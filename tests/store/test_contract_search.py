"""What every store promises to those who search."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.models import Article, Moment
from newscrawl.reprints import Cluster, Copy, Regrouping
from newscrawl.store import open_store
from newscrawl.store.conditions import Among, Field
from newscrawl.store.protocol import Search, Store
from newscrawl.store.terms import tokens
from tests.store.records import START, article, digest, holding, hours

T = TypeVar("T")

PORT = "港口今日开放，首批货船从南方驶来。The New Harbour opens at 9.30; café owners cheer."
RAIN = "南方多雨，明天下午停航。Harbours stay closed, says the harbour-master's office."


async def found(store: Store, *words: str, **other: object) -> list[str]:
    return [hit.title for hit in await store.search(Search(words=words, **other))]


@pytest.fixture
async def filled(store: Store) -> Store:
    await store.settle(holding(article("port", PORT, first_seen=hours(2)), article("rain", RAIN, first_seen=hours(1), site="herald")))
    return store


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["南方"], ["Report port", "Report rain"]),
        (["货船"], ["Report port"]),
        (["雨"], ["Report rain"]),
        (["来"], ["Report port"]),
        (["船货"], []),
        (["今日开放"], ["Report port"]),
        (["今天开放"], []),
        (["开放，首批"], ["Report port"]),
        (["南方", "停航"], ["Report rain"]),
        (["南方", "停航", "开放"], []),
        (["harbour"], ["Report port", "Report rain"]),
        (["HARBOUR"], ["Report port", "Report rain"]),
        (["harbours"], ["Report rain"]),
        (["harb"], []),
        (["new harbour"], ["Report port"]),
        (["harbour new"], []),
        (["9.30"], ["Report port"]),
        (["café"], ["Report port"]),
        (["cafe"], []),
        (["ｃａｆé"], ["Report port"]),
        (["驶来 the"], ["Report port"]),
        (["驶来the"], ["Report port"]),
        (["来 the new"], ["Report port"]),
        (["master's office"], ["Report rain"]),
    ],
)
async def test_words_and_phrases(filled: Store, words: list[str], titles: list[str]) -> None:
    assert await found(filled, *words) == titles


@pytest.mark.parametrize(
    "word", ['"', '" OR "', "*", "harb*", "-harb*", "tokens:harbour OR 1", "NEAR(new harbour)", "^th", "$where", ".*", "雪.", "", " "]
)
async def test_operators_are_only_characters(filled: Store, word: str) -> None:
    assert await found(filled, word) == []


async def test_a_word_of_signs_is_left_out_beside_others(filled: Store) -> None:
    assert await found(filled, "货船", "！") == ["Report port"]


async def test_very_long_words_are_answered(filled: Store) -> None:
    assert await found(filled, "港口" * 5000) == []
    assert await found(filled, "harbour " * 2000, "x" * 100_000) == []


async def test_any_character_can_be_looked_for(filled: Store) -> None:
    for start in range(0, 0x11000, 0x100):
        assert await found(filled, *map(chr, range(start, start + 0x100))) == []


async def test_site_and_time_restrict(filled: Store) -> None:
    assert await found(filled, site="herald") == ["Report rain"]
    assert await found(filled, "南方", site="gazette") == ["Report port"]
    assert await found(filled, since=hours(2)) == ["Report port"]
    assert await found(filled, until=hours(2)) == ["Report rain"]
    assert await found(filled, "南方", since=hours(1), until=hours(3), limit=1) == ["Report port"]
    assert await found(filled, site='{"$ne": ""}') == []


async def test_newest_is_by_publication_or_lacking_that_first_seen(store: Store) -> None:
    old = article("old", first_seen=hours(9), published=Moment(hours(-9), "day"))
    await store.settle(holding(old, article("seen", first_seen=hours(1)), article("new", published=Moment(hours(2), "minute"))))
    assert await found(store) == ["Report new", "Report seen", "Report old"]
    assert await found(store, "plain", since=START) == ["Report new", "Report seen"]


async def test_all_articles_come_oldest_first_seen_first(store: Store) -> None:
    kept = [article(str(number), "even" if number % 2 else "odd", first_seen=hours(-(number // 3))) for number in range(450)]
    await store.settle(holding(*kept))
    ordered = sorted(kept, key=lambda one: (one.first_seen, one.id))
    assert [one async for one in store.articles(Search(limit=1))] == ordered
    assert [one async for one in store.articles(Search(words=("odd",)))] == [one for one in ordered if one.text == "odd"]
    for at in (0, 1, 2, 448, 449):
        after = ordered[at].first_seen, ordered[at].id
        assert [one async for one in store.articles(Search(), after)] == ordered[at + 1 :]
    odd = [one for one in ordered if one.text == "odd"]
    assert [one async for one in store.articles(Search(words=("odd",)), (odd[7].first_seen, odd[7].id))] == odd[8:]


async def test_all_articles_come_however_few_are_read_at_a_time(store: Store, monkeypatch) -> None:
    monkeypatch.setattr("newscrawl.store.sqlite.searching.PAGE", 3)
    monkeypatch.setattr("newscrawl.store.mongodb.adapter.PAGE", 3)
    kept = [article(str(number), first_seen=hours(number // 3)) for number in range(50)]
    await store.settle(holding(*kept))
    assert [one async for one in store.articles(Search())] == sorted(kept, key=lambda one: (one.first_seen, one.id))


async def test_a_corrected_article_is_not_found_by_its_former_words(filled: Store) -> None:
    await filled.settle(holding(article("port", "机场关闭。The airport closes.")))
    assert await found(filled, "货船") == await found(filled, "new harbour") == await found(filled, "船") == []
    assert await found(filled, "机场") == ["Report port"]
    assert await found(filled, "南方") == ["Report rain"]


async def test_what_others_write_is_found(store: Store, store_uri: str) -> None:
    """New articles, changed texts and labels, and what was taken down."""
    reader = open_store(store_uri)
    await reader.open()
    try:
        assert await reader.count(Search()) == 0
        await store.settle(holding(article("a", "Ferry", section="City"), article("b", "Ferry", first_seen=hours(1))))
        await until(lambda: found(reader, "ferry"), ["Report b", "Report a"])
        assert await reader.facet(Search(), Field.SECTION) == [("City", 1)]
        await store.settle(holding(article("a", "Port", section="Sport")))
        await until(lambda: found(reader, "ferry"), ["Report b"])
        assert await reader.facet(Search(), Field.SECTION) == [("Sport", 1)]
        a, b = digest("article a"), digest("article b")
        cluster = Cluster("c1", START, START, a, (Copy(a, 1.0), Copy(b, 0.9)))
        await store.regroup(Regrouping((), labels={a: "c1", b: "c1"}, clusters=(cluster,)))
        await until(lambda: reader.count(Search(conditions=(Among(Field.CLUSTER, ("c1",)),))), 2)
        await store.take_down(b, (), ())
        await until(lambda: reader.facet(Search(), Field.SITE), [("gazette", 1)])
        await store.settle(holding(article("c", "Ferry")))
        await until(lambda: found(reader, "ferry"), ["Report c"])
        assert [one.title async for one in reader.articles(Search())] == await found(reader)
    finally:
        await reader.close()


async def until(ask: Callable[[], Awaitable[T]], expected: T) -> None:
    """What others write may be seen a moment later."""
    for _ in range(50):
        if await ask() == expected:
            break
        await asyncio.sleep(0.05)
    assert await ask() == expected


# Few characters, so that phrases are met often.
TEXTS = st.text("天气预ab ，é\u0301ー", max_size=12)


def holds(text: str, phrase: str) -> bool:
    return f" {tokens(phrase)} " in f" {tokens(text)} "


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    states=st.lists(st.tuples(st.sampled_from("xyz"), TEXTS), max_size=6), phrases=st.lists(TEXTS.filter(tokens), min_size=1, max_size=3)
)
async def test_search_agrees_with_looking_at_each_text(store: Store, states: list[tuple[str, str]], phrases: list[str]) -> None:
    site, last = uuid.uuid4().hex, dict[str, Article]()
    for name, text in states:
        last[name] = article(f"{site} {name}", text, site=site)
        await store.settle(holding(last[name]))
    expected = {one.id for one in last.values() if all(holds(one.text, phrase) for phrase in phrases)}
    assert {hit.id for hit in await store.search(Search(words=tuple(phrases), site=site))} == expected
