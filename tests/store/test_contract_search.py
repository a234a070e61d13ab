"""What every store promises to those who search."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.models import Article, Moment
from newscrawl.store.protocol import Search, Store
from newscrawl.store.terms import tokens
from tests.store.records import START, article, holding, hours

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


async def test_all_articles_come_however_few_are_looked_for_at_a_time(store: Store, monkeypatch) -> None:
    monkeypatch.setattr("newscrawl.store.sqlite.searching._NUMBERS", 7)
    monkeypatch.setattr("newscrawl.store.sqlite.searching.PAGE", 3)
    kept = [article(str(number), first_seen=hours(number // 3)) for number in range(50)]
    await store.settle(holding(*kept))
    assert [one async for one in store.articles(Search())] == sorted(kept, key=lambda one: (one.first_seen, one.id))


async def test_a_corrected_article_is_not_found_by_its_former_words(filled: Store) -> None:
    await filled.settle(holding(article("port", "机场关闭。The airport closes.")))
    assert await found(filled, "货船") == await found(filled, "new harbour") == await found(filled, "船") == []
    assert await found(filled, "机场") == ["Report port"]
    assert await found(filled, "南方") == ["Report rain"]


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
