"""What makes a revision, and what only looks like one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.identify.revisions import changes, is_silent, same_text
from newscrawl.models import Moment
from tests.examples import article

BODY = """The bridge is closed.
It will open in May, says the council.
Nobody was hurt.
Those who live beyond it take the ferry, which leaves at every full hour and is free until the work is done."""
NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "other",
    [
        BODY.replace(" ", "  "),
        BODY.replace("\n", "\n\n"),
        BODY.replace("closed.", "closed!"),
        BODY.upper(),
        f"{BODY}\nViews: 1,204",
        f"阅读：345\n{BODY}",
        f"{BODY}\nFire at the old mill\nNew school for Aldermoor",
        f"{BODY}\nFire at the old mill\nNew school for Aldermoor\nA third one",
    ],
)
def test_what_is_cosmetic(other):
    assert same_text(BODY, other)
    assert same_text(other, BODY)


def test_a_list_below_the_text_may_turn():
    lists = [f"{BODY}\n{first}\n{second}" for first, second in (("Fire at the mill", "New school"), ("New school", "Cup final lost"))]
    assert same_text(*lists)


def test_a_counter_may_count():
    assert same_text(f"{BODY}\n1,204 views", f"{BODY}\n1,377 views")
    assert same_text(f"{BODY}\n浏览次数：12", f"{BODY}\n浏览次数：13")
    assert same_text(f"{BODY}\n12次播放", f"{BODY}\n1.3万次播放")


@pytest.mark.parametrize(
    "other",
    [
        BODY.replace("May", "June"),
        BODY.replace("Nobody was", "Two people were"),
        f"{BODY}\nCorrection: an earlier version named another month.",
        BODY.partition("\n")[2],
        BODY.replace("closed", "closed to all 1,204 cars"),
        "Quite another text.",
        "",
    ],
)
def test_what_is_a_change(other):
    assert not same_text(BODY, other)


def test_a_number_in_a_sentence_is_no_counter():
    assert not same_text("12 people have died in the fire.", "13 people have died in the fire.")
    assert not same_text("事故造成12人死亡。", "事故造成13人死亡。")
    assert not same_text(BODY, f"{BODY}\n这次大修后，渡轮将在5月重新投入使用。")
    assert not same_text(BODY, f"{BODY}\nThe council has read 31 comments.")


def test_a_text_without_sentences_is_compared_whole():
    assert not same_text("สวัสดี\nครับ\nผม", "สวัสดี\nครับ\nเขา")


@given(st.text())
def test_a_text_is_the_same_as_itself(text):
    assert same_text(text, text)


@given(st.text(), st.text())
def test_sameness_has_no_direction(a, b):
    assert same_text(a, b) == same_text(b, a)


# dates and names


def dated(raw: str, time: datetime = NOON, precision: str = "minute", source: str = "meta") -> Moment:
    return Moment(time, precision, raw=raw, source=source)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (dated("2026-08-03 12:00"), dated("2026-08-03 14:00", NOON + timedelta(hours=2))),
        (dated("2026-08-03", precision="day"), dated("2026-08-04", NOON + timedelta(days=1), "day")),
        (dated("8月3日", precision="day"), dated("8月4日", NOON + timedelta(days=1), "day")),
        (dated("2 days ago", precision="day"), dated("5 days ago", NOON - timedelta(days=3), "day")),
    ],
)
def test_a_date_that_moved_is_a_change(old, new):
    assert changes(article(1, published=old), article(1, published=new)) == ("published",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (dated("3 hours ago", precision="hour"), dated("5 hours ago", NOON + timedelta(minutes=59), "hour")),
        (dated("yesterday", precision="day"), dated("2 days ago", NOON + timedelta(days=1), "day")),
        (dated("2026-08-03 12:00"), dated("2026-08-03 14:00", NOON + timedelta(hours=2), source="text")),
        (dated("2026-08-03 12:00"), None),
        (None, dated("2026-08-03 12:00")),
    ],
)
def test_a_date_that_may_be_read_differently_is_none(old, new):
    assert changes(article(1, published=old), article(1, published=new)) == ()


def test_names_that_changed_are_a_change_and_names_not_found_are_none():
    old = article(1, authors=("Ann Oster", "Bo Lind"))
    assert changes(old, article(1, authors=("Cy Wolt",))) == ("authors",)
    assert changes(old, article(1, authors=("bo lind", "Ann  Oster"))) == ()
    assert changes(old, article(1, authors=())) == ()


# silent edits


def edited(modified: Moment | None, **fields: object):
    return article(1, text="Other words.", modified=modified, **fields)


def test_other_words_under_the_same_date_of_change_are_silent():
    old = article(1, modified=dated("12:00"))
    assert is_silent(old, edited(dated("12:00")), ("text",))
    assert not is_silent(old, edited(dated("14:00", NOON + timedelta(hours=2))), ("text",))
    assert not is_silent(old, edited(dated("12:00")), ("authors",))


def test_a_page_that_states_no_date_of_change_hides_nothing():
    assert not is_silent(article(1), edited(None), ("text",))
    assert not is_silent(article(1, modified=dated("12:00")), edited(None), ("text",))
