"""What makes a revision, and what only looks like one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.identify.revisions import changes, is_silent, letters, same_text
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
        f"{BODY}\nViews: 1,204.",
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
    assert same_text(f"阅读：1234。\n{BODY}", f"阅读：1.3万。\n{BODY}")
    assert same_text(f"VIEWS： １２３４\n{BODY}", BODY)


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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Shares fell 12 percent", "Shares fell 92 percent"),
        ("Police hits: 3 people dead", "Police hits: 30 people dead"),
        ("Lectures from 7 pm, Town Hall", "Lectures from 8 pm, Town Hall"),
        ("Greens like 3 candidates", "Greens like 4 candidates"),
        ("他3次夺冠", "他8次夺冠"),
        ("警方：评论员3人被捕", "警方：评论员300人被捕"),
        ("11次列车晚点", ""),
    ],
)
def test_a_number_in_a_subheading_is_no_counter(old, new):
    assert not same_text(f"{BODY}\n{old}\nThe end.", f"{BODY}\n{new}\nThe end.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The bridge will cost 3.5 million.", "The bridge will cost 35 million."),
        ("Die Brücke kostet 3,5 Millionen.", "Die Brücke kostet 35 Millionen."),
        ("The profit was -5.", "The profit was 5."),
        ("今晨气温－5度。", "今晨气温5度。"),
        ("किताब।", "कतब।"),
        ("Ein Maß.", "Ein Mäß."),
        ("น้ำ", "นำ"),
        ("अच्छी।\nकिताब।\nनदी।", "अच्छी।\nकतब।\nनदी।"),
    ],
)
def test_signs_of_numbers_and_marks_of_letters_are_text(old, new):
    assert not same_text(f"{BODY}\n{old}", f"{BODY}\n{new}")
    assert changes(article(1, title=old), article(1, title=new)) == ("title",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ＡＢＣ１２３，４（５）", "ABC123,4(5)"),
        ("the well-known Covid-19", "the well\u2011known Covid\u201319"),
        ("a loss of \u22125 – no more", "a loss of -5 — no more"),
        ("He left —— 5 came", "He left -- 5 came"),
        ("“Yes”, he said.", '"Yes," he said'),
        ("Cafe\u0301", "CAFÉ"),
        ("Rain ☔\ufe0f today", "Rain ☔ today"),
        ("In May. 5 came, 3 left", "in May: 5 came – 3 left"),
        ("word—5 people", "word – 5 people"),
    ],
)
def test_spelling_alone_is_cosmetic(old, new):
    assert same_text(old, new)
    assert changes(article(1, title=old, authors=(old,)), article(1, title=new, authors=(new,))) == ()


WORDS = st.lists(
    st.text(alphabet="abßéж北京किñ", min_size=1, max_size=4) | st.integers(-99, 99).map(str) | st.just("3.5"), min_size=1, max_size=8
)


@given(
    WORDS, st.sampled_from([" ", "  ", "\n", "\u3000", "; ", " “", "” ", " — ", " – "]), st.sampled_from(["", ".", "。", "!", " …", "”"])
)
def test_what_stands_between_and_behind_words_is_cosmetic(words, between, behind):
    assert letters(between.join(words) + behind) == letters(" ".join(words).upper())


@given(st.text())
def test_full_width_is_cosmetic(text):
    assert letters(text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})) == letters(text)


@given(st.text(alphabet="ab 京", max_size=9), st.integers(0, 999), st.integers(0, 999))
def test_a_point_in_a_number_is_text(before, whole, part):
    assert letters(f"{before}{whole}.{part}") != letters(f"{before}{whole}{part}")


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
