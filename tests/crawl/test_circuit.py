"""Hosts that don't answer: when they are asked again."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.circuit import LONGEST_PAUSE, OPENS_AFTER, Circuits

HOST = "gazette.example"


def failing(times: int, *, pause: float = 2.0) -> Circuits:
    """Of a host that failed so often at 100.0."""
    circuits = Circuits(pause)
    for _ in range(times):
        circuits.failed(HOST, 100.0)
    return circuits


def test_a_first_failure_may_be_the_page_s_own():
    assert failing(1).ready_at(HOST) <= 100.0
    assert not failing(1).is_open(HOST)


def test_every_further_one_doubles_the_pause():
    assert [failing(times).ready_at(HOST) - 100.0 for times in (2, 3, 4, 5)] == [2.0, 4.0, 8.0, 16.0]


def test_a_pause_has_its_limit():
    assert failing(40).ready_at(HOST) == 100.0 + LONGEST_PAUSE
    assert failing(2_000).ready_at(HOST) == 100.0 + LONGEST_PAUSE


def test_it_opens_after_so_many_in_a_row_and_an_answer_closes_it():
    assert not failing(OPENS_AFTER - 1).is_open(HOST)
    circuits = failing(OPENS_AFTER)
    assert circuits.is_open(HOST)
    circuits.answered(HOST)
    assert (circuits.is_open(HOST), circuits.ready_at(HOST), circuits.all_closed) == (False, -inf, True)


def test_after_the_pause_one_request_tries_it_and_the_others_wait():
    circuits = failing(OPENS_AFTER)
    probe = circuits.ready_at(HOST)
    circuits.asked(HOST, probe)
    waits = circuits.ready_at(HOST)
    assert waits - probe == 2 * (probe - 100.0)
    circuits.failed(HOST, probe + 1.0, again=True)  # whatever page it was: it told that the host is still away
    assert circuits.ready_at(HOST) == waits + 1.0


def test_a_request_to_a_closed_circuit_changes_nothing():
    circuits = failing(3)
    before = circuits.ready_at(HOST)
    circuits.asked(HOST, 500.0)
    assert circuits.ready_at(HOST) == before


def test_pages_that_fail_once_more_tell_nothing_of_their_host():
    circuits = failing(1)
    for _ in range(50):
        circuits.failed(HOST, 200.0, again=True)
    assert not circuits.is_open(HOST)
    assert circuits.ready_at(HOST) <= 200.0


def test_hosts_don_t_suffer_for_each_other():
    circuits = failing(OPENS_AFTER)
    circuits.answered("www.gazette.example")
    assert circuits.ready_at("www.gazette.example") == -inf
    assert circuits.is_open(HOST)


@given(st.lists(st.tuples(st.sampled_from(["failed", "again", "answered", "asked"]), st.floats(0, 1e6)), max_size=60))
def test_a_host_is_never_given_up(steps):
    circuits, clock = Circuits(2.0), 0.0
    for step, seconds in steps:
        clock += seconds
        if step == "answered":
            circuits.answered(HOST)
        elif step == "asked":
            circuits.asked(HOST, clock)
        else:
            circuits.failed(HOST, clock, again=step == "again")
        assert circuits.ready_at(HOST) <= clock + LONGEST_PAUSE
