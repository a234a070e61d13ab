"""What a reader sees of a payload: encodings undone, damage survived, bombs refused."""

import gzip
import subprocess
import sys
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.archive.exchange import content, payload_digest
from newscrawl.errors import ArchiveError
from tests.exchanges import exchange

PAGE = b"".join(b"<p>Line %d of a page that is long enough to be worth packing.\n" % number for number in range(3000))
LIMIT = 1_000_000


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}
PACKED = {name: pack(PAGE) for name, pack in PACKERS.items()}


@pytest.mark.parametrize("name", PACKERS)
@given(st.binary(max_size=300))
def test_encodings_are_undone(name, body):
    assert content(exchange(PACKERS[name](body), Content_Encoding=name), LIMIT) == body


@given(st.binary(max_size=300))
def test_deflate_without_its_header_is_read_too(body):
    assert content(exchange(raw_deflate(body), Content_Encoding="deflate"), LIMIT) == body


@given(st.lists(st.sampled_from(sorted(PACKERS)), max_size=5), st.binary(max_size=100))
def test_encodings_stand_in_the_order_they_were_applied_in(names, body):
    packed = body
    for name in names:
        packed = PACKERS[name](packed)
    assert content(exchange(packed, Content_Encoding=" , ".join(names)), LIMIT) == body


def test_encodings_in_several_headers_are_one_list():
    packed = brotli.compress(gzip.compress(PAGE))
    both = exchange(packed, content_encoding="gzip", Content_Encoding="BR")
    assert content(both, LIMIT) == PAGE


@pytest.mark.parametrize("value", ["", "identity", "Identity, ", " , ,"])
def test_no_encoding(value):
    assert content(exchange(PAGE, Content_Encoding=value), LIMIT) == PAGE


def test_gzip_streams_behind_each_other_are_one_page():
    packed = gzip.compress(PAGE[:1000]) + gzip.compress(b"") + gzip.compress(PAGE[1000:])
    assert content(exchange(packed, Content_Encoding="gzip"), LIMIT) == PAGE


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
@given(st.data())
def test_a_stream_that_was_cut_off_gives_what_there_is(name, data):
    packed = PACKED[name]
    cut = data.draw(st.integers(0, len(packed)))
    body = content(exchange(packed[:cut], Content_Encoding=name), LIMIT)
    assert PAGE.startswith(body)
    assert body or cut < 2000


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_stream_that_is_damaged_gives_what_precedes_the_damage(name):
    noise = b"".join(payload_digest(bytes([number % 256, number // 256])).encode() for number in range(3000))
    packed = bytearray(PACKERS[name](noise))
    packed[-2000:] = bytes(2000)
    body = content(exchange(bytes(packed), Content_Encoding=name), LIMIT)
    assert len(body) > len(noise) // 3
    assert noise.startswith(body[: len(noise) // 3])


def test_what_stands_behind_a_gzip_stream_is_passed_over():
    assert content(exchange(gzip.compress(PAGE) + b"\0\0\0 trailing", Content_Encoding="gzip"), LIMIT) == PAGE


def test_a_wrong_checksum_costs_the_end_at_most():
    packed = bytearray(gzip.compress(PAGE))
    packed[-6] ^= 255
    body = content(exchange(bytes(packed), Content_Encoding="gzip"), LIMIT)
    assert PAGE.startswith(body)
    assert len(body) > 0.8 * len(PAGE)


@pytest.mark.parametrize("name", PACKERS)
@given(st.binary(max_size=300))
def test_garbage_never_raises(name, body):
    content(exchange(body, Content_Encoding=name), LIMIT)


@pytest.mark.parametrize("value", ["zstd", "compress", "gzip, zstd", "utf-8"])
def test_an_unknown_encoding_is_named(value):
    with pytest.raises(ArchiveError, match=f"'{value.split()[-1]}' is not one"):
        content(exchange(gzip.compress(PAGE), Content_Encoding=value), LIMIT)


def test_an_endless_pile_of_encodings_is_refused():
    with pytest.raises(ArchiveError, match="400 content encodings"):
        content(exchange(PAGE, Content_Encoding="gzip," * 400), LIMIT)


@pytest.mark.parametrize("name", ["", *PACKERS])
def test_the_limit_is_exact(name):
    packed = exchange(PACKERS[name](PAGE) if name else PAGE, Content_Encoding=name)
    assert content(packed, len(PAGE)) == PAGE
    with pytest.raises(ArchiveError, match="max_bytes"):
        content(packed, len(PAGE) - 1)


BOMB = """
import resource, sys, zlib, brotli
from datetime import UTC, datetime
from newscrawl.archive.exchange import Exchange, content
from newscrawl.errors import ArchiveError

def packed(name):
    if name == "br":
        packer = brotli.Compressor(quality=5)
        return b"".join(packer.process(bytes(1 << 20)) for _ in range(200)) + packer.finish()
    packer = zlib.compressobj(9, wbits=31 if name == "gzip" else 15)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()

name = sys.argv[1]
bomb = Exchange("https://bomb.example/", datetime.now(UTC), 200, (("Content-Encoding", name),), packed(name))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    content(bomb, 10 << 20)
except ArchiveError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_bomb_costs_a_few_times_the_limit_and_is_refused(name):
    done = subprocess.run([sys.executable, "-c", BOMB, name], capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) < 64 << 10, "KB beyond what it took to make the bomb"


def test_many_tiny_streams_do_not_hold_the_crawl_up():
    empty = gzip.compress(b"")
    assert content(exchange(empty * 100_000, Content_Encoding="gzip"), LIMIT) == b""


def test_the_digest_is_the_one_that_archives_use():
    assert payload_digest(b"") == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def test_headers_are_found_in_any_case_the_first_counts():
    answer = exchange(content_type="text/html", Content_Type="text/plain")
    assert (answer.header("CONTENT-TYPE"), answer.header("Content-Length")) == ("text/html", "")
