"""Files of dead writers: every whole record stays, every other byte is set aside, the living are left alone."""

import os
import signal
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest

from newscrawl.archive.recovery import Recovered, recover, whole_end
from newscrawl.archive.warc import WarcWriter, read_exchange
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture
from tests.exchanges import capture, exchange

NAME = "newscrawl-1.warc.gz"


def writer(folder: Path, rotate_bytes: int = 1 << 30) -> WarcWriter:
    return WarcWriter(folder, rotate_bytes=rotate_bytes, compression=1, info={"software": "newscrawl/test"})


@pytest.fixture
def three(tmp_path):
    """A file with three captures, as bytes, and the captures."""
    pen = writer(tmp_path / "whole")
    answers = [exchange(b"payload %d \r\n\r\n\0" % number) for number in range(3)]
    placed = pen.write([(capture(one, number), one) for number, one in enumerate(answers)])
    pen.close()
    return (tmp_path / "whole" / placed[0].file).read_bytes(), placed


def died(folder: Path, data: bytes) -> Path:
    """A file as a writer left it that died."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{NAME}.open"
    path.write_bytes(data)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def readable(folder: Path, captures: list[Capture]) -> int:
    """How many of the captures can be read, from the first on."""
    for number, one in enumerate(captures):
        try:
            read_exchange(folder, one)
        except ArchiveError:
            return number
    return len(captures)


def test_a_tail_torn_at_any_byte_is_set_aside(tmp_path, three):
    data, captures = three
    ends = [*(at for at in range(1, len(data)) if data.startswith(b"\x1f\x8b\x08", at)), len(data)]
    for cut in range(captures[-1].offset, len(data) + 1):
        folder = tmp_path / str(cut)
        path = died(folder, data[:cut])
        whole = max(end for end in ends if end <= cut)
        assert whole_end(path) == whole
        assert recover(folder) == [Recovered(NAME, cut - whole)]
        assert (folder / NAME).read_bytes() == data[:whole]
        if cut > whole:
            assert (folder / f"{NAME}.torn").read_bytes() == data[whole:cut]
        else:
            assert names(folder) == [NAME]


def test_what_was_whole_can_be_read_after_recovery(tmp_path, three):
    data, captures = three
    (tmp_path / "died").mkdir()
    path = tmp_path / "died" / f"{captures[0].file}.open"
    path.write_bytes(data[: captures[2].offset + 5])
    recover(tmp_path / "died")
    assert readable(tmp_path / "died", captures) == 2


TAILS = [b"\0", bytes(100_000), b"\x1f\x8b\x08", b"\x1f\x8b\x08\0" * 50, b"WARC/1.1\r\n", os.urandom(70_000)]


@pytest.mark.parametrize("tail", TAILS, ids=len)
def test_whatever_stands_behind_the_last_record_is_set_aside(tmp_path, three, tail):
    data, _ = three
    died(tmp_path / "died", data + tail)
    assert recover(tmp_path / "died") == [Recovered(NAME, len(tail))]
    assert (tmp_path / "died" / NAME).read_bytes() == data
    assert (tmp_path / "died" / f"{NAME}.torn").read_bytes() == tail


@pytest.mark.parametrize("garbage", [b"x", b"not a WARC file", bytes(1 << 17), os.urandom(1 << 17)], ids=len)
def test_garbage_alone_is_kept_as_torn(tmp_path, garbage):
    died(tmp_path, garbage)
    assert recover(tmp_path) == [Recovered(NAME, len(garbage))]
    assert names(tmp_path) == [f"{NAME}.torn"]
    assert (tmp_path / f"{NAME}.torn").read_bytes() == garbage


def test_an_empty_file_is_removed(tmp_path):
    died(tmp_path, b"")
    assert recover(tmp_path) == [Recovered(NAME, 0)]
    assert names(tmp_path) == []


def test_a_damaged_record_in_the_middle_ends_what_is_whole(tmp_path, three):
    data, captures = three
    broken = bytearray(data)
    broken[captures[1].offset + captures[1].length - 6] ^= 1  # in its checksum
    died(tmp_path / "died", bytes(broken))
    assert recover(tmp_path / "died") == [Recovered(NAME, len(data) - captures[1].offset)]


def test_a_record_that_unpacks_to_much_takes_little_memory(tmp_path):
    packer = zlib.compressobj(1, wbits=31)
    data = packer.compress(bytes(50 << 20)) + packer.flush()
    assert whole_end(died(tmp_path, data)) == len(data)
    assert whole_end(died(tmp_path, data[:-1])) == 0


def test_recovering_twice_changes_nothing(tmp_path, three):
    data, _ = three
    died(tmp_path / "died", data[:-1])
    recover(tmp_path / "died")
    before = names(tmp_path / "died")
    assert recover(tmp_path / "died") == []
    assert names(tmp_path / "died") == before == [NAME, f"{NAME}.torn"]


def test_a_recovery_that_was_itself_cut_off_is_done_again(tmp_path, three):
    data, _ = three
    folder = tmp_path / "died"
    died(folder, data + b"tail")
    (folder / f"{NAME}.torn").write_bytes(b"ta")
    assert recover(folder) == [Recovered(NAME, 4)]
    assert (folder / f"{NAME}.torn").read_bytes() == b"tail"


def test_other_files_are_left_alone(tmp_path, three):
    data, _ = three
    folder = tmp_path / "archive"
    folder.mkdir()
    for name in ("a.warc.gz", "notes.open", "b.warc.gz.torn", "c.warc.gz.open.bak"):
        (folder / name).write_bytes(data[:-1])
    assert recover(folder) == []
    assert {(folder / name).read_bytes() for name in names(folder)} == {data[:-1]}


@pytest.mark.parametrize("make", [Path.touch, lambda folder: None], ids=["a file", "nothing"])
def test_without_a_folder_there_is_nothing_to_recover(tmp_path, make):
    make(tmp_path / "warc")
    assert recover(tmp_path / "warc") == []


def test_what_cannot_be_set_aside_stops_the_recovery(tmp_path, three):
    data, _ = three
    path = died(tmp_path / "died", data + b"tail")
    (tmp_path / "died" / f"{NAME}.torn").mkdir()
    with pytest.raises(ArchiveError, match="can't finish the WARC files"):
        recover(tmp_path / "died")
    assert path.read_bytes() == data + b"tail"


# the living


def test_the_file_of_a_living_writer_is_left_alone(tmp_path):
    pen = writer(tmp_path)
    one = exchange(b"first")
    (first,) = pen.write([(capture(one), one)])
    assert recover(tmp_path) == []
    (second,) = pen.write([(capture(one, 2), one)])
    pen.close()
    assert readable(tmp_path, [first, second]) == 2


WRITES_FOR_EVER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2].split(";")
from tests.exchanges import capture, exchange
from newscrawl.archive.warc import WarcWriter
pen = WarcWriter(Path(sys.argv[1]), rotate_bytes=200_000, compression=1, info={})
number = 0
while True:
    batch = [exchange(b"payload %d of a batch" % number * 50) for number in range(number, number + 5)]
    placed = pen.write([(capture(one, number + at), one) for at, one in enumerate(batch)])
    number += 5
    for one in placed:
        print(one.file, one.offset, one.length, one.digest, flush=False)
    sys.stdout.flush()
"""


