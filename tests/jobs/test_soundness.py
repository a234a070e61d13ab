"""`newscrawl archive verify` on a crawl: sound as it is, and telling once store and archive disagree."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newscrawl.archive.index import index_folder
from newscrawl.cli import app
from tests.archives import copy_of
from tests.crawl.crawls import Place


@pytest.fixture
def place(crawled_demo: Place, tmp_path: Path) -> Place:
    """A copy with an index, to be damaged."""
    copy = copy_of(crawled_demo, tmp_path)
    index_folder(copy.archive)
    return copy


def verified(place: Place, *options: str):
    return CliRunner().invoke(app, ["archive", "verify", "--store", place.store, "--archive", str(place.archive), *options])


def test_what_was_crawled_is_sound(place: Place) -> None:
    ran = verified(place)
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "the store agrees" in ran.stderr


def test_a_file_that_was_lost_is_told_capture_by_capture(place: Place) -> None:
    for path in place.archive.glob("*.warc.gz"):
        path.unlink()
    ran = verified(place, "--json")
    findings = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.exit_code == 5
    assert [finding["flaw"] for finding in findings].count("no-record") == len(place.holding().captures)


@pytest.mark.parametrize("store", ["capture", "digest"])
def test_a_store_that_lost_something_is_told(place: Place, store: str) -> None:
    article = place.holding().articles[0]
    change = {"capture": "DELETE FROM captures WHERE id = ?", "digest": "UPDATE captures SET digest = 'sha1:A' WHERE id = ?"}[store]
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db, db:
        db.execute(change, (article.capture,))
    ran = verified(place)
    assert ran.exit_code == 5
    (line,) = ran.stdout.splitlines()
    assert line.startswith("no-capture: article" if store == "capture" else "other-record: ")
    assert article.capture in line


def test_without_a_store_the_files_are_checked_alone(place: Place) -> None:
    ran = CliRunner().invoke(app, ["archive", "verify", "--store", "sqlite:///nowhere.db", "--archive", str(place.archive)])
    assert ran.exit_code == 0
    assert "only files were checked" in ran.stderr


def test_the_index_is_made_by_its_command(place: Place) -> None:
    (place.archive / "index.cdxj").unlink()
    ran = CliRunner().invoke(app, ["archive", "index", "--rebuild", "--archive", str(place.archive)])
    assert ran.exit_code == 0
    assert f"{len(place.holding().captures)} answers of 1 WARC file," in ran.stdout
    assert verified(place).exit_code == 0
