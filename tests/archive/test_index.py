"""The index: made from the files, the same whenever it is made, and every capture is found in it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.archive.index import NAME, Entry, Index, Line, first_line, index_folder, parsed_line, written_line
from newscrawl.archive.warc import WarcWriter
from newscrawl.errors import ArchiveError
from tests.archive.folders import page, written
from tests.exchanges import AT, capture


def test_every_answer_is_found_by_its_address_oldest_first(tmp_path):
    pages = [page(number) for number in range(30)]
    again = replace(pages[7], time=AT + timedelta(days=2))
    placed = written(tmp_path, [*pages, again])
    index_folder(tmp_path)
    for one in placed:
        found = [(line.entry.filename, int(line.entry.offset), int(line.entry.length)) for line in Index(tmp_path).find(one.url)]
        assert (one.file, one.offset, one.length) in found
    twice = Index(tmp_path).find(pages[7].url)
    assert [line.timestamp for line in twice] == ["20260801063715", "20260803063015"]
    assert [line.entry.mime for line in twice] == ["text/html", "warc/revisit"]
    assert Index(tmp_path).find("https://gazette.example/news/") == []


def test_a_line_is_what_other_readers_expect(tmp_path):
    (one,) = written(tmp_path, [page(1, url="https://www.gazette.example/News/1.html?b=2&a=1", Content_Type="text/HTML; charset=gbk")])
    index_folder(tmp_path)
    key, timestamp, fields = (tmp_path / NAME).read_text().strip().split(" ", 2)
    assert (key, timestamp) == ("example,gazette)/news/1.html?a=1&b=2", "20260801063115")
    assert json.loads(fields) == {
        "url": "https://www.gazette.example/News/1.html?b=2&a=1",
        "mime": "text/html",
        "status": "200",
        "digest": one.digest,
        "length": str(one.length),
        "offset": str(one.offset),
        "filename": one.file,
    }


def test_only_new_files_are_read_and_the_result_is_that_of_reading_all(tmp_path):
    written(tmp_path, [page(number) for number in range(9)])
    assert (index_folder(tmp_path).read, index_folder(tmp_path).read) == (1, 0)
    written(tmp_path, [page(number) for number in range(5, 20)], first=50)
    heard: list[str] = []
    came = index_folder(tmp_path, heard=heard.append)
    assert (came.files, came.read, came.lines, len(heard)) == (2, 1, 24, 1)
    before = (tmp_path / NAME).read_bytes()
    assert index_folder(tmp_path, rebuild=True).read == 2
    assert (tmp_path / NAME).read_bytes() == before
    assert before.splitlines() == sorted(before.splitlines())


def test_a_file_that_has_gone_is_forgotten(tmp_path):
    one, two = written(tmp_path, [page(1)]), written(tmp_path, [page(2)], first=2)
    index_folder(tmp_path)
    (tmp_path / one[0].file).unlink()
    assert index_folder(tmp_path).lines == 1
    assert Index(tmp_path).find(one[0].url) == []
    assert Index(tmp_path).find(two[0].url)


def test_a_file_that_is_still_written_is_left_for_later(tmp_path):
    pen = WarcWriter(tmp_path, rotate_bytes=1 << 30, compression=1, info={})
    one = page(1)
    pen.write([(capture(one), one)])
    assert index_folder(tmp_path).files == 0
    assert list(Index(tmp_path).lines()) == []
    pen.close()
    assert index_folder(tmp_path).lines == 1


def test_what_cannot_be_read_is_counted(tmp_path):
    placed = written(tmp_path, [page(number) for number in range(3)])
    path = tmp_path / placed[0].file
    data = bytearray(path.read_bytes())
    data[placed[1].offset + 300] ^= 255
    path.write_bytes(data)
    came = index_folder(tmp_path)
    assert (came.lines, came.troubles) == (2, 1)


def test_without_a_folder_or_an_index_the_advice_is_named(tmp_path):
    with pytest.raises(ArchiveError, match="no such folder"):
        index_folder(tmp_path / "warc")
    with pytest.raises(ArchiveError, match="newscrawl archive index"):
        Index(tmp_path).find("https://gazette.example/")


@pytest.mark.parametrize("text", ["", "key", "key 2026 {", 'key 2026 {"url": 5}', "key 2026 []"])
def test_what_is_no_line_is_a_named_error(text):
    with pytest.raises(ArchiveError, match="--rebuild"):
        parsed_line(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.text(st.characters(exclude_categories=["Cs"]), max_size=9))
def test_any_line_comes_back(url, mime):
    entry = Entry(url, mime, "200", "sha1:A", "1", "2", "a.warc.gz")
    text = written_line(f"https://gazette.example/{url}", "20260801063015", entry)
    assert "\n" not in text
    assert parsed_line(text) == Line(text.split(" ")[0], "20260801063015", entry)


@given(st.lists(st.binary(max_size=4).map(lambda line: line.replace(b"\n", b"")), max_size=12), st.binary(max_size=4))
def test_the_first_line_that_is_not_before(lines, wanted):
    wanted = wanted.replace(b"\n", b"")
    lines = sorted(line for line in lines if line)
    data = b"".join(line + b"\n" for line in lines)
    at = first_line(data, wanted)  # bytes have all that is asked of a mapped file
    assert data[at:] == b"".join(line + b"\n" for line in lines if line >= wanted)
