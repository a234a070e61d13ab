"""Pictures as numbers."""

from datetime import date

from newscrawl.models import Moment
from newscrawl.query.coverage import Coverage, Day
from newscrawl.query.flows import Flow
from newscrawl.query.reprints import Reprints
from newscrawl.reprints import Cluster, Copy
from newscrawl.store.overview import Outline
from newscrawl.web.pictures import DAYS, SITES, covered, drawn_flows, lanes
from tests.store.records import START, article, hours

FIRST = article("first", published=Moment(hours(0), "minute"))
MIDDLE = article("middle", site="post", published=Moment(hours(5), "minute"))
LAST = article("last", site="herald", first_seen=hours(10))


def cluster(*articles, original=FIRST):
    copies = tuple(Copy(one.id, 0.9) for one in articles)
    return Reprints(Cluster("c", START, START, original.id, copies), {one.id: one for one in articles})


def test_copies_lie_on_the_line_of_time_from_the_first_to_the_last():
    picture = lanes(cluster(LAST, FIRST, MIDDLE), MIDDLE)
    assert [(lane.article, lane.x, lane.start, lane.told) for lane in picture.lanes] == [
        (FIRST, 1, 1, "0 s"),
        (MIDDLE, 50, 1, "5 h"),
        (LAST, 99, 1, "10 h"),
    ]
    assert [(lane.original, lane.this) for lane in picture.lanes] == [(True, False), (False, True), (False, False)]
    assert (picture.first, picture.last) == (hours(0), hours(10))


def test_an_original_may_be_dated_later_than_a_copy():
    picture = lanes(cluster(FIRST, LAST, original=LAST), FIRST)
    assert [(lane.x, lane.start, lane.told) for lane in picture.lanes] == [(1, 99, "-10 h"), (99, 99, "0 s")]


def test_copies_of_one_moment_and_lonely_ones():
    assert [lane.x for lane in lanes(cluster(FIRST, article("same")), FIRST).lanes] == [1, 1]
    assert lanes(cluster(FIRST), FIRST) is None


def flow(source, taker, articles):
    return Flow(source, taker, articles, 2.0, "c", Outline("i", taker, "u", "t", START, START))


def test_the_largest_flow_is_the_widest_and_sites_stand_by_what_they_give_and_take():
    picture = drawn_flows([flow("a", "b", 100), flow("a", "c", 25), flow("b", "c", 1)])
    assert [site for site, _, _ in picture.sources] == ["a", "b"]
    assert [(site, count) for site, _, count in picture.takers] == [("b", 100), ("c", 26)]
    assert [stream.width for stream in picture.streams] == [14.0, 7.5, 2.3]
    assert picture.left_out == 0
    assert drawn_flows([]) is None


def test_of_many_sites_the_largest_are_drawn():
    picture = drawn_flows([flow(f"s{at:02}", "b", 50 - at) for at in range(SITES + 5)])
    assert len(picture.sources) == len(picture.streams) == SITES
    assert picture.left_out == 5


def test_days_are_bars_from_left_to_right():
    found = Coverage("s", (Day(date(2026, 8, 2), 6, 2, 2), Day(date(2026, 8, 1), 5)))
    first, second = covered(found)
    assert (first.day.day, first.x, first.read) == (date(2026, 8, 1), 0, DAYS / 2)
    assert (second.read, second.captured, second.missed) == (72, 24, 24)
    assert second.x + second.width <= 100
    assert covered(Coverage("s", ())) == ()
