"""What every store promises of conditions, order, counts and times: the same answers."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.models import Article, Moment
from newscrawl.store.conditions import All, Among, Condition, Field, Holds, Like, Not, Some, Within
from newscrawl.store.protocol import Order, Search, Slot, Store
from newscrawl.store.terms import tokens
from tests.store.records import START, article, holding, hours


def story(name: str, title: str, text: str, **other: object) -> Article:
    return replace(article(name, text, **other), title=title, text_search=f"{title}\n{text}".lower())


STORIES = [
    story("a", "港口开放", "渡船今天停航。", authors=("陈一", "林二"), section="City", language="zh-Hans", first_seen=hours(1)),
    story("b", "Ferry stays in port", "港口 closed.", authors=("Ann Lee",), section="City", language="en", first_seen=hours(2)),
    story("c", "Council votes", "The ferry was no topic.", authors=("Ann Lee",), site="herald", language="en", first_seen=hours(3)),
    story("d", "Ferry council", "Ferry port.", site="herald", section="Sport", cluster="c1", first_seen=hours(30)),
]


@pytest.fixture
async def filled(store: Store) -> Store:
    await store.settle(holding(*STORIES))
    return store


async def names(store: Store, *conditions: Condition, **other: object) -> str:
    return "".join(hit.url[-1] for hit in await store.search(Search(conditions=conditions, **other)))


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Holds("ferry"), "dcb"),
        (Holds("ferry", title=True), "db"),
        (Holds("港口", title=True), "a"),
        (Holds("渡", title=True), ""),
        (Holds("航"), "a"),
        (Holds("！"), ""),
        (Holds("！", title=True), ""),
        (Not(Holds("ferry")), "a"),
        (Not(Holds("ferry", title=True)), "ca"),
        (Some((Holds("港口"), Holds("topic"))), "cba"),
        (Some((Holds("港口"), Not(Holds("ferry")))), "ba"),
        (Some((Holds("航"), Holds("topic"))), "ca"),
        (All((Holds("ferry"), Not(Some((Holds("port"), Holds("topic")))))), ""),
        (All((Holds("ferry"), Not(All((Holds("port"), Holds("council")))))), "cb"),
        (Some(()), ""),
        (All(()), "dcba"),
        (Among(Field.SITE, ("herald", "other")), "dc"),
        (Among(Field.AUTHOR, ("林二", "Ann Lee")), "cba"),
        (Not(Among(Field.AUTHOR, ("Ann Lee",))), "da"),
        (Among(Field.SECTION, ("City",)), "ba"),
        (Among(Field.CLUSTER, ("c1",)), "d"),
        (Among(Field.LANGUAGE, ()), ""),
        (Within(hours(2), hours(30)), "cb"),
        (Not(Within(until=hours(2))), "dcb"),
        (Within(), "dcba"),
    ],
)
async def test_conditions(filled: Store, condition: Condition, found: str) -> None:
    assert await names(filled, condition) == found
    assert await filled.count(Search(conditions=(condition,))) == len(found)


async def test_a_name_that_was_not_looked_up_is_refused(filled: Store) -> None:
    with pytest.raises(TypeError, match=r"query\.names"):
        await filled.search(Search(conditions=(Like(Field.AUTHOR, "ann"),)))


@pytest.mark.parametrize("value", ['{"$ne": ""}', "$ne", "' OR 1=1 --", '"] OR 1', "$where", ".*", "\0", "City*"])
async def test_operators_are_only_characters(filled: Store, value: str) -> None:
    for field in Field:
        assert await names(filled, Among(field, (value,))) == ""
    assert await names(filled, Holds(f"ferry {value} zzz", title=True)) == ""
    assert await names(filled, Not(Among(Field.SITE, (value,)))) == "dcba"


async def test_by_relevance_titles_with_more_of_the_phrases_come_first(filled: Store) -> None:
    wanted = (Some((Holds("ferry"), Holds("council"), Holds("港口"))),)
    assert await names(filled, *wanted) == "dcba"
    assert await names(filled, *wanted, order=Order.RELEVANCE) == "dcba"
    assert await names(filled, Some((Holds("port"), Holds("topic"))), order=Order.RELEVANCE) == "bdc"
    assert await names(filled, order=Order.RELEVANCE) == "dcba"


async def test_a_page_begins_where_the_last_one_ended(filled: Store) -> None:
    pages = [await names(filled, limit=2, offset=offset, order=order) for order in Order for offset in (0, 2, 4)]
    assert pages == ["dc", "ba", ""] * 2


async def test_facets_count_what_is_found(filled: Store) -> None:
    assert await filled.facet(Search(), Field.AUTHOR) == [("Ann Lee", 2), ("林二", 1), ("陈一", 1)]
    assert await filled.facet(Search(), Field.AUTHOR, 1) == [("Ann Lee", 2)]
    assert await filled.facet(Search(words=("ferry",)), Field.SECTION) == [("City", 1), ("Sport", 1)]
    assert await filled.facet(Search(site="herald"), Field.LANGUAGE) == [("en", 1)]
    assert await filled.facet(Search(words=("nowhere",)), Field.SITE) == []


async def test_an_author_that_stands_twice_counts_once(store: Store) -> None:
    await store.settle(holding(article("twice", authors=("Ann Lee", "Ann Lee"))))
    assert await store.facet(Search(), Field.AUTHOR) == [("Ann Lee", 1)]


async def test_slots_are_quarters_of_an_hour_and_days_keep_their_zone(store: Store) -> None:
    noon = datetime(2026, 8, 1, 12, tzinfo=UTC)
    at = [noon + timedelta(minutes=14), noon + timedelta(minutes=15), datetime(1969, 12, 31, 23, 50, tzinfo=UTC)]
    kept = [article(str(number), published=Moment(time, "minute", "+08:00")) for number, time in enumerate(at)]
    days = [article("day", published=Moment(noon, "day", "+08:00")), article("bare", published=Moment(noon, "day"))]
    await store.settle(holding(*kept, *days, article("seen", first_seen=START)))
    assert sorted(await store.slots(Search()), key=str) == sorted(
        [
            Slot(datetime(1969, 12, 31, 23, 45, tzinfo=UTC), None, 1),
            Slot(START.replace(microsecond=0), None, 1),
            Slot(noon, None, 1),
            Slot(noon, "", 1),
            Slot(noon, "+08:00", 1),
            Slot(noon + timedelta(minutes=15), None, 1),
        ],
        key=str,
    )


# Few words, so that conditions meet.
WORDS = st.sampled_from(["港", "港口", "口", "ferry", "port", "ferry port"])
LEAVES = st.builds(Holds, WORDS, st.booleans()) | st.builds(Among, st.just(Field.SECTION), st.sampled_from([(), ("City",), ("City", "x")]))
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Some, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
TEXTS = st.lists(WORDS | st.sampled_from(["x", "。"]), max_size=4).map(" ".join)


def fulfils(one: Article, condition: Condition) -> bool:
    """The condition as its docstring says it."""
    match condition:
        case Holds(phrase, title):
            looked_at = one.text_search.partition("\n")[0] if title else one.text_search
            return f" {tokens(phrase)} " in f" {tokens(looked_at)} "
        case Among(_, values):
            return one.section in values
        case Not(inner):
            return not fulfils(one, inner)
        case All(several):
            return all(fulfils(one, each) for each in several)
        case Some(several):
            return any(fulfils(one, each) for each in several)
    raise AssertionError(condition)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(stories=st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["", "City"])), max_size=4), conditions=st.lists(CONDITIONS, max_size=2))
async def test_search_agrees_with_looking_at_each_article(
    store: Store, stories: Sequence[tuple[str, str, str]], conditions: Sequence[Condition]
) -> None:
    site = uuid.uuid4().hex
    kept = [story(f"{site}{at}", *parts, site=site, section=section) for at, (*parts, section) in enumerate(stories)]
    await store.settle(holding(*kept))
    expected = {one.id for one in kept if all(fulfils(one, condition) for condition in conditions)}
    query = Search(site=site, conditions=tuple(conditions))
    assert {hit.id for hit in await store.search(query)} == expected == {hit.id async for hit in store.articles(query)}
