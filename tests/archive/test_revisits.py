"""A payload that is in the archive is not written again: a revisit record tells where it is, to us and to others."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.recovery import recover
from newscrawl.archive.warc import LEAST_REPEATED, WarcWriter, read_capture, read_exchange, read_rendered
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture
from tests.exchanges import AT, capture, exchange

PAGE = os.urandom(4_000)


def later(payload: bytes = PAGE, hours: int = 1, **other: str) -> Exchange:
    return exchange(payload, time=AT + timedelta(hours=hours), **other)


def written(folder: Path, *exchanges: Exchange, stored: dict[str, Capture] | None = None, first: int = 1) -> list[Capture]:
    pen = WarcWriter(folder, rotate_bytes=1 << 30, compression=1, info={})
    placed = pen.write([(capture(one, number), one) for number, one in enumerate(exchanges, first)], stored or {})
    pen.close()
    return placed


def records(folder: Path, name: str) -> list[tuple[dict[str, str], bytes]]:
    with (folder / name).open("rb") as file:
        return [(dict(record.rec_headers.headers), record.content_stream().read()) for record in ArchiveIterator(file)]


def test_the_same_payload_in_one_batch_is_kept_once(tmp_path):
    first, second = written(tmp_path, exchange(PAGE, ETag="one"), later(ETag="two"))
    assert (first.refers_to, second.refers_to) == ("", first.id)
    assert second.length < 900 < len(PAGE) < first.length
    read = read_exchange(tmp_path, second)
    assert (read.payload, read.headers, read.time) == (PAGE, (("ETag", "two"),), second.time)


def test_a_payload_of_an_earlier_file_is_found_there(tmp_path):
    (first,) = written(tmp_path, exchange(PAGE))
    (second,) = written(tmp_path, later(url="https://m.gazette.example/"), stored={first.digest: first}, first=2)
    assert (second.refers_to, second.file != first.file) == (first.id, True)
    assert read_capture(tmp_path, second).body == PAGE


def test_others_are_told_by_name_and_date(tmp_path):
    first, second = written(tmp_path, exchange(PAGE), later(url="https://m.gazette.example/"))
    fields, block = records(tmp_path, second.file)[3]
    assert fields["WARC-Type"] == "revisit"
    assert fields["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert fields["WARC-Refers-To"] == records(tmp_path, first.file)[1][0]["WARC-Record-ID"]
    assert (fields["WARC-Refers-To-Target-URI"], fields["WARC-Refers-To-Date"]) == (first.url, "2026-08-01T06:30:15.123Z")
    assert (fields["WARC-Payload-Digest"], block) == (first.digest, b"")


def test_a_payload_of_another_folder_is_written_once_more(tmp_path):
    (first,) = written(tmp_path / "one", exchange(PAGE))
    (second,) = written(tmp_path / "two", later(), stored={first.digest: first})
    assert second.refers_to == ""
    assert read_exchange(tmp_path / "two", second).payload == PAGE


@pytest.mark.parametrize("size", [0, 10, LEAST_REPEATED - 1])
def test_what_is_no_larger_than_a_revisit_record_is_written_once_more(tmp_path, size):
    first, second = written(tmp_path, exchange(PAGE[:size]), later(PAGE[:size]))
    assert (first.refers_to, second.refers_to) == ("", "")


def test_a_revisit_record_is_never_larger_than_what_it_stands_for(tmp_path):
    first, second = written(tmp_path, exchange(PAGE[:LEAST_REPEATED]), later(PAGE[:LEAST_REPEATED]))
    assert second.refers_to
    assert second.length < first.length


def test_a_file_that_another_process_still_writes_counts(tmp_path):
    pen = WarcWriter(tmp_path, rotate_bytes=1 << 30, compression=1, info={})
    one = exchange(PAGE)
    (first,) = pen.write([(capture(one), one)])
    (second,) = written(tmp_path, later(), stored={first.digest: first}, first=2)
    assert read_exchange(tmp_path, second).payload == PAGE
    pen.close()
    assert read_exchange(tmp_path, second).payload == PAGE


def test_what_scripts_made_stands_behind_a_revisit_record_too(tmp_path):
    _, second = written(tmp_path, exchange(PAGE), replace(later(), rendered=b"<p>made"))
    assert read_rendered(tmp_path, second) == b"<p>made"


def test_a_payload_that_has_gone_is_told(tmp_path):
    (first,) = written(tmp_path, exchange(PAGE))
    (second,) = written(tmp_path, later(), stored={first.digest: first}, first=2)
    (tmp_path / first.file).unlink()
    with pytest.raises(ArchiveError, match=first.file):
        read_exchange(tmp_path, second)


def test_a_batch_that_could_not_be_written_is_not_referred_to(tmp_path, monkeypatch):
    pen = WarcWriter(tmp_path, rotate_bytes=1 << 30, compression=1, info={})
    one = exchange(PAGE)
    pen.write([(capture(exchange(b"before")), exchange(b"before"))])
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ArchiveError):
        pen.write([(capture(one), one)])
    monkeypatch.undo()
    (placed,) = pen.write([(capture(one, 2), one)])
    pen.close()
    assert placed.refers_to == ""
    assert recover(tmp_path) == []
