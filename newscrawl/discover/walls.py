"""Whether an answer is a wall: a captcha or a challenge that lets only people in. It is named, never climbed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newscrawl.discover.wall_marks import ARTICLE, HEADERS, HEADINGS, MARKS, TOOLS

LARGEST = 200_000  # bytes of a page; walls are smaller, most of them by far
_LOOKED_AT = 16_384  # bytes in which the marks stand
_LARGEST_PLAIN = 40_000  # bytes of one that only its heading tells
_MOST_TEXT = 1_200  # characters that a reader sees; a CJK character counts as two
_MOST_LINKS = 6
_HEADING_SHARE = 0.6  # of a heading that the words of a wall make up
_MACHINERY = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|head|noscript|svg|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_WIDE = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_HEADING = re.compile(r"<(title|h[1-3])\b[^<>]*>(.{1,300}?)</\1", re.DOTALL)
_DIVIDER = re.compile(r"\s[-–—|·]\s|[|_｜：:。.!?！？…\n]")
_ANONYMOUS = "captcha"


def wall(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> str:
    """Whose wall an answer is, or "captcha" if it doesn't tell; "" for any other answer. `body` is decoded of its content encodings.

    A page that anybody might want to read is none, whatever it is about.
    """
    if name := _by_header(headers):
        return name
    if not body or len(body) > LARGEST:
        return ""
    beginning = body[:_LOOKED_AT].lower()
    if beginning.count(b"<a ") > _MOST_LINKS or body.count(b"<a ", _LOOKED_AT) > _MOST_LINKS:  # nearly all pages: no more need be known
        return ""
    if name := _by_marks(beginning):
        return name if _says_little(body) else ""
    if len(body) <= _LARGEST_PLAIN and (status >= 400 or _any_tool(beginning)) and _by_heading(body):
        return _ANONYMOUS if _says_little(body) else ""
    return ""


def _by_header(headers: Iterable[tuple[str, str]]) -> str:
    for name, value in headers:
        lowered = name.lower()
        for header, begins, whose in HEADERS:
            if lowered == header and value.strip().lower().startswith(begins):
                return whose
    return ""


_MARKS = {name: tuple(tuple(mark.encode() for mark in marks) for marks in ways) for name, ways in MARKS.items()}
_TOOLS = tuple(encoded for tool in TOOLS for encoded in {tool.encode(), tool.encode("gb18030")})


def _by_marks(beginning: bytes) -> str:
    return next((name for name, ways in _MARKS.items() if any(all(mark in beginning for mark in marks) for marks in ways)), "")


def _any_tool(beginning: bytes) -> bool:
    return any(tool in beginning for tool in _TOOLS)


def _by_heading(body: bytes) -> bool:
    """Whether the title or a heading says little else than what walls say."""
    return any(len(words) >= _HEADING_SHARE * len(part) for part in _heading_parts(_text(body)) for words in HEADINGS if words in part)


def _heading_parts(page: str) -> Iterator[str]:
    for heading in _HEADING.finditer(page):
        yield from filter(None, (part.strip() for part in _DIVIDER.split(_TAG.sub("", heading[2]))))


def _says_little(body: bytes) -> bool:
    """Whether a page has too little on it for anything but a wall."""
    page = _text(body)
    if any(sign in page for sign in ARTICLE) or page.count("<a ") > _MOST_LINKS:
        return False
    seen = " ".join(_TAG.sub(" ", _MACHINERY.sub(" ", page)).split())
    return len(seen) + len(_WIDE.findall(seen)) <= _MOST_TEXT


def _text(body: bytes) -> str:
    """The page in lower case; Chinese pages that are not in UTF-8 are in a kind of GBK."""
    try:
        return body.decode("utf-8").lower()
    except UnicodeDecodeError:
        return body.decode("gb18030", "ignore").lower()
