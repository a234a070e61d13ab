"""`newscrawl search` as a user types it."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from newscrawl.cli import app
from newscrawl.store import open_store
from tests.store.records import article, holding, hours


@pytest.fixture
def search(tmp_path):
    async def fill():
        store = open_store(f"sqlite:///{tmp_path}/store.db")
        await store.open()
        ferry = article("ferry", "Ferry in port.\nThe strike is over.", section="City", authors=("Ann Lee",), language="en")
        await store.settle(holding(ferry, article("port", "Port closed.", site="herald", first_seen=hours(30))))
        await store.close()

    asyncio.run(fill())
    return lambda *words, command="search": CliRunner().invoke(app, [command, *words, "--store", f"sqlite:///{tmp_path}/store.db"])


def test_a_query_is_answered(search):
    assert "Report port" in search("port", "-ferry").stdout
    assert "Report ferry" not in search("port", "-ferry").stdout
    assert "Report ferry" in search("author:lee OR site:nowhere", "section:city").stdout
    assert "Report ferry" in search("ferry in port", "--sort", "relevance").stdout
    assert search("in ferry port").stderr == "Nothing found.\n"


def test_a_mistake_is_pointed_at(search):
    came = search("port", "(ferry")
    assert came.exit_code == 2
    assert came.stderr.splitlines() == ["newscrawl: this bracket is never closed", "  port (ferry", "       ^"]


def test_an_option_that_is_none_is_refused(search):
    came = search("port", "--sicne", "2026")
    assert came.exit_code == 2
    assert "no such option" in came.stderr


def test_counts(search):
    lines = [json.loads(line) for line in search("--facets", "--json").stdout.splitlines()]
    assert {"field": "authors", "value": "Ann Lee", "articles": 1} in lines
    assert "gazette" in search("port", "--facets").stdout
    bars = [json.loads(line) for line in search("ferry OR closed", "--timeline", "day", "--json").stdout.splitlines()]
    assert bars == [{"start": "2026-08-01", "count": 1, "of": 1}, {"start": "2026-08-02", "count": 1, "of": 1}]
    assert "2026-08-02" in search("--timeline", "day", "--zone", "Asia/Shanghai").stdout
    assert search("nowhere", "--timeline", "week").stderr == "Nothing found.\n"
    assert search("--facets", "--timeline", "week").exit_code == 2
    assert "no time zone" in search("--zone", "Moon").stderr


def test_an_export_takes_the_same_query(search):
    came = search("author:lee", "-closed", "--format", "jsonl", command="export")
    assert [json.loads(line)["title"] for line in came.stdout.splitlines()] == ["Report ferry"]


def test_csv_has_a_byte_order_mark_on_request(search, tmp_path):
    out = tmp_path / "articles.csv"
    for bom, beginning in ((["--bom"], b'\xef\xbb\xbf"id","site",'), ([], b'"id","site",')):
        assert search("--format", "csv", "--out", str(out), *bom, command="export").exit_code == 0
        assert out.read_bytes().startswith(beginning)
    assert search("--bom", command="export").exit_code == 2
