"""JSON Lines and CSV: what comes out is what was stored, and no spreadsheet runs it."""

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.query.export.lines import JSONL, FileWriter, StreamWriter, as_csv, as_json, csv_form, csv_row, plain_cell, safe_cell
from newscrawl.query.export.work import Mark
from newscrawl.query.tables import ARTICLES
from tests.examples import article, published

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫\u2212"  # what a formula may begin with, at any width


async def written(form, *articles):
    out = io.StringIO()
    writer = StreamWriter(out, form)
    await writer.add(articles)
    writer.finish(lambda _: None)
    return out.getvalue()


def cells(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_jsonl_is_one_article_a_line_with_all_its_fields():
    text = await written(JSONL, article(1, title="新大桥\n“开通”"), article(2))
    first, second = (json.loads(line) for line in text.splitlines())
    assert first["title"] == "新大桥\n“开通”"
    assert "新大桥" in text
    assert second["first_seen"] == "2026-08-01T08:00:00Z"
    assert second["published"]["precision"] == "minute"
    assert set(first) == set(article().__dataclass_fields__)


async def test_csv_has_a_header_and_a_row_an_article():
    one = article(
        1, authors=("Ana Cho", "Li Wei"), text='He said "no",\nthen left.', published=published("2026-08-01 00:00", precision="day")
    )
    first, second = cells(await written(csv_form(), one, article(2, published=None)))
    assert tuple(first) == ARTICLES.names
    assert (first["authors"], first["text"]) == ("Ana Cho; Li Wei", 'He said "no",\nthen left.')
    assert (first["published"], first["precision"]) == ("2026-08-01T00:00:00.000Z", "day")
    assert (second["published"], second["precision"], second["revision"]) == ("", "", "1")


async def test_a_byte_order_mark_comes_once_if_it_is_wanted(tmp_path):
    form = csv_form(bom=True)
    assert (await written(form, article(1))).startswith('\ufeff"id",')
    for question in ("q", "q"):  # the second one goes on
        writer = FileWriter(tmp_path / "all.csv", form, question)
        await writer.add([article(1)])
        writer.save(Mark(1))
        writer.close()
    assert (tmp_path / "all.csv.part").read_bytes().count("\ufeff".encode()) == 1


async def test_cells_may_be_divided_as_a_spreadsheet_wants_it():
    text = await written(csv_form(";"), article(1, authors=("Ana", "Li"), text='a, b; "c"\nd'))
    (row,) = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    assert tuple(row) == ARTICLES.names
    assert (row["authors"], row["text"]) == ("Ana; Li", 'a, b; "c"\nd')


@pytest.mark.parametrize("before", ["", "'", "\t", "\r", "\n", " ", "\ufeff", "\u200b", "\x00", "\u3000", "' \t"])
@pytest.mark.parametrize("sign", SIGNS)
async def test_no_cell_is_a_formula(before, sign):
    text = f"{before}{sign}1+1"
    (row,) = cells(await written(csv_form(), article(1, title=text, authors=(text,), source=text)))
    assert row["title"] == row["source"] == row["authors"] == "'" + text
    assert plain_cell(row["title"]) == text


def test_every_sign_that_may_stand_for_one_is_known():
    """Also those that Unicode will add: what NFKC makes one of the four."""
    for char in map(chr, range(0x110000)):
        if unicodedata.normalize("NFKC", char)[:1] in tuple("=+-@") and char not in "⁺₊⁼₌⩵⩶﬩":  # superscripts and ligatures are text
            assert safe_cell(char).startswith("'"), hex(ord(char))


@pytest.mark.parametrize("text", ["", "plain", "a=1", "'quoted'", "it's", "5 - 3", "https://a.example/?a=b", "\N{BULLET} one"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert safe_cell(text) == text == plain_cell(text)


@given(st.text() | st.text(alphabet=SIGNS + "'\t\n\r a", max_size=6))
def test_any_text_comes_back_from_a_cell(text):
    (row,) = csv.reader(io.StringIO(csv_row([safe_cell(text), "next"]), newline=""))
    assert [plain_cell(cell) for cell in row] == [text, "next"]
    assert row[0].lstrip("\ufeff\u200b \t\r\n\x00")[:1] not in tuple(SIGNS)


def test_cells_are_quoted_whatever_programs_divide_at():
    assert as_csv(article(1, title="one;=1+1\t=2")).count('"') == 2 * len(ARTICLES.names)


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_comes_back_from_json(text, authors):
    read = json.loads(as_json(article(1, title=text, authors=tuple(authors))))
    assert (read["title"], read["authors"]) == (text, authors)
