"""One site's window on the store."""

import asyncio
from datetime import datetime, timedelta
from math import inf

import pytest

from newscrawl.crawl.frontier import SiteFrontier
from newscrawl.crawl.robots import FREE, RobotsAnswer, read_rules
from newscrawl.crawl.visit import Visit
from newscrawl.crawl.wishes import Wishes
from newscrawl.discover.worth import groups
from newscrawl.models import Kind, Result, Settlement, State, now
from newscrawl.store.protocol import Store
from tests.crawl.frontiers import CLOCK, Refused, filled, opened, settle, take, urls
from tests.crawl.visits import HOME, article, target
from tests.store.records import revision

ROBOTS = f"{HOME}robots.txt"


# robots.txt


async def test_robots_txt_comes_first_and_everything_else_waits_for_it(frontier: SiteFrontier) -> None:
    await filled(frontier, target(), target("one"))
    asked = take(frontier)
    assert asked is not None
    assert (asked.url, asked.kind) == (ROBOTS, Kind.ROBOTS)
    assert take(frontier) is None
    frontier.robots_answered(asked, RobotsAnswer(Visit(asked), FREE))
    assert sorted(urls(frontier)) == [HOME, f"{HOME}one"]


async def test_each_host_has_its_own(frontier: SiteFrontier) -> None:
    frontier.worth.record(("host m.gazette.example",), news=True)
    await filled(frontier, target(), target("https://m.gazette.example/"))
    assert sorted(urls(frontier)) == [ROBOTS, "https://m.gazette.example/robots.txt"]


async def test_a_redirected_robots_txt_counts_for_the_host_that_was_asked(frontier: SiteFrontier) -> None:
    await filled(frontier, target())
    first = take(frontier)
    assert first is not None
    frontier.robots_answered(first, RobotsAnswer(Visit(first), moved_to="https://cdn.example/robots.txt"))
    second = take(frontier)
    assert second is not None
    assert (second.url, second.kind, second.parent, second.hops) == ("https://cdn.example/robots.txt", Kind.ROBOTS, ROBOTS, 1)
    frontier.robots_answered(second, RobotsAnswer(Visit(second), FREE))
    assert urls(frontier) == [HOME]


async def test_one_that_failed_is_asked_for_again(frontier: SiteFrontier) -> None:
    await filled(frontier, target())
    first = take(frontier)
    assert first is not None
    frontier.robots_answered(first, RobotsAnswer(Visit(first), again=True))
    again = take(frontier)
    assert again is not None
    assert (again.url, again.tries) == (ROBOTS, 1)


async def test_a_host_whose_robots_txt_cannot_be_read_is_shut(frontier: SiteFrontier, refused: Refused) -> None:
    await opened(frontier, target(), target("one"), rules=None)
    assert urls(frontier) == []
    assert sorted(refused.targets) == [(url, Result.UNREACHABLE, "its robots.txt can't be read") for url in (HOME, f"{HOME}one")]


async def test_what_the_rules_forbid_is_refused(frontier: SiteFrontier, refused: Refused) -> None:
    await opened(frontier, target("one"), target("hidden/two"), rules=read_rules("User-agent: *\nDisallow: /hidden/"))
    assert urls(frontier) == [f"{HOME}one"]
    assert refused.targets == [(f"{HOME}hidden/two", Result.FORBIDDEN, "robots.txt")]


async def test_a_crawl_delay_slows_the_pace(frontier: SiteFrontier) -> None:
    await opened(frontier, target("one"), rules=read_rules("User-agent: *\nCrawl-delay: 7"))
    assert (frontier.pace.delay, frontier.pace.concurrency) == (7.0, 1)


async def test_a_crawl_delay_beyond_all_measure_ends_the_run(frontier: SiteFrontier) -> None:
    await opened(frontier, target("one"), rules=read_rules("User-agent: *\nCrawl-delay: 3600"))
    assert urls(frontier) == []
    assert frontier.over == "robots.txt asks for 3600 s between requests, more than crawl.crawl_delay_max"


# what is handed out


