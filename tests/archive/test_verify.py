"""Whatever is done to a WARC file is told: no crash, and no silence as long as anything in it has changed."""

import gzip
import random
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newscrawl.archive.index import NAME, PARTS, index_folder
from newscrawl.archive.records import gzip_member, parsed_record
from newscrawl.archive.scan import Trouble, scan
from newscrawl.archive.verify import Flaw, Verified, verify_folder
from newscrawl.archive.warc import WarcWriter
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture
from tests.archive.folders import page, written
from tests.exchanges import AT, capture

ROLL = random.Random(7)


@pytest.fixture
def sound(tmp_path: Path) -> tuple[Path, list[Capture]]:
    """A folder of one indexed file, with a revisit record in it, and its captures."""
    folder = tmp_path / "warc"
    pages = [page(number, size=700) for number in range(4)]
    placed = written(folder, [*pages, replace(pages[1], time=AT + timedelta(days=1))])
    index_folder(folder)
    return folder, placed


def flaws(folder: Path, captures: list[Capture] = [], *, processes: int = 1) -> list[Flaw]:  # noqa: B006 - never changed
    verified = verify_folder(folder, processes=processes)
    return [finding.flaw for finding in (*verified.findings, *filter(None, map(verified.capture_flaw, captures)))]


def unpacked(data: bytes) -> bytes:
    """Whatever a file holds, as far as it can be unpacked, with the length of each member."""
    out = []
    while data:
        stream = zlib.decompressobj(31)
        try:
            out.append(stream.decompress(data))
        except zlib.error:
            return b"damaged"
        if not stream.eof:
            return b"torn"
        data = stream.unused_data
    return b"|".join(out)


def test_a_sound_folder_has_no_flaws(sound):
    folder, captures = sound
    verified = verify_folder(folder, processes=1)
    assert (verified.findings, verified.notes, verified.records) == ([], [], 11)
    assert [verified.capture_flaw(one) for one in captures] == [None] * 5


def test_several_processes_find_the_same(sound):
    folder, captures = sound
    placed = written(folder, [page(number) for number in range(50, 53)], first=50)
    index_folder(folder)
    assert flaws(folder, captures + placed, processes=2) == []
    path = folder / placed[0].file
    path.write_bytes(path.read_bytes()[:-9])
    assert flaws(folder, captures + placed, processes=2) == flaws(folder, captures + placed) == [Flaw.TORN]


def test_a_flipped_bit_is_told_wherever_it_is(sound):
    folder, captures = sound
    path = folder / captures[0].file
    data = path.read_bytes()
    content, silent = unpacked(data), 0
    for at in ROLL.sample(range(len(data)), 400):
        broken = bytearray(data)
        broken[at] ^= 1 << ROLL.randrange(8)
        path.write_bytes(broken)
        found = flaws(folder, captures)
        if unpacked(bytes(broken)) == content:  # in a field of gzip's that nobody reads: time, system
            silent += 1
        else:
            assert found, f"byte {at}"
    assert silent < 40


def test_a_file_cut_anywhere_is_told(sound):
    folder, captures = sound
    path = folder / captures[0].file
    data = path.read_bytes()
    for cut in [0, 1, 2, 20, *ROLL.sample(range(len(data)), 200), len(data) - 1]:
        path.write_bytes(data[:cut])
        assert flaws(folder, captures), f"cut at {cut}"


def test_a_cut_between_two_records_is_told_by_index_and_store(sound):
    folder, captures = sound
    path = folder / captures[0].file
    path.write_bytes(path.read_bytes()[: captures[3].offset])
    assert set(flaws(folder)) == {Flaw.INDEX}
    (folder / NAME).unlink()
    (folder / PARTS / f"{path.name}.cdxj").unlink()
    assert flaws(folder) == []
    assert flaws(folder, captures) == [Flaw.NO_RECORD] * 2


