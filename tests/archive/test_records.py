"""Records as bytes: whatever is made can be read; whatever is not a record is said to be none."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.archive.exchange import parsed_answer, unchunked
from newscrawl.archive.records import exchange_records, parsed_record, record_member
from newscrawl.errors import ArchiveError
from tests.exchanges import EXCHANGES, PAYLOADS, capture, exchange

NAMES = st.text("abcXYZ-", min_size=1, max_size=9).filter(lambda name: name.lower() != "content-length")
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20).map(str.strip)


def unpacked(member: bytes) -> bytes:
    return zlib.decompress(member, 31)


@given(st.dictionaries(NAMES, VALUES, max_size=4), PAYLOADS)
def test_any_record_comes_back(fields, block):
    record = parsed_record(unpacked(record_member("metadata", "name", fields, block, 1)))
    assert (record.kind, record.block) == ("metadata", block)
    assert dict(record.fields[2:-2]) == fields


@given(st.binary(max_size=200))
def test_garbage_is_a_named_error(data):
    with pytest.raises(ArchiveError):
        parsed_record(data)


@given(EXCHANGES, st.data())
def test_a_record_cut_anywhere_is_a_named_error_or_whole(original, data):
    whole = unpacked(exchange_records(capture(original), original, 1)[0])
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        assert parsed_record(cut) == parsed_record(whole)
    except ArchiveError:
        return
    assert len(whole) - len(cut) <= 4, "nothing but the empty lines behind it may be missing"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data.replace(b"Content-Length: ", b"Content-Length: x"), "with the length 'x"),
        (lambda data: data.replace(b"Content-Length: ", b"Content-Size: "), "with the length ''"),
        (lambda data: data.replace(b"WARC/1.1", b"HTTP/1.1"), "no WARC record begins here"),
        (lambda data: data[:-30], "too early"),
        (lambda data: data + b"more", "goes on behind its end"),
    ],
)
def test_what_is_wrong_is_said(damage, message):
    data = unpacked(exchange_records(capture(exchange(b"x" * 50)), exchange(b"x" * 50), 1)[0])
    with pytest.raises(ArchiveError, match=message):
        parsed_record(damage(data))


def test_a_question_names_host_and_path_as_they_were_sent():
    question = parsed_record(unpacked(exchange_records(capture(exchange()), exchange(), 1)[1]))
    assert question.block.startswith(b"GET /news/bridge.html HTTP/1.1\r\n")


# answers that others have kept


def test_the_chunks_of_others_are_undone():
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"
    assert parsed_answer(block).payload == b"abc0123456789"


@pytest.mark.parametrize("payload", [b"<html>not chunked", b"", b"many\r\nabc"])
def test_what_only_claims_to_be_chunked_is_left(payload):
    assert unchunked(payload) == payload


def test_chunks_that_break_off_give_what_there_is():
    assert unchunked(b"3\r\nabc\r\n40\r\nonly this") == b"abconly this"


@pytest.mark.parametrize("block", [b"", b"hello", b"HTTP/1.1", b"HTTP/1.1 20 OK\r\n\r\n", b"\xff\xfe"])
def test_no_answer_is_a_named_error(block):
    with pytest.raises(ArchiveError, match="no HTTP answer"):
        parsed_answer(block)


def test_bare_newlines_and_folded_lines_are_understood():
    answer = parsed_answer(b"HTTP/1.0 200\nServer: one\n two\nX:y\n\nbody\n\nrest")
    assert (answer.status, answer.reason, answer.protocol) == (200, "", "HTTP/1.0")
    assert (answer.headers, answer.payload) == ((("Server", "one two"), ("X", "y")), b"body\n\nrest")