@pytest.mark.parametrize("lines", [1, 40, 400, 1500])
def test_a_writer_that_is_killed_loses_nothing_it_acknowledged(tmp_path, lines):
    run = subprocess.Popen([sys.executable, "-c", WRITES_FOR_EVER, tmp_path, ";".join(sys.path)], stdout=subprocess.PIPE, text=True)
    said = [run.stdout.readline().split() for _ in range(lines)]
    if lines < 100:
        assert recover(tmp_path) == []
    run.send_signal(signal.SIGKILL)
    said += [line.split() for line in run.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    run.stdout.close()
    run.wait()
    assert len(recover(tmp_path)) <= 1
    assert not list(tmp_path.glob("*.open"))
    for file, offset, length, digest in said:
        one = Capture("c", "s", "t", "https://gazette.example/", exchange().time, 200, "", digest, 0, file, int(offset), int(length))
        assert read_exchange(tmp_path, one).payload.startswith(b"payload")


def test_a_recovery_beside_writers_takes_nothing_from_them(tmp_path):
    """Every moment between making, locking, finishing and renaming a file is met sooner or later."""
    over, troubles = threading.Event(), []

    def keep_recovering() -> None:
        while not over.is_set():
            try:
                troubles.extend(done for done in recover(tmp_path) if done.torn or (tmp_path / done.file).exists())
            except ArchiveError as error:
                troubles.append(error)

    threads = [threading.Thread(target=keep_recovering) for _ in range(2)]
    for thread in threads:
        thread.start()
    one, placed = exchange(os.urandom(500)), []
    try:
        pen = writer(tmp_path, rotate_bytes=1)
        for number in range(150):
            placed += pen.write([(capture(one, number), one)])
            assert read_exchange(tmp_path, placed[-1]).payload == one.payload
        pen.close()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert troubles == []
    assert readable(tmp_path, placed) == 150
    assert not list(tmp_path.glob("*.torn"))


def test_hostile_files_are_finished_without_a_word(tmp_path, hostile):
    files = [path for path in sorted((hostile / "warc").rglob("*")) if path.is_file()]
    assert len(files) > 10
    for path in files:
        died(tmp_path, path.read_bytes())
        (done,) = recover(tmp_path)
        kept = b"".join((tmp_path / name).read_bytes() for name in names(tmp_path))
        assert kept == path.read_bytes()
        assert done.torn == sum((tmp_path / name).stat().st_size for name in names(tmp_path) if name.endswith(".torn"))
        for name in names(tmp_path):
            (tmp_path / name).unlink()
