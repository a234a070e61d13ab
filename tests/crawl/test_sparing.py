"""Requests that are spared, as the frontier hands out what is due."""

from dataclasses import replace

import pytest

from newscrawl.crawl.frontier import SAVED_EVERY, SiteFrontier
from newscrawl.identify.exact import target_id
from newscrawl.identify.twins import ENOUGH, HELD
from newscrawl.models import Kind, Result, Settlement, State, Target
from newscrawl.store.protocol import Store
from tests.crawl.frontiers import Refused, opened, settle, take, urls
from tests.crawl.visits import HOME, target

RULE = "query print=1"
MANY = 20


def printed(number: int) -> Target:
    return target(f"{number}?print=1")


def read(number: int) -> Target:
    """A story that was read on an earlier visit."""
    return target(f"{number}", kind=Kind.ARTICLE, state=State.DONE, result=Result.ARTICLE, visits=1)


def prove(frontier: SiteFrontier) -> None:
    for number in range(ENOUGH):
        frontier.sparing.addresses.twins.saw(f"{HOME}{number}?print=1", f"{HOME}{number}")
    frontier.sparing.addresses.twins.spare(RULE)  # the first is a check


async def refuse(frontier: SiteFrontier, refused: Refused) -> None:
    """Store what was refused, as the crawl does."""
    for url, result, detail in refused.targets:
        done = replace(target(url), state=State.SKIPPED, result=result, detail=detail)
        await frontier.store.settle([Settlement(done)])
        frontier.settled(Settlement(done))


async def test_the_twin_of_an_article_that_is_known_is_not_asked_for(frontier: SiteFrontier, refused: Refused) -> None:
    prove(frontier)
    await opened(frontier, read(7), printed(7), target("8"))
    assert urls(frontier) == [f"{HOME}8"]
    assert refused.targets == [(f"{HOME}7?print=1", Result.TWIN, f"as {HOME}7")]


async def test_without_a_proof_it_is(frontier: SiteFrontier, refused: Refused) -> None:
    await opened(frontier, read(7), printed(7))
    assert (urls(frontier), refused.targets) == ([printed(7).url], [])


@pytest.mark.parametrize(
    "other",
    [
        {"state": State.FAILED, "result": Result.UNREACHABLE},
        {"state": State.DONE, "result": Result.MISSING, "visits": 1},
        {"state": State.DONE, "result": Result.OTHER, "visits": 1},
        {"state": State.SKIPPED, "result": Result.TRAP},
    ],
)
async def test_nor_is_the_twin_of_what_is_no_article_spared(frontier: SiteFrontier, refused: Refused, other: dict[str, object]) -> None:
    prove(frontier)
    await opened(frontier, target("7", **other), printed(7))
    assert (urls(frontier), refused.targets) == ([printed(7).url], [])


async def test_the_twins_of_what_was_taken_down_are_never_asked_for(frontier: SiteFrontier, refused: Refused) -> None:
    prove(frontier)
    frontier.size = 4 * MANY
    gone = {"kind": Kind.ARTICLE, "state": State.SKIPPED, "result": Result.TAKEN_DOWN, "visits": 1}
    twins = [printed(number) for number in range(2 * MANY)]
    await opened(frontier, *(target(f"{number}", **gone) for number in range(2 * MANY)), *twins, target("one"))
    assert urls(frontier) == [f"{HOME}one"]
    assert len(refused.targets) == len(twins)


async def test_nor_that_of_an_address_that_nobody_knows(frontier: SiteFrontier, refused: Refused) -> None:
    prove(frontier)
    await opened(frontier, printed(7))
    assert (urls(frontier), refused.targets) == ([printed(7).url], [])


async def test_a_twin_waits_until_its_article_was_asked_for(frontier: SiteFrontier, refused: Refused) -> None:
    prove(frontier)
    await opened(frontier, printed(7), target("7"))
    first = take(frontier)
    assert first is not None
    assert (first.url, take(frontier)) == (f"{HOME}7", None)
    await settle(frontier, replace(first, kind=Kind.ARTICLE, visits=1), Result.ARTICLE)
    await frontier.refill()
    assert (take(frontier), [url for url, _, _ in refused.targets]) == (None, [printed(7).url])


