"""Bytes of a page to text. What the bytes are decides; what the page says of itself only breaks ties."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from w3lib.encoding import resolve_encoding

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_META_WITHIN = 4096  # bytes
# From a byte above ASCII to the next tag, or to where nothing but ASCII follows (scripts and styles would outweigh the text). No character
# is cut, as < and > are the second byte of none in any East Asian encoding. Possessive, for else each repetition takes 110 bytes of memory.
_RUN = re.compile(rb"(?:[\x80-\xff]++[^<>\x80-\xff]{0,40}+)++")
_ASCII = bytes(range(0x80))
_HIGH = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 6_000  # bytes of such runs that detection is shown
_TEXTURED = 50_000  # bytes that are enough to know a page's texture
_AGREEING = 5  # pages of a site that vouch for the next one
_FEW = 24  # bytes above ASCII: too few to tell encodings apart
_USUAL = "cp1252"  # for a few quotes and accents that could be anything
_NEARLY = 0.9  # a declared encoding this close to the likeliest one wins
_ROUGH = 0.02  # share of broken bytes up to which a page is damaged UTF-8 rather than something else
_SEVEN_BIT_OR_WIDE = ("utf-16", "utf-32", "iso2022", "iso-2022", "hz")  # the encodings whose bytes may pass for UTF-8
# Ã or â€ before what Windows-1252 makes of a second byte, and 锟斤拷, which GBK makes of replacement characters; in UTF-8, each behind its
# first character, which is found 30 × faster.
_MOJIBAKE = {"Ã": b"\xc3\x83\xc2", "â": b"\xc3\xa2\xe2\x82\xac", "锟": "锟斤拷".encode()}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text."""

    text: str
    encoding: str  # Python's name of the codec
    source: str  # "bom", "utf-8", "detected", "header", "meta", "site"
    suspect: bool = False  # replacement characters or mojibake stand in the text


@dataclass(slots=True)
class SiteCharset:
    """What the pages of one site turned out to be in, by what they declare. Spares the detector 2 to 3 ms a page."""

    _seen: dict[tuple[str, ...], list[tuple[str, float]]] = field(default_factory=dict)  # encoding and texture of the latest pages

    def decode(self, body: bytes, declared: str = "") -> Decoded:
        """As `decode`; a page that declares what the latest ones did, and looks like them, is taken to be in their encoding."""
        latest = self._seen.setdefault(tuple(encoding for encoding, _ in _declarations(body, declared)), [])
        texture = _texture(body)
        decoded = decode(body, declared, usual=self._usual(latest, texture))
        if decoded.source != "utf-8":
            latest.append((decoded.encoding, texture))
            del latest[:-_AGREEING]
        return decoded

    def _usual(self, latest: Sequence[tuple[str, float]], texture: float) -> str:
        """The encoding that enough pages agree on, if theirs was text of the same kind; else ""."""
        if len(latest) < _AGREEING or len({encoding for encoding, _ in latest}) > 1:
            return ""
        mean = sum(seen for _, seen in latest) / len(latest)
        return latest[0][0] if mean / 3 < texture < mean * 3 else ""


def _texture(body: bytes) -> float:
    """Mean length of the runs of bytes above ASCII: 1 in German, 5 in Russian, 10 in Chinese."""
    body = body[:_TEXTURED]
    return len(body.translate(None, _ASCII)) / max(1, len(_HIGH.findall(body)))


def decode(body: bytes, declared: str = "", *, usual: str = "") -> Decoded:
    """The text of a page's bytes; `declared` is the charset of the HTTP header, `usual` that of its site's other pages, if known."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _replacing(body[len(bom) :], encoding, "bom")
    text = _strict_utf8(body)
    if text is None and usual and _fits(body, usual):
        return _replacing(body, usual, "site")
    if text is None:
        return _replacing(body, *(("utf-8", "utf-8") if _is_rough_utf8(body) else _encoding(body, declared)))
    if b"\0" in body or b"\x1b" in body:
        encoding = _detected(body[:_SAMPLE])[0][0]
        if encoding.startswith(_SEVEN_BIT_OR_WIDE):
            return _replacing(body, encoding, "detected")
    return Decoded(text, "utf-8", "utf-8", _is_suspect(text, body))


def _replacing(body: bytes, encoding: str, source: str) -> Decoded:
    text = body.decode(encoding, "replace")
    return Decoded(text, encoding, source, _is_suspect(text, text.encode("utf-8", "replace")))


def _is_suspect(text: str, utf8: bytes) -> bool:
    return not text.isascii() and ("\ufffd" in text or any(first in text and garbage in utf8 for first, garbage in _MOJIBAKE.items()))


def _strict_utf8(body: bytes) -> str | None:
    """The text if the bytes are UTF-8, up to a last character that a size cap cut through."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        return body[: error.start].decode() if error.reason == "unexpected end of data" and error.start else None


def _is_rough_utf8(body: bytes) -> bool:
    """Whether these are UTF-8 bytes with a few broken ones among them."""
    broken = body.decode("utf-8", "replace").count("\ufffd")
    return broken <= _ROUGH * len(body.translate(None, _ASCII))


def _encoding(body: bytes, declared: str) -> tuple[str, str]:
    """The encoding of bytes that are not UTF-8, and what told it."""
    sample = body[:_SAMPLE] if b"\0" in body[:_SAMPLE] else _sample(body)
    ranked = _detected(sample)
    likeliest, confidence = ranked[0]
    few = len(sample.translate(None, _ASCII)) < _FEW
    near = {encoding for encoding, sure in ranked if sure >= _NEARLY * confidence}
    for encoding, source in _declarations(body, declared):
        if encoding == likeliest:
            break
        if encoding in near or (few and _fits(body, encoding)):
            return encoding, source
    else:
        if few and _USUAL in near:
            return _USUAL, "detected"
    return likeliest, "detected"


def _sample(body: bytes) -> bytes:
    """Text with bytes above ASCII from the page, whole characters only but for the last."""
    runs, size = [], 0
    for run in _RUN.finditer(body):
        runs.append(run[0][: _SAMPLE - size])
        size += len(runs[-1])
        if size >= _SAMPLE:
            break
    return b"\n".join(runs)


def _detected(sample: bytes) -> list[tuple[str, float]]:
    """Encodings that the bytes may be in, likeliest first, with the detector's confidence; never empty."""
    import chardet

    eras = chardet.EncodingEra.MODERN_WEB | chardet.EncodingEra.LEGACY_ISO
    found = chardet.detect_all(sample, ignore_threshold=True, encoding_era=eras)
    named = [(_codec(guess["encoding"] or ""), guess["confidence"]) for guess in found]
    return [(name, confidence) for name, confidence in named if name] or [(_USUAL, 0.0)]


def _declarations(body: bytes, declared: str) -> list[tuple[str, str]]:
    """What header and page say, those that are encodings and not UTF-8, which the bytes have refuted."""
    meta = _META.search(body[:_META_WITHIN])
    said = (_codec(declared), "header"), (_codec(meta[1].decode("ascii", "ignore")) if meta else "", "meta")
    return [(encoding, source) for encoding, source in said if encoding not in {"", "utf-8"}]


def _codec(name: str) -> str:
    """Python's codec for an encoding's name, supersets for those that pages mean otherwise (gb2312 is gb18030); "" if unknown."""
    plain = name.strip().lower()
    return (resolve_encoding(plain) or resolve_encoding(plain.removeprefix("x-")) or "") if plain else ""


def _fits(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeError:
        return False
    return True
