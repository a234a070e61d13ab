"""Other people's files in our folder: whole ones byte for byte, others record by record, each once."""

import contextlib
import gzip
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newscrawl.archive import copying
from newscrawl.archive.copying import take_in
from newscrawl.archive.scan import Trouble, scan
from newscrawl.archive.verify import verify_folder
from newscrawl.errors import ArchiveError
from tests.archive.folders import page, written


@pytest.fixture
def given(tmp_path: Path) -> Path:
    (one, *_) = written(tmp_path / "theirs", [page(number) for number in range(5)])
    return tmp_path / "theirs" / one.file


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def test_a_sound_file_is_copied_as_it_is(given, tmp_path):
    copied = take_in(given, tmp_path / "warc")
    assert (tmp_path / "warc" / copied.file).read_bytes() == given.read_bytes()
    assert (copied.records, copied.troubles, copied.fresh) == (11, (), True)


@pytest.mark.parametrize("packing", ["plain", "one member"])
def test_records_that_cannot_be_read_alone_are_packed_alone(given, tmp_path, packing):
    other = tmp_path / "theirs.warc"
    other.write_bytes(unpacked(given) if packing == "plain" else gzip.compress(unpacked(given)))
    copied = take_in(other, tmp_path / "warc")
    made = tmp_path / "warc" / copied.file
    assert unpacked(made) == unpacked(given)
    assert all(one.alone and one.record for one in scan(made))
    assert verify_folder(tmp_path / "warc").findings == []


def test_the_same_content_is_taken_in_once(given, tmp_path):
    first = take_in(given, tmp_path / "warc")
    again = take_in(given, tmp_path / "warc")
    assert (again.file, again.fresh) == (first.file, False)
    assert len(list((tmp_path / "warc").iterdir())) == 1


def test_a_copy_that_was_cut_short_is_made_anew(given, tmp_path):
    name = take_in(given, tmp_path / "one").file
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / f"{name}.part").write_bytes(b"half")
    take_in(given, tmp_path / "two")
    assert [path.name for path in (tmp_path / "two").iterdir()] == [name]


def test_two_that_take_in_the_same_file_at_once_make_one_copy(given, tmp_path, monkeypatch):
    """The second comes while the first is writing: it must not write into the first one's file, nor take its half for a whole."""
    begun, copyfileobj = threading.Event(), shutil.copyfileobj

    def slowly(source, out):
        begun.set()
        time.sleep(0.2)
        copyfileobj(source, out)

    monkeypatch.setattr(copying.shutil, "copyfileobj", slowly)
    with ThreadPoolExecutor() as both:
        first = both.submit(take_in, given, tmp_path / "warc")
        begun.wait()
        second = both.submit(take_in, given, tmp_path / "warc")
        came = [first.result(), second.result()]
    assert [one.fresh for one in came] == [True, False]
    assert [path.name for path in (tmp_path / "warc").iterdir()] == [came[0].file]
    assert (tmp_path / "warc" / came[0].file).read_bytes() == given.read_bytes()


def test_damage_is_told_and_the_rest_taken_in(given, tmp_path):
    data = bytearray(given.read_bytes())
    places = [one.offset for one in scan(given)]
    data[places[3] + 100] ^= 255
    given.write_bytes(bytes(data[:-7]))
    copied = take_in(given, tmp_path / "warc")
    assert [(one.trouble, one.offset) for one in copied.troubles] == [(Trouble.DAMAGED, places[3]), (Trouble.TORN, places[10])]
    assert copied.records == 9
    assert verify_folder(tmp_path / "warc").findings == []


def test_what_is_no_warc_file_is_a_named_error(tmp_path):
    for content, why in ((b"", "empty"), (b"%PDF-1.7", "no WARC record"), (b"filedesc://a.arc", "warcio recompress")):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(ArchiveError, match=why):
            take_in(tmp_path / "file", tmp_path / "warc")
    with pytest.raises(ArchiveError, match="no such file"):
        take_in(tmp_path / "nowhere", tmp_path / "warc")
    assert not (tmp_path / "warc").exists()


def test_hostile_files_of_others_are_taken_in_or_named(hostile, tmp_path):
    taken = set()
    for path in sorted((hostile / "warc").iterdir()):
        with contextlib.suppress(ArchiveError):
            taken.add(path.name)
            taken.remove(path.name if take_in(path, tmp_path) else "")
    assert taken == {"bad.arc", "example-space-in-url.arc", "example.arc", "example.arc.gz"}
    assert {finding.flaw for finding in verify_folder(tmp_path).findings} <= {"block-digest", "payload-digest"}
