"""What changed between two states of an article."""

import io
import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from newscrawl.errors import InputError
from newscrawl.models import Revision
from newscrawl.query.diff import Fate, Version, chosen, diff_html, diff_page, pieces, versions
from tests.examples import START, article, published
from tests.query.test_present import shown

KEPT, GONE, NEW = Fate.KEPT, Fate.GONE, Fate.NEW
HOUR = timedelta(hours=1)


def test_words_are_compared_as_wholes():
    assert pieces("The bridge opens in May.", "The bridge opened in May.") == [
        (KEPT, "The bridge "), (GONE, "opens"), (NEW, "opened"), (KEPT, " in May."),
    ]  # fmt: skip


def test_chinese_is_compared_by_character():
    assert pieces("大桥将于五月通车", "大桥将于六月通车") == [(KEPT, "大桥将于"), (GONE, "五"), (NEW, "六"), (KEPT, "月通车")]


def test_neighbouring_words_change_together():
    assert pieces("It was a red car.", "It was some blue car.") == [(KEPT, "It was "), (GONE, "a red"), (NEW, "some blue"), (KEPT, " car.")]


def test_a_paragraph_that_came_is_new_as_a_whole():
    assert pieces("One.\nThree.", "One.\nTwo.\nThree.") == [(KEPT, "One.\n"), (NEW, "Two.\n"), (KEPT, "Three.")]


def test_spaces_go_with_the_words_that_change():
    assert pieces("It opens.", "It opens today.") == [(KEPT, "It opens"), (NEW, " today"), (KEPT, ".")]
    assert pieces("The mayor, Ann, spoke.", "The mayor spoke.") == [(KEPT, "The mayor"), (GONE, ", Ann,"), (KEPT, " spoke.")]
    assert pieces("a  red car", "a red car") == [(KEPT, "a"), (GONE, " "), (KEPT, " red car")]
    assert pieces("one old\ntwo", "one new\ntwo") == [(KEPT, "one "), (GONE, "old"), (NEW, "new"), (KEPT, "\ntwo")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("किताब", "कुताब"),  # a vowel's mark
        ("كَتَبَ", "كُتِبَ"),
        ("שָׁלוֹם", "שִׁלוֹם"),
        ("cafe\u0301", "cafe\u0300"),
        ("☎\ufe0f", "☎\ufe0e"),
    ],
)
def test_no_letter_is_parted_from_its_marks(old, new):
    assert pieces(f"x {old} y", f"x {new} y") == [(KEPT, "x "), (GONE, old), (NEW, new), (KEPT, " y")]


def test_thai_is_compared_by_characters_with_their_marks():
    assert pieces("ที่นี้", "ที่นั่") == [(KEPT, "ที่"), (GONE, "นี้"), (NEW, "นั่")]


BOTH = [" ".join(f"{side}{at}" for at in range(800)) for side in "ab"]
FILLED = [" ".join(f"{side}{at} the" for at in range(800)) for side in "ab"]
DASHES = ["\n".join(f"{side}{at}\n-" for at in range(250)) for side in "ab"]
SAME = ["the " * 2_000 + end for end in ("old", "new")]
SHUFFLED = ["".join(chr(0x4E00 + number * step % 5000) for number in range(4000)) for step in (1, 7)]


@pytest.mark.parametrize(("old", "new"), [BOTH, FILLED, DASHES, SAME, SHUFFLED], ids=["words", "filled", "dashes", "same", "shuffled"])
def test_texts_that_have_nothing_to_do_with_each_other_are_compared_at_once(old, new):
    begun = time.process_time()
    found = pieces(old, new)
    assert time.process_time() - begun < 2  # mostly 0.2 s; it was 80 s
    assert ["".join(text for fate, text in found if fate is not other) for other in (NEW, GONE)] == [old, new]


def test_what_is_too_much_to_compare_is_replaced_as_a_whole():
    assert pieces(*BOTH) == [(GONE, BOTH[0]), (NEW, BOTH[1])]
    assert pieces(*SAME) == [(KEPT, "the " * 2_000), (GONE, "old"), (NEW, "new")]


def test_a_large_change_leaves_enough_for_a_small_one():
    found = pieces(f"{FILLED[0]}\nIt stays.\nIt opens in May.", f"{FILLED[1]}\nIt stays.\nIt opens in June.")
    assert found[-3:] == [(GONE, "May"), (NEW, "June"), (KEPT, ".")]
    assert found[-4][1].endswith("\nIt stays.\nIt opens in ")


LIKE_TEXT = st.text("ab ,\n\u0301水่")


