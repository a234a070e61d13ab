"""Records as flat rows: every field has a column, and every value the type that is claimed."""

from dataclasses import fields
from datetime import date, datetime

import pytest
from hypothesis import given, settings

from newscrawl.errors import InputError
from newscrawl.models import Article, Image, Revision
from newscrawl.query.counts import Bar
from newscrawl.query.coverage import Day
from newscrawl.query.flows import Flow
from newscrawl.query.reprints import Reprints
from newscrawl.query.tables import ARTICLES, BARS, COPIES, DAYS, EDITS, FLOWS, OUTLINES, REVISIONS, WORDS, Kind
from newscrawl.query.words import Word
from newscrawl.reprints import Cluster, Copy
from newscrawl.store.overview import Edit, Outline
from tests.examples import START, article
from tests.store.records import anything

TYPES = {
    Kind.TEXT: str,
    Kind.TEXTS: tuple,
    Kind.INTEGER: int,
    Kind.TIME: datetime | None,
    Kind.DAY: date | None,
    Kind.NUMBER: float | None,
    Kind.FLAG: bool | None,
}
# What is left out: forms of the text and evidence, which JSON Lines holds; hashes and what only the crawler needs.
NOT_FLAT = {"text_published", "text_search", "content_hash", "reader", "parts", "repairs", "evidence", "absences", "joined"}


def test_every_field_of_an_article_has_a_column_or_a_reason():
    assert {field.name for field in fields(Article)} - NOT_FLAT == set(ARTICLES.names) - {"precision", "zone"}
    assert {field.name for field in fields(Revision)} == set(REVISIONS.names)
    assert {field.name for field in fields(Bar)} == set(BARS.names)
    assert {field.name for field in fields(Word)} == set(WORDS.names)
    assert {field.name for field in fields(Flow)} == set(FLOWS.names) - {"title"}
    assert {field.name for field in fields(Edit)} - {"title"} == set(EDITS.names) - {"site", "url", "title_before", "title_now"}
    assert {field.name for field in fields(Outline)} == set(OUTLINES.names)
    assert {field.name for field in fields(Day)} == set(DAYS.names) - {"listed"}


@settings(max_examples=25)
@given(anything(Article), anything(Revision))
def test_values_have_the_type_of_their_column(one, state):
    for table, record in ((ARTICLES, one), (REVISIONS, state)):
        (row,) = table.rows(record)
        for column, value in zip(table.columns, row, strict=True):
            assert isinstance(value, TYPES[column.kind]), column.name


def test_what_is_not_known_is_empty():
    (row,) = ARTICLES.rows(article(1, published=None, images=(Image("https://a.example/p.jpg", "A caption"),)))
    told = dict(zip(ARTICLES.names, row, strict=True))
    assert (told["published"], told["precision"], told["gone"], told["images"]) == (None, "", None, ("https://a.example/p.jpg",))


def test_a_cluster_has_a_row_for_each_copy_that_is_there():
    one, other = article(1, published=None), article(2, site="herald")
    cluster = Cluster("c", START, START, one.id, (Copy(one.id, 1.0), Copy(other.id, 0.5), Copy("gone", 0.7)))
    rows = list(COPIES.rows(Reprints(cluster, {one.id: one, other.id: other})))
    assert [row[1] for row in rows] == [one.id, other.id]
    assert dict(zip(COPIES.names, rows[1], strict=True)) == {
        "cluster": "c", "article": other.id, "site": "herald", "url": other.url, "title": other.title, "at": other.published.time,
        "original": False, "share": 0.5,
    }  # fmt: skip


def test_columns_can_be_chosen():
    assert ARTICLES.only(["title", "id"]).names == ("title", "id")
    with pytest.raises(InputError, match="no column 'titel'; there are id, site"):
        ARTICLES.only(["titel"])
