"""What the class and id of an element say about its part of a page."""

from __future__ import annotations

import re
from functools import lru_cache

# Flags, combined with |. Plain integers: enum arithmetic costs ten times as much, and this runs for every element.
NAVIGATION = 1
RELATED = 2  # lists of other articles
COMMENT = 4
SHARE = 8
PROMOTION = 16  # advertisements, newsletters, consent
LEGAL = 32  # copyright, disclaimers
CAPTION = 64
SIDE = 128
BYLINE = 256  # author, source, editor
DATE = 512
HIDDEN = 1024
BODY = 2048
TITLE = 4096
FOOTER = 8192
HEADER = 16384
TAGS = 32768

# Never part of an article's text.
OUTSIDE = NAVIGATION | RELATED | COMMENT | SHARE | PROMOTION | LEGAL | CAPTION | SIDE | HIDDEN | FOOTER | TAGS

# What a word of a class or id says: as the whole word, and as a part of it. Words are lower case, without digits; some are pinyin.
_WORDS = {
    NAVIGATION: "next prev previous skip jump",
    RELATED: "more most also rank xg latest hot trend recent",
    SHARE: "tool tools sns fb print",
    PROMOTION: "ad ads adv cta sign alert shop deal deals subscribe subscription",
    LEGAL: "rights notice legal",
    CAPTION: "credit legend credits",
    SIDE: "side rail right aside",
    BYLINE: "source from by writer reporter editor",
    DATE: "info meta time date times dates",
    BODY: "text main read nota entry",
    FOOTER: "foot bottom",
    HEADER: "head top",
    TAGS: "tag tags label labels topic topics",
}
_PARTS = {
    NAVIGATION: "menu crumb pager paging pagina toolbar topbar dropdown daohang weizhi navi navbar topnav subnav mainnav",
    RELATED: "relat recommend recirc popular trending outbrain taboola teaser tuijian xiangguan paihang playlist carousel mostread further",
    COMMENT: "comments disqus respond replies reply discuss pinglun livefyre kommentar comentario guestbook liuyan",
    SHARE: "share sharing social follow addthis jiathis bookmark fenxiang whatsapp facebook twitter",
    PROMOTION: "advert sponsor promo banner newsletter signup cookie consent gdpr popup modal overlay donat guanggao lightbox login "
    "register captcha qrcode erweima",
    LEGAL: "copyright disclaim shengming mianze banquan",
    CAPTION: "caption photographer",
    SIDE: "sidebar sidecol sidenav widget rightcol rightrail",
    BYLINE: "byline author autor auteur zuozhe laiyuan contributor",
    DATE: "pubtime publish posted timestamp fecha datum shijian riqi pubdate datetime",
    BODY: "article content body story post news detail zhengwen neirong artikel articulo noticia texte",
    TITLE: "title headline biaoti heading",
    FOOTER: "footer colophon impressum",
    HEADER: "header masthead",
    TAGS: "keyword categor taglist tagcloud",
}
_EXACT = {word: flag for flag, words in _WORDS.items() for word in words.split()} | {"nav": NAVIGATION, "comment": COMMENT}
_STEMS = tuple((stem, flag) for flag, stems in _PARTS.items() for stem in stems.split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

_BY_TAG = {
    "footer": FOOTER,
    "header": HEADER,
    "aside": SIDE,
    "figcaption": CAPTION,
    "caption": CAPTION,
    "article": BODY,
    "main": BODY,
    "dialog": PROMOTION,
}


def of_tag(tag: str) -> int:
    """Flags that an element's name alone tells."""
    return _BY_TAG.get(tag, 0)


@lru_cache(maxsize=8192)
def of_name(name: str) -> int:
    """Flags that a class or id, or several divided by spaces, tell. A site has few of them, so most calls are answered from memory."""
    flags = 0
    for word in _WORD.findall(name[:300]):
        flags |= _of_word(word)
    return flags


@lru_cache(maxsize=16384)
def _of_word(word: str) -> int:
    word = word.lower()
    flags = _EXACT.get(word, 0)
    for stem, flag in _STEMS:
        if stem in word:
            flags |= flag
    return flags
