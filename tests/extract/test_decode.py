import codecs
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.extract.decode import SiteCharset, decode

SENTENCES = {
    "zh-Hans": "河东镇的老桥要重修了，工期十八个月。住在桥头的陈阿姨说，她小时候就在河边学游泳，现在孙子也在这里玩水。",
    "zh-Hant": "河東鎮的老橋要重修了，工期十八個月。住在橋頭的陳阿姨說，她小時候就在河邊學游泳，現在孫子也在這裡玩水。",
    "ja": "町の古い橋が来年から架け替えられることになりました。工事は一年半かかる見込みで、住民は完成を楽しみにしています。",
    "ko": "마을의 오래된 다리가 내년에 다시 지어집니다. 공사는 일 년 반이 걸릴 예정이며 주민들은 완공을 기다리고 있습니다.",
    "ru": "Старый мост в нашем городе будут перестраивать. Работы займут полтора года, и жители уже ждут открытия.",
    "de": "Die alte Brücke über den Fluß wird nächstes Jahr für zwölf Millionen erneuert, erklärte die Bürgermeisterin dem Gemeinderat.",
    "fr": "Le vieux pont sera reconstruit l’année prochaine, a annoncé la mairie après une réunion très animée à l’hôtel de ville.",
    "pl": "Stary most w naszym mieście zostanie odbudowany w przyszłym roku, ogłosił wójt gminy po długiej naradzie z mieszkańcami.",
}
ENCODED = [
    ("zh-Hans", "gbk"),
    ("zh-Hans", "gb18030"),
    ("zh-Hant", "big5"),
    ("ja", "shift_jis"),
    ("ja", "euc_jp"),
    ("ko", "euc-kr"),
    ("ru", "windows-1251"),
    ("ru", "koi8-r"),
    ("de", "iso-8859-1"),
    ("fr", "windows-1252"),
    ("pl", "iso-8859-2"),
]


def html(text, charset=""):
    meta = f'<meta charset="{charset}">' if charset else ""
    script = "<script>var a = 1; function b() { return a; }</script><style>p { margin: 0 }</style>" * 20
    return f"<html><head>{meta}<title>{text[:12]}</title>{script}</head><body><p>{text}</p><p>{text}</p></body></html>"


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
@pytest.mark.parametrize("declared", ["", "utf-8", "right", "big5", "no-such-charset"])
def test_the_bytes_decide_whatever_is_declared(language, encoding, declared):
    text = html(SENTENCES[language], charset="utf-8")
    decoded = decode(text.encode(encoding), encoding if declared == "right" else declared)
    assert decoded.text == text
    assert not decoded.suspect


@pytest.mark.parametrize("declared", ["", "gbk", "iso-8859-1"])
def test_what_is_utf_8_is_utf_8(declared):
    text = html(SENTENCES["zh-Hans"], charset="gb2312")
    assert decode(text.encode(), declared) == decode(text.encode())
    assert (decode(text.encode()).text, decode(text.encode()).source) == (text, "utf-8")


@pytest.mark.parametrize(
    ("bom", "encoding"), [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
)
def test_a_byte_order_mark_comes_first_and_goes(bom, encoding):
    decoded = decode(bom + "桥".encode(encoding), "gbk")
    assert (decoded.text, decoded.encoding, decoded.source) == ("桥", encoding, "bom")


def test_a_page_cut_inside_its_last_character_is_still_utf_8():
    whole = html(SENTENCES["zh-Hans"]).encode()
    cut = whole[: whole.rindex("玩".encode()) + 2]
    decoded = decode(cut)
    assert decoded.source == "utf-8"
    assert decoded.text == cut[:-2].decode()
    assert not decoded.suspect


def test_a_few_broken_bytes_raise_an_alarm_and_no_other_charset():
    body = (html(SENTENCES["zh-Hans"]) * 5).encode()
    decoded = decode(body.replace("桥".encode(), b"\xe6\xa1", 1))
    assert decoded.source == "utf-8"
    assert decoded.suspect
    assert decoded.text.count("\ufffd") == 1


@pytest.mark.parametrize("language", ["zh-Hans", "de", "fr"])
def test_mojibake_is_suspect(language):
    text = SENTENCES[language]
    garbled = text.encode().decode("cp1252", "replace") if language != "zh-Hans" else "锟斤拷" * 3 + text
    assert decode(garbled.encode()).suspect
    assert not decode(text.encode()).suspect


def test_too_few_bytes_to_tell_go_by_header_then_meta_then_windows():
    body = b"<html><p>caf\xe9</p>"
    assert (decode(body, "iso-8859-2").encoding, decode(body, "iso-8859-2").source) == ("iso8859-2", "header")
    assert (decode(b'<meta charset="iso-8859-2">' + body).encoding, decode(b'<meta charset="iso-8859-2">' + body).source) == (
        "iso8859-2",
        "meta",
    )
    assert (decode(body).text, decode(body).encoding) == ("<html><p>café</p>", "cp1252")
    assert decode(body, "utf-8").encoding == "cp1252"


def test_a_declaration_that_does_not_fit_is_no_tie_break():
    assert decode(b"<p>\xa9</p>", "gb2312").text == "<p>©</p>"


@pytest.mark.parametrize("encoding", ["iso-2022-jp", "utf-16-le"])
def test_encodings_that_pass_for_utf_8(encoding):
    text = html(SENTENCES["ja"])
    assert decode(text.encode(encoding)).text == text


def test_a_stray_nul_or_escape_changes_nothing():
    assert decode(b"plain \x00 text").encoding == "utf-8"
    assert decode(b"plain \x1b text").text == "plain \x1b text"


def test_scripts_do_not_outweigh_the_text():
    script = "<script>/* 说明 */" + "function f(a) { return a + 1; } " * 400 + "</script>"
    text = script + html(SENTENCES["zh-Hans"])
    assert decode(text.encode("gbk")).encoding == "gb18030"


@given(st.binary(max_size=400), st.sampled_from(["", "gbk", "utf-16", "latin-1", "x-user-defined"]))
@settings(deadline=None)  # the first example loads the tables
def test_any_bytes_become_text(body, declared):
    decoded = decode(body, declared)
    assert decoded.text == "" or body
    codecs.lookup(decoded.encoding)


@given(
    st.text(st.characters(exclude_characters="\0\x1b", exclude_categories=("Cs",)), max_size=200).filter(
        lambda text: not text.startswith("\ufeff")
    )
)
def test_any_utf_8_comes_back(text):
    assert decode(text.encode()).text == text


def test_a_site_vouches_for_pages_that_declare_the_same():
    charset = SiteCharset()
    page = "<p>芦汀县的渡船今天停航，码头上的人都在等风停下来。</p>".encode("gbk")
    sources = [charset.decode(page, "utf-8").source for _ in range(7)]
    assert sources == ["detected"] * 5 + ["site"] * 2
    german = "<p>Der Müller grüßt die Bäckerin, die schöne Brötchen übrig läßt.</p>".encode("cp1252")
    assert charset.decode(german, "utf-8").source == "detected"  # fits GBK too, but does not look like it
    assert charset.decode("<p>渡船今天停航</p>".encode(), "utf-8").source == "utf-8"
    assert charset.decode(page, "").source == "detected"  # declares something else


def test_a_body_of_nothing_but_high_bytes_takes_memory_in_proportion():
    body = b"\xff" * 1_000_000
    tracemalloc.start()
    decode(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * len(body)
