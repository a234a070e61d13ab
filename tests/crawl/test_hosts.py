"""Whether a target may be asked for, as far as its host is concerned."""

import re
from datetime import timedelta
from math import inf

import pytest

from newscrawl.archive.exchange import Exchange
from newscrawl.crawl.circuit import OPENS_AFTER
from newscrawl.crawl.hosts import DEFERRED, Hosts, Refusal, Turn
from newscrawl.crawl.pace import Pace
from newscrawl.crawl.robots import FREE, SHUT, RobotsAnswer, Rules, read_rules
from newscrawl.crawl.rulebook import KEPT, SHUT_FOR
from newscrawl.crawl.visit import Visit
from newscrawl.models import Kind, Result, Target, now
from tests.crawl.visits import SITE, target
from tests.knobs import crawl_knobs

CLOCK = 1_000.0
FRONT, OLD = "gazette.example", "old.gazette.example"
STORY, OLD_STORY = target("story"), target("https://old.gazette.example/story")


def hosts(rules: Rules = FREE, *, old: Rules = FREE, concurrency: int = 1) -> Hosts:
    """Of a site with two hosts, whose rules are known."""
    made = Hosts(SITE, Pace(0.5, concurrency), knobs=crawl_knobs(retry_seconds=2.0, patience=60.0, crawl_delay_max=30.0))
    for host, its in ((FRONT, rules), (OLD, old)):
        made.rulebook.learn(host, its, now())
    return made


def answered(status: int, *, hold: float = 0.0, result: Result = Result.BUSY, asked: Target = STORY) -> Visit:
    return Visit(asked, result, str(status), Exchange(asked.url, now(), status, (), b""), hold=hold)


def robots(host: str = FRONT) -> Target:
    return hosts().robots_target(target(f"https://{host}/story"))


# robots.txt


def test_what_is_allowed_and_what_not():
    made = hosts(read_rules("User-agent: *\nDisallow: /hidden/"))
    assert made.turn(STORY, CLOCK) is Turn.NOW
    assert made.turn(target("hidden/1"), CLOCK) == Refusal(Result.FORBIDDEN, "robots.txt")


def test_another_host_whose_file_can_not_be_read_is_left_to_the_next_visit():
    """It may be dead, and no run would ever end."""
    assert hosts(old=SHUT).turn(OLD_STORY, CLOCK) == Refusal(Result.UNREACHABLE, "its robots.txt can't be read")


def test_the_front_host_whose_file_can_not_be_read_is_asked_again_in_an_hour():
    assert hosts(SHUT).turn(STORY, CLOCK) == Refusal(Result.UNREACHABLE, "its robots.txt can't be read", SHUT_FOR)


def test_its_pages_wait_while_it_is_asked_for():
    made = hosts()
    other = target("https://new.gazette.example/1")
    assert made.turn(other, CLOCK) is Turn.AFTER_ROBOTS
    asked = made.robots_target(other)
    assert (asked.url, asked.kind) == ("https://new.gazette.example/robots.txt", Kind.ROBOTS)
    assert (made.turn(asked, CLOCK), made.turn(other, CLOCK), made.turn(STORY, CLOCK)) == (Turn.NOW, Turn.LATER, Turn.NOW)
    assert (made.goes_on(other), made.goes_on(asked), made.goes_on(STORY)) == (False, True, True)
    assert made.robots_answered(asked, RobotsAnswer(Visit(asked), FREE)) is None
    assert made.turn(other, CLOCK) is Turn.NOW


def test_a_file_of_yesterday_is_read_again_before_the_next_request():
    made = hosts()
    made.rulebook.learn(FRONT, FREE, now() - KEPT)
    assert made.turn(STORY, CLOCK) is Turn.AFTER_ROBOTS


