"""Addresses: absolute, canonical, and the key under which two spellings of one address meet."""

from __future__ import annotations

import re
from functools import lru_cache

import can_ada

# Parameters that say who shared or counted a link, never what it leads to; names as documented by the services that add them.
TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid mkt_tok _ga _gl _hsenc _hsmi "
    "hsctatracking spm scm vero_id wickedid oly_anon_id oly_enc_id rb_clickid s_cid ncid cmpid cmp ito wt_mc wt_zmc xtor at_medium "
    "at_campaign piwik_campaign pk_campaign pk_kwd pk_source matomo_campaign mtm_campaign mtm_source mtm_medium".split()
)
TRACKING_PREFIXES = ("utm_", "utm-", "hsa_", "stm_")
# Names under which web frameworks put a visitor's session into an address.
SESSION = frozenset(
    "phpsessid jsessionid aspsessionid asp.net_sessionid cfid cftoken sessionid session_id zenid oscsid sid_session".split()
)
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/]*", re.ASCII | re.IGNORECASE)
FETCHED_SCHEMES = ("http:", "https:")
LONGEST = 8_000  # characters of an address: what RFC 9110 asks every server to take; longer ones grow out of links that loop


@lru_cache(maxsize=256)
def _parsed(url: str) -> can_ada.URL:
    return can_ada.parse(url)


def join(base: str, href: str) -> str:
    """`href` as found on the page `base`: absolute and canonical, or "" for what is not fetched over HTTP, or too long."""
    try:
        parsed = _parsed(base) + href.strip() if base else can_ada.parse(href.strip())
    except (ValueError, TypeError, UnicodeError):
        return ""
    if parsed.protocol not in FETCHED_SCHEMES or not parsed.hostname:
        return ""
    if parsed.username or parsed.password:
        parsed.username = parsed.password = ""  # leads to the same page, and would end in the archive
    if _SESSION_PATH.search(parsed.pathname):
        parsed.pathname = _SESSION_PATH.sub("", parsed.pathname)
    path, mark, query = parsed.href.partition("#")[0].partition("?")
    if mark:
        kept = "&".join(pair for pair in query.split("&") if pair and not _ignorable(pair))
        path = f"{path}?{kept}" if kept else path
    return path if len(path) <= LONGEST else ""


def canonical(url: str) -> str:
    """The address itself as `join` writes it; "" for what is not fetched over HTTP."""
    return join("", url)


def _ignorable(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in TRACKING or name in SESSION or name.startswith(TRACKING_PREFIXES)


def url_key(url: str) -> str:
    """What spellings of one canonical address share: without scheme, parameters in alphabetical order, no empty query.

    The host stays whole: that two hosts serve the same pages is for evidence to say, not for a rule.
    """
    rest = url.partition("://")[2]
    path, mark, query = rest.partition("?")
    if not mark or not query:
        return path
    return path + "?" + "&".join(sorted(query.split("&")))


def host_of(url: str) -> str:
    """Host name of a canonical address, with the port if it names one."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]


# Ways in which content-management systems number the further pages of an article in a path, and what to put there to get page 1.
_IN_PATH = (
    (re.compile(r"[_-](?:(?:p|page|seite|pagina)[_-]?)?(\d{1,3})(?=\.\w{2,5}$|/?$)", re.ASCII), ""),
    (re.compile(r",(?:seite|page|s|p)-?(\d{1,3})(?=\.\w{2,5}$|/?$)", re.ASCII), ""),
    (re.compile(r"/(?:page|seite|pagina|p)[/_-]?(\d{1,3})/?$", re.ASCII), "/"),
    (re.compile(r"/(\d{1,2})/?$", re.ASCII), "/"),
)
_IN_QUERY = re.compile(r"(?:page|p|pn|pg|seite|pagina|paged|curpage|pageno|page_no)=(\d{1,3})", re.ASCII | re.IGNORECASE)


def names_further_page(pair: str) -> bool:
    """Whether a pair of a query says which page of an article, or of a list, this is."""
    return _IN_QUERY.fullmatch(pair) is not None


def further_pages(url: str) -> list[tuple[str, int]]:
    """(key of page 1, page number) for each way in which a canonical address may be a further page of another."""
    path, mark, query = url.partition("?")
    behind_host = path.find("/", path.find("//") + 2)
    found = []
    for pattern, put in _IN_PATH:
        if match := pattern.search(path, behind_host):
            found.append((path[: match.start()] + put + path[match.end() :] + mark + query, int(match[1])))
    pairs = query.split("&")
    for at, pair in enumerate(pairs):
        if match := _IN_QUERY.fullmatch(pair):
            found.append((f"{path}?{'&'.join(pairs[:at] + pairs[at + 1 :])}", int(match[1])))
    return [(url_key(first).rstrip("/"), number) for first, number in found if number >= 2]


def page_number(url: str, first: str) -> int:
    """Which page of the article at `first` this address is, from 2; 0 if it is none. Both canonical."""
    key = url_key(first).rstrip("/")
    return next((number for base, number in further_pages(url) if base == key), 0)
