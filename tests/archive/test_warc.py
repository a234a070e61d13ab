"""WARC files: whatever is written can be read back, by us and by warcio, and a write that fails leaves nothing."""

import gzip
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newscrawl.archive.exchange import Exchange, payload_digest
from newscrawl.archive.recovery import whole_end
from newscrawl.archive.warc import WarcWriter, read_capture, read_exchange, read_rendered
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture
from tests.exchanges import AT, EXCHANGES, capture, exchange

INFO = {"software": "newscrawl/test", "format": "WARC File Format 1.1"}


def writer(folder: Path, rotate_bytes: int = 1 << 30) -> WarcWriter:
    return WarcWriter(folder, rotate_bytes=rotate_bytes, compression=1, info=INFO)


@contextmanager
def new_folder():
    """As tmp_path, for each of hypothesis' examples."""
    folder = Path(tempfile.mkdtemp(prefix="warc-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def batch(*exchanges: Exchange, first: int = 1) -> list[tuple[Capture, Exchange]]:
    return [(capture(one, number), one) for number, one in enumerate(exchanges, first)]


def written(folder: Path, *exchanges: Exchange) -> list[Capture]:
    """The captures of exchanges in a finished file."""
    pen = writer(folder)
    placed = pen.write(batch(*exchanges))
    pen.close()
    return placed


def checked(folder: Path) -> list[tuple[str, int]]:
    """Type and offset of every record of all files, in order, each of them sound for `warcio check`."""
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            records = ArchiveIterator(file, check_digests="raise")
            for record in records:
                record.content_stream().read()
                found.append((record.rec_type, records.get_record_offset()))
    options = type("Options", (), {"inputs": [str(path) for path in folder.glob("*.warc.gz")], "verbose": False})
    assert Checker(options).process_all() == 0
    return found


@given(st.lists(st.lists(EXCHANGES, max_size=3), min_size=1, max_size=3))
def test_whatever_is_written_is_read_back(batches):
    with new_folder() as folder:
        pen, stored = writer(folder), []
        for number, exchanges in enumerate(batches):
            placed = pen.write(batch(*exchanges, first=number * 10))
            stored += zip(placed, exchanges, strict=True)
        for placed, original in stored:  # while the writer lives
            assert_same(read_exchange(folder, placed), original)
        pen.close()
        for placed, original in stored:
            assert_same(read_exchange(folder, placed), original)
        types = ["warcinfo"]
        for placed, _ in stored:
            types += ["revisit" if placed.refers_to else "response", "request"]
        records = checked(folder)
        assert [kind for kind, _ in records] == types
        assert [offset for kind, offset in records if kind in {"response", "revisit"}] == [placed.offset for placed, _ in stored]


def assert_same(read: Exchange, original: Exchange) -> None:
    for name in ("url", "time", "status", "headers", "payload", "protocol", "reason"):
        assert getattr(read, name) == getattr(original, name), name


@given(EXCHANGES)
def test_warcio_sees_what_was_sent(original):
    with new_folder() as folder:
        (placed,) = written(folder, original)
        with (folder / placed.file).open("rb") as file:
            _, response, request = ((record, record.raw_stream.read()) for record in ArchiveIterator(file))
        record, payload = response
        assert payload == original.payload
        assert record.rec_headers["WARC-Target-URI"] == original.url
        assert record.rec_headers["WARC-Date"] == "2026-08-01T06:30:15.123Z"
        assert record.rec_headers["WARC-Payload-Digest"] == payload_digest(original.payload) == placed.digest
        assert record.http_headers.get_statuscode() == str(original.status)
        assert request[0].rec_headers["WARC-Concurrent-To"] == record.rec_headers["WARC-Record-ID"]
        assert request[0].http_headers.protocol == "GET"
        assert original.url.endswith(request[0].http_headers.statusline.removesuffix(" HTTP/1.1"))


def test_a_record_can_be_read_alone(tmp_path):
    placed = written(tmp_path, exchange(b"one"), exchange(b"two"))[1]
    data = (tmp_path / placed.file).read_bytes()
    (tmp_path / placed.file).write_bytes(bytes(placed.offset) + data[placed.offset : placed.offset + placed.length])
    assert read_exchange(tmp_path, placed).payload == b"two"


def test_undone_chunking_is_not_claimed(tmp_path):
    (placed,) = written(tmp_path, exchange(b"body", Transfer_Encoding="chunked"))
    assert checked(tmp_path)
    assert read_exchange(tmp_path, placed).headers == (("X-Archive-Orig-Transfer-Encoding", "chunked"),)


def test_what_a_browser_would_have_got(tmp_path):
    (placed,) = written(tmp_path, exchange(gzip.compress(b"<p>Bridge"), 404, Content_Encoding="gzip"))
    stored = read_capture(tmp_path, placed)
    assert (stored.status, stored.body, stored.headers) == (404, b"<p>Bridge", (("Content-Encoding", "gzip"),))
    with pytest.raises(ArchiveError, match="more than 5 bytes"):
        read_capture(tmp_path, placed, limit=5)


RENDERED = "<p>断桥 after its scripts</p>".encode()


def test_what_scripts_made_of_a_page_stands_behind_what_was_served(tmp_path):
    served, plain = exchange(b"<p>before</p>"), exchange(b"<p>plain</p>")
    scripted, other = written(tmp_path, replace(served, rendered=RENDERED), plain)
    assert read_exchange(tmp_path, scripted).payload == served.payload
    assert [read_rendered(tmp_path, capture) for capture in (scripted, other)] == [RENDERED, b""]
    assert read_exchange(tmp_path, other).payload == plain.payload


def test_others_know_it_for_a_conversion_that_refers_to_the_response(tmp_path):
    (capture,) = written(tmp_path, replace(exchange(b"<p>before</p>"), rendered=RENDERED))
    with (tmp_path / capture.file).open("rb") as file:
        found = {record.rec_type: (record.rec_headers, record.content_stream().read()) for record in ArchiveIterator(file)}
    headers, content = found["conversion"]
    assert content == RENDERED
    assert headers["WARC-Refers-To"] == found["response"][0]["WARC-Record-ID"]
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert list(found) == ["warcinfo", "response", "request", "conversion"]


def test_a_damaged_record_of_what_scripts_made_is_told(tmp_path):
    (capture,) = written(tmp_path, replace(exchange(b"<p>before</p>"), rendered=RENDERED))
    path = tmp_path / capture.file
    path.write_bytes(path.read_bytes()[:-30] + b"\xff" * 30)
    with pytest.raises(ArchiveError, match="damaged"):
        read_rendered(tmp_path, capture)
    with pytest.raises(ArchiveError, match="can't be read"):
        read_rendered(tmp_path / "elsewhere", capture)


def test_a_capture_knows_its_exchange():
    made = capture(exchange(b"12345", 301, Content_Type="text/html"))
    assert (made.status, made.size, made.content_type, made.time, made.file) == (301, 5, "text/html", AT, "")


def test_files_are_finished_at_their_size_and_named_apart(tmp_path):
    pen = writer(tmp_path, rotate_bytes=5_000)
    placed = [pen.write(batch(exchange(os.urandom(1_000)), first=number))[0] for number in range(20)]
    pen.close()
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert len(sizes) == 7
    assert all(name.endswith(".warc.gz") for name in sizes)
    assert all(size < 5_000 + 2_000 for size in sizes.values())
    assert {one.file for one in placed} == set(sizes)
    assert [one.file for one in placed] == sorted(one.file for one in placed)
    assert len(checked(tmp_path)) == 7 + 2 * 20


def test_a_file_is_open_while_its_writer_lives(tmp_path):
    pen = writer(tmp_path)
    (placed,) = pen.write(batch(exchange()))
    assert [path.name for path in tmp_path.iterdir()] == [placed.file + ".open"]
    pen.close()
    pen.close()
    assert [path.name for path in tmp_path.iterdir()] == [placed.file]
    assert pen.write(batch(exchange()))[0].file != placed.file
    pen.close()


def test_what_was_written_is_whole_on_the_disk_when_write_returns(tmp_path):
    pen = writer(tmp_path)
    for number in range(3):
        pen.write(batch(exchange(), first=number))
        (path,) = tmp_path.iterdir()
        assert whole_end(path) == path.stat().st_size
    pen.close()


# what can go wrong


@pytest.mark.parametrize("damage", ["missing", "cut", "flipped", "other record", "never placed"])
def test_a_record_that_is_not_what_was_stored_is_refused(tmp_path, damage):
    first, second = written(tmp_path, exchange(b"one"), exchange(b"two"))
    path = tmp_path / first.file
    data = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(data[: second.offset + second.length - 1])
    elif damage == "flipped":
        data[second.offset + second.length - 3] ^= 1
        path.write_bytes(data)
    elif damage == "other record":
        second = replace(second, offset=first.offset, length=first.length)
    else:
        second = replace(second, file="", offset=0, length=0)
    with pytest.raises(ArchiveError) as caught:
        read_exchange(tmp_path, second)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("obstacle", ["file", "below a file"])
def test_a_folder_that_cannot_be_made(tmp_path, obstacle):
    (tmp_path / "warc").write_text("not a folder")
    folder = tmp_path / "warc" if obstacle == "file" else tmp_path / "warc" / "deeper"
    with pytest.raises(ArchiveError, match="can't write WARC files"):
        writer(folder).write(batch(exchange()))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ArchiveError, match="Permission denied"):
        writer(tmp_path).write(batch(exchange()))


def test_a_folder_that_vanishes_is_told_at_the_end(tmp_path):
    pen = writer(tmp_path / "warc")
    pen.write(batch(exchange()))
    shutil.rmtree(tmp_path / "warc")
    with pytest.raises(ArchiveError):
        pen.close()
    pen.close()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"a small disk can only be mounted by root: {made.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)  # lazy: a test that fails may hold a file open


def test_a_full_disk_costs_the_batch_and_nothing_else(small_disk):
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(100_000))
    pen = writer(small_disk)
    placed = pen.write(batch(exchange(b"before")))
    (path,) = small_disk.glob("*.open")
    size = path.stat().st_size
    for attempt in range(3):
        with pytest.raises(ArchiveError, match="No space left"):
            pen.write(batch(exchange(os.urandom(1_000)), exchange(os.urandom(200_000)), first=10 * attempt + 10))
        assert path.stat().st_size == size
    ballast.unlink()
    placed += pen.write(batch(exchange(os.urandom(100_000)), first=2))
    pen.close()
    assert len(checked(small_disk)) == 1 + 2 * 2
    assert [len(read_exchange(small_disk, one).payload) for one in placed] == [6, 100_000]


def test_a_disk_that_is_full_from_the_start(small_disk):
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="No space left"):
        ballast.write_bytes(bytes(300_000))
    pen = writer(small_disk)
    with pytest.raises(ArchiveError, match="No space left"):
        pen.write(batch(exchange()))
    ballast.unlink()
    (placed,) = pen.write(batch(exchange(b"after")))
    pen.close()
    assert read_exchange(small_disk, placed).payload == b"after"


def test_two_writers_of_one_process_never_share_a_name(tmp_path, monkeypatch):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return AT.astimezone(tz)

    monkeypatch.setattr("newscrawl.archive.warc.datetime", Stopped)
    names = set()
    for number in (1, 2):
        pen = writer(tmp_path)
        (placed,) = pen.write([(capture(exchange(b"page"), number), exchange(b"page"))])
        pen.close()
        names.add(placed.file)
    assert len(names) == len(list(tmp_path.glob("*.warc.gz"))) == 2
