"""When a site is visited next."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.finding import first_target
from newscrawl.crawl.holder import holder_name
from newscrawl.crawl.learned import write_learned
from newscrawl.jobs.due import GIVEN_UP, Bounds, bounds_of, due_sites, next_visit, pause, rate
from newscrawl.models import Run
from newscrawl.sites import SiteDefinition, VisitRule
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.examples import START
from tests.knobs import schedule_knobs

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
BOUNDS = Bounds(10 * MINUTE, DAY)
OUTCOMES = st.sampled_from(["", "finished", "some failed", "limit", "deferred until 2026: x", "blocked", "no answer", "shutdown", "memory"])


def run(hours: float, outcome: str = "finished", **counters: int) -> Run:
    """A run of two minutes that began so many hours before START."""
    started, told = START - timedelta(hours=hours), {"requests": 5, **counters}
    return Run(f"r{hours}", "gazette", started, ended=started + 2 * MINUTE if outcome else None, outcome=outcome, counters=told)


def due(*runs: Run, waiting=None, at=START, bounds=BOUNDS, leave=None):
    return next_visit(runs, waiting, bounds, at=at, leave=leave)


def steady(articles: int, visits: int = 100) -> list[Run]:
    """Hourly visits, the latest at START, each with so many new articles."""
    return [run(hour, new=articles) for hour in range(visits)]


def test_a_site_that_was_never_crawled_is_due_now():
    assert due().at == START


def test_what_the_first_visit_found_is_no_rate():
    assert rate([run(0, new=4_000)]) is None
    assert due(run(0, new=4_000)).at == START + HOUR


def test_a_rate_is_learned_from_what_visits_bring():
    assert rate(steady(1)) == pytest.approx(24, rel=0.1)
    assert rate(steady(4)) == pytest.approx(96, rel=0.2)
    assert rate(steady(0)) < 2.5


def test_what_was_seen_lately_weighs_more():
    quiet, busy = steady(0, 72), steady(4, 72)
    no_news, news = [run(hour) for hour in range(72, 144)], [run(hour, new=4) for hour in range(72, 144)]
    assert rate([*busy, *no_news]) > 1.5 * rate([*quiet, *news])


def test_the_rest_of_a_visit_that_was_cut_short_is_no_news():
    assert rate([run(0, new=1), run(1, new=2_000, resumed=3_000), run(2, new=1_000), run(3)]) < rate([run(0, new=2_000), run(3)])
    assert rate([run(0, resumed=1), run(1)]) is None


def test_four_times_the_rate_is_half_the_pause():
    assert pause(12, BOUNDS) == HOUR
    assert pause(48, BOUNDS) == 30 * MINUTE
    assert pause(3, BOUNDS) == 2 * HOUR
    assert pause(10_000, BOUNDS) == 10 * MINUTE
    assert pause(0, BOUNDS) == DAY


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_more_news_never_means_a_longer_pause(one, other):
    assert (one <= other) <= (pause(one, BOUNDS) >= pause(other, BOUNDS))
    assert BOUNDS.shortest <= pause(one, BOUNDS) <= BOUNDS.longest


@given(st.lists(st.tuples(st.floats(0, 500), OUTCOMES, st.integers(0, 500)), max_size=30), st.none() | st.floats(-10, 100))
def test_a_site_is_never_forgotten_and_never_asked_in_a_rush(told, waiting):
    runs = sorted((run(hours, outcome, new=new) for hours, outcome, new in told), key=lambda one: one.started, reverse=True)
    found = next_visit(runs, None if waiting is None else START + timedelta(hours=waiting), BOUNDS, at=START)
    if runs:
        assert found.at - runs[0].started >= MINUTE
        assert found.at - runs[0].started <= BOUNDS.longest + 2 * MINUTE
    assert found.why


def test_a_run_that_was_cut_short_goes_on_at_once_and_then_ever_later():
    assert due(run(0, "shutdown")).at == START + 3 * MINUTE
    assert due(run(0, "memory", new=50), run(1, "memory", new=50)).at == START + 3 * MINUTE  # it gets on
    killed = [run(hour, "", requests=0) for hour in range(4)]
    assert due(*killed).at == START + 8 * MINUTE
    assert "4 in a row" in due(*killed).why


@pytest.mark.parametrize("outcome", ["memory", "shutdown"])
async def test_a_run_that_asked_for_much_and_is_done_with_nothing_got_nowhere(tmp_path, outcome):
    stuck = [run(1 + hour, outcome, requests=100, robots=1, leaked=4, busy=3) for hour in range(GIVEN_UP)]
    assert due(*stuck[:3]).at == START - HOUR + 6 * MINUTE
    assert due(*stuck).at == START - HOUR + 2 * MINUTE + DAY
    assert due(run(0, outcome, listing=1), *stuck).at == START + 3 * MINUTE  # now it gets on
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    for one in reversed(stuck):
        await store.save_run(one)
    (known,) = await due_sites(store, [SiteDefinition(slug="gazette", url="https://gazette.example/")], schedule_knobs(), at=START)
    assert known.is_given_up
    await store.close()


def attempts(count: int) -> list[Run]:
    """The latest an hour before START, each of the others ten hours earlier."""
    return [run(1 + 10 * number, "could not begin: its file is wrong", requests=0) for number in range(count)]


def test_a_crawl_that_can_not_begin_is_tried_ever_later_and_then_given_up():
    pauses = [due(*attempts(count), run(200)).at - START + HOUR - 2 * MINUTE for count in range(1, GIVEN_UP + 1)]
    assert pauses == [MINUTE * 2**number for number in range(GIVEN_UP - 1)] + [DAY]
    assert due(*attempts(3), run(200)).why == "could not begin: its file is wrong, 3 in a row"


def test_attempts_are_no_visits():
    assert rate([*attempts(3), *steady(4)]) == pytest.approx(rate(steady(4)), rel=0.01)
    assert rate([run(0, new=4_000), *attempts(3)]) is None  # its first visit


async def test_a_site_that_was_given_up_is_told(tmp_path):
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    site = SiteDefinition(slug="gazette", url="https://gazette.example/")
    for number, one in enumerate([run(100), *reversed(attempts(GIVEN_UP - 1)), run(0, "", requests=0)]):
        await store.save_run(one)
        (known,) = await due_sites(store, [site], schedule_knobs(), at=START)
        assert (known.failed, known.is_given_up, known.is_cut_short) == (number, number >= GIVEN_UP, number > 0)
    await store.close()


def test_a_site_that_would_not_have_us_is_left_longer_each_time():
    assert due(run(0, "blocked")).at == START + HOUR
    assert due(run(0, "blocked"), run(1, "no answer"), run(2, "blocked"), run(3, "finished")).at == START + 4 * HOUR
    assert due(*[run(hour, "no answer") for hour in range(40)]).at == START + DAY


def test_a_deferred_run_goes_on_when_its_addresses_are_due():
    assert due(run(0, "deferred until 2026: x"), waiting=START + 20 * MINUTE).at == START + 20 * MINUTE
    assert due(run(0, "deferred until 2026: x"), waiting=START - HOUR).at == START + 3 * MINUTE
    assert due(run(0, "deferred until 2026: x"), waiting=START + DAY).at == START + HOUR  # there may be news before


def test_a_site_that_asks_to_be_left_alone_is_left_alone_for_so_long():
    left = run(0, "deferred until 2026: x")
    assert due(left, waiting=START - HOUR, leave=START + 20 * MINUTE).at == START + 20 * MINUTE
    assert due(left, waiting=START - HOUR, leave=START + DAY).at == START + DAY  # not even for news
    assert due(left, waiting=START - HOUR, leave=START - MINUTE).at == START + 3 * MINUTE  # that is over


@pytest.mark.parametrize(("leave_until", "wait"), [(START + DAY, DAY), (None, 3 * MINUTE), ("soon", 3 * MINUTE)])
async def test_what_a_site_asked_for_is_known_from_its_last_run(tmp_path, leave_until, wait):
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    site = SiteDefinition(slug="gazette", url="https://gazette.example/")
    await store.add_targets([replace(first_target(site, site.url), due=START - HOUR)])
    await store.save_run(run(0, "deferred until 2026: x"))
    await store.save_learned("gazette", write_learned({"leave_until": msgspec.json.encode(leave_until).decode()}))
    (found,) = await due_sites(store, [site], schedule_knobs(), at=START)
    assert found.due.at == START + wait
    await store.close()


def test_a_site_may_have_bounds_of_its_own():
    site = SiteDefinition(slug="gazette", url="https://gazette.example/")
    common = schedule_knobs()
    assert bounds_of(site, common) == BOUNDS
    of = lambda **own: bounds_of(SiteDefinition(slug="g", url="https://g.example/", visits=VisitRule(**own)), common)  # noqa: E731
    assert of(shortest_minutes=5) == Bounds(5 * MINUTE, DAY)
    assert of(longest_minutes=5) == Bounds(5 * MINUTE, 5 * MINUTE)
    assert of(shortest_minutes=3_000) == Bounds(3_000 * MINUTE, 3_000 * MINUTE)


async def test_sites_come_in_the_order_of_their_visits(tmp_path):
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    sites = [SiteDefinition(slug=slug, url=f"https://{slug}.example/") for slug in ("held", "new", "old")]
    await store.save_run(Run("r1", "old", START, ended=START, outcome="finished"))
    await store.take_lease("held", "elsewhere:1/000000000000", START, START + HOUR / 2)
    found = await due_sites(store, sites, schedule_knobs(), at=START)
    assert [(one.site.slug, one.due.at) for one in found] == [("new", START), ("held", START + HOUR / 2), ("old", START + HOUR)]
    assert "elsewhere" in found[1].due.why
    await store.free_lease("held", "elsewhere:1/000000000000")
    dead = holder_name()
    pid = dead.rpartition(":")[2].partition("/")[0]
    await store.take_lease("held", dead.replace(f":{pid}/", ":4194305/"), START, START + HOUR)  # beyond the largest process number
    assert (await due_sites(store, sites, schedule_knobs(), at=START))[0].due.at == START
    await store.close()
