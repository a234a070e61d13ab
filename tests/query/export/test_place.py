"""Where exports may be written: not over what they are made of, nor over what is no file."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.errors import InputError
from newscrawl.query.export.place import allowed
from newscrawl.store import open_store


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A store's file."""
    await made(tmp_path / "own.db")
    return tmp_path / "own.db"


async def made(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    await store.open()
    await store.close()


@pytest.mark.parametrize("name", ["own.db", "linked.db", "symbolic.db", "own.db-wal", "folder/../own.db"])
async def test_never_over_the_store_itself(file: Path, tmp_path: Path, name: str) -> None:
    os.link(file, tmp_path / "linked.db")
    (tmp_path / "symbolic.db").symlink_to("own.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="written over the store"):
        allowed(tmp_path / name, file, tmp_path / "warc")


@pytest.mark.parametrize(("store", "out"), [("all.part", "all"), ("all.part.json", "all"), ("all.part.db", "all")])
async def test_nor_is_what_lies_beside_it(tmp_path: Path, store: str, out: str) -> None:
    await made(tmp_path / store)
    with pytest.raises(InputError, match="written over the store"):
        allowed(tmp_path / out, tmp_path / store, tmp_path / "warc")


@pytest.mark.usefixtures("file")
def test_never_over_another_store(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a store of newscrawl"):
        allowed(tmp_path / "own.db", None, tmp_path / "warc")
    (tmp_path / "broken.db").write_bytes((tmp_path / "own.db").read_bytes()[:5000])
    with pytest.raises(InputError, match="or may be one"):
        allowed(tmp_path / "broken.db", None, tmp_path / "warc")


def test_another_database_is_written_over(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "former.db")) as db:
        db.execute("CREATE TABLE articles(id)")
    assert allowed(tmp_path / "former.db", tmp_path / "own.db", tmp_path / "warc") == tmp_path / "former.db"


def test_never_among_the_warc_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "warc").mkdir()
    (tmp_path / "way").symlink_to("warc")
    monkeypatch.chdir(tmp_path)
    for out in ("warc/a.warc.gz", "way/a.csv", "way"):
        with pytest.raises(InputError, match="among the WARC files"):
            allowed(Path(out), None, tmp_path / "warc")
    assert allowed(Path("warc.csv"), None, tmp_path / "warc") == Path("warc.csv")


@pytest.mark.parametrize(
    ("out", "said"),
    [
        (".", "is a folder"),
        ("", "is a folder"),
        ("/", "is a folder"),
        ("..", "is a folder"),
        ("x" * 300, "name is too long"),
        ("x" * 250, "name is too long"),
        ("no/dir/a.csv", "there is no folder no/dir: make it first"),
    ],
)
def test_what_can_be_no_name_is_refused_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=said) as told:
        allowed(Path(out), tmp_path / "own.db", tmp_path / "warc")
    assert "\n" not in str(told.value)


def test_what_is_no_file_is_refused_and_a_link_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for out in (tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(InputError, match="use --out - for standard output"):
            allowed(out, None, tmp_path / "warc")
    (tmp_path / "latest").symlink_to("new.csv")
    assert allowed(tmp_path / "latest", None, tmp_path / "warc") == tmp_path.resolve() / "new.csv"
