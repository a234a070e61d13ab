"""Bodies of feeds and sitemaps to text, whatever was done to them."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discover.documents import MAX_BYTES, Cut, document, unpacked

TEXT = "<rss><channel><title>The old bridge</title></channel></rss>"


def bomb(size: int) -> bytes:
    """So many zero bytes, gzipped to a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + packer.flush()


def peak_of(body: bytes) -> int:
    """Bytes of memory that reading takes at most."""
    tracemalloc.start()
    document(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_a_plain_body_is_not_touched():
    assert unpacked(TEXT.encode()) == (TEXT.encode(), Cut.NO)
    assert document(TEXT.encode()) == (TEXT, Cut.NO)


def test_gzip_is_undone_once():
    assert document(gzip.compress(TEXT.encode())) == (TEXT, Cut.NO)
    assert unpacked(gzip.compress(gzip.compress(b"x")))[0].startswith(b"\x1f\x8b")


def test_gzip_in_several_members():
    parts = [TEXT[:20].encode(), b"", TEXT[20:].encode()]
    assert document(b"".join(map(gzip.compress, parts))) == (TEXT, Cut.NO)


@pytest.mark.parametrize("lost", [1, 8, 9, 20])
def test_what_precedes_the_damage_is_kept(lost):
    text, cut = document(gzip.compress(TEXT.encode())[:-lost])
    assert cut is Cut.TORN
    assert TEXT.startswith(text)
    assert text


def test_bytes_behind_the_last_member_are_no_member():
    assert document(gzip.compress(TEXT.encode()) + b"\0\0padding") == (TEXT, Cut.TORN)


@pytest.mark.parametrize("body", [b"a" * 1001, gzip.compress(b"a" * 1001)], ids=["plain", "packed"])  # else the time is in the name
def test_the_cap_is_on_what_is_unpacked(body):
    assert unpacked(body, 1000) == (b"a" * 1000, Cut.SIZE)
    assert unpacked(body, 1001) == (b"a" * 1001, Cut.NO)


def test_a_bomb_is_cut_in_bounded_memory():
    body = bomb(300_000_000)
    assert len(body) < 400_000
    assert document(body)[1] is Cut.SIZE
    assert peak_of(body) < 4 * MAX_BYTES


def test_many_members_take_linear_time():
    body = gzip.compress(b"") * 100_000  # seconds, if what follows a member were copied each time
    assert document(body) == ("", Cut.NO)


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-16", "utf-16-le", "utf-32-be", "utf-8-sig"])
def test_the_declaration_is_one_hint_among_others(encoding):
    sentence = "河東鎮的老橋要重修了，工期十八個月。住在橋頭的陳阿姨說，她小時候就在河邊學游泳。"
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><title>{sentence}</title></channel></rss>'
    assert document(text.encode(encoding)) == (text, Cut.NO)


@pytest.mark.parametrize(
    "declaration", ['encoding="windows-1250"', "encoding = 'windows-1250'", "ENCODING='WINDOWS-1250' standalone='yes'"]
)
def test_the_declaration_decides_between_encodings_that_look_alike(declaration):
    text = f"<?xml version='1.0' {declaration}?><rss>Łódź</rss>"
    assert document(text.encode("windows-1250"))[0] == text


def test_the_header_outranks_the_declaration():
    body = "<?xml version='1.0' encoding='iso-8859-1'?><rss>Łódź</rss>".encode("windows-1250")
    assert "Łódź" in document(body, charset="windows-1250")[0]


REFUSED = [
    '<!DOCTYPE x [<!ENTITY a "bridge">]><rss>&a;</rss>',
    '<?xml version="1.0"?>\n<!DOCTYPE x [\n<!ENTITY\ta "1"><!ENTITY b "&a;&a;&a;&a;">]>\n<rss>&b;</rss>',
    '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]><rss>&file;</rss>',
    '<!DOCTYPE x [<!ELEMENT a (b)><!ENTITY a "<item><link>/a</link></item>">]><rss/>',
    '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p; <!ENTITY a "%p;">]><rss/>',
    '<!DOCTYPE x [<!ENTITY a "',
]


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_with_entities_of_its_own_is_refused(text, encoding):
    assert document(text.encode(encoding)) == ("", Cut.ENTITIES)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://gazette.example/rss.dtd"><rss/>',
        '<!DOCTYPE rss [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1//EN" "http://gazette.example/x.ent"> %HTMLlat1;]><rss/>',
        "<rss><title><![CDATA[How <!ENTITY a> works]]></title></rss>",
    ],
)
def test_a_document_type_is_no_reason_to_refuse(text):
    assert document(text.encode()) == (text, Cut.NO)


def test_the_hostile_documents_are_refused_in_little_memory(hostile):
    folder = hostile / "xml"
    refused = {path.name for path in folder.iterdir() if document(path.read_bytes())[1] is Cut.ENTITIES}
    assert refused == {"cyclic.xml", "external.xml", "external_file.xml", "quadratic.xml", "xmlbomb.xml", "xmlbomb2.xml"}
    assert max(peak_of(path.read_bytes()) for path in folder.iterdir()) < 1_000_000


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: gzip.compress(TEXT.encode())[:40] + tail), st.text(max_size=12))
def test_any_bytes_become_text(body, charset):
    text, _ = document(body, charset=charset, max_bytes=100)
    text.encode()
