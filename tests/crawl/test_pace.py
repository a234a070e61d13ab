"""Politeness on a clock of the test's own: what the server sees, whatever the order of starts and answers."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.pace import Pace

DELAYS = st.sampled_from([0.001, 0.25, 1.0, 3.0])
# What happens next, and how long after the last: "go" asks as soon as allowed, "answer" ends the oldest request.
STEPS = st.lists(st.tuples(st.sampled_from(["go", "answer", "obey", "hold"]), st.sampled_from([0.0, 0.1, 0.25, 1.0, 2.5])), max_size=40)


@given(DELAYS, st.integers(1, 4), STEPS)
def test_what_the_server_sees(delay, concurrency, steps):
    pace, clock, under_way, starts = Pace(delay, concurrency), 0.0, 0, []
    answered, held, obeyed = -inf, -inf, False
    for step, seconds in steps:
        clock += seconds
        if step == "obey":
            pace.obey(seconds)
            if seconds >= delay:
                delay, concurrency, obeyed = seconds, 1, True
        elif step == "hold":
            pace.hold(clock + seconds)
            held = max(held, clock + seconds)
        elif step == "answer" and under_way:
            under_way -= 1
            pace.finished(clock)
            answered = clock
        elif step == "go" and pace.ready_at() < inf:
            clock = max(clock, pace.ready_at())
            assert clock >= held
            assert not starts or clock - starts[-1] >= delay - 1e-9
            assert not obeyed or clock - answered >= delay - 1e-9
            pace.started(clock)
            starts.append(clock)
            under_way += 1
            assert under_way <= concurrency
    assert (pace.ready_at() == inf) == (under_way >= concurrency)


@pytest.mark.parametrize("crawl_delay", [1.0, 2.0])
def test_the_first_page_waits_for_the_crawl_delay_after_the_robots_txt(crawl_delay):
    pace = Pace(1.0, 2)
    pace.started(10.0)
    pace.finished(10.8)
    pace.obey(crawl_delay)
    assert pace.ready_at() == 10.8 + crawl_delay


def test_requests_that_were_under_way_count_after_a_crawl_delay():
    pace = Pace(0.1, 3)
    for start in (0.0, 0.1, 0.2):
        pace.started(start)
    pace.obey(5.0)
    pace.finished(1.0)
    pace.finished(1.5)
    assert pace.ready_at() == inf
    pace.finished(2.0)
    assert pace.ready_at() == 7.0


@pytest.mark.parametrize("crawl_delay", [0.0, 0.5, 0.999])
def test_a_crawl_delay_shorter_than_our_own_changes_nothing(crawl_delay):
    pace = Pace(1.0, 2)
    pace.obey(crawl_delay)
    pace.started(0.0)
    pace.finished(0.4)
    assert (pace.ready_at(), pace.delay, pace.concurrency) == (1.0, 1.0, 2)


def test_no_crawl_delay_is_none():
    pace = Pace(0.0, 4)
    pace.obey(0.0)
    assert pace.concurrency == 4


def test_a_later_robots_txt_may_ask_for_more_never_for_less():
    pace = Pace(0.5, 1)
    for crawl_delay in (2.0, 5.0, 1.0):
        pace.obey(crawl_delay)
    assert pace.delay == 5.0


def test_a_site_that_was_never_asked_may_be_asked_at_once():
    assert Pace(1.0, 1).ready_at() == -inf


def test_a_hold_never_shortens_another():
    pace = Pace(1.0, 1)
    pace.hold(100.0)
    pace.hold(50.0)
    pace.started(100.0)
    pace.finished(100.1)
    assert pace.ready_at() == 101.0


def test_nothing_is_asked_before_somebody_has_looked_at_the_last_answer():
    """It may ask for a pause; but if it got lost, the site is not given up."""
    pace = Pace(0.5, 1)
    pace.started(10.0)
    pace.finished(12.0)
    pace.doubt("a", 13.0)
    assert pace.ready_at() == 13.0
    pace.hold(12.5)
    pace.judged("a")
    assert pace.ready_at() == 12.5


def test_each_answer_is_doubted_for_itself():
    pace = Pace(0.1, 3)
    pace.doubt("a", 13.0)
    pace.doubt("b", 14.0)
    pace.judged("b")
    pace.judged("never doubted")
    assert pace.ready_at() == 13.0


@pytest.mark.parametrize(("crawl_delay", "ready"), [(0.0, 51.0), (30.0, 80.0)])
def test_the_last_answer_of_an_earlier_run_counts(crawl_delay, ready):
    pace = Pace(1.0, 1)
    pace.resume(50.0)
    pace.obey(crawl_delay)
    assert pace.ready_at() == ready
