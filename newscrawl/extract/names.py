"""Names of people and agencies, told from labels, roles and words that stand for nobody."""

from __future__ import annotations

import re

from newscrawl.clean.surnames import OUTLET_OR_PLACE, SURNAMES, TRADITIONAL
from newscrawl.extract import calendar
from newscrawl.extract.blocks import plain

# What stands where a name should, when there is none.
_NOBODY_WORDS = """
未知 佚名 无名 匿名 不详 本站 本网 网络 互联网 原创 转载 综合 整理 编辑 小编 记者 作者 来源
管理员 责任编辑 责编 图片 图文 视频 新闻 时间 发布 点击 网友 我的 无
admin administrator webmaster root test user guest unknown anonymous none null undefined author by http
editor editors staff news newsroom online desk webdesk reporter team redactor autor
redaktion redaction rédaction redacción redacao redação redazione redactie redakcja redaksi редакция
nachrichten noticias notícias actualités notizie nieuws haberler новости wiadomości nyheter berita
"""
_NOBODY = frozenset(_NOBODY_WORDS.split())
_NOBODY_IN = re.compile(
    r"staff (?:report|writer)|\bstaff$|\bteam$|news ?room|web ?desk|^the editors?$|^von$|^hosted by|read more|view all|see all|follow"
    r"|https?:|www\.|[@:：©!！?？]|\d{2}|copyright|\bSp\. z o|\b(?:GmbH|Ltd|Inc|LLC|S\.A|Corp)\b",
    re.IGNORECASE,
)
PREFIX = re.compile(
    r"^(?:by|von|por|par|di|door|av|af|text|autor(?:in|a)?|author|автор|作者|记者|文|撰文|posted by|written by|words by)\s*[:：]?\s+"
    r"|^(?:作者|记者|文)\s*[:：/]\s*",
    re.IGNORECASE,
)
_HAN_ROLE = re.compile(r"^.*(?:记者|記者|通讯员|通訊員|编辑|編輯|撰稿人?|作者)")
_JOBS = (
    "redakteur redakteurin reporter reporterin journalist journalistin korrespondent korrespondentin volontär volontärin chefredakteur "
    "chefredakteurin autor autorin journaliste rédacteur rédactrice redactor redactora periodista giornalista dziennikarz dziennikarka "
    "correspondent editor writer columnist repórter jornalista muhabir"
)
_JOB = re.compile(rf"(?:[\s,]+(?:{'|'.join(_JOBS.split())}))+$", re.IGNORECASE)
_ROLE = re.compile(r"\s*(?:[|•(（\[]|\s[-–—]\s|\b(?:for|in) (?:the )?[A-Z]).*$")  # behind a bracket, bar or dash
_OUTLET = re.compile(  # behind a comma
    r",\s*(?:[A-Z]{2,}|[\w ]*\b(?:reporter|editor|writer|correspondent|staff|news|press|times|post)\b[\w ]*)(?=[,;|]|$)", re.IGNORECASE
)
_ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*")
_BETWEEN = re.compile(r"\s*(?:[;；、&/]|,(?!\s*(?:jr|sr|phd|md|ii+)\b)|，|\s(?:and|und|et|with|y|e|en|och|og|i|и)\s)\s*", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOT_IN_NAMES = re.compile(r"[，。：！？的了是在]")
_ORGANISATION = re.compile(
    r"(?:网|網|报|報|社|台|频道|頻道|期刊|杂志|雜誌|出版社|公司|集团|中心|政府|委员会|办公室|新闻|新聞|网络|日报|晚报|デジタル)$"
    r"|\.(?:com|net|org|[a-z]{2})$|\b(?:news|publishers?|media|press|agency|online|times|herald|daily|radio|tv)$",
    re.IGNORECASE,
)


def names_in(text: str, *, language: str = "") -> list[str]:
    """The names in a byline, without labels, roles and words that stand for nobody.

    Two Chinese names may be divided by nothing but a space; where `language` is "ja" it stands between family and given name.
    """
    text = _OUTLET.sub("", PREFIX.sub("", _ADDRESS.sub("", plain(text))))
    names = []
    for part in _BETWEEN.split(text):
        for name in _apart(part, language):
            bare = _without_date(_ROLE.sub("", PREFIX.sub("", _HAN_ROLE.sub("", name)))).strip(" .,·-–—_'\"“”()（）[]□■▲●")
            bare = _JOB.sub("", bare)
            if is_name(bare):
                names.append(bare)
    return names


def is_name(text: str) -> bool:
    """Whether this may name a person or an agency."""
    if not 2 <= len(text) <= 50 or text.casefold() in _NOBODY or _NOBODY_IN.search(text):
        return False
    if _HAN.search(text):
        return len(text) <= 16 and not _NOT_IN_NAMES.search(text)
    return len(text.split()) <= 5 and any(map(str.isalpha, text))


def is_organisation(name: str) -> bool:
    """Whether this looks like the name of an outlet, company or authority."""
    return bool(_ORGANISATION.search(name)) or (all(map(_HAN.match, name)) and len(name) > 4)


def is_han_name(name: str) -> bool:
    """Whether two or three Chinese characters, or four, are a person's name: they begin with a family name."""
    return 2 <= len(name) <= 4 and (name[0] in SURNAMES or name[0] in TRADITIONAL) and name[-1] not in OUTLET_OR_PLACE and is_name(name)


def _apart(part: str, language: str) -> list[str]:
    """Chinese names that only a space divides, or the part itself: 大渡 美咲 is one person."""
    pieces = part.split()
    if len(pieces) < 2 or language == "ja" or not all(_HAN.match(char) or char.isspace() for char in part):
        return [part]
    if all(len(piece) == 1 for piece in pieces):
        return ["".join(pieces)]  # 李 强
    if len(pieces) == 2 and not all(is_han_name(piece) or _HAN_ROLE.search(piece) for piece in pieces):
        return [part]
    return pieces


def _without_date(name: str) -> str:
    """The name without the first word of a date that stood behind it: "Jane Doe November"; Theresa May keeps hers."""
    words = name.split()
    behind = len(words) > 2 and (words[-1].lower() in calendar.MONTH or words[-1].lower() in calendar.DAY_WORD)
    return " ".join(words[:-1]) if behind else name
