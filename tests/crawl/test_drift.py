"""Alarms: none while nothing changes, and the right one when something does."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.drift import FIELDS, alarms, baseline, poisson_tail, tail
from newscrawl.crawl.figures import HUNDREDTHS, answer_figures
from newscrawl.crawl.slowness import student_tail
from newscrawl.health import Sign
from newscrawl.models import Result, Run
from tests.examples import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
USUAL = {"title": 1.0, "date": 0.97, "authors": 0.7, "body": 0.98}


class Paper:
    """A site that publishes at random, by day more than by night and on weekdays more than at their end; visited every hour."""

    def __init__(self, seed: int, *, daily: float = 20.0, authors: float = 0.7) -> None:
        self.random, self.daily, self.shares = random.Random(seed), daily, {**USUAL, "authors": authors}
        self.characters, self.failing = 900.0, 0.05
        self.seconds, self.hurry, self.night = 0.3, 1.0, -1  # of an answer; a day's and an hour's own factor, and which day that was
        self.runs: list[Run] = []  # latest first

    @property
    def at(self):
        return self.runs[0].ended if self.runs else START

    def live(self, days: float, *, every: timedelta = HOUR, watched: bool = False):
        """Visits of so many days; if `watched`, the alarms after each."""
        found = []
        for _ in range(round(days * (DAY / every))):
            self.visit(every)
            found += alarms(self.runs, at=self.at) if watched else []
        return found

    def visit(self, every: timedelta = HOUR, outcome: str = "finished", **more: int) -> None:
        started = self.runs[0].started + every if self.runs else START
        expected = self.daily * (every / DAY) * (1.7 if 6 <= started.hour < 18 else 0.3) * (0.4 if started.weekday() > 4 else 1.24)
        self.add(self.poisson(expected) if self.runs else 200, started, outcome, more)

    def add(self, new: int, started, outcome: str = "finished", more=None) -> None:
        counted: Counter[str] = Counter(new=new, read=new, template=1, requests=2 * new + 3)
        generous = self.random.uniform(0.85, 1.15)  # batches are more alike than draws from an urn
        for name, share in self.shares.items():
            counted[f"with-{name}"] = sum(self.random.random() < share * generous for _ in range(new))
        lengths = [self.random.gauss(log(self.characters), 0.8) for _ in range(new)]
        counted["log"] = sum(round(length * HUNDREDTHS) for length in lengths)
        counted["log-squares"] = sum(round(length * length * HUNDREDTHS) for length in lengths)
        counted[Result.MISSING] = sum(self.random.random() < self.failing for _ in range(counted["requests"]))
        if started.toordinal() != self.night:
            self.night, self.hurry = started.toordinal(), self.random.lognormvariate(0, 0.35)
        slow = self.seconds * self.hurry * self.random.lognormvariate(0, 0.3) * (1.5 if 18 <= started.hour < 22 else 1)
        for _ in range(counted["requests"]):
            counted.update(answer_figures(slow * self.random.lognormvariate(0, 0.5)))
        counted.update(more or {})
        ended = started + timedelta(minutes=2)
        self.runs.insert(0, Run(f"r{len(self.runs)}", "gazette", started, ended=ended, outcome=outcome, counters=counted))

    def poisson(self, expected: float) -> int:
        count, left = 0, self.random.expovariate(1.0)
        while left < expected:
            count, left = count + 1, left + self.random.expovariate(1.0)
        return count


def signs(paper: Paper, **options: int) -> set[tuple[Sign, str]]:
    return {(alarm.sign, alarm.field) for alarm in alarms(paper.runs, at=paper.at, **options)}


@pytest.mark.parametrize("daily", [0.3, 2, 20, 150])
@pytest.mark.parametrize("authors", [0.0, 0.5, 1.0])
def test_thirty_quiet_days_give_no_alarm(daily: float, authors: float) -> None:
    assert not Paper(1, daily=daily, authors=authors).live(30, every=2 * HOUR, watched=True)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("seed", range(3))
def test_a_field_that_is_gone_is_named_as_soon_as_eight_articles_lack_it(name: str, seed: int) -> None:
    paper = Paper(seed, authors=0.95)
    paper.live(10)
    assert not signs(paper)
    paper.shares[name] = 0.0
    paper.add(8, paper.runs[0].started + HOUR)
    assert (Sign.FIELD, name) in signs(paper)
    (alarm,) = [alarm for alarm in alarms(paper.runs, at=paper.at) if alarm.field == name]
    assert alarm.since == paper.runs[0].started
    assert "0 of the last 8 articles" in alarm.told
    paper.shares[name] = USUAL[name]
    paper.live(7)
    assert (Sign.FIELD, name) not in signs(paper)


def test_a_few_articles_of_many_runs_are_added_up() -> None:
    paper = Paper(1, authors=1.0)
    paper.live(10)
    paper.shares["date"] = 0.0
    for _ in range(9):
        paper.add(1, paper.runs[0].started + HOUR)
    assert (Sign.FIELD, "date") in signs(paper)


@pytest.mark.parametrize("characters", [60, 300, 4_000])
def test_texts_of_another_length_are_told(characters: float) -> None:
    paper = Paper(1)
    paper.live(10)
    paper.characters = characters
    paper.add(40, paper.runs[0].started + HOUR)
    assert (Sign.FIELD, "length") in signs(paper)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("daily", [2, 150])
def test_a_site_that_has_become_slow_is_told_within_a_day(daily: float, seed: int) -> None:
    paper = Paper(seed, daily=daily)
    paper.live(21)
    assert not signs(paper)
    paper.seconds *= 12
    paper.live(1)
    assert signs(paper) == {(Sign.SLOW, "")}
    (alarm,) = alarms(paper.runs, at=paper.at)
    assert "answers of the last day took" in alarm.told
    paper.seconds /= 12
    paper.live(1)
    assert not signs(paper)


def test_a_quick_site_that_takes_longer_and_is_still_quick_is_none_of_our_business() -> None:
    paper = Paper(1)
    paper.seconds = 0.01
    paper.live(21)
    paper.seconds *= 12
    paper.live(1)
    assert not signs(paper)


@pytest.mark.parametrize(
    ("distance", "freedom", "chance"), [(6.314, 1, 0.05), (2.920, 2, 0.05), (4.297, 9, 0.001), (0, 5, 0.5), (3.965, 20, 0.000382)]
)
def test_students_tail_is_as_in_the_tables(distance: float, freedom: int, chance: float) -> None:
    assert student_tail(distance, freedom) == pytest.approx(chance, rel=0.01)


def test_a_site_that_falls_silent_is_noticed_within_two_days() -> None:
    paper = Paper(1)
    paper.live(28)
    paper.daily = 0.0
    paper.live(2)
    assert signs(paper) == {(Sign.FEW, "")}


def test_a_flood_is_told() -> None:
    paper = Paper(1)
    paper.live(28)
    paper.daily = 400.0
    paper.live(1.5)
    assert (Sign.MANY, "") in signs(paper)


def test_the_minimum_of_the_site_file_is_held() -> None:
    paper = Paper(1, daily=3)
    paper.live(3)
    assert not signs(paper)
    assert signs(paper, daily_minimum=50) == {(Sign.MINIMUM, "")}
    assert not alarms(paper.runs[-3:], at=paper.runs[-3].ended, daily_minimum=50)  # not watched for a day yet


@pytest.mark.parametrize(
    ("outcome", "times", "sign"),
    [("blocked", 1, Sign.BLOCKED), ("refused", 1, Sign.BLOCKED), ("nothing read", 1, Sign.EMPTY), ("no answer", 3, Sign.SILENT)],
)
def test_a_site_that_would_not_have_us(outcome: str, times: int, sign: Sign) -> None:
    paper = Paper(1)
    paper.live(3)
    for time in range(times):
        assert not signs(paper), time
        paper.visit(outcome=outcome, new=0, read=0)
    assert signs(paper) == {(sign, "")}
    paper.live(0.1)
    assert not signs(paper)


def test_crawls_that_can_not_begin_are_told_beside_what_was_known() -> None:
    paper = Paper(1)
    paper.live(5)
    usual = baseline(paper.runs)
    paper.failing = 0.7
    paper.live(0.5)
    for number in range(3):
        assert (Sign.NOT_BEGUN, "") not in signs(paper), number
        paper.runs.insert(0, Run(f"a{number}", "gazette", paper.at, ended=paper.at + HOUR, outcome="could not begin: its file is wrong"))
    assert signs(paper) == {(Sign.ERRORS, ""), (Sign.NOT_BEGUN, "")}
    assert alarms(paper.runs, at=paper.at)[0].told == "the last 3 crawls could not begin: its file is wrong"
    assert baseline(paper.runs[:3] + paper.runs[15:]) == usual


def test_failures_that_were_none_are_told() -> None:
    paper = Paper(1)
    paper.live(5)
    paper.failing = 0.7
    paper.live(0.5)
    assert (Sign.ERRORS, "") in signs(paper)


def test_a_redesign_and_a_robots_txt_that_shuts_doors() -> None:
    paper = Paper(1)
    paper.live(3)
    paper.visit(template=1, **{"robots-changed": 1, "forbidden": 30})
    paper.visit(template=1)  # 2 in all: they are added up
    assert (Sign.TEMPLATE, "") in signs(paper)
    paper.runs = paper.runs[1:]
    assert (Sign.ROBOTS, "") in signs(paper)
    nothing_new = replace(paper.runs[0], counters={**paper.runs[0].counters, "forbidden": 0})
    assert Sign.ROBOTS not in {alarm.sign for alarm in alarms([nothing_new, *paper.runs[1:]], at=paper.at)}


def test_runs_of_older_versions_tell_nothing() -> None:
    old = [Run(f"r{n}", "g", START - n * HOUR, ended=START, outcome="finished", counters={"new": 1, "requests": 9}) for n in range(50)]
    assert not alarms(old, at=START)
    assert not alarms([], at=START)
    assert baseline(old).shares == {}


def test_a_baseline_is_what_runs_were_like() -> None:
    paper = Paper(1)
    paper.live(28)
    known = baseline(paper.runs)
    assert known.articles_a_day == pytest.approx(20, rel=0.2)
    assert known.shares["date"] == pytest.approx(0.97, abs=0.08)
    assert known.characters == pytest.approx(900, rel=0.1)
    assert known.failing == pytest.approx(0.05, abs=0.02)


COUNTERS = st.dictionaries(
    st.sampled_from(
        [
            "new",
            "read",
            "requests",
            "missing",
            "log",
            "log-squares",
            "answers",
            "answer-log",
            "resumed",
            "template",
            *(f"with-{name}" for name in FIELDS),
        ]
    ),
    st.integers(0, 5_000),
)
RUNS = st.lists(st.tuples(st.floats(0, 100), COUNTERS, st.sampled_from(["finished", "blocked", "", "no answer"])), max_size=12)


@given(RUNS, st.integers(0, 100))
def test_whatever_the_runs_are_each_thing_is_told_once(told, minimum) -> None:
    runs = [
        Run(str(number), "g", START - timedelta(days=days), ended=START if outcome else None, outcome=outcome, counters=counters)
        for number, (days, counters, outcome) in enumerate(sorted(told, key=lambda one: one[0]))
    ]
    found = alarms(runs, at=START, daily_minimum=minimum)
    assert len({alarm.key for alarm in found}) == len(found)
    assert all(alarm.told for alarm in found)
    baseline(runs)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 500), st.integers(0, 500))
def test_a_tail_is_a_probability_and_grows_with_what_there_is(few, more, had, lacked) -> None:
    few, of = min(few, more), max(few, more)
    chance = tail(few, of, had, had + lacked)
    assert 0 <= chance <= 1
    assert tail(of, of, had, had + lacked) == pytest.approx(1)
    assert few == 0 or tail(few - 1, of, had, had + lacked) <= chance + 1e-12


def test_tails_are_right_where_they_are_known() -> None:
    assert tail(0, 1, 0, 0) == pytest.approx(0.5)  # Laplace: nothing is known
    assert tail(0, 2, 98, 98) == pytest.approx(1 / 100 * 2 / 101)
    assert poisson_tail(1, 12) == pytest.approx(13 * 2.718281828459045**-12)
