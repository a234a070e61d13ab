"""Records that are taken out leave nothing of themselves, and everything else where it was."""

import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newscrawl.archive.index import Index, index_folder
from newscrawl.archive.records import parsed_record
from newscrawl.archive.removal import blank_member, take_out
from newscrawl.archive.verify import verify_folder
from newscrawl.archive.warc import WarcWriter, read_exchange
from newscrawl.errors import ArchiveError
from tests.archive.folders import page, written
from tests.exchanges import AT, capture

SECRET = b"a name that should not stand here"


@example(308)
@example(65_561)
@given(st.integers(260, 2_000) | st.integers(65_500, 66_500) | st.sampled_from([131_000, 131_300, 200_000, 1_000_000]))
def test_a_blank_member_has_any_length(length):
    member = blank_member(length, "x", AT)
    stream = zlib.decompressobj(31)
    record = parsed_record(stream.decompress(member))
    assert (len(member), stream.eof, stream.unused_data) == (length, True, b"")
    assert (record.kind, record.block.strip()) == ("metadata", b"Taken down.")


@given(st.integers(1, 200))
def test_what_is_too_short_is_refused(length):
    with pytest.raises(ArchiveError, match="too short"):
        blank_member(length, "x", AT)


def unpacked(folder: Path) -> bytes:
    out = b""
    for path in sorted(folder.glob("*.warc.gz*")):
        data = path.read_bytes()
        while data:
            stream = zlib.decompressobj(31)
            out += stream.decompress(data)
            data = stream.unused_data
    return out


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_everything_of_a_capture_goes_and_all_else_stays(tmp_path, taken):
    pages = [page(number) for number in range(3)]
    pages = [replace(one, payload=one.payload + b"%d" % number, rendered=b"<p>made %d" % number) for number, one in enumerate(pages)]
    pages[taken] = replace(pages[taken], payload=SECRET * 50, request_headers=(("Cookie", SECRET.decode()),), rendered=SECRET)
    placed = written(tmp_path, pages)
    size = (tmp_path / placed[0].file).stat().st_size
    index_folder(tmp_path)
    assert take_out(tmp_path, [placed[taken]], AT).records == 3
    assert (tmp_path / placed[0].file).stat().st_size == size
    assert SECRET not in unpacked(tmp_path)
    assert placed[taken].url.encode() not in unpacked(tmp_path)
    for number, one in enumerate(placed):
        if number != taken:
            assert read_exchange(tmp_path, one).payload == pages[number].payload
    with pytest.raises(ArchiveError):
        read_exchange(tmp_path, placed[taken])
    index_folder(tmp_path)
    assert Index(tmp_path).find(placed[taken].url) == []
    assert verify_folder(tmp_path).findings == []


def test_the_file_stays_whole_for_warcio(tmp_path):
    placed = written(tmp_path, [page(number) for number in range(3)])
    take_out(tmp_path, placed[1:2], AT)
    path = tmp_path / placed[0].file
    assert Checker(type("Options", (), {"inputs": [str(path)], "verbose": False})).process_all() == 0
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds == ["warcinfo", "response", "request", "metadata", "metadata", "response", "request"]


def test_taking_out_twice_changes_nothing(tmp_path):
    placed = written(tmp_path, [page(1), page(2)])
    take_out(tmp_path, placed[:1], AT)
    data = (tmp_path / placed[0].file).read_bytes()
    assert take_out(tmp_path, placed[:1], AT + timedelta(days=1)).records == 0
    assert (tmp_path / placed[0].file).read_bytes() == data


def test_what_was_cut_short_is_finished(tmp_path, monkeypatch):
    placed = written(tmp_path, [replace(page(1), rendered=b"<p>made"), page(2)])
    from newscrawl.archive import removal

    write, done = removal._write_over, []

    def dies_after_one(*place: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(place)
        write(*place)

    monkeypatch.setattr(removal, "_write_over", dies_after_one)
    with pytest.raises(KeyboardInterrupt):
        take_out(tmp_path, placed[:1], AT)
    monkeypatch.undo()
    assert take_out(tmp_path, placed[:1], AT).records == 2
    assert verify_folder(tmp_path).findings == []


def test_a_file_that_is_still_written_to_goes_on(tmp_path):
    pen = WarcWriter(tmp_path, rotate_bytes=1 << 30, compression=1, info={})
    one, two = page(1), page(2)
    (first,) = pen.write([(capture(one, 1), one)])
    take_out(tmp_path, [first], AT)
    (second,) = pen.write([(capture(two, 2), two)])
    pen.close()
    assert read_exchange(tmp_path, second).payload == two.payload
    assert verify_folder(tmp_path).findings == []