async def test_it_is_asked_for_if_that_was_no_article(frontier: SiteFrontier, refused: Refused) -> None:
    prove(frontier)
    await opened(frontier, printed(7), target("7"))
    first = take(frontier)
    assert first is not None
    await settle(frontier, first, Result.MISSING)
    await frontier.refill()
    assert (urls(frontier), refused.targets) == ([printed(7).url], [])


async def test_further_pages_and_what_was_visited_before_are_asked_for(frontier: SiteFrontier, refused: Refused) -> None:
    prove(frontier)
    part, visited = replace(printed(7), kind=Kind.PART), replace(printed(8), kind=Kind.ARTICLE, visits=1)
    await opened(frontier, read(7), read(8), part, visited)
    assert sorted(urls(frontier)) == [part.url, visited.url]


async def test_what_a_person_has_parted_is_asked_for(frontier: SiteFrontier, refused: Refused) -> None:
    prove(frontier)
    frontier.sparing.addresses.parted.add(target_id("gazette", printed(7).url))
    await opened(frontier, read(7), printed(7))
    assert (urls(frontier), refused.targets) == ([printed(7).url], [])


async def test_now_and_then_one_is_asked_for_to_see_whether_the_rule_holds(frontier: SiteFrontier, refused: Refused) -> None:
    """Also where its host, or its shape, would be left as nothing came of it."""
    prove(frontier)
    frontier.size = 4 * MANY
    for number in range(9):
        frontier.worth.record((f"shape /*?print={min(number, 0)}", "shape /0?print=0"), news=False)
    await opened(frontier, *(page for number in range(MANY) for page in (read(number), printed(number))))
    assert len(urls(frontier)) == 2  # the fourth and the sixteenth that the rule explains
    assert len(refused.targets) == MANY - 2


async def test_what_a_wrong_rule_has_spared_becomes_due_again(frontier: SiteFrontier, refused: Refused) -> None:
    prove(frontier)
    await opened(frontier, read(7), read(8), printed(7), printed(8), target("9"))
    assert urls(frontier) == [f"{HOME}9"]
    await refuse(frontier, refused)
    assert len(refused.targets) == 2
    frontier.sparing.addresses.twins.refute(RULE, printed(9).url)
    await settle(frontier, target("9"))
    assert frontier.unsaved == SAVED_EVERY  # so it is written down at once that the rule is wrong
    assert frontier.wants_refill
    await frontier.refill()
    assert sorted(urls(frontier)) == [printed(7).url, printed(8).url]
    assert frontier.sparing.addresses.twins.owes is False


async def test_what_another_rule_explains_stays_spared(frontier: SiteFrontier, refused: Refused, store: Store) -> None:
    prove(frontier)
    for number in range(ENOUGH):
        frontier.sparing.addresses.twins.saw(f"{HOME}m/{number}", f"{HOME}{number}")
    for rule in [rule for rule, _ in frontier.sparing.addresses.twins.known_as(f"{HOME}m/8")]:
        frontier.sparing.addresses.twins.spare(rule)  # as in `prove`
    await opened(frontier, read(7), read(8), printed(7), target("m/8"), target("9"))
    assert urls(frontier) == [f"{HOME}9"]
    await refuse(frontier, refused)
    frontier.sparing.addresses.twins.refute(RULE, printed(9).url)
    refused.targets.clear()
    await frontier.refill()
    assert urls(frontier) == [printed(7).url]
    assert refused.targets == [(f"{HOME}m/8", Result.TWIN, f"as {HOME}8")]
    await refuse(frontier, refused)
    assert [one.url for one in await store.leading_to("gazette", f"{HOME}8")] == [f"{HOME}m/8"]


# parameters that are idle

