"""Records in Arrow, pandas and polars: the same values, each in its own type."""

import subprocess
import sys
from datetime import UTC, date, datetime

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.errors import ConfigError
from newscrawl.models import Article
from newscrawl.query.counts import Bar
from newscrawl.query.frames import as_arrow, as_pandas, as_polars, batches, schema
from newscrawl.query.tables import ARTICLES, BARS, COPIES
from newscrawl.store.storable import storable
from tests.examples import article
from tests.store.records import anything


@settings(max_examples=25)
@given(st.lists(anything(Article).map(storable), max_size=3))
def test_any_articles_come_back_from_arrow(articles):
    rows = as_arrow(ARTICLES, articles).to_pylist()
    for one, row in zip(articles, rows, strict=True):
        (told,) = ARTICLES.rows(one)
        assert {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()} == dict(
            zip(ARTICLES.names, told, strict=True)
        )


def test_the_three_agree():
    articles = [article(1, authors=("Ana Cho", "Li Wei")), article(2, published=None, title="渡船")]
    arrow, pandas, polars = (make(ARTICLES, articles) for make in (as_arrow, as_pandas, as_polars))
    assert arrow.column_names == list(pandas.columns) == polars.columns == list(ARTICLES.names)
    assert arrow["title"].to_pylist() == list(pandas["title"]) == polars["title"].to_list() == ["Report 1", "渡船"]
    assert str(pandas["published"].dtype) == "datetime64[ms, UTC]"
    assert polars.schema["authors"] == pl.List(pl.String)
    assert polars["published"].to_list() == [datetime(2026, 8, 1, 7, 0, tzinfo=UTC), None]


def test_nothing_has_columns_too():
    for table in (ARTICLES, BARS, COPIES):
        assert as_pandas(table, []).columns.tolist() == list(table.names)
        assert as_arrow(table, []).schema == schema(table)
    assert as_polars(BARS, []).schema == {"start": pl.Date, "count": pl.Int64, "of": pl.Int64}


def test_batches_come_one_at_a_time():
    asked = []

    def bars():
        for at in range(1, 8):
            asked.append(at)
            yield Bar(date(2026, 8, at), at)

    found = batches(BARS, bars(), 3)
    assert asked == []
    first = next(found)
    assert (first.num_rows, asked) == (3, [1, 2, 3])
    assert pa.Table.from_batches([first, *found])["count"].to_pylist() == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(("make", "library"), [(as_arrow, "pyarrow"), (as_pandas, "pandas"), (as_polars, "polars")])
def test_a_missing_library_is_named_with_its_extra(monkeypatch, make, library):
    monkeypatch.setitem(sys.modules, library, None)
    extra = library.removeprefix("py")
    with pytest.raises(ConfigError, match=rf"this needs {library}, which is not installed: pip install 'newscrawl\[{extra}\]'"):
        make(ARTICLES, [])


def test_asking_loads_none_of_them(tmp_path):
    code = f"""import newscrawl, sys
from newscrawl.store.sqlite.adapter import SqliteStore
import asyncio
from pathlib import Path
async def make():
    store = SqliteStore(Path({str(tmp_path / "a.db")!r}), "sqlite:///a.db")
    await store.open()
    await store.close()
asyncio.run(make())
with newscrawl.open_archive({f"sqlite:///{tmp_path}/a.db"!r}) as archive:
    assert list(archive.articles()) == list(archive.search()) == []
print({{"pyarrow", "pandas", "polars"}} & {{*sys.modules}})"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (run.stdout, run.stderr) == ("set()\n", "")
