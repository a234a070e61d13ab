"""Each robots.txt is asked for once a day, whichever run asks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.robots import FREE, SHUT, read_rules
from newscrawl.crawl.rulebook import KEPT, SHUT_FOR, Rulebook

AT = datetime(2026, 5, 1, 8, tzinfo=UTC)
HOST, URL = "gazette.example", "https://gazette.example/hidden/a"
HIDDEN = read_rules("User-agent: *\nDisallow: /hidden/\nCrawl-delay: 3")
MOMENT = timedelta(seconds=1)


def learned(rules=HIDDEN, *, at=AT, host=HOST) -> Rulebook:
    book = Rulebook()
    book.learn(host, rules, at)
    return book


def following(book: Rulebook) -> Rulebook:
    """That of the next run."""
    after = Rulebook()
    after.remember(book.as_json())
    return after


def test_a_host_that_is_not_known():
    book = Rulebook()
    assert (book.rules(HOST, AT), book.recall(HOST, AT), book.is_asked(HOST), book.none_asked) == (None, None, False, True)


def test_a_host_is_asked_until_it_answers():
    book = Rulebook()
    book.ask(HOST)
    assert (book.is_asked(HOST), book.none_asked, book.is_asked("other.example")) == (True, False, False)
    book.learn(HOST, FREE, AT)
    assert (book.is_asked(HOST), book.none_asked) == (False, True)


def test_rules_hold_for_a_day_within_a_run():
    book = learned()
    assert book.rules(HOST, AT + KEPT - MOMENT) is HIDDEN
    assert book.rules(HOST, AT + KEPT) is None
    assert book.recall(HOST, AT + KEPT) is None


def test_a_file_that_could_not_be_read_holds_for_an_hour():
    book = learned(SHUT)
    assert book.rules(HOST, AT + SHUT_FOR - MOMENT) is SHUT
    assert book.rules(HOST, AT + SHUT_FOR) is None


def test_the_next_run_need_not_ask_again():
    after = following(learned())
    assert after.rules(HOST, AT) is None  # not before they are recalled, so that their Crawl-delay is heeded
    rules = after.recall(HOST, AT + KEPT - MOMENT)
    assert rules is not None
    assert not rules.allow(URL)
    assert rules.crawl_delay == 3.0
    assert after.rules(HOST, AT + KEPT - MOMENT) is rules
    assert after.rules(HOST, AT + KEPT) is None  # a day since it was read, not since it was recalled


@pytest.mark.parametrize("age", [KEPT, timedelta(days=400), -MOMENT])
def test_unless_a_day_has_passed_or_a_clock_is_wrong(age):
    assert following(learned()).recall(HOST, AT + age) is None


def test_that_there_is_none_is_kept_too():
    rules = following(learned(FREE)).recall(HOST, AT)
    assert rules is not None
    assert rules.allow(URL)


def test_what_could_not_be_read_is_not():
    assert following(learned(SHUT)).recall(HOST, AT) is None


def test_what_nobody_asked_for_in_this_run_is_kept_for_the_next():
    assert following(following(learned())).recall(HOST, AT) is not None


def test_a_file_that_is_too_long_to_keep_is_not_kept_in_part():
    assert following(learned(read_rules("User-agent: *\n" + "Disallow: /a\n" * 20_000))).recall(HOST, AT) is None


def test_only_so_much_is_kept_the_latest_first():
    book, rules = Rulebook(), read_rules("User-agent: *\n" + "Disallow: /abcdefgh\n" * 5_000)
    for number in range(30):
        book.learn(f"{number}.example", rules, AT + number * MOMENT)
    assert len(book.as_json()) < 1_200_000
    after = following(book)
    assert after.recall("29.example", AT + 60 * MOMENT) is not None
    assert after.recall("0.example", AT + 60 * MOMENT) is None


@given(st.text(max_size=300))
def test_any_text_comes_back_with_the_same_meaning(text):
    rules = read_rules(text)
    recalled = following(learned(rules)).recall(HOST, AT)
    assert recalled is not None
    assert (recalled.allow(URL), recalled.crawl_delay) == (rules.allow(URL), rules.crawl_delay)


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"a": {"text": 1, "at": "2026-05-01T08:00:00Z"}}', '{"a": {"text": ""}}'])
def test_what_is_none_of_ours(text):
    with pytest.raises(ValueError):
        Rulebook().remember(text)


def test_a_time_without_a_zone_is_passed_over():
    book = Rulebook()
    book.remember('{"gazette.example": {"text": "", "at": "2026-05-01T08:00:00"}}')
    assert book.recall(HOST, AT) is None