IDLE = "idle sid gazette.example/read?id=0"


def shown(path: str, result: Result = Result.ARTICLE, **fields: object) -> Target:
    """What was read on an earlier visit."""
    kind = Kind.ARTICLE if result is Result.ARTICLE else Kind.LISTING
    return target(path, kind=kind, state=State.DONE, result=result, visits=1, **fields)


def prove_idle(frontier: SiteFrontier, *, checked: bool = True) -> None:
    for number in range(ENOUGH):
        frontier.sparing.addresses.twins.vouch(IDLE, f"{HOME}{number}")
    if checked:
        frontier.sparing.addresses.twins.spare(IDLE)


@pytest.mark.parametrize("result", [Result.ARTICLE, Result.SAME_CONTENT, Result.LISTING, Result.OTHER])
async def test_what_was_read_without_an_idle_parameter_is_not_asked_for_with_it(
    frontier: SiteFrontier, refused: Refused, result: Result
) -> None:
    prove_idle(frontier)
    await opened(frontier, shown("read?id=7", result), target("read?id=7&sid=1"), target("8"))
    assert urls(frontier) == [f"{HOME}8"]
    assert refused.targets == [(f"{HOME}read?id=7&sid=1", Result.TWIN, f"as {HOME}read?id=7")]


async def test_but_for_the_first(frontier: SiteFrontier, refused: Refused) -> None:
    prove_idle(frontier, checked=False)
    await opened(frontier, shown("read?id=7"), target("read?id=7&sid=1"))
    assert (urls(frontier), refused.targets) == ([f"{HOME}read?id=7&sid=1"], [])


async def test_and_a_few_for_ever(frontier: SiteFrontier, refused: Refused) -> None:
    prove_idle(frontier)
    twins = frontier.sparing.addresses.twins
    for _ in range(HELD):
        twins.hold(IDLE)
    paths = (f"read?id=7&sid={number}" for number in range(20_000))
    sample = next(path for path in paths if twins.is_sample(IDLE, target(path).id))
    await opened(frontier, shown("read?id=7"), target(sample))
    assert (urls(frontier), refused.targets) == ([f"{HOME}{sample}"], [])


async def test_what_is_known_with_it_alone_is_asked_for_without(frontier: SiteFrontier, refused: Refused) -> None:
    prove_idle(frontier)
    await opened(frontier, target("read?id=7&sid=1"), target("read?id=7&sid=2"), target("8"))
    assert urls(frontier) == [f"{HOME}8"]
    await settle(frontier, target("8"))
    await frontier.refill()
    first = take(frontier)
    assert first is not None
    assert (first.url, take(frontier)) == (f"{HOME}read?id=7", None)
    await settle(frontier, replace(first, kind=Kind.ARTICLE, visits=1), Result.ARTICLE)
    await frontier.refill()
    assert (take(frontier), len(refused.targets)) == (None, 2)


@pytest.mark.parametrize("trusted", [False, True])
async def test_lists_are_read_again_if_a_wrong_rule_was_trusted(frontier: SiteFrontier, refused: Refused, *, trusted: bool) -> None:
    """For what it left out without a trace stands there."""
    prove_idle(frontier)
    await opened(frontier, shown("read?id=7"), shown("city", Result.LISTING, etag='"1"'), target("read?id=7&sid=1"), target("9"))
    assert urls(frontier) == [f"{HOME}9"]
    await refuse(frontier, refused)
    for _ in range(HELD if trusted else HELD - 1):
        frontier.sparing.addresses.twins.hold(IDLE)
    frontier.sparing.addresses.twins.refute(IDLE, f"{HOME}read?id=9&sid=1")
    await settle(frontier, target("9"))
    await frontier.refill()
    asked = [take(frontier) for _ in range(2)]
    assert {one.url for one in asked if one} == {f"{HOME}read?id=7&sid=1", *([f"{HOME}city"] if trusted else [])}
    assert not any(one.etag for one in asked if one)