@given(st.text() | LIKE_TEXT, st.text() | LIKE_TEXT)
def test_both_texts_can_be_read_out_of_the_pieces(old, new):
    found = pieces(old, new)
    assert "".join(text for fate, text in found if fate is not NEW) == old
    assert "".join(text for fate, text in found if fate is not GONE) == new
    assert all(text for _, text in found)
    assert all(a[0] is not b[0] for a, b in pairwise(found))


@given(st.text())
def test_nothing_changed_is_one_piece(text):
    assert pieces(text, text) == ([(KEPT, text)] if text else [])


# states

ONCE = Revision("1", 1, START, ("text",), "Old title", "Old text.", "capture 1", replaced=START + HOUR)
TWICE = replace(ONCE, number=2, seen=START + HOUR, text="New text.", silent=True, authors=("Ann Oster",), replaced=START + 3 * HOUR)
NOW = article(1, title="New title", text="New text, again.", revision=3, changed=START + 3 * HOUR, authors=("Bo Lind",), published=None)


def test_states_go_from_the_first_to_the_present_one():
    states = versions(NOW, [ONCE, TWICE])
    assert [(state.number, state.seen - START, state.text, state.remark[:15]) for state in states] == [
        (1, timedelta(), "Old text.", ""),
        (2, HOUR, "New text.", ""),
        (3, 3 * HOUR, "New text, again.", "edited silently"),
    ]


def test_a_change_that_is_ours_says_so():
    ours = replace(TWICE, silent=False, reader="newscrawl 2")
    assert versions(NOW, [ONCE, ours])[-1].remark == "the page is the same: newscrawl reads it otherwise"


def test_an_article_that_never_changed_has_one_state():
    [state] = versions(article(1), [])
    assert (state.number, state.seen, state.text) == (1, article(1).first_seen, article(1).text)


@pytest.mark.parametrize(
    ("asked", "told"), [((), (2, 3)), ((3,), (2, 3)), ((2,), (1, 2)), ((1,), (1, 2)), ((1, 3), (1, 3)), ((3, 1), (3, 1))]
)
def test_which_states_are_compared(asked, told):
    old, new = chosen(versions(NOW, [ONCE, TWICE]), asked)
    assert (old.number, new.number) == told


def test_a_single_state_stands_beside_itself():
    only = versions(article(1), [])
    assert chosen(only, ()) == chosen(only, (1,)) == (only[0], only[0])


def test_a_state_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(InputError, match=r"no revision 7 .* it has 1, 2, 3"):
        chosen(versions(NOW, [ONCE, TWICE]), (7,))


# shown


def change(*numbers):
    return chosen(versions(NOW, [ONCE, TWICE]), numbers)


def test_in_a_pipe_changes_are_marked_with_brackets():
    text = shown(diff_page(*change(), coloured=False))
    assert "title: [-Old-]{+New+} title" in text
    assert "New text{+, again+}." in text
    assert "authors: [-Ann Oster-]{+Bo Lind+}" in text
    assert "edited silently" in text
    assert "3  seen 2026-08-01 09:00 UTC  capture c0" in text


def test_in_a_pipe_no_line_is_cut():
    paragraph = "word " * 200
    old, new = (Version(number, START, "Title", f"{paragraph}{number}", (), None, None, "c") for number in (1, 2))
    out = io.StringIO()
    Console(file=out, width=200, soft_wrap=True).print(diff_page(old, new, coloured=False))
    assert f"{paragraph}[-1-]{{+2+}}" in out.getvalue()


def test_on_a_terminal_they_are_coloured():
    text = shown(diff_page(*change(1, 2), coloured=True), terminal=True)
    assert "\x1b[9;31mOld" in text
    assert "\x1b[4;32mNew" in text
    assert "edited silently" not in text


def test_no_page_can_move_the_cursor():
    hostile = replace(NOW, title="\x1b]0;x\x07New", text="\x1b[2J" + NOW.text)
    old, new = chosen(versions(hostile, [ONCE, TWICE]), ())
    assert "\x1b" not in shown(diff_page(old, new, coloured=False))
    assert "\x1b" not in diff_html(hostile, old, new)


def test_the_page_marks_changes_and_runs_nothing():
    hostile = replace(NOW, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>", url='https://x.example/"><script>')
    old, new = chosen(versions(hostile, [ONCE, TWICE]), ())
    page = diff_html(hostile, old, new)
    assert "<script" not in page
    assert "<img" not in page
    assert "default-src 'none'" in page
    plain = diff_html(NOW, *change())
    assert "<h1><del>Old</del><ins>New</ins> title</h1>" in plain
    assert "New text<ins>, again</ins>." in plain


def test_a_date_that_moved_is_shown():
    old, new = versions(replace(NOW, published=published("2026-08-02 10:00")), [replace(ONCE, published=published("2026-08-01 10:00"))])
    assert "published: 2026-08-[-01-]{+02+} 10:00" in shown(diff_page(old, new, coloured=False))
