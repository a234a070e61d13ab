"""The links of a page: where they lead, what they say, which of them turn pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.clean.urls import host_of, join

# Endings of what is no page; news portals link to all of these.
_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|bmp|tiff?|css|js|json|woff2?|pdf|docx?|xlsx?|pptx?|csv|zip|rar|gz|tgz|7z|exe|apk|dmg|mp3|m4a|ogg|wav|mp4|m4v|"
    r"avi|mov|wmv|flv|webm|swf|ics|epub)$",
    re.ASCII | re.IGNORECASE,
)
# What the link to the next page says, in the languages of the sites that we know.
NEXT_WORDS = frozenset(
    "next,next page,next ›,next »,next >,older,older posts,older stories,more,more stories,load more,show more,view more,›,»,>,>>,→,"
    "下一页,下一頁,下页,下頁,后一页,後一頁,下一张,加载更多,載入更多,更多,查看更多,末页,尾页,次へ,次のページ,다음,"
    "weiter,nächste,nächste seite,mehr,mehr laden,ältere beiträge,siguiente,página siguiente,siguientes,cargar más,más noticias,ver más,"
    "suivant,page suivante,charger plus,voir plus,successiva,successivo,avanti,pagina successiva,carica altri,"
    "seguinte,próxima,próximo,carregar mais,"
    "volgende,volgende pagina,meer laden,"
    "nästa,neste,næste,seuraava,następna,następny,dalej,další,következő,următoarea,"
    "далее,следующая,вперёд,вперед,наступна,επόμενη,sonraki,التالي,המשך,अगला,ต่อไป,berikutnya,selanjutnya,tiếp,trang sau".split(",")
)
_PAGE_NUMBER = re.compile(r"[\[(（第]?\s*(?!(?:19|20)\d\d)\d{1,4}\s*[页頁\])）]?", re.ASCII)  # years are no pages
_LISTED = re.compile(
    r"\d[\d年月日时时分 ./:,-]{3,}|\d+\s*(?:分钟|小时|天|分鐘|小時)"
    r"|\b\d{1,2}\.? [^\W\d]{3,9}\.?(?: \d{4})?|\b[^\W\d]{3,9}\.? \d{1,2}(?:, \d{4})?\b"
)
# Names under which a country's sites are registered. What else there is (Public Suffix List) has no site at its "www.".
_SHARED = re.compile(r"(?:com?|gov|go|gob|gouv|net?|org?|edu?|ac|mil|info)\.[a-z]{2}", re.ASCII)
_BOXES = frozenset("body header footer nav main aside section article div ul ol dl table center form".split())
_DIGITS = re.compile(r"\d+", re.ASCII)
_LONGEST_LISTED = 60  # characters of text beside a link that may be its date
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 b strong p dt".split())
_UNSEEN = frozenset(("-comment", "script", "style", "template", "noscript"))


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page that may be fetched."""

    url: str  # canonical
    text: str  # on one line
    title: str = ""  # its title attribute, the whole headline where the text is cut off
    listed: str = ""  # the date beside it, as written
    turns: bool = False  # leads to a next or numbered page of what is shown here
    place: str = ""  # the two nearest boxes around it by tag and name, outer first: links of one list share it


@dataclass(frozen=True, slots=True)
class Links:
    """What a page links to, by address, in page order."""

    links: tuple[Link, ...]
    canonical: str = ""  # rel=canonical, "" if none
    frames: tuple[str, ...] = ()  # addresses shown inside the page


def find_links(tree: LexborHTMLParser, url: str, *, turning: str = "") -> Links:
    """The links of a parsed page at `url`; `turning` selects links to next pages, beside those that are known as such.

    Assets, scripts, rel=nofollow and links to the page itself are left out.
    """
    base_node = tree.css_first("base[href]")
    base = join(url, base_node.attributes.get("href") or "") or url if base_node else url
    found: dict[str, Link] = {}
    places: dict[int, str] = {}
    for node in tree.css("a[href]"):
        link = _link(node, base, places)
        if link is None or link.url == url:
            continue
        old = found.get(link.url)
        found[link.url] = link if old is None else _richer(old, link)
    canonical = ""
    for node in tree.css("link[rel][href]"):
        rel, href = _rel(node), node.attributes.get("href") or ""
        if "canonical" in rel:
            canonical = canonical or join(base, href)
        elif "next" in rel and (address := join(base, href)) and address != url:
            found[address] = replace(found.get(address) or Link(address, ""), turns=True)
    for node in tree.css(turning) if turning else ():
        if (address := join(base, node.attributes.get("href") or "")) and address != url:
            found[address] = replace(found.get(address) or Link(address, ""), turns=True)
    frames = (join(base, node.attributes.get("src") or "") for node in tree.css("frame[src], iframe[src]"))
    return Links(tuple(found.values()), canonical, tuple(address for address in frames if address and not is_asset(address)))