def splices(data: bytes, captures: list[Capture]) -> dict[str, bytes]:
    second, third = captures[1], captures[2]
    return {
        "garbage between": data[: second.offset] + b"garbage\r\n" * 9 + data[second.offset :],
        "zeros between": data[: second.offset] + bytes(5000) + data[second.offset :],
        "a record taken out": data[: second.offset] + data[second.offset + second.length :],
        "two records swapped": data[: second.offset] + data[third.offset : third.offset + third.length]
        + data[second.offset + second.length : third.offset] + data[second.offset : second.offset + second.length]
        + data[third.offset + third.length :],
        "a record written over by another": data[: third.offset] + data[second.offset : second.offset + second.length]
        + data[third.offset + third.length :],
        "cut and gone on with": data[: third.offset + 40] + data,
        "garbage in front": b"\x00\x01" + data,
        "garbage behind": data + b"more",
        "all of it one member": gzip.compress(gzip.decompress(data)),
        "nothing but garbage": b"\x1f\x8b\x08 and so on",
        "another kind of file": b"%PDF-1.7\n",
        "empty": b"",
        "an HTTP answer": gzip_member(b"HTTP/1.1 200 OK\r\n\r\n<p>", 1),
    }  # fmt: skip


@pytest.mark.parametrize("name", splices(gzip_member(b"", 1), [Capture("", "", "", "", AT, 0, "", "", 0)] * 3))
def test_a_splice_is_told(sound, name):
    folder, captures = sound
    path = folder / captures[0].file
    path.write_bytes(splices(path.read_bytes(), captures)[name])
    assert flaws(folder, captures)


def test_what_stands_behind_damage_is_still_read(sound):
    folder, captures = sound
    path = folder / captures[0].file
    data = bytearray(path.read_bytes())
    data[captures[1].offset + 200] ^= 4
    path.write_bytes(data)
    verified = verify_folder(folder, processes=1)
    assert [(finding.flaw, finding.offset) for finding in verified.findings if finding.flaw is Flaw.DAMAGED] == [
        (Flaw.DAMAGED, captures[1].offset)
    ]
    assert [verified.capture_flaw(one) is None for one in captures] == [True, False, True, True, True]
    assert Flaw.NO_PAYLOAD in [finding.flaw for finding in verified.findings]  # of the revisit record


def rewritten(folder: Path, one: Capture, change) -> None:
    """The record of a capture packed anew after `change`; all that follows keeps its place only by chance."""
    path = folder / one.file
    data = path.read_bytes()
    record = change(zlib.decompress(data[one.offset : one.offset + one.length], 31))
    path.write_bytes(data[: one.offset] + gzip_member(record, 1) + data[one.offset + one.length :])


def test_a_record_that_was_packed_anew_with_another_text_is_told_by_its_digests(sound):
    folder, captures = sound
    rewritten(folder, captures[3], lambda record: record.replace(b"gazette.</p>", b"Gazette.</p>"))
    found = flaws(folder, captures[:4])
    assert {Flaw.BLOCK, Flaw.PAYLOAD, Flaw.OTHER_RECORD} <= set(found)


def test_digests_of_other_kinds_are_checked_too(sound):
    folder, captures = sound
    parsed = parsed_record(zlib.decompress((folder / captures[0].file).read_bytes()[captures[0].offset :][: captures[0].length], 31))
    right = parsed.field("WARC-Block-Digest").encode()
    for wrong in (b"md5:d41d8cd98f00b204e9800998ecf8427e", b"sha256:" + b"0" * 64):
        rewritten(folder, captures[0], lambda record, wrong=wrong: record.replace(right, wrong))
        assert Flaw.BLOCK in flaws(folder)
        rewritten(
            folder, replace(captures[0], length=length_at(folder, captures[0])), lambda record, wrong=wrong: record.replace(wrong, right)
        )


