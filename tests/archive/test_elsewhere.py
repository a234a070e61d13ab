"""WARC folders behind an address: what is written here ends there, is read from there, and changed there."""

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import fsspec
import pytest

from newscrawl.archive import far
from newscrawl.archive.copying import take_in
from newscrawl.archive.elsewhere import OPEN, address_of, brought, check, entries, is_there, opened, remove
from newscrawl.archive.exchange import Exchange
from newscrawl.archive.index import Index, index_folder
from newscrawl.archive.recovery import recover
from newscrawl.archive.removal import take_out
from newscrawl.archive.sending import send
from newscrawl.archive.verify import verify_folder
from newscrawl.archive.warc import WarcWriter, read_exchange, read_rendered
from newscrawl.config import load_config
from newscrawl.errors import ArchiveError, ConfigError
from tests.archive import folders
from tests.archive.buckets import ADDRESS, Bucket, bucket, front
from tests.archive.folders import written
from tests.exchanges import AT, capture


@cache
def page(number: int) -> Exchange:
    """The same whenever it is asked for."""
    return folders.page(number)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with bucket(tmp_path_factory.mktemp("s3")) as served, pytest.MonkeyPatch.context() as patch:
        told = {"endpoint_url": served.endpoint, "key": "key", "secret": "secret"}
        patch.setitem(fsspec.config.conf, "s3", told)
        yield served


