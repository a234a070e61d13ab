"""What a command line wishes for."""

from datetime import UTC, datetime

import pytest

from newscrawl.crawl.wishes import ALL, Wishes, read_wishes
from newscrawl.errors import InputError


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_said_is_all_of_a_site(nothing):
    assert read_wishes(nothing, nothing) == ALL == Wishes(limit=None, since=None, survey=0)


@pytest.mark.parametrize("limit", [12, "12", " 12 "])
def test_a_limit_and_a_beginning(limit):
    assert read_wishes(limit, "2026-08") == Wishes(12, datetime(2026, 8, 1, tzinfo=UTC))


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1.5", 0])
def test_what_is_no_number_of_articles_is_named(limit):
    with pytest.raises(InputError, match=f"limit={limit}: give a number of articles, 1 or more"):
        read_wishes(limit, "")


def test_what_is_no_date_is_named():
    with pytest.raises(InputError, match="since soon: write a year, month or day"):
        read_wishes("", "soon")
