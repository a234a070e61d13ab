"""What every store promises of conditions, order, counts and times: the same answers."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.models import Article, Moment
from newscrawl.store.conditions import All, Among, Condition, Field, Holds, Like, Not, Some, Within
from newscrawl.store.protocol import Order, Search, Store
from newscrawl.store.ranking import WINDOW
from newscrawl.store.terms import tokens
from tests.store.records import article, holding, hours


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


async def test_by_relevance_titles_and_rare_phrases_come_first(filled: Store) -> None:
    wanted = (Some((Holds("ferry"), Holds("council"), Holds("港口"))),)
    assert await names(filled, *wanted) == "dcba"
    # d has two of them in its title, c one there and a common one; b has two as well, a one in a text of a third the length.
    assert await names(filled, *wanted, order=Order.RELEVANCE) == "dcab"
    assert await names(filled, *wanted, order=Order.RELEVANCE, limit=2, offset=1) == "ca"
    assert await names(filled, Some((Holds("port"), Holds("topic"))), order=Order.RELEVANCE) == "bcd"
    assert await names(filled, order=Order.RELEVANCE) == "dcba"


async def test_by_relevance_what_holds_a_phrase_more_often_comes_first(store: Store) -> None:
    texts = {"a": "ferry boat boat boat", "b": "ferry ferry boat boat", "c": "boat boat boat ferry", "d": "ferry ferry ferry boat"}
    await store.settle(holding(*(story(name, "Plain", text, first_seen=hours(at)) for at, (name, text) in enumerate(texts.items()))))
    assert await names(store, Holds("ferry"), order=Order.RELEVANCE) == "dbca"


async def test_only_the_best_are_looked_at_and_no_page_shows_one_twice(store: Store) -> None:
    many = WINDOW + 30
    often = [(at * 7) % 11 for at in range(many)]
    await store.settle(holding(*(story(f"{at:04}", "Plain", "ferry " * (1 + n), first_seen=hours(at)) for at, n in enumerate(often))))
    pages = [[hit.url[-4:] for hit in await store.search(ferries(limit=50, offset=at))] for at in range(0, many, 50)]
    shown = [url for page in pages for url in page]
    assert sorted(shown) == [f"{at:04}" for at in range(many)]
    assert shown[WINDOW:] == [f"{at:04}" for at in range(29, -1, -1)]
    assert {often[int(url)] for url in shown[:10]} == {10}


def ferries(**other: int) -> Search:
    return Search(words=("ferry",), order=Order.RELEVANCE, **other)


@pytest.mark.parametrize("order", list(Order))
async def test_what_comes_behind_an_article_is_a_page_too(filled: Store, order: Order) -> None:
    shown = ""
    after = None
    while hits := await filled.search(Search(limit=1, after=after, order=order)):
        shown += hits[0].url[-1]
        after = (hits[0].first_seen, hits[0].id)
    assert shown == "dcba"


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


async def test_days_are_the_readers_but_those_of_which_nothing_else_is_known(store: Store) -> None:
    late = datetime(2026, 8, 1, 23, 30, tzinfo=UTC)
    kept = [article("old", published=Moment(datetime(1969, 12, 31, 23, 50, tzinfo=UTC), "minute")), article("seen", first_seen=late)]
    days = [article("day", published=Moment(late, "day", "+08:00")), article("bare", published=Moment(late, "day"))]
    await store.settle(holding(*kept, *days))
    first, second, old = date(2026, 8, 1), date(2026, 8, 2), date(1969, 12, 31)
    assert await store.days(Search()) == {old: 1, first: 2, second: 1}
    assert await store.days(Search(), ZoneInfo("Asia/Shanghai")) == {date(1970, 1, 1): 1, first: 1, second: 2}
    assert await store.days(Search(since=late), ZoneInfo("America/Lima")) == {first: 2, second: 1}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Lima", "Asia/Kathmandu", "Australia/Lord_Howe"])
async def test_days_hold_where_clocks_are_changed(store: Store, zone: str) -> None:
    times = [datetime(2025, month, day, hour, 45, tzinfo=UTC) for month, day in ((3, 30), (4, 5), (10, 5), (10, 26)) for hour in range(24)]
    await store.settle(holding(*(article(str(time), published=Moment(time, "minute")) for time in times)))
    assert await store.days(Search(), ZoneInfo(zone)) == Counter(time.astimezone(ZoneInfo(zone)).date() for time in times)


async def test_the_first_and_the_last_moment_have_days(store: Store) -> None:
    ends = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)]
    await store.settle(holding(*(article(str(time), published=Moment(time, "minute")) for time in ends)))
    for zone in ("America/Lima", "Asia/Shanghai"):
        assert await store.days(Search(), ZoneInfo(zone)) == {date.min: 1, date.max: 1}


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
