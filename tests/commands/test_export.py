"""`newscrawl export` as a user types it: whole files, refusals with a reason, and kill -9."""

import asyncio
import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from newscrawl.cli import app
from newscrawl.models import Kind, Result, State, Target
from newscrawl.store import open_store
from tests.query.export.writers import left, read_csv, read_database, read_jsonl, read_parquet
from tests.store.records import article, holding, hours

MANY = 4_000


async def fill(uri, count):
    store = open_store(uri)
    await store.open()
    for start in range(0, count, 500):
        await store.settle(
            holding(*(article(f"{at}", f"Ferry {at} in port. " * 8, first_seen=hours(at)) for at in range(start, min(start + 500, count))))
        )
    await store.close()


@pytest.fixture
def few(tmp_path):
    asyncio.run(fill(f"sqlite:///{tmp_path}/store.db", 3))
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    uri = f"sqlite:///{tmp_path_factory.mktemp('many')}/store.db"
    asyncio.run(fill(uri, MANY))
    return uri


def run(uri, *arguments, code=0):
    result = CliRunner().invoke(app, ["export", *map(str, arguments), "--store", uri], prog_name="newscrawl")
    assert result.exit_code == code, result.output
    return result


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite", "parquet", "html"])
def test_each_format_is_written_under_its_name(few, tmp_path, form):
    folder = tmp_path / "out"
    folder.mkdir()
    assert "2 articles written to " in run(few, "1 OR 2", "--format", form, "--out", folder / "some").stderr
    assert left(folder) == {"some"}


