"""Exports: what comes out is what was stored, and no spreadsheet runs it."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.query.export import COLUMNS, as_json, export_csv, export_jsonl
from tests.examples import article, published


async def each(*articles):
    for one in articles:
        yield one


async def test_jsonl_is_one_article_a_line_with_all_its_fields():
    out = io.StringIO()
    assert await export_jsonl(each(article(1, title="新大桥\n“开通”"), article(2)), out) == 2
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first["title"] == "新大桥\n“开通”"
    assert "新大桥" in out.getvalue()
    assert second["first_seen"] == "2026-08-01T08:00:00Z"
    assert second["published"]["precision"] == "minute"
    assert set(first) == set(article().__dataclass_fields__)


async def test_csv_has_a_header_and_a_row_an_article():
    out = io.StringIO()
    one = article(
        1, authors=("Ana Cho", "Li Wei"), text='He said "no",\nthen left.', published=published("2026-08-01 00:00", precision="day")
    )
    assert await export_csv(each(one, article(2, published=None)), out) == 2
    first, second = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert tuple(first) == COLUMNS
    assert (first["authors"], first["text"]) == ("Ana Cho; Li Wei", 'He said "no",\nthen left.')
    assert (first["published"], first["precision"]) == ("2026-08-01T00:00:00.000Z", "day")
    assert (second["published"], second["precision"], second["revision"]) == ("", "", "1")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1"])
async def test_no_cell_is_a_formula(text):
    out = io.StringIO()
    await export_csv(each(article(1, title=text, authors=(text,), source=text)), out)
    row = next(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert row["title"] == row["source"] == row["authors"] == "'" + text


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_comes_back_from_json(text, authors):
    read = json.loads(as_json(article(1, title=text, authors=tuple(authors))))
    assert (read["title"], read["authors"]) == (text, authors)