def length_at(folder: Path, one: Capture) -> int:
    stream, data = zlib.decompressobj(31), (folder / one.file).read_bytes()[one.offset :]
    stream.decompress(data)
    return len(data) - len(stream.unused_data)


def test_a_line_that_was_changed_is_told(sound):
    folder, captures = sound
    index = folder / NAME
    index.write_text(index.read_text().replace('"200"', '"404"', 1))
    assert flaws(folder, captures) == [Flaw.INDEX]


def test_a_file_that_nobody_indexed_is_told(sound):
    folder, captures = sound
    written(folder, [page(90)], first=90)
    assert flaws(folder, captures) == [Flaw.INDEX]


def test_the_file_of_a_living_writer_is_no_flaw(tmp_path):
    pen = WarcWriter(tmp_path, rotate_bytes=1 << 30, compression=1, info={})
    one = page(1)
    placed = pen.write([(capture(one), one)])
    with next(iter(tmp_path.iterdir())).open("ab") as file:
        file.write(gzip_member(b"WARC/1.1 and what follows", 1)[:-4])
    assert flaws(tmp_path, placed) == []
    pen.close()
    assert flaws(tmp_path, placed) == [Flaw.TORN]


def test_a_capture_is_looked_for_where_the_store_says(sound):
    folder, captures = sound
    verified: Verified = verify_folder(folder, processes=1)
    wrong = [
        replace(captures[0], file="elsewhere.warc.gz"),
        replace(captures[0], offset=captures[0].offset + 1),
        replace(captures[0], offset=captures[1].offset),
        replace(captures[0], digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"),
    ]
    found = [verified.capture_flaw(one) for one in wrong]
    assert [finding and finding.flaw for finding in found] == [Flaw.NO_RECORD] * 2 + [Flaw.OTHER_RECORD] * 2


def test_a_folder_that_is_not_there_is_a_named_error(tmp_path):
    with pytest.raises(ArchiveError, match="no such folder"):
        verify_folder(tmp_path / "warc")


# files of others; see tests/shared.py


WRONG = {
    "bad.arc": {Trouble.FOREIGN},
    "example-bad-non-chunked.warc.gz": {Trouble.JOINED},
    "example-bad.warc.gz.bad": {Trouble.JOINED},
    "example-digest.warc": {Trouble.JOINED},
    "example-iana.org-chunked.warc": {Trouble.JOINED},
    "example-space-in-url.arc": {Trouble.FOREIGN},
    "example-trunc.warc": {Trouble.JOINED, Trouble.DAMAGED},
    "example-wrong-chunks.warc.gz": {Trouble.DAMAGED},
    "example.arc": {Trouble.FOREIGN},
    "example.arc.gz": {Trouble.DAMAGED},
    "example.warc": {Trouble.JOINED},
}


def test_hostile_files_of_others_are_told_or_read(hostile):
    seen = {path.name: {one.trouble for one in scan(path)} - {None} for path in sorted((hostile / "warc").iterdir())}
    assert {name: troubles for name, troubles in seen.items() if troubles} == WRONG
    assert len(seen) >= 16


def test_torn_and_flipped_copies_of_them_never_crash(hostile, tmp_path):
    for path in sorted((hostile / "warc").iterdir()):
        data = path.read_bytes()
        for number in range(40):
            broken = bytearray(data)
            if number % 2:
                broken[ROLL.randrange(len(data))] ^= 1 << ROLL.randrange(8)
            else:
                del broken[ROLL.randrange(len(data)) :]
            (tmp_path / "a.warc.gz").write_bytes(broken)
            verify_folder(tmp_path, processes=1)


def test_wrong_digests_of_others_are_told(hostile, tmp_path):
    (tmp_path / "a.warc.gz").write_bytes((hostile / "warc" / "example-digest.warc").read_bytes())
    assert flaws(tmp_path) == [Flaw.PAYLOAD]  # what warcio says, too; the others are in base 32, 64 and 64 for addresses