async def test_a_pattern_that_yields_nothing_is_left(frontier: SiteFrontier, refused: Refused) -> None:
    for day in range(3):
        frontier.worth.record(groups(f"{HOME}calendar/{day}", "", HOME), news=False)
    await opened(frontier, target("calendar/99"), target("news/1"))
    assert urls(frontier) == [f"{HOME}news/1"]
    assert refused.targets == [(f"{HOME}calendar/99", Result.TRAP, "shape /calendar/*")]


async def test_what_is_no_headline_waits_until_all_else_is_done(frontier: SiteFrontier) -> None:
    await opened(frontier, target("about", place="div.foot", priority=5), target("sport/", place="ul.nav", priority=5), target("news/1"))
    first = take(frontier)
    assert first is not None
    assert first.url == f"{HOME}news/1"
    await frontier.refill()
    assert take(frontier) is None  # news/1 may still lead somewhere
    await settle(frontier, first, Result.OTHER)
    await frontier.refill()
    for _ in range(2):
        frontier.worth.record(("place ul.nav",), news=True)
    frontier.worth.record(("place div.foot",), news=False)
    assert urls(frontier) == [f"{HOME}sport/"]  # the more promising one, and no other before it has shown what it leads to


async def test_the_pace_is_kept(frontier: SiteFrontier) -> None:
    await opened(frontier, target("one"), target("two"))
    frontier.pace.delay = 5.0
    assert frontier.take(1010.0) is not None
    assert frontier.take(1014.9) is None
    assert frontier.next_chance(1010.0) == 1015.0
    assert frontier.take(1015.0) is not None


async def test_what_is_out_is_not_handed_out_again(frontier: SiteFrontier) -> None:
    await opened(frontier, target("one"))
    assert urls(frontier) == [f"{HOME}one"]
    await frontier.refill()
    assert urls(frontier) == []


async def test_a_limit_of_articles_ends_the_run(frontier: SiteFrontier) -> None:
    frontier.wishes = Wishes(limit=2)
    await opened(frontier, target("one"), target("two"), target("three"))
    frontier.article_read()
    assert frontier.over == ""
    frontier.article_read()
    assert (frontier.over, take(frontier), frontier.has_more) == ("limit", None, False)


async def test_no_more_is_handed_out_than_the_limit_has_room_for(frontier: SiteFrontier) -> None:
    """Each page that is out may turn out to be an article."""
    await opened(frontier, target("one"), target("two"), target("three"))
    frontier.wishes = Wishes(limit=2)
    assert len(urls(frontier)) == 2
    assert frontier.next_chance(0.0) == inf  # only an answer can change that
    first, second = frontier.out.values()
    await settle(frontier, first)
    assert len(urls(frontier)) == 1
    frontier.article_read()
    await settle(frontier, second)
    assert urls(frontier) == []


# when the store is asked


async def test_it_is_asked_at_first_and_again_when_the_window_is_half_empty(frontier: SiteFrontier) -> None:
    assert frontier.wants_refill
    await opened(frontier, *(target(str(number)) for number in range(6)))
    assert (len(frontier.window), frontier.wants_refill) == (4, False)
    take(frontier)
    assert not frontier.wants_refill
    take(frontier)
    assert frontier.wants_refill
    await frontier.refill()
    assert (len(frontier.window), frontier.wants_refill) == (4, False)


async def test_it_is_asked_again_once_a_page_led_somewhere(frontier: SiteFrontier) -> None:
    await opened(frontier, target("one"), target("two"))
    one, two = take(frontier), take(frontier)
    assert one
    assert two
    await frontier.refill()
    await settle(frontier, one)
    assert not frontier.wants_refill
    await settle(frontier, two, found=(target("three"),))
    assert frontier.wants_refill


async def test_it_is_not_asked_twice_at_once(frontier: SiteFrontier) -> None:
    """Both may be asked for before the first has begun; what both bring would be fetched twice."""
    await frontier.store.add_targets([target("one"), target("two")])
    asking = [asyncio.ensure_future(frontier.refill()) for _ in range(2)]
    await asyncio.sleep(0)
    assert not frontier.wants_refill
    assert frontier.has_more
    await asyncio.gather(*asking)
    assert len(frontier.window) == 2


