"""What pages have taught of a site's addresses, rules and sessions together: what is expected at one, and what proves that wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.identify.addresses import Addresses
from newscrawl.identify.exact import article_id, target_id
from newscrawl.identify.twins import ENOUGH, HELD, MANY
from newscrawl.identify.visitors import PAGES
from newscrawl.known import Known
from newscrawl.models import Kind, Result, State, Target, now
from tests.examples import article

SITE = "gazette"
PRINT = "?print=1"


def url(number, more=""):
    return f"https://gazette.example/story/{number}{more}"


def story(number, more=""):
    return replace(article(number), id=article_id(SITE, url(number, more)), site=SITE, url=url(number, more), aliases=())


def known(*articles):
    return Known({one.id: one for one in articles}, {}, {(SITE, alias): one for one in articles for alias in one.aliases})


@pytest.fixture
def addresses():
    """Of a site whose pages for printers have proved to be its stories."""
    made = Addresses(SITE)
    for number in range(ENOUGH):
        made.read(url(number, PRINT), story(number), known(story(number)))
    return made


def test_an_address_that_a_rule_explains_is_expected_to_show_what_the_other_does(addresses):
    assert addresses.likely(url(9, PRINT)) == [url(9)]
    assert addresses.likely(url(9)) == []


def test_another_article_there_proves_the_rule_wrong(addresses):
    addresses.read(url(9, PRINT), story(9, PRINT), known(story(9, PRINT), story(9)))
    assert addresses.likely(url(8, PRINT)) == []
    assert addresses.twins.owes


def test_an_article_of_which_nothing_is_known_at_the_other_address_proves_nothing(addresses):
    addresses.read(url(9, PRINT), story(9, PRINT), known(story(9, PRINT)))
    assert addresses.likely(url(8, PRINT)) == [url(8)]


def test_one_that_leads_elsewhere_proves_it_wrong(addresses):
    addresses.led(url(9, PRINT), url(8), known(story(9), story(8)).by_id)
    assert addresses.likely(url(7, PRINT)) == []


@pytest.mark.parametrize("to", [url(9), url(9).replace("https:", "http:"), url(99)])
def test_one_that_leads_to_its_twin_by_any_of_its_addresses_does_not(addresses, to):
    addresses.led(url(9, PRINT), to, known(replace(story(9), aliases=(url(99),))).by_id)
    assert addresses.likely(url(7, PRINT)) == [url(7)]


def test_what_pages_name_as_their_canonical_addresses_proves_a_rule():
    addresses = Addresses(SITE)
    for number in range(ENOUGH):
        addresses.led(url(number, "/amp"), url(number), known(story(number)).by_id)
    assert addresses.likely(url(9, "/amp")) == [url(9)]


def test_where_sections_lead_proves_nothing_of_articles():
    addresses = Addresses(SITE)
    for number in range(ENOUGH):
        addresses.led(url(number, "/amp"), url(number), {})
    assert addresses.likely(url(9, "/amp")) == []


def test_what_a_person_has_parted_is_explained_by_nothing(addresses):
    addresses.parted.add(target_id(SITE, url(9, PRINT)))
    assert addresses.likely(url(9, PRINT)) == list(addresses.spared_by(url(9, PRINT))) == []
    assert addresses.likely(url(8, PRINT)) == [url(8)]


# parameters that are idle


IDLE = "idle sid gazette.example/story/0"
NOWHERE = url(99)


def taught(addresses: Addresses) -> Addresses:
    """That sessions make no difference in the addresses of stories."""
    for number in range(ENOUGH):
        for session in (1, 2):
            addresses.read(url(number, f"?sid={session}"), story(number), known(story(number)))
    return addresses


def trusted(addresses: Addresses) -> Addresses:
    """And that this has been borne out since, and is so for whoever looks."""
    for session in range(PAGES):
        addresses.links(url(session), [url(number, f"?sid={session}") for number in (1, 2)])
    for number in range(10, 10 + HELD):
        addresses.read(url(number, "?sid=1"), story(number), known(story(number)))
    return addresses


def seen(path: str, result: Result, **fields: object) -> dict[str, Target]:
    at = f"https://gazette.example{path}"
    made = Target(target_id(SITE, at), SITE, at, Kind.PAGE, now(), state=State.DONE, result=result, visited=now(), visits=1)
    return {made.id: replace(made, **fields)}


def target(path: str, result: Result) -> Target:
    (made,) = seen(path, result).values()
    return made


@pytest.fixture
def sessions() -> Addresses:
    return taught(Addresses(SITE))


def test_three_articles_prove_that_a_parameter_is_idle_and_not_one_seen_often():
    """It may have been posted in four categories."""
    addresses = Addresses(SITE)
    for session in range(9):
        addresses.read(url(1, f"?sid={session}"), story(1), known(story(1)))
    assert addresses.shortened(url(5, "?sid=9")) == (url(5, "?sid=9"), False)
    assert taught(addresses).shortened(url(5, "?sid=9")) == (url(5), True)


def test_what_is_idle_in_addresses_of_articles_need_not_be_so_in_others(sessions: Addresses):
    for other in ("https://gazette.example/list?sid=9", "https://m.gazette.example/story/5?sid=9", url(5, "?edition=2&sid=9")):
        assert sessions.shortened(other) == (other, False)


def test_addresses_are_kept_in_mind_until_others_have_borne_it_out_and_ever_fewer_since(sessions: Addresses):
    found = [url(number, f"?sid={number}") for number in range(20, 8 * 1024)]
    assert all(sessions.shortened(one)[1] for one in found)
    trusted(sessions)
    kept = []
    for _ in range(6):
        kept.append(sum(sessions.shortened(one)[1] for one in found))
        sessions.twins.hold(IDLE)
    assert {sessions.shortened(one)[0] for one in found} == {one.partition("?")[0] for one in found}
    for many, expected in zip(kept, (128, 32, 8, 8, 8, 8), strict=True):
        assert expected / 3 < many < expected * 2
    assert kept[2:] == kept[-1:] * 4


def test_what_is_no_session_is_always_kept_in_mind(sessions: Addresses):
    """There is no end of sessions, but only so many categories."""
    for number in range(50):
        sessions.links(url(number), [url(number, f"?sid={category}") for category in range(4)])
        sessions.read(url(number, "?sid=1"), story(number), known(story(number)))
    assert all(sessions.shortened(url(number, "?sid=1"))[1] for number in range(50, 90))


def test_several_that_are_idle_go_together():
    addresses = Addresses(SITE)
    for number in range(ENOUGH):
        for more in ("?sid=1&t=1", "?sid=2&t=1", "?sid=1&t=2"):
            addresses.read(url(number, more), story(number), known(story(number)))
    assert addresses.shortened(url(5, "?sid=9&t=9")) == (url(5), True)
    assert addresses.likely(url(5, "?sid=9&t=9")) == [url(5), url(5)]


def test_which_page_it_is_is_never_idle():
    addresses = Addresses(SITE)
    for number in range(ENOUGH):
        for page in (2, 3):
            addresses.read(url(number, f"?page={page}"), story(number), known(story(number)))
    assert addresses.shortened(url(5, "?page=4")) == (url(5, "?page=4"), False)


def test_sessions_are_kept_from_run_to_run(sessions: Addresses):
    again = Addresses(SITE)
    again.remember(trusted(sessions).as_json())
    assert again.shortened(url(5, "?sid=77")) == (url(5), False)
    assert again.as_json() == sessions.as_json()


def test_what_a_person_has_parted_stays_as_it_is(sessions: Addresses):
    sessions.parted.add(target_id(SITE, url(5, "?sid=9")))
    assert sessions.shortened(url(5, "?sid=9")) == (url(5, "?sid=9"), False)


def test_they_are_no_twins_of_single_sessions_as_well(sessions: Addresses):
    for number in range(ENOUGH):
        sessions.read(url(number, "?sid=7"), story(number), known(story(number)))
    assert "query sid=7" not in sessions.as_json()


# and what proves that wrong


@pytest.mark.parametrize("more", [{}, {"aliases": (url(5),), "url": NOWHERE, "id": article_id(SITE, NOWHERE)}])
def test_another_article_at_the_address_without_it_does(sessions: Addresses, more: dict[str, object]):
    again = Addresses(SITE)
    again.remember(sessions.as_json())  # a run that knows nothing but what an earlier one has written down
    again.read(url(5, "?sid=8"), story(6), known(story(6), replace(story(5), **more)))
    assert again.twins.owes
    assert again.shortened(url(7, "?sid=9")) == (url(7, "?sid=9"), False)


@pytest.mark.parametrize("result", [Result.LISTING, Result.OTHER, Result.MISSING])
def test_so_does_an_article_where_the_address_without_it_has_none(sessions: Addresses, result: Result):
    sessions.read(url(5, "?sid=8"), story(5, "?sid=8"), known(), seen("/story/5", result))
    assert sessions.twins.owes


@pytest.mark.parametrize(
    "there", [{}, seen("/story/5", Result.MISSING, state=State.DUE), seen("/story/5", Result.BUSY, state=State.FAILED)]
)
def test_one_that_was_not_asked_for_or_did_not_answer_says_nothing(sessions: Addresses, there: dict[str, Target]):
    sessions.read(url(5, "?sid=8"), story(5, "?sid=8"), known(), there)
    assert not sessions.twins.owes
    assert not sessions.twins.is_trusted(IDLE)


def test_two_articles_under_two_values_do(sessions: Addresses):
    sessions.read(url(5, "?sid=1"), story(5), known())
    sessions.read(url(5, "?sid=2"), story(6), known())
    assert sessions.twins.owes


def test_single_values_are_given_up_with_it(sessions: Addresses):
    for number in range(ENOUGH):
        sessions.twins.saw(url(number, "?sid=7"), url(number))
        sessions.twins.saw(url(number, "?print=1"), url(number))
    sessions.read(url(5, "?sid=1"), story(6), known(story(6), story(5)))
    assert sessions.likely(url(9, "?sid=7")) == []
    assert sessions.likely(url(9, "?print=1")) == [url(9)]


def test_it_owes_more_than_was_kept_in_mind_once_it_was_trusted(sessions: Addresses):
    for addresses, more in ((sessions, False), (trusted(taught(Addresses(SITE))), True)):
        addresses.read(url(5, "?sid=1"), story(6), known(story(6), story(5)))
        assert addresses.twins.owes_more is more
        addresses.twins.settle()
        assert not addresses.twins.owes_more


# lists


@pytest.fixture
def lists(sessions: Addresses) -> Addresses:
    """Of a site whose pages each name somebody else as their visitor."""
    for session in range(PAGES):
        sessions.links(
            f"https://gazette.example/{session}", [f"https://gazette.example/{path}?sid={session}" for path in ("list", "about")]
        )
    return sessions


LIST = "idle sid gazette.example/list"


def test_pages_vouch_for_the_addresses_of_lists(lists: Addresses):
    assert lists.shortened("https://gazette.example/list?sid=99") == ("https://gazette.example/list", True)


def test_not_for_a_parameter_that_makes_a_difference_somewhere(sessions: Addresses):
    for number in (1, 2):
        sessions.read(f"https://gazette.example/view?sid={number}", story(number), known())
    for session in range(PAGES):
        sessions.links("https://gazette.example/", [f"https://gazette.example/{path}?sid={session}" for path in ("list", "about")])
    assert not sessions.twins.is_in_force(LIST)


def test_a_list_that_shows_nothing_new_bears_it_out(lists: Addresses):
    for _ in range(HELD):
        lists.listed(target("/list?sid=9", Result.LISTING), new=0, shown=9, there=seen("/list", Result.LISTING))
    assert lists.twins.is_trusted(LIST)


def test_one_that_shows_what_no_other_page_does_proves_it_wrong(lists: Addresses):
    lists.listed(target("/list?sid=9", Result.LISTING), new=MANY, shown=MANY, there=seen("/list", Result.LISTING))
    assert lists.twins.owes


@pytest.mark.parametrize(
    ("new", "there"),
    [
        (MANY, {}),
        (MANY, seen("/list", Result.LISTING, visited=now() - timedelta(hours=5))),
        (MANY, seen("/list", Result.LISTING, visited=None)),
        (MANY - 1, seen("/list", Result.LISTING)),
        (2 * MANY, seen("/list", Result.LISTING)),
        (0, seen("/list", Result.OTHER)),
    ],
)
def test_else_nothing_is_known(lists: Addresses, new: int, there: dict[str, Target]):
    for _ in range(HELD):
        lists.listed(target("/list?sid=9", Result.LISTING), new=new, shown=new if new == MANY else 4 * MANY, there=there)
    assert not lists.twins.owes
    assert not lists.twins.is_trusted(LIST)


def test_short_lists_prove_it_wrong_together(lists: Addresses):
    for _ in range(2):
        assert not lists.twins.owes
        lists.listed(target("/list?sid=9", Result.OTHER), new=MANY - 1, shown=MANY - 1, there=seen("/list", Result.OTHER))
    assert lists.twins.owes


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=5)])
def test_where_no_links_vouch_one_headline_is_enough_and_the_list_without_may_be_older(age: timedelta):
    """Articles prove it, and lists whose addresses look like theirs are hidden by that: `?c=1` and `?c=2`."""
    addresses = Addresses(SITE)
    for number in range(ENOUGH + 1):
        for value in (1, 2):
            addresses.read(f"https://gazette.example/index?c=1&from={value}&id={number}", story(number), known())
    assert addresses.twins.idle == {"from"}
    there = seen("/index?c=2&id=7", Result.OTHER, visited=now() - age)
    addresses.listed(target("/index?c=2&from=9&id=7", Result.OTHER), new=0, shown=1, there=there)
    assert not addresses.twins.owes
    addresses.listed(target("/index?c=2&from=9&id=7", Result.OTHER), new=1, shown=1, there=there)
    assert addresses.twins.owes


def test_a_site_that_puts_its_sessions_back_in_bears_it_out(lists: Addresses):
    for session in range(HELD):
        lists.led("https://gazette.example/list", f"https://gazette.example/list?sid={session}", {})
    assert lists.twins.is_trusted(LIST)


# bounds


def test_what_is_kept_of_parameters_has_a_bound():
    addresses = Addresses(SITE)
    for name in range(3000):
        for value in range(ENOUGH + 1):
            addresses.read(url(1, f"?n{name}={value}"), story(1), known())
            addresses.read(url(1, f"?m{name}={value}"), story(value), known())
    assert len(addresses.as_json()) < 40_000


NAMES = st.sampled_from(["id", "sid", "view"])
FOUND = st.lists(st.tuples(NAMES, st.integers(0, 3)), min_size=1, max_size=3).map(
    lambda pairs: "https://gazette.example/read?" + "&".join(f"{name}={value}" for name, value in pairs)
)


def apart(urls: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of addresses that differ in the value of one parameter."""
    for one in urls:
        for other in urls:
            pairs, others = one.partition("?")[2].split("&"), other.partition("?")[2].split("&")
            names = [[pair.partition("=")[0] for pair in found] for found in (pairs, others)]
            if (
                names[0] == names[1]
                and len(set(names[0])) == len(names[0])
                and sum(a != b for a, b in zip(pairs, others, strict=True)) == 1
            ):
                yield one, other


@given(st.dictionaries(FOUND, st.integers(0, 2), max_size=30))
def test_two_articles_that_were_seen_apart_never_come_to_one_address(found: dict[str, int]):
    addresses, articles = Addresses(SITE), {at: story(number) for at, number in found.items()}
    for at, shown in articles.items():
        addresses.read(at, shown, known())
    for one, other in apart(list(found)):
        if found[one] != found[other]:
            assert addresses.shortened(one)[0] != addresses.shortened(other)[0]