def test_one_that_an_earlier_run_read_is_not():
    made, earlier = hosts(), hosts(read_rules("User-agent: *\nDisallow: /hidden/"))
    made.rulebook.remember(earlier.rulebook.as_json())
    made.rulebook.learn(FRONT, FREE, now() - KEPT)
    assert made.turn(target("hidden/1"), CLOCK) == Refusal(Result.FORBIDDEN, "robots.txt")
    assert made.turn(STORY, CLOCK) is Turn.NOW


def test_its_crawl_delay_counts_at_once():
    made, earlier = Hosts(SITE, pace := Pace(0.5, 4), knobs=crawl_knobs()), hosts(read_rules("User-agent: *\nCrawl-delay: 7"))
    made.rulebook.remember(earlier.rulebook.as_json())
    pace.resume(CLOCK - 2.0)
    assert made.turn(STORY, CLOCK) is Turn.LATER
    assert made.ready_at([STORY]) == CLOCK + 5.0
    assert made.turn(STORY, CLOCK + 5.0) is Turn.NOW


def test_a_subdomain_that_wants_too_much_time_is_left_alone_and_the_site_is_not():
    made = hosts(old=read_rules("User-agent: *\nCrawl-delay: 31"))
    refused = made.turn(OLD_STORY, CLOCK)
    assert isinstance(refused, Refusal)
    assert (refused.result, made.leave, made.turn(STORY, CLOCK)) == (Result.FORBIDDEN, "", Turn.NOW)


# hosts that don't answer


def test_the_front_host_is_waited_for_and_then_left():
    made = hosts()
    for number in range(OPENS_AFTER):
        assert made.leave == ""
        made.heard(target(str(number)), Visit(target(str(number)), Result.UNREACHABLE), CLOCK)
    assert made.leave == "no answer"
    assert made.turn(STORY, CLOCK) is Turn.LATER
    assert made.ready_at([STORY]) > CLOCK + 100.0


def test_targets_of_a_dead_subdomain_are_put_back_so_that_others_need_not_wait():
    made = hosts()
    for number in range(3):
        page = target(f"https://old.gazette.example/{number}")
        made.heard(page, Visit(page, Result.UNREACHABLE), CLOCK)
    assert made.turn(OLD_STORY, CLOCK) == Refusal(Result.UNREACHABLE, "its host does not answer", timedelta(seconds=4.0))
    assert (made.turn(STORY, CLOCK), made.leave) == (Turn.NOW, "")
    assert made.turn(OLD_STORY, CLOCK + 4.0) is Turn.NOW


def test_and_left_to_the_next_visit_if_it_stays_dead():
    made = hosts()
    for number in range(OPENS_AFTER):
        page = target(f"https://old.gazette.example/{number}")
        made.heard(page, Visit(page, Result.UNREACHABLE), CLOCK)
    assert made.turn(OLD_STORY, CLOCK) == Refusal(Result.UNREACHABLE, "its host does not answer")


def test_a_robots_txt_waits_for_its_host():
    made, asked = hosts(), robots()
    for _ in range(2):
        made.heard(asked, Visit(asked, Result.UNREACHABLE), CLOCK)
    assert (made.turn(asked, CLOCK), made.ready_at([asked])) == (Turn.LATER, CLOCK + 2.0)


def test_only_one_request_tries_whether_a_dead_host_is_back():
    made = hosts(concurrency=2)
    for number in range(OPENS_AFTER):
        page = target(f"https://old.gazette.example/{number}")
        made.heard(page, Visit(page, Result.BUSY), CLOCK)
    back = CLOCK + 1_000.0
    assert made.turn(OLD_STORY, back) is Turn.NOW
    made.asked(OLD_STORY, back)
    assert isinstance(made.turn(target("https://old.gazette.example/other"), back + 1.0), Refusal)
    made.heard(OLD_STORY, Visit(OLD_STORY, Result.ARTICLE), back + 2.0)
    assert made.turn(target("https://old.gazette.example/other"), back + 2.0) is Turn.NOW


# pauses


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_is_asked_for_holds_for_the_whole_site(status):
    made = hosts(concurrency=3)
    made.heard(STORY, answered(status, hold=20.0), CLOCK)
    assert (made.ready_at([OLD_STORY]), made.leave) == (CLOCK + 20.0, "")


