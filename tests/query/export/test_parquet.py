"""Parquet, read back by those for whom it is written."""

from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pandas as pd
import polars as pl
import pytest

from newscrawl.errors import ConfigError
from newscrawl.models import Moment
from newscrawl.query.export.parquet import ParquetWriter
from newscrawl.query.export.work import export
from newscrawl.query.tables import ARTICLES
from newscrawl.store.protocol import Search
from tests.store.records import article, holding


@pytest.fixture
async def folder(store, articles, tmp_path):
    out = tmp_path / "all"
    await export(store, Search(), ParquetWriter(out, "q"), lambda _: None)
    return out


def test_there_is_one_file_for_each_site_and_month(folder):
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert found == [
        f"site={site}/month=2026-{month}/articles.parquet"
        for site in ("gazette", "herald", "post%2F..%2F..")
        for month in ("08", "09", "10")
    ]


def test_duckdb_reads_the_folder(folder, articles):
    found = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
    assert duckdb.sql(f"SELECT site, count(*) FROM {found} GROUP BY 1 ORDER BY 1").fetchall() == [
        ("gazette", 20),
        ("herald", 20),
        ("post/../..", 20),
    ]
    ((month, count),) = duckdb.sql(
        f"SELECT month, count(*) FROM {found} WHERE first_seen < TIMESTAMPTZ '2026-09-01T00:00:00Z' GROUP BY 1"
    ).fetchall()
    assert month == "2026-08"
    assert count == sum(one.first_seen < datetime(2026, 9, 1, tzinfo=UTC) for one in articles)


def test_pandas_reads_the_folder(folder, articles):
    frame = pd.read_parquet(folder).set_index("id")
    assert sorted(frame.columns) == sorted([*(name for name in ARTICLES.names if name != "id"), "month"])
    for one in articles:
        row = frame.loc[one.id]
        assert (row["title"], row["text"], tuple(row["authors"]), row["revision"]) == (one.title, one.text, one.authors, one.revision)
        assert row["first_seen"].to_pydatetime() == one.first_seen
        assert pd.isna(row["published"])


def test_polars_reads_the_folder(folder):
    frame = pl.scan_parquet(f"{folder}/**/*.parquet", hive_partitioning=True).select("site", "first_seen", "authors").collect()
    assert frame.height == 60
    assert frame.schema["first_seen"] == pl.Datetime("ms", "UTC")
    assert frame.schema["authors"] == pl.List(pl.String)


async def test_within_a_file_articles_are_in_order_of_time_whenever_they_were_seen(store, tmp_path):
    times = [datetime(2026, 8, day, tzinfo=UTC) for day in (9, 2, 30, 1)]
    kept = [replace(article(str(at)), published=Moment(time, "day")) for at, time in enumerate(times)]
    await store.settle(holding(*kept))
    await export(store, Search(), ParquetWriter(tmp_path / "all", "q"), lambda _: None)
    frame = pd.read_parquet(tmp_path / "all" / "site=gazette" / "month=2026-08" / "articles.parquet", partitioning=None)
    assert list(frame["published"]) == sorted(times)


@pytest.mark.parametrize("year", [1, 999, 9999])
async def test_times_at_the_ends_of_what_can_be_written_come_back(store, tmp_path, year):
    time = datetime(year, 6, 1, 12, 30, 15, 987_000, tzinfo=UTC)
    await store.settle(holding(replace(article(), published=Moment(time, "second"))))
    await export(store, Search(), ParquetWriter(tmp_path / "all", "q"), lambda _: None)
    path = tmp_path / "all" / "site=gazette" / f"month={year:04}-06" / "articles.parquet"
    assert pl.read_parquet(path, hive_partitioning=False)["published"].to_list() == [time]


def test_a_missing_library_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(ConfigError, match=r"pip install 'newscrawl\[arrow\]'"):
        ParquetWriter(tmp_path / "all", "q")
    assert not list(tmp_path.iterdir())
