"""A first look at a site: which pages are chosen."""

from math import inf
from typing import Any

import pytest

from newscrawl.crawl.hosts import Hosts
from newscrawl.crawl.pace import Pace
from newscrawl.crawl.robots import RobotsAnswer, read_rules
from newscrawl.crawl.survey import SURVEYED, SurveyFrontier
from newscrawl.crawl.visit import Visit
from newscrawl.crawl.wishes import Wishes
from newscrawl.models import Kind, Result, Target
from newscrawl.store.protocol import Store
from tests.crawl.frontiers import Refused, filled, opened, settle, take
from tests.crawl.visits import HOME, SITE, target
from tests.knobs import crawl_knobs

ROBOTS = f"{HOME}robots.txt"


@pytest.fixture
def survey(store: Store, refused: Refused) -> SurveyFrontier:
    """A look of a hundred requests."""
    return surveyed(store, refused)


def surveyed(store: Store, refused: Refused, *, requests: int = 100, size: int = 50) -> SurveyFrontier:
    pace, knobs = Pace(0.001, 1_000), crawl_knobs(patience=2.0, retry_seconds=2.0)
    wishes = Wishes(survey=requests)
    return SurveyFrontier(SITE, store, pace, Hosts(SITE, pace, knobs=knobs), size=size, patience=2.0, refuse=refused, wishes=wishes)


def headlines(folder: str, number: int) -> list[Target]:
    return [target(f"{folder}/a-headline-{at}") for at in range(number)]


def sections(*names: str, place: str = "div.head ul.nav") -> list[Target]:
    return [target(f"{name}/", place=place, priority=5) for name in names]


async def ready(survey: SurveyFrontier, *targets: Target, **rules: Any) -> SurveyFrontier:
    """The survey with these targets in its window, robots.txt already read."""
    await opened(survey, *targets, **rules)
    await survey.refill()
    return survey


async def asked(survey: SurveyFrontier, most: int = 1_000) -> list[str]:
    """The paths that it asks for, each settled as worth it before the next, as long as there are any."""
    paths: list[str] = []
    while len(paths) < most and (taken := take(survey)) is not None:
        paths.append(taken.url.removeprefix(HOME))
        survey.counters["requests"] += 1
        await settle(survey, taken, Result.ARTICLE)
        await survey.refill()
    return paths


async def test_one_at_a_time_and_nothing_until_it_is_settled(survey: SurveyFrontier) -> None:
    await ready(survey, *headlines("city", 3))
    first = take(survey)
    assert first is not None
    assert take(survey) is None
    assert survey.next_chance(1.0) == inf
    assert not survey.has_more
    await settle(survey, first)
    await survey.refill()
    assert take(survey) not in (None, first)


async def test_a_page_whose_scripts_wait_for_the_rules_of_another_host_gets_them(survey: SurveyFrontier) -> None:
    await ready(survey, *headlines("city", 3))
    assert take(survey) is not None
    elsewhere = survey.hosts.robots_target(target("https://lists.portal.test/new.json"))
    survey.window.appendleft(elsewhere)
    assert take(survey) == elsewhere
    assert take(survey) is None


async def test_what_a_page_led_to_is_known_before_the_next_is_chosen(survey: SurveyFrontier) -> None:
    await ready(survey, *headlines("city", 9))
    first = take(survey)
    assert first is not None
    await settle(survey, first, found=(target("feed", kind=Kind.FEED, priority=1),))
    assert take(survey) is None  # the store has more than the window shows
    await survey.refill()
    assert await asked(survey, 1) == ["feed"]


async def test_one_of_each_kind_comes_before_a_second(survey: SurveyFrontier) -> None:
    footer = [target(f"{name}.html", place="div.footer", priority=5) for name in ("about", "privacy")]
    await ready(survey, *sections("news", "sport", "life"), *footer, target("feed", kind=Kind.FEED), target("map", kind=Kind.SITEMAP))
    first = await asked(survey, 4)
    assert {"feed", "map"} < set(first)
    assert len({"news/", "sport/", "life/"} & set(first)) == len({"about.html", "privacy.html"} & set(first)) == 1