@pytest.mark.parametrize("status", [429, 503])
def test_where_none_is_named_ours_holds(status):
    made = hosts()
    made.heard(STORY, answered(status), CLOCK)
    assert made.ready_at([OLD_STORY]) == CLOCK + 2.0


@pytest.mark.parametrize("status", [500, 404, 200])
def test_other_answers_speak_for_one_page(status):
    made = hosts()
    made.heard(STORY, answered(status, hold=20.0, result=Result.OTHER), CLOCK)
    assert made.ready_at([STORY]) == -inf


def test_a_pause_beyond_patience_ends_the_run_and_is_remembered():
    made = hosts()
    made.heard(STORY, answered(429, hold=3_600.0), CLOCK)
    assert re.fullmatch(r"deferred until 20..-..-.. ..:.. UTC: the site asks .*", made.leave)
    assert made.leave_until is not None
    assert timedelta(seconds=3_590) < made.leave_until - now() <= timedelta(seconds=3_600)


@pytest.mark.parametrize("kind", [Kind.SEED, Kind.ROBOTS])
def test_where_everybody_begins_is_believed_at_once(kind):
    made = hosts()
    made.heard(target(kind=kind), answered(503, hold=3_600.0), CLOCK)
    assert made.leave_until


def test_a_page_that_asks_for_too_long_a_pause_may_be_the_only_one_that_is_closed():
    """The site is left alone for as long as a run waits, then the next answer tells."""
    made = hosts()
    made.heard(STORY, answered(503, hold=3_600.0), CLOCK)
    assert (made.leave, made.ready_at([STORY])) == ("", CLOCK + crawl_knobs().patience)
    made.heard(target("2"), answered(200, result=Result.ARTICLE), CLOCK + 61.0)
    made.heard(target("3"), answered(503, hold=5.0), CLOCK + 62.0)
    assert (made.leave, made.ready_at([STORY])) == ("", CLOCK + 67.0)


@pytest.mark.parametrize(("status", "hold", "until"), [(503, 0.0, 3_540.0), (429, 7_200.0, 7_200.0), (503, 5.0, 3_540.0)])
def test_if_the_next_asks_for_a_pause_too_the_whole_host_meant_it(status, hold, until):
    made = hosts()
    made.heard(STORY, answered(503, hold=3_600.0), CLOCK)
    made.heard(OLD_STORY, answered(200, result=Result.ARTICLE), CLOCK + 60.0)  # another host tells nothing of it
    made.heard(target("2"), answered(status, hold=hold), CLOCK + 60.0)
    assert made.leave.startswith(DEFERRED)
    assert abs((made.leave_until - now()).total_seconds() - until) < 10.0


PICTURE, OTHER_PICTURE = (target(f"https://pictures.example/{name}.jpg", kind=Kind.IMAGE) for name in "ab")


def with_pictures(rules: Rules = FREE, *, pace: Pace | None = None) -> Hosts:
    """Of a site whose pictures are on a host outside of it."""
    made = Hosts(SITE, pace or Pace(0.5, 1), knobs=crawl_knobs(retry_seconds=2.0, patience=60.0, crawl_delay_max=30.0))
    made.rulebook.learn(FRONT, FREE, now())
    asked = made.robots_target(PICTURE)
    made.robots_answered(asked, RobotsAnswer(Visit(asked), rules))
    return made


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_of_pictures_that_wants_a_long_pause_is_left_and_the_site_is_not(status):
    made = with_pictures()
    made.heard(PICTURE, answered(status, hold=3_600.0, asked=PICTURE), CLOCK)
    assert (made.leave, made.leave_until, made.turn(STORY, CLOCK)) == ("", None, Turn.NOW)
    refused = made.turn(OTHER_PICTURE, CLOCK + 100.0)
    assert isinstance(refused, Refusal)
    assert (refused.result, refused.wait) == (Result.UNREACHABLE, None)
    assert made.ready_at([STORY]) == -inf


