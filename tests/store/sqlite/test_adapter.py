import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.errors import InputError, StoreError
from newscrawl.store import open_store
from newscrawl.store.protocol import Counts, Search
from newscrawl.store.sqlite import adapter
from tests.store.records import article, holding, visited

ROOT = Path(__file__).parents[3]
NOBODY = 65534


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write whatever it likes, so it isn't root for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user may read."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("patience", [0.15, 0.3, 0.45])
async def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path, patience: float) -> None:
    uri = f"sqlite:///{tmp_path}/store.db"
    acknowledged = killed_while_settling(uri, patience)
    assert len(acknowledged) >= 5
    store = open_store(uri)
    await store.open()
    kept = {one.id async for one in store.articles(Search(words=("plain",)))}
    counts = await store.counts()
    await store.close()
    assert set(acknowledged) <= kept
    # All of a batch or nothing: each of its pages has an article, a capture, and one target found.
    assert counts == Counts(articles=len(kept), revisions=0, captures=len(kept), targets=2 * len(kept), sites=1)
    assert integrity(tmp_path / "store.db") == "ok"


def killed_while_settling(uri: str, patience: float) -> list[str]:
    """Ids of the articles that a program said were kept, before it was killed `patience` seconds after the first."""
    command = [sys.executable, "-m", "tests.store.settler", uri]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as program:
        first = program.stdout.readline()
        time.sleep(patience)
        program.send_signal(signal.SIGKILL)
        return [*first.split(), *program.stdout.read().split()]


def integrity(path: Path) -> str:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO search(search) VALUES ('integrity-check')")
        return db.execute("PRAGMA integrity_check").fetchone()[0]


async def test_others_read_and_write_at_the_same_time(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/store.db"
    stores = [open_store(uri) for _ in range(3)]
    for store in stores:
        await store.open()

    async def crawl(number: int) -> None:
        for batch in range(20):
            await stores[number].settle(holding(*[article(f"{number} {batch} {page}") for page in range(5)]))

    async def look() -> list[int]:
        return [(await stores[2].counts()).articles for _ in range(50)]

    _, _, seen = await asyncio.gather(crawl(0), crawl(1), look())
    assert seen == sorted(seen)
    assert all(count % 5 == 0 for count in seen)
    assert len(await stores[2].search(Search(words=("plain",), limit=999))) == 200
    for store in stores:
        await store.close()


async def test_a_writer_that_does_not_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "BUSY_SECONDS", 0.05)
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    with contextlib.closing(sqlite3.connect(tmp_path / "store.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process"):
            await store.settle([visited()])
        assert await store.counts() == Counts(0, 0, 0, 0, 0)
    await store.settle([visited()])
    await store.close()


async def test_a_failed_batch_leaves_nothing_behind(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    with pytest.raises(StoreError):
        await store.settle([visited("a", article=article("a")), visited("b", article=article("b", revision=None))])
    assert await store.counts() == Counts(0, 0, 0, 0, 0)
    await store.settle([visited("a", article=article("a"))])
    await store.close()


async def test_a_file_that_may_not_be_written(public_folder: Path) -> None:
    path = public_folder / "store.db"
    await filled(path)
    with unprivileged():
        store = open_store(f"sqlite:///{path}")
        with pytest.raises(StoreError, match=r"can't be (written|opened)"):
            await opened_and_settled(store)
        await store.close()
        with pytest.raises(StoreError, match="ermission denied"):
            await open_store(f"sqlite:///{public_folder}/new/store.db").open()


async def filled(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    await store.open()
    await store.settle(holding(article("a")))
    await store.close()


async def opened_and_settled(store) -> None:
    await store.open()
    await store.settle([visited("b")])


async def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("These are notes, and quite a lot of them. " * 100)
    with pytest.raises(StoreError, match="no SQLite file"):
        await open_store(f"sqlite:///{tmp_path}/text.db").open()
    with pytest.raises(StoreError, match=r"text\.db"):
        await open_store(f"sqlite:///{tmp_path}/text.db/store.db").open()
    with pytest.raises(StoreError, match="can't be opened"):
        await open_store(f"sqlite:///{tmp_path}").open()


async def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = open_store(f"sqlite:///{path}")
    await store.open()
    await store.settle(holding(*[article(str(number), f"Words {number}. " * 300) for number in range(50)]))
    await store.close()
    with path.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * (path.stat().st_size - 20 * 4096))
    again = open_store(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="damaged"):
        await opened_and_settled(again)
    await again.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 2 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no tmpfs can be mounted here, so no disk can be filled")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


async def test_a_full_disk_loses_nothing_and_says_so(small_disk: Path) -> None:
    store = open_store(f"sqlite:///{small_disk}/store.db")
    await store.open()
    kept: list[str] = []
    with pytest.raises(StoreError, match="disk is full"):
        await fill(store, kept)
    assert len(kept) > 10
    assert {one.id async for one in store.articles(Search())} == set(kept)
    await asyncio.to_thread(subprocess.run, ["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    await store.settle([visited("more", article=article("more"))])
    assert (await store.counts()).articles == len(kept) + 1
    await store.close()


async def fill(store, kept: list[str]) -> None:
    for number in range(1000):
        one = article(str(number), f"Number {number} is written down. " * 200)
        await store.settle([visited(str(number), article=one)])
        kept.append(one.id)


async def test_half_a_character_in_a_run_is_the_callers_error(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    with pytest.raises(InputError, match="surrogate"):
        await store.backlog("\ud800")
    await store.close()
