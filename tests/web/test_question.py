"""Permalinks and charts."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.query.counts import Bar, Span
from newscrawl.query.search import parsed_query
from newscrawl.store.conditions import Field
from newscrawl.store.protocol import Order
from newscrawl.web.charts import drawn
from newscrawl.web.question import PER_PAGE, Measure, Question

AUGUST = Bar(date(2026, 8, 1), 3, 6)


@given(st.text(max_size=50), st.sampled_from(Order), st.sampled_from([None, *Span]), st.integers(1, 500))
def test_a_permalink_holds_the_whole_question(q, sort, by, number):
    asked = parse_qs(urlsplit(Question(q, sort, by, "Asia/Shanghai", number).link).query, keep_blank_values=True)
    assert asked.get("q", [""]) == [q]
    assert asked.get("sort", ["newest"]) == [sort.value]
    assert asked.get("by", [""]) == [by.value if by else ""]
    assert asked["zone"] == ["Asia/Shanghai"]
    assert asked.get("page", ["1"]) == [str(number)]


def test_a_page_is_a_part_of_what_is_found():
    search = Question("ferry", page=3).search
    assert (search.offset, search.limit) == (2 * PER_PAGE, PER_PAGE)


@given(st.sampled_from([Field.SITE, Field.SECTION, Field.AUTHOR, Field.LANGUAGE]), st.text(max_size=30))
def test_any_value_of_a_facet_makes_a_query_that_can_be_read(field, value):
    narrower = Question("ferry OR boat", page=4).only(field, value)
    assert narrower is None or (len(parsed_query(narrower.q).conditions) == 2 and narrower.page == 1)


@pytest.mark.parametrize(
    ("span", "term"),
    [
        (Span.DAY, "since:2026-08-01 until:2026-08-01"),
        (Span.WEEK, "since:2026-08-01 until:2026-08-07"),
        (Span.MONTH, "since:2026-08-01 until:2026-08-31"),
    ],
)
def test_a_bar_narrows_to_its_days(span, term):
    assert Question("a OR b", by=span).during(AUGUST, span) == Question(f"a OR b {term}")


@pytest.mark.parametrize(
    ("q", "narrower"),
    [
        ("concatenate", "concatenate cat"),
        ("cats", "cats cat"),
        ("-cat", "-cat cat"),
        ("cat OR dog", "cat OR dog cat"),
        ("title:cat", "title:cat cat"),
        ('"cat flap"', '"cat flap" cat'),
        ("cat -dog", "cat -dog"),
        ("a (", "a ( cat"),
    ],
)
def test_a_word_is_added_unless_it_is_asked_for(q, narrower):
    assert Question(q, page=2).about("cat") == Question(narrower)


@pytest.mark.parametrize(
    ("q", "narrower"),
    [
        ('-site:"luting"', '-site:"luting" site:"luting"'),
        ('site:"luting" OR ferry', 'site:"luting" OR ferry site:"luting"'),
        ('site:"luting" ferry', 'site:"luting" ferry'),
    ],
)
def test_a_value_is_added_unless_it_is_asked_for(q, narrower):
    assert Question(q).only(Field.SITE, "luting") == Question(narrower)


def test_bars_fill_the_chart_and_say_what_they_are():
    chart = drawn([Bar(date(2026, 8, day), day, 60) for day in range(1, 31)], Span.DAY)
    assert chart.highest == "30"
    assert chart.columns[-1].y == 0
    assert chart.columns[-1].title == "2026-08-30: 30 articles (50.0% of all)"
    assert 98 < chart.columns[-1].x + chart.columns[-1].width <= 100
    assert len(chart.labels) <= 6
    assert drawn([], Span.DAY).columns == drawn([], Span.DAY, share=True).columns == ()
    assert drawn([AUGUST], Span.MONTH).columns[0].title == "2026-08: 3 articles (50.0% of all)"


def test_bars_may_show_shares():
    chart = drawn(
        [Bar(date(2026, 8, 1), 5, 10), Bar(date(2026, 8, 2), 5, 100), Bar(date(2026, 8, 3), 0, 7), Bar(date(2026, 8, 4), 0)],
        Span.DAY,
        share=True,
    )
    assert chart.highest == "50.0%"
    assert [column.height for column in chart.columns] == [150, 15, 0, 0]
    assert Question("a", measure=Measure.SHARE).link == "/?q=a&as=share"
