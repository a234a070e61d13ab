import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean.template import MOST_LINES, MOST_SAVED, PROSE_QUORUM, QUORUM, Template

FRAME = ("The Millbridge Post", "Write to the editors", "All rights are with the Post")
PLEA = "Become a friend of the Post: it lives on what its readers give, and on nothing else."


def page(number, *lines):
    return (*FRAME, f"Story {number}", f"What happened on day {number} nobody had foreseen.", *lines)


def learned(pages=10):
    template = Template()
    for number in range(pages):
        template.learn(page(number), f"Story {number}")
    return template


def test_a_line_under_three_headlines_is_the_sites():
    template = learned(QUORUM - 1)
    assert not any(template.repeats(line) for line in page(0))
    template = learned(QUORUM)
    assert all(template.repeats(line) for line in FRAME)
    assert not template.repeats("What happened on day 0 nobody had foreseen.")
    assert not template.repeats("A line never seen")


def test_one_page_cannot_make_its_lines_repeat_however_often_it_shows_them():
    template = Template()
    for _ in range(10):
        template.learn(page(1, *["Buy now!"] * 10), "Story 1")
    assert template.pages == 1
    assert not template.repeats("Buy now!")


def test_what_was_learned_is_kept():
    template = learned()
    again = Template()
    again.remember(template.as_json())
    assert (again.pages, again.version) == (10, 1)
    assert all(again.repeats(line) for line in FRAME)
    assert not again.repeats("What happened on day 0 nobody had foreseen.")


def test_a_paragraph_has_to_stand_under_half_of_all_headlines():
    template = Template()
    for number in range(PROSE_QUORUM - 1):
        template.learn(page(number, PLEA), f"Story {number}")
    assert not template.repeats(PLEA)
    template.learn(page(100, PLEA), "Story 100")
    assert template.repeats(PLEA)


def test_the_background_of_a_series_stays_in_it():
    template = learned(20)
    for number in range(100, 112):
        template.learn(page(number, PLEA), f"Trial, day {number}")
    assert not template.repeats(PLEA)


def test_subheadings_of_a_few_articles_stay_in_them():
    template = learned(30)
    for number in range(100, 104):
        template.learn(page(number, "What happens next"), f"Story {number}")
    assert not template.repeats("What happens next")


def test_few_articles_a_visit_teach_as_much_as_many():
    saved = ""
    for number in range(20):
        template = Template()
        template.remember(saved)
        template.learn(page(number), f"Story {number}")
        saved = template.as_json()
    assert all(template.repeats(line) for line in FRAME)


def test_nothing_and_nonsense():
    template = Template()
    template.remember("")
    assert template.pages == 0
    with pytest.raises(ValueError, match="lines"):
        template.remember('{"lines": [1]}')


def test_a_redesign_is_noticed_and_what_was_known_stays_known():
    template = learned()
    for number in range(100, 112):
        template.learn(("Post", "Menu of the new site", f"Story {number}", f"Day {number} brought rain."), f"Story {number}")
    assert template.version == 2
    assert template.repeats("The Millbridge Post")
    assert template.repeats("Menu of the new site")


def test_a_few_pages_of_another_layout_are_no_redesign():
    template = learned()
    for number in range(100, 105):
        template.learn((f"A special page {number}", "With nothing of the rest"), f"Special {number}")
    for number in range(200, 205):
        template.learn(page(number), f"Story {number}")
    assert template.version == 1
    assert all(template.repeats(line) for line in FRAME)


def test_memory_is_bounded_and_what_repeats_survives():
    template = Template()
    for number in range(60):
        template.learn((*FRAME, *(f"Line {line} of page {number}" for line in range(1000))), f"Story {number}")
    assert len(template._lines) <= MOST_LINES
    assert all(template.repeats(line) for line in FRAME)
    assert len(template.as_json()) < 50 * MOST_SAVED


@given(st.lists(st.tuples(st.text(max_size=5), st.lists(st.text(max_size=8), max_size=6)), max_size=12))
def test_any_text_can_be_learned_and_kept(pages):
    template = Template()
    for headline, lines in pages:
        template.learn(lines, headline)
    again = Template()
    again.remember(template.as_json())
    lines = [line for _, lines in pages for line in lines]
    assert [again.repeats(line) for line in lines] == [template.repeats(line) for line in lines]