@pytest.mark.parametrize(("hold", "wait"), [(20.0, 20.0), (0.0, 2.0)])
def test_a_short_pause_of_such_a_host_is_its_own_too(hold, wait):
    made = with_pictures()
    made.heard(PICTURE, answered(429, hold=hold, asked=PICTURE), CLOCK)
    assert (made.turn(STORY, CLOCK), made.turn(OTHER_PICTURE, CLOCK)) == (Turn.NOW, Turn.LATER)
    assert (made.ready_at([OTHER_PICTURE]), made.ready_at([OTHER_PICTURE, STORY])) == (CLOCK + wait, -inf)
    assert made.turn(OTHER_PICTURE, CLOCK + wait) is Turn.NOW


def test_a_robots_txt_of_such_a_host_that_is_closed_for_long_is_given_up():
    made = with_pictures()
    made.rulebook.learn("pictures.example", FREE, now() - KEPT)
    asked = made.robots_target(PICTURE)
    again = made.robots_answered(asked, RobotsAnswer(answered(429, hold=3_600.0, asked=asked), again=True))
    made.heard(asked, answered(429, hold=3_600.0, asked=asked), CLOCK)
    assert again is not None
    assert isinstance(made.turn(again, CLOCK), Refusal)
    assert isinstance(made.turn(PICTURE, CLOCK), Refusal)
    assert (made.rulebook.none_asked, made.leave) == (True, "")


def test_a_crawl_delay_of_such_a_host_is_its_own():
    pace = Pace(0.5, 4)
    made = with_pictures(read_rules("User-agent: *\nCrawl-delay: 7"), pace=pace)
    assert (pace.delay, pace.concurrency) == (0.5, 4)
    assert made.turn(PICTURE, CLOCK) is Turn.NOW
    made.asked(PICTURE, CLOCK)
    assert (made.turn(STORY, CLOCK + 1.0), made.turn(OTHER_PICTURE, CLOCK + 8.0)) == (Turn.NOW, Turn.LATER), "one at a time"
    made.heard(PICTURE, answered(200, result=Result.IMAGE, asked=PICTURE), CLOCK + 2.0)
    assert (made.ready_at([OTHER_PICTURE]), made.ready_at([STORY])) == (CLOCK + 9.0, CLOCK + 0.5)
    assert (made.turn(OTHER_PICTURE, CLOCK + 8.9), made.turn(OTHER_PICTURE, CLOCK + 9.0)) == (Turn.LATER, Turn.NOW)


def test_one_that_an_earlier_run_read_holds_from_the_first_request():
    made, earlier = with_pictures(), with_pictures(read_rules("User-agent: *\nCrawl-delay: 7"))
    made.rulebook.learn("pictures.example", FREE, now() - KEPT)
    made.rulebook.remember(earlier.rulebook.as_json())
    assert (made.turn(PICTURE, CLOCK), made.turn(STORY, CLOCK), made.turn(PICTURE, CLOCK + 7.0)) == (Turn.LATER, Turn.NOW, Turn.NOW)


def test_an_answer_is_judged_before_the_next_request():
    pace = Pace(0.5, 1)
    made = Hosts(SITE, pace, knobs=crawl_knobs())
    pace.doubt(STORY.id, CLOCK + 1.0)
    made.heard(STORY, answered(200, result=Result.ARTICLE), CLOCK)
    assert pace.ready_at() == -inf


def test_walls_end_the_run():
    made = hosts()
    for number in range(3):
        made.heard(target(str(number)), answered(403, result=Result.BLOCKED), CLOCK)
    assert made.leave == "blocked"


# when


def test_while_everything_waits_for_a_robots_txt_only_an_answer_helps():
    """Else Scrapy would be woken again and again at more than one request at once."""
    made = hosts(concurrency=3)
    other = target("https://new.gazette.example/1")
    made.robots_target(other)
    assert made.ready_at([other]) == inf
    assert made.ready_at([other, STORY]) == -inf
