"""When a site may be asked again."""

from math import inf

from newscrawl.crawl.pace import Pace


def test_delay_counts_from_start_to_start():
    pace = Pace(1.0, 2)
    pace.started(10.0)
    assert pace.ready_at() == 11.0
    pace.finished(10.1)
    assert pace.ready_at() == 11.0


def test_no_more_at_once_than_allowed():
    pace = Pace(1.0, 2)
    pace.started(10.0)
    pace.started(11.0)
    assert pace.ready_at() == inf
    pace.finished(15.0)
    assert pace.ready_at() == 12.0


def test_a_crawl_delay_counts_from_the_answer_and_allows_one_at_a_time():
    pace = Pace(1.0, 2)
    pace.obey(5.0)
    pace.started(10.0)
    assert pace.ready_at() == inf
    pace.finished(12.0)
    assert pace.ready_at() == 17.0


def test_a_crawl_delay_holds_for_the_very_next_request():
    pace = Pace(1.0, 1)
    pace.started(10.0)  # robots.txt
    pace.finished(10.2)
    pace.obey(5.0)
    assert pace.ready_at() == 15.2


def test_a_shorter_crawl_delay_than_ours_changes_nothing():
    pace = Pace(1.0, 2)
    pace.obey(0.5)
    pace.started(10.0)
    assert pace.ready_at() == 11.0


def test_a_hold_is_never_shortened():
    pace = Pace(1.0, 1)
    pace.hold(60.0)
    pace.started(10.0)
    pace.finished(10.1)
    assert pace.ready_at() == 60.0
