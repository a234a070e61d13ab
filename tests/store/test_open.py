import subprocess
import sys

import pytest

from newscrawl.errors import InputError
from newscrawl.store import open_store

IMPORTS = """
import sys
from newscrawl.store import open_store
print("sqlite3" in sys.modules)
open_store("sqlite:///news.db")
print("pymongo" in sys.modules)
"""


@pytest.mark.parametrize("uri", ["sqlite:///a/b.db", "sqlite:////tmp/b.db", "mongodb://host/news", "mongodb+srv://cluster.example/news"])
def test_the_address_is_shown(uri: str) -> None:
    assert open_store(uri).uri == uri


@pytest.mark.parametrize(
    "uri", ["", "archive.db", "sqlite://", "sqlite:///", "sqlite://archive.db", "sqlite:///folder/", "postgres://me:secret@host/news"]
)
def test_other_addresses_are_refused_with_what_is_allowed(uri: str) -> None:
    with pytest.raises(InputError, match=r"sqlite:///.*mongodb://HOST/DATABASE") as refusal:
        open_store(uri)
    assert "secret" not in str(refusal.value)


async def test_a_relative_path_is_relative(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///new/folder/news.db")
    await store.open()
    await store.close()
    assert (tmp_path / "new/folder/news.db").is_file()


def test_sqlite_needs_no_pymongo_and_an_address_no_driver() -> None:
    shown = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["False", "False"]