@pytest.fixture(params=["memory", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder here before one in memory, or in a bucket."""
    place = uuid.uuid4().hex
    if request.param == "s3":
        request.getfixturevalue("server")
        return front(tmp_path, f"s3://archive/{place}")
    return front(tmp_path, f"memory://{place}")


def test_what_is_finished_is_there_and_no_longer_here(folder: Path) -> None:
    placed = written(folder, [page(number) for number in range(3)])
    assert list(folder.glob("*.warc.gz*")) == []
    assert list(entries(folder)) == [placed[0].file]
    assert [read_exchange(folder, one).payload for one in placed] == [page(number).payload for number in range(3)]
    assert is_there(folder / placed[0].file)
    assert not is_there(folder / "other.warc.gz")


def test_what_is_being_written_is_read_here(folder: Path) -> None:
    pen = WarcWriter(folder, rotate_bytes=1 << 30, compression=1, info={})
    (one,) = pen.write([(capture(page(1), 1), page(1))])
    assert [path.name for path in folder.glob("*.warc.gz*")] == [one.file + OPEN]
    assert entries(folder) == {}
    assert read_exchange(folder, one).payload == page(1).payload
    pen.close()
    assert list(entries(folder)) == [one.file]


def test_files_are_sent_while_others_are_written(folder: Path) -> None:
    pen = WarcWriter(folder, rotate_bytes=1, compression=1, info={})
    placed = [pen.write([(capture(page(number), number), page(number))])[0] for number in range(4)]
    pen.close()
    assert sorted(entries(folder)) == sorted({one.file for one in placed})
    assert len({one.file for one in placed}) == 4
    assert list(folder.glob("*.warc.gz*")) == []
    assert verify_folder(folder).findings == []


def test_a_payload_there_is_referred_to(folder: Path) -> None:
    (first,) = written(folder, [page(1)])
    pen = WarcWriter(folder, rotate_bytes=1 << 30, compression=1, info={})
    (again,) = pen.write([(capture(page(1), 7), page(1))], {first.digest: first})
    pen.close()
    assert again.refers_to == first.id
    assert read_exchange(folder, again).payload == page(1).payload


def test_it_is_verified_and_indexed_and_damage_is_found(folder: Path) -> None:
    placed = written(folder, [page(number) for number in range(3)])
    assert index_folder(folder).lines == 3
    assert index_folder(folder).read == 0, "nothing has changed"
    assert [line.entry.filename for line in Index(folder).find(placed[1].url)] == [placed[1].file]
    came = verify_folder(folder)
    assert (came.findings, came.files, [came.capture_flaw(one) for one in placed]) == ([], 1, [None] * 3)
    files, place = fsspec.core.url_to_fs(address_of(folder))
    data = bytearray(files.cat_file(f"{place}/{placed[0].file}"))
    data[placed[1].offset + 200] ^= 255
    files.pipe_file(f"{place}/{placed[0].file}", bytes(data))
    assert verify_folder(folder).findings != []
    with pytest.raises(ArchiveError, match="damaged"):
        read_exchange(folder, placed[1])


def test_records_are_taken_out_of_files_there(folder: Path) -> None:
    placed = written(folder, [page(number) for number in range(3)])
    assert take_out(folder, placed[1:2], AT).records == 2
    assert list(folder.glob("*.warc.gz*")) == []
    with pytest.raises(ArchiveError):
        read_exchange(folder, placed[1])
    assert read_exchange(folder, placed[2]).payload == page(2).payload
    assert verify_folder(folder).findings == []
    assert take_out(folder, placed[1:2], AT).records == 0
    (lost,) = written(folder, [page(5)])
    remove(folder / lost.file)
    assert (
        "there is no such file" in take_out(folder, [lost], AT).troubles[0].lower()
        or "No such file" in take_out(folder, [lost], AT).troubles[0]
    )


def test_a_change_that_was_cut_short_is_sent_later(folder: Path) -> None:
    placed = written(folder, [page(1)])

    def changed() -> None:
        with brought(folder, placed[0].file):
            (folder / placed[0].file).write_bytes(b"changed")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        changed()
    with opened(folder / placed[0].file) as file:
        assert file.read() == b"changed", "what is here comes first"
    assert send(folder).files == 1
    with opened(folder / placed[0].file) as file:
        assert file.read() == b"changed"
    assert list(folder.glob("*.warc.gz*")) == []


def test_what_is_being_changed_is_not_sent(folder: Path) -> None:
    (one,) = written(folder, [page(1)])
    with brought(folder, one.file):
        assert send(folder).files == 0
        assert (folder / one.file).exists()
    assert not (folder / one.file).exists()


def test_two_that_send_at_once_lose_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("begin", "finish"):
        monkeypatch.setattr(f"newscrawl.archive.warc.Sender.{name}", lambda _: None)
    placed = [written(folder, [page(number)])[0] for number in range(4)]
    monkeypatch.undo()
    assert len(list(folder.glob("*.warc.gz"))) == 4
    came: list[int] = []
    threads = [threading.Thread(target=lambda: came.append(send(folder).files)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send(folder)
    assert sum(came) <= 4
    assert [read_exchange(folder, one).payload for one in placed] == [page(number).payload for number in range(4)]
    assert list(folder.glob("*.warc.gz")) == []


def test_what_a_dead_writer_left_is_finished_here_and_sent_by_the_next(folder: Path) -> None:
    pen = WarcWriter(folder, rotate_bytes=1 << 30, compression=1, info={})
    (one,) = pen.write([(capture(page(1), 1), page(1))])
    pen._let_go()  # as a kill does
    assert [done.file for done in recover(folder)] == [one.file]
    assert (folder / one.file).exists()
    pen = WarcWriter(folder, rotate_bytes=1 << 30, compression=1, info={})
    pen.write([(capture(page(2), 2), page(2))])
    pen.close()
    assert one.file in entries(folder)
    assert list(folder.glob("*.warc.gz*")) == []
    assert read_exchange(folder, one).payload == page(1).payload


def test_other_peoples_files_are_taken_in_once(folder: Path, tmp_path: Path) -> None:
    (theirs, *_) = written(tmp_path / "theirs", [page(1), page(2)])
    copied = take_in(tmp_path / "theirs" / theirs.file, folder)
    assert copied.fresh
    send(folder)
    assert not take_in(tmp_path / "theirs" / theirs.file, folder).fresh


def test_a_rendered_page_is_found_behind_its_request(folder: Path) -> None:
    one, two = written(folder, [replace(page(1), rendered=b"<p>made"), page(2)])
    assert (read_rendered(folder, one), read_rendered(folder, two)) == (b"<p>made", b"")


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 35])
def test_a_file_there_reads_as_one_here(size: int) -> None:
    name, data = uuid.uuid4().hex, bytes(range(size))
    fsspec.filesystem("memory").pipe_file(f"/d/{name}", data)
    for begin in (*range(size + 2),):
        for length in (1, 5, 10, 50):
            with far.opened("memory://d", name, 10) as file:
                file.seek(begin)
                assert file.read(length) == data[begin : begin + length]
                file.seek(max(0, begin - 3))
                assert file.read(4) == data[max(0, begin - 3) :][:4]


def test_a_folder_of_this_machine_has_no_address(tmp_path: Path) -> None:
    assert address_of(tmp_path / "100% sure") == address_of(tmp_path / "warc") == ""
    check(tmp_path)
    assert send(tmp_path).files == 0


@pytest.mark.parametrize(
    ("address", "kind"),
    [("s3://", "archive.folder"), ("gopher://x/y", "remote"), ("s3://name:word@archive/x", "password")],
)
def test_addresses_that_cannot_be(address: str, kind: str) -> None:
    with pytest.raises((ConfigError, ArchiveError)) as told:
        check(load_config({}, overrides={"archive.folder": address}).archive_folder)
    assert "word@" not in str(told.value)


def test_the_folder_before_an_address_is_found_by_it() -> None:
    config = load_config({}, overrides={"archive.folder": ADDRESS + "/", "archive.local": "here"})
    assert config.archive_folder == front(Path("here"))
    assert address_of(config.archive_folder) == ADDRESS
    assert load_config({}, overrides={"archive.folder": "file:///var/warc"}).archive_folder == Path("/var/warc")


def test_a_server_that_is_away_is_told_with_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": "http://127.0.0.1:9", "key": "k", "secret": "s"})
    fsspec.filesystem("s3").clear_instance_cache()
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(ArchiveError, match="s3://nowhere/warc: can't be reached"):
        check(front(tmp_path, "s3://nowhere/warc"))
