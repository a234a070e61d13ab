"""Which ETags and Last-Modified dates of a site are believed."""

from dataclasses import replace
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.validators import Record, Validators
from newscrawl.models import Kind, Target
from tests.crawl.visits import target

NAMES = pytest.mark.parametrize(("field", "header"), [("etag", "If-None-Match"), ("last_modified", "If-Modified-Since")])


def seen(field: str, *answers: tuple[str, str], kind: Kind = Kind.LISTING) -> list[Target]:
    """A page after each of its full answers: its content and its validator."""
    states = [target("city", kind=kind)]
    for content, validator in answers:
        states.append(replace(states[-1], visits=states[-1].visits + 1, digest=content, **{field: validator}))
    return states


def observed(states: list[Target], validators: Validators | None = None) -> Validators:
    validators = validators or Validators()
    for before, after in pairwise(states):
        validators.observe(before, after)
    return validators


def conditions(field: str, *answers: tuple[str, str]) -> dict[str, str]:
    states = seen(field, *answers)
    return observed(states).conditions(states[-1])


@NAMES
def test_a_validator_that_held_and_followed_is_believed(field, header):
    assert conditions(field, ("a", "1"), ("a", "1"), ("b", "2")) == {header: "2"}
    assert conditions(field, ("a", "1"), ("b", "2"), ("b", "2")) == {header: "2"}


@NAMES
@pytest.mark.parametrize(
    "answers",
    [
        [("a", "1")],
        [("a", "1"), ("a", "1"), ("a", "1")],  # it may never change
        [("a", "1"), ("b", "2"), ("c", "3")],  # it may be another each time, which saves nothing
        [("a", "1"), ("a", "2"), ("b", "3")],
    ],
)
def test_one_that_has_shown_only_half_of_that_is_not(field, header, answers):
    assert conditions(field, *answers) == {}


@NAMES
@pytest.mark.parametrize("when", range(4))
def test_one_that_lied_once_is_not_believed_whatever_it_does_before_and_just_after(field, header, when):
    answers = [("a", "1"), ("a", "1"), ("b", "2"), ("b", "2")]
    answers.insert(when + 1, ("lie", answers[when][1]))
    assert conditions(field, *answers) == {}


@NAMES
@pytest.mark.parametrize("lies", [1, 2])
def test_it_is_believed_again_after_twenty_honest_changes_for_each_lie(field, header, lies):
    told = [("a", "1"), *((f"lie {number}", "1") for number in range(lies))]
    honest = [(f"b{number}", f"{number}") for number in range(2, 20 * lies + 3)]
    other = target("sport", kind=Kind.LISTING, visits=1, digest="c", **{field: "9"})
    assert observed(seen(field, *told, *honest[:-1], honest[-2])).conditions(other) == {}
    assert observed(seen(field, *told, *honest, honest[-1])).conditions(other) == {header: "9"}


def test_each_header_is_judged_by_itself():
    states = [replace(state, last_modified="Sat, 01 Aug 2026 06:00:00 GMT") for state in seen("etag", ("a", "1"), ("a", "1"), ("b", "2"))]
    assert observed(states).conditions(states[-1]) == {"If-None-Match": "2"}


def test_what_pages_of_a_kind_showed_counts_for_all_of_that_kind_and_for_no_other():
    validators = observed(seen("etag", ("a", "1"), ("a", "1"), ("b", "2")))
    assert validators.conditions(target("sport", kind=Kind.LISTING, visits=1, digest="c", etag="9")) == {"If-None-Match": "9"}
    assert validators.conditions(target("story", kind=Kind.ARTICLE, visits=1, digest="c", etag="9")) == {}
    of_articles = observed(seen("etag", ("a", "1"), ("a", "1"), ("b", "2"), kind=Kind.ARTICLE))
    assert of_articles.conditions(target("sport", kind=Kind.LISTING, visits=1, digest="c", etag="9")) == {}


def test_without_a_validator_there_is_no_condition():
    assert observed(seen("etag", ("a", "1"), ("a", "1"), ("b", "2"))).conditions(target("sport", kind=Kind.LISTING, visits=1)) == {}


def test_every_eighth_visit_is_unconditional():
    validators = observed(seen("etag", ("a", "1"), ("a", "1"), ("b", "2")))
    asked = [bool(validators.conditions(target("city", kind=Kind.LISTING, visits=visits, digest="b", etag="2"))) for visits in range(1, 25)]
    assert [visits for visits, conditional in enumerate(asked, 1) if not conditional] == [8, 16, 24]


def test_not_modified_is_no_lie():
    states = seen("etag", ("a", "1"), ("a", "1"), ("b", "2"))
    validators = observed(states)
    validators.observe(states[-1], replace(states[-1], visits=4))
    assert validators.conditions(states[-1]) == {"If-None-Match": "2"}


def test_an_answer_that_was_no_page_tells_nothing():
    """A page that is missing for a while keeps the validators of when it was there; they have not held for that."""
    states = seen("etag", ("a", "1"), ("b", "2"))
    validators = observed([*states, replace(states[-1]), replace(states[-1])])
    assert validators.records == {"etag listing": Record(followed=1)}


def test_what_was_learned_is_kept():
    validators = observed(seen("etag", ("a", "1"), ("a", "1"), ("b", "2")))
    assert Validators.from_json(validators.as_json()) == validators
    assert Validators.from_json("") == Validators()


@pytest.mark.parametrize("text", ["[]", "{", '{"etag listing": 1}', '{"etag listing": {"lied": "often"}}'])
def test_what_is_not_ours_is_refused(text):
    with pytest.raises((ValueError, msgspec.DecodeError)):
        Validators.from_json(text)


ANSWERS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "2", "3"])), max_size=12)


@given(ANSWERS)
def test_a_condition_names_the_last_validator_and_needs_one_that_never_lied(answers):
    asked = conditions("etag", *answers)
    assert asked in ({}, {"If-None-Match": answers[-1][1] if answers else ""})
    lies = [new for old, new in pairwise(answers) if old[1] == new[1] != "" and old[0] != new[0]]
    assert not (asked and lies)