# the end


async def test_a_site_without_anything_due_is_finished(frontier: SiteFrontier) -> None:
    await filled(frontier)
    assert (frontier.over, frontier.has_more, frontier.wants_refill, frontier.next_chance(0.0)) == ("finished", False, False, inf)


async def test_it_is_not_over_while_a_page_is_out(frontier: SiteFrontier) -> None:
    await opened(frontier, target("one"))
    one = take(frontier)
    assert one
    await frontier.refill()
    assert (frontier.over, frontier.has_more) == ("", False)  # if Scrapy has it no more, it has leaked
    await settle(frontier, one)
    assert frontier.has_more
    assert frontier.wants_refill  # the last one out looks ahead
    await frontier.refill()
    assert frontier.over == "finished"


async def test_what_waits_for_a_robots_txt_that_is_out_is_nothing_to_go_on_with(frontier: SiteFrontier) -> None:
    """Else a robots.txt that leaked would keep the run for ever."""
    await filled(frontier, target("one"))
    frontier._stale = False
    assert frontier.has_more
    asked = take(frontier)
    assert asked is not None
    assert not frontier.has_more
    frontier.robots_answered(asked, RobotsAnswer(Visit(asked), again=True))
    assert frontier.has_more


async def test_what_is_due_soon_is_waited_for(frontier: SiteFrontier) -> None:
    frontier.hosts.rulebook.learn("gazette.example", FREE, now())
    await filled(frontier, target("later", wait=0.3))
    assert (frontier.over, frontier.has_more, frontier.wants_refill, take(frontier)) == ("", True, False, None)
    assert 100.0 < frontier.next_chance(100.0) <= 100.3
    await asyncio.sleep(0.31)
    assert frontier.wants_refill
    await frontier.refill()
    assert urls(frontier) == [f"{HOME}later"]


async def test_what_is_due_later_than_patience_is_left_to_the_next_run(frontier: SiteFrontier) -> None:
    """Its end tells until when, and why."""
    await filled(frontier, target("later", wait=60.0, detail="503"), target("much later", wait=90.0))
    until = frontier.over.removeprefix("deferred until ").partition(" UTC: ")
    assert until[2] == f"addresses that wait: 2, the first {HOME}later (503)"
    assert abs(datetime.fromisoformat(until[0] + "Z") - now()) < timedelta(minutes=2)
    assert not frontier.has_more


@pytest.mark.parametrize("many", [True, False])
async def test_what_names_very_many_addresses_is_stored_before_anything_else_is_asked_for(frontier: SiteFrontier, *, many: bool) -> None:
    """Two sitemaps of 50,000 in memory at once would take 70 MB."""
    await opened(frontier, target("a.xml", kind=Kind.SITEMAP), target("b.xml", kind=Kind.SITEMAP))
    first = take(frontier)
    assert first is not None
    frontier.heard(first, Visit(first, Result.LISTING, found=(target("news/1"),) * (5_001 if many else 1)), next(CLOCK))
    assert (take(frontier) is None) is many
    await settle(frontier, first)
    assert (take(frontier) is not None) is many


async def test_the_first_reason_to_end_is_the_one_that_is_told(frontier: SiteFrontier) -> None:
    frontier.close("limit")
    frontier.close("failed")
    assert frontier.over == "limit"


# what is counted


async def test_new_and_changed_articles_are_counted(frontier: SiteFrontier) -> None:
    for path, other in (("one", {}), ("two", {"revision": revision()})):
        frontier.settled(Settlement(target(path, state=State.DONE, result=Result.ARTICLE), article=article(path), **other))
    frontier.settled(Settlement(target("copy", state=State.DONE, result=Result.SAME_CONTENT), article=article("one")))
    assert frontier.counters == {"article": 2, "new": 1, "changed": 1, "same-content": 1}


async def test_scripts_of_a_page_under_way_come_first(store: Store, frontier: SiteFrontier) -> None:
    await store.add_targets([target("one")])
    await frontier.refill()
    frontier.errands = 1
    assert take(frontier) is None
    assert frontier.next_chance(0.0) == inf
    frontier.errands = 0
    assert take(frontier) is not None