def test_the_bom_and_the_question_are_in_what_is_written(few, tmp_path):
    run(few, "--format", "csv", "--bom", "--out", tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    run(few, "ferry", "--site", "gazette", "--since", "2026", "--format", "html", "--out", tmp_path / "pages")
    assert "<h1>ferry site:gazette since:2026</h1>" in (tmp_path / "pages" / "index.html").read_text("utf-8")
    run(few, "--format", "html", "--out", tmp_path / "all")
    assert "<h1>All articles</h1>" in (tmp_path / "all" / "index.html").read_text("utf-8")


def test_cells_may_be_divided_by_semicolons(few, tmp_path):
    run(few, "--format", "csv", "--separator", ";", "--out", tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_text("utf-8").startswith('"id";"site";"url"')
    assert pd.read_csv(tmp_path / "all.csv", sep=";")["url"].tolist() == [article(f"{at}").url for at in range(3)]


def test_what_can_not_be_is_refused(few, tmp_path, monkeypatch):
    assert "a folder of Parquet files can't go to standard output: name it with --out" in run(few, "--format", "parquet", code=2).stderr
    assert "--bom is for CSV" in run(few, "--bom", code=2).stderr
    assert "--separator is for CSV; jsonl files have none" in run(few, "--separator", ";", code=2).stderr
    (tmp_path / "there").mkdir()
    assert "is there already" in run(few, "--format", "html", "--out", tmp_path / "there", code=2).stderr
    assert "is a folder: name a file" in run(few, "--out", tmp_path / "there", code=2).stderr
    before = (tmp_path / "store.db").read_bytes()
    for form in ("jsonl", "csv", "sqlite", "wacz"):
        assert "written over the store" in run(few, "--format", form, "--out", tmp_path / "store.db", code=2).stderr
    assert (tmp_path / "store.db").read_bytes() == before
    assert "make it first" in run(few, "--format", "sqlite", "--out", tmp_path / "no" / "where.db", code=2).stderr
    assert "kept" not in run(few, "--out", tmp_path / "no" / "where.csv", code=2).stderr
    for form, library, extra in (("parquet", "pyarrow.parquet", "arrow"), ("html", "jinja2", "web")):
        monkeypatch.setitem(sys.modules, library, None)
        monkeypatch.setattr("newscrawl.commands.export.find_spec", lambda name, gone=library: None if name == gone else object())
        said = run(few, "--format", form, "--out", tmp_path / "new", code=3).stderr
        assert f"pip install 'newscrawl[{extra}]'" in said
    assert left(tmp_path) == {"store.db", "there"}


@pytest.mark.parametrize("form", ["jsonl", "sqlite"])
def test_a_full_disk_is_named_and_what_was_written_is_gone_on_with(few, tmp_path, monkeypatch, form):
    from newscrawl.query.export import database, lines

    def full(*_):
        if form == "sqlite":
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorname = "SQLITE_FULL"
            raise error
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(lines.FileWriter if form == "jsonl" else database.DatabaseWriter, "finish", full)
        said = run(few, "--format", form, "--out", tmp_path / "all", code=5).stderr
    assert "full" in said or "No space left" in said
    assert "the same command again goes on" in said
    assert "Going on after 3 articles" in (came := run(few, "--format", form, "--out", tmp_path / "all").stderr)
    assert "3 articles written to" in came
    assert "3 of them before" in came
    assert left(tmp_path) == {"store.db", "all"}


def take_down(uri, one):
    async def taken():
        store = open_store(uri)
        await store.open()
        tombstone = Target(one.id, one.site, one.url, Kind.ARTICLE, one.last_seen, state=State.SKIPPED, result=Result.TAKEN_DOWN)
        await store.take_down(one.id, [], [tombstone])
        await store.close()

    asyncio.run(taken())


STOPPABLE = {
    "jsonl": ("lines.FileWriter", read_jsonl),
    "sqlite": ("database.DatabaseWriter", read_database),
    "parquet": ("parquet.ParquetWriter", read_parquet),
}


@pytest.mark.parametrize("form", STOPPABLE)
def test_what_was_taken_down_while_an_export_was_stopped_is_not_in_it(few, tmp_path, monkeypatch, form):
    writer, read = STOPPABLE[form]

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    gone, out = article("1"), tmp_path / "all"
    with monkeypatch.context() as patched:
        patched.setattr(f"newscrawl.query.export.{writer}.finish", full)
        run(few, "--format", form, "--out", out, code=5)
    take_down(few, gone)
    assert "Going on" not in run(few, "--format", form, "--out", out).stderr
    assert set(read(out)) == {article("0").id, article("2").id}
    assert left(tmp_path) == {"store.db", "all"}


def killed_after(seconds, uri, *arguments):
    """Whether the export had to be killed; what it said."""
    code = "from newscrawl.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, "export", *map(str, arguments), "--store", uri]
    with subprocess.Popen(command, text=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        out = Path(arguments[-1])
        part = out.with_name(out.name + ".part")
        while running.poll() is None and not part.exists():
            time.sleep(0.005)
        time.sleep(seconds)
        running.send_signal(signal.SIGKILL)
        said = running.stderr.read()
    assert running.returncode in (0, -signal.SIGKILL), said
    return running.returncode != 0, said


@pytest.mark.parametrize(("form", "read"), [("jsonl", read_jsonl), ("csv", read_csv), ("sqlite", read_database)])
def test_killed_at_any_moment_nothing_is_missing_or_twice(many, tmp_path, form, read):
    """Each format a few times; `python -m benchmarks.exports kill` does it more often, also with folders."""
    kills = 0
    for at in (0.03, 0.1, 0.25, 30):
        killed, said = (
            killed_after(at, many, "--format", form, "--out", tmp_path / "all") if at < 30 else (False, run_on(many, form, tmp_path))
        )
        if not killed:
            break
        kills += 1
        assert not (tmp_path / "all").exists()
    assert kills >= 1, said
    found = read(tmp_path / "all")
    assert len(found) == MANY
    if form == "jsonl":
        assert len((tmp_path / "all").read_text("utf-8").splitlines()) == MANY
    assert left(tmp_path) == {"all"}


def run_on(uri, form, folder):
    return run(uri, "--format", form, "--out", folder / "all").stderr


def test_a_pipe_gets_lines_of_progress(many, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_PROGRESS_PERIOD", "0.01")
    said = run(many, "--format", "parquet", "--out", tmp_path / "all").stderr
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert lines
    assert {line["of"] for line in lines} == {2 * MANY}  # gathered, then written
    assert [line["done"] for line in lines] == sorted(line["done"] for line in lines)
    assert f"{MANY} articles written to" in said
    assert len(pd.read_parquet(tmp_path / "all")) == MANY