async def test_headlines_are_followed_four_for_one_of_anything_else(survey: SurveyFrontier) -> None:
    footer = [target(f"page-{name}.html", place="div.footer", priority=5) for name in "abcd"]
    await ready(survey, *headlines("city", 20), *footer)
    paths = await asked(survey, 15)
    rounds = [paths[:5], paths[5:10], paths[10:]]
    assert [sum(path.startswith("city/") for path in one) for one in rounds] == [4, 4, 4]


async def test_headlines_of_all_sections_have_their_turn(survey: SurveyFrontier) -> None:
    await ready(survey, *headlines("city", 8), *headlines("sport", 8), *headlines("life", 8))
    folders = [path.split("/")[0] for path in await asked(survey, 6)]
    assert sorted(folders[:3]) == sorted(folders[3:]) == ["city", "life", "sport"]


async def test_further_pages_are_all_of_one_kind_whatever_they_are_of(survey: SurveyFrontier) -> None:
    further = [target(f"{name}/list_{at}.html", kind=Kind.LISTING, number=at) for name in ("news", "sport") for at in (2, 3)]
    await ready(survey, *further, *sections("news", "sport"))
    assert len([path for path in await asked(survey, 2) if "list_" in path]) == 1


async def test_it_ends_at_the_number_of_requests(store: Store, refused: Refused) -> None:
    survey = await ready(surveyed(store, refused, requests=3), *headlines("city", 9))
    assert len(await asked(survey)) == 3
    assert (survey.over, survey.has_more) == (SURVEYED, False)


async def test_a_small_site_is_finished_before(survey: SurveyFrontier) -> None:
    await ready(survey, *headlines("city", 3))
    assert len(await asked(survey)) == 3
    assert survey.over == "finished"


async def test_a_page_of_a_new_kind_is_found_behind_a_window_that_is_all_but_full(store: Store, refused: Refused) -> None:
    survey = await ready(surveyed(store, refused, size=10), *headlines("city", 9))
    first = take(survey)
    assert first is not None
    await settle(survey, first, found=(target("feed", kind=Kind.FEED, priority=1),))
    assert survey.wants_refill
    await survey.refill()
    assert await asked(survey, 1) == ["feed"]


async def test_a_window_that_is_full_keeps_nothing_waiting(store: Store, refused: Refused) -> None:
    survey = await ready(surveyed(store, refused, size=4), *headlines("city", 30))
    assert len(await asked(survey, 12)) == 12


async def test_a_robots_txt_that_failed_comes_before_the_pages_that_wait_for_it(survey: SurveyFrontier) -> None:
    await filled(survey, target(), target("one"))
    for tries in range(3):
        robots = take(survey)
        assert robots is not None
        assert (robots.url, robots.tries) == (ROBOTS, tries)
        survey.robots_answered(robots, RobotsAnswer(Visit(robots), again=tries < 2))
        await settle(survey, robots, Result.UNREACHABLE)
        await survey.refill()
    assert take(survey) is None


async def test_what_is_refused_costs_no_request(survey: SurveyFrontier, refused: Refused) -> None:
    await ready(survey, target("hidden/one"), *headlines("city", 1), rules=read_rules("User-agent: *\nDisallow: /hidden/"))
    assert await asked(survey) == ["city/a-headline-0"]
    assert refused.targets == [(f"{HOME}hidden/one", Result.FORBIDDEN, "robots.txt")]


async def test_it_stops_where_rules_of_an_earlier_look_tell_us_to_leave(survey: SurveyFrontier, store: Store, refused: Refused) -> None:
    earlier = await opened(surveyed(store, refused), *headlines("city", 3), rules=read_rules("User-agent: *\nCrawl-delay: 9000"))
    survey.hosts.rulebook.remember(earlier.hosts.rulebook.as_json())
    await survey.refill()
    assert take(survey) is None
    assert survey.over.startswith("robots.txt asks for")
