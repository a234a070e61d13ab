"""Whether to go on, to wait, or to leave."""

import pytest

from newscrawl.crawl.circuit import OPENS_AFTER
from newscrawl.crawl.reception import BLOCKED, LEAVES_AFTER, NO_ANSWER, Reception
from newscrawl.models import Kind, Result
from tests.crawl.visits import HOME, target

FAILED = [Result.BUSY, Result.UNREACHABLE]


def told(results: list[Result], *, url: str = HOME, **fields: object) -> list[str]:
    """What each of these answers led to."""
    reception = Reception(HOME, 2.0)
    return [reception.heard(target(f"{url}{number}", **fields), result, 100.0) for number, result in enumerate(results)]


@pytest.mark.parametrize("result", FAILED)
@pytest.mark.parametrize("url", [HOME, "https://www.gazette.example/"])
def test_a_front_page_that_is_away_ends_the_run(result, url):
    assert told([result] * OPENS_AFTER, url=url) == [""] * (OPENS_AFTER - 1) + [NO_ANSWER]


@pytest.mark.parametrize("result", FAILED)
def test_a_dead_subdomain_does_not(result):
    assert set(told([result] * 50, url="https://old.gazette.example/")) == {""}


@pytest.mark.parametrize("between", [Result.MISSING, Result.ARTICLE, Result.REFUSED, Result.BLOCKED])
def test_any_answer_breaks_the_row(between):
    row = [Result.BUSY] * (OPENS_AFTER - 1)
    assert set(told([*row, between, *row])) == {""}


def test_pages_that_had_failed_before_do_not_count():
    assert set(told([Result.BUSY] * 50, tries=1)) == {""}


def test_but_a_robots_txt_does():
    assert told([Result.BUSY] * OPENS_AFTER, kind=Kind.ROBOTS, tries=2)[-1] == NO_ANSWER


def test_walls_in_a_row_end_the_run():
    assert told([Result.BLOCKED] * LEAVES_AFTER) == [""] * (LEAVES_AFTER - 1) + [BLOCKED]


def test_one_around_the_front_page_is_enough():
    assert told([Result.BLOCKED], kind=Kind.SEED) == [BLOCKED]


def test_walls_around_single_pages_don_t():
    assert set(told([Result.BLOCKED, Result.BLOCKED, Result.ARTICLE] * 5)) == {""}


@pytest.mark.parametrize("nothing", [Result.LEAKED, Result.BAD_ADDRESS])
def test_what_was_never_asked_tells_nothing(nothing):
    assert told([Result.BLOCKED, nothing, Result.BLOCKED, nothing, Result.BLOCKED])[-1] == BLOCKED


def test_a_site_that_refuses_ten_pages_in_a_row_is_left():
    assert told([Result.REFUSED] * 10) == [""] * 9 + ["refused"]
    assert set(told([*[Result.REFUSED] * 9, Result.ARTICLE] * 3)) == {""}  # subscribers' pages