def in_site(url: str, front: str) -> bool:
    """Whether an address lies on the host of a site's front page, without its "www.", or below that host."""
    host, home = host_of(url), _home(host_of(front))
    return host == home or host.endswith("." + home)


@lru_cache(maxsize=64)
def _home(host: str) -> str:
    bare = host.removeprefix("www.")
    return host if _SHARED.fullmatch(bare) else bare  # www.gov.cn is one site, gov.cn is thousands


def _link(node: LexborNode, base: str, places: dict[int, str]) -> Link | None:
    attributes = node.attributes
    href = attributes.get("href")
    if not href or href[0] == "#":
        return None
    rel = _rel(node)
    if "nofollow" in rel or not (address := _joined(base, href)):
        return None
    text = " ".join(node.text().split())
    turns = "next" in rel or text.lower() in NEXT_WORDS or (len(text) <= 8 and bool(_PAGE_NUMBER.fullmatch(text)))
    listed = _beside(node) if len(text) > 4 and not turns else ""
    return Link(address, text, title=attributes.get("title") or "", listed=listed, turns=turns, place=_place(node, places))


def _place(node: LexborNode, places: dict[int, str]) -> str:
    """The two nearest boxes around a node, such as "div.top ul.nav"; `places` remembers those of a page by node."""
    boxes: list[str] = []
    around, first = node.parent, node.parent
    while around is not None and len(boxes) < 2:
        if (known := places.get(around.mem_id)) is not None and not boxes:
            return known
        if around.tag in _BOXES:
            name = around.attributes.get("class") or around.id or ""
            boxes.append(f"{around.tag}.{_DIGITS.sub('0', name.split(' ')[0])}" if name else around.tag or "")
        around = around.parent
    place = " ".join(reversed(boxes))
    if first is not None:
        places[first.mem_id] = place
    return place


def _rel(node: LexborNode) -> list[str]:
    return (node.attributes.get("rel") or "").lower().split()


@lru_cache(maxsize=4096)
def _joined(base: str, href: str) -> str:
    address = join(base, href)
    return "" if not address or is_asset(address) else address


def is_asset(address: str) -> bool:
    """Whether an address leads to a picture, a document or other data, by its ending."""
    return _ASSET.search(address.partition("?")[0]) is not None or "/cdn-cgi/" in address  # Cloudflare's own pages


def _richer(old: Link, new: Link) -> Link:
    """One link of two to the same address: the longer text and what that one is, and what either knows."""
    longer = new if len(new.text) > len(old.text) else old  # a headline stays one beside the number of its comments
    return replace(longer, title=old.title or new.title, listed=old.listed or new.listed)


def _beside(node: LexborNode) -> str:
    """The date that stands behind a link, or behind the heading around it, as written; "" if none does."""
    parent, before = node.parent, node.prev
    if parent is None or parent.tag not in _HEADINGS:
        return _behind(node)
    opens = before is None or not before.text().strip()  # else it is a link in running text, and so are the numbers behind it
    return (_behind(node) if opens else "") or _behind(parent)


def _behind(node: LexborNode) -> str:
    sibling = node.next
    for _ in range(4):
        if sibling is None or sibling.tag == "a" or (sibling.tag == node.tag and sibling.css_first("a")):
            return ""  # the next link's affair
        text = "" if sibling.tag in _UNSEEN else sibling.text()
        if len(text) >= 3 and (match := _LISTED.search(text[:_LONGEST_LISTED])):
            return match[0].strip()
        sibling = sibling.next
    return ""
