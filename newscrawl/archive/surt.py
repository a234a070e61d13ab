"""Sort-friendly keys of addresses (SURT) in the canonical form that web archives look things up by.

The rules are those of the Internet Archive's canonicalizer as its `surt` package and pywb apply them. That package is under the AGPL and
unchanged since 2019, so the rules stand here once more; tests/archive/test_surt.py holds keys that it made.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

_ADDRESS = re.compile(r"(https?)://([^/?#\\]*)([^?#]*)(\?[^#]*)?", re.IGNORECASE)
_WWW = re.compile(r"www\d*\.")
_PORTS = {"http": "80", "https": "443"}
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"  # what is not escaped again
_SESSION_IN_PATH = (
    re.compile(r"^(.*/)(\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$"),
    re.compile(r"^(.*/)(\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$"),
)
_SESSION_IN_QUERY = (
    re.compile(r"^(.*)(?:jsessionid=[0-9a-z]{32})(?:&(.*))?$"),
    re.compile(r"^(.*)(?:phpsessid=[0-9a-z]{32})(?:&(.*))?$"),
    re.compile(r"^(.*)(?:sid=[0-9a-z]{32})(?:&(.*))?$"),
    re.compile(r"^(.*)(?:aspsessionid[a-z]{8}=[a-z]{24})(?:&(.*))?$"),
    re.compile(r"^(.*)(?:cfid=[^&]+&cftoken=[^&]+)(?:&(.*))?$"),
)


def surt_key(url: str) -> str:
    """Such as "org,example,news)/2026/bridge?page=2" for https://www.news.example.org/2026/Bridge/?page=2#top.

    What is no http address is its own key.
    """
    found = _ADDRESS.match(re.sub(r"[\r\n\t]", "", url.strip()))
    if not found:
        return url.lower()
    scheme, place, path, query = found[1].lower(), found[2].rpartition("@")[2], found[3], (found[4] or "")[1:]
    bracketed, _, rest = place.rpartition("]")  # an IPv6 address
    host, _, port = rest.partition(":")
    host = bracketed.lstrip("[") if bracketed else host
    tail = f":{port}" if port and port != _PORTS[scheme] else ""
    key = f"{_reversed(_host(host))}{tail}){_path(path)}"
    query = _query(query)
    return f"{key}?{query}" if query else key


def _host(host: str) -> str:
    host = unquote_to_bytes(host).decode("utf-8", "replace").lower().strip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = quote(host)
    return _WWW.sub("", re.sub(r"\.{2,}", ".", host), count=1) if _WWW.match(host) else host


def _reversed(host: str) -> str:
    if ":" in host:
        return host
    return ",".join(reversed(host.split(".")))


def _path(path: str) -> str:
    kept: list[str] = []
    for step in _escaped(path.replace("\\", "/")).split("/"):
        if step == "..":
            kept = kept[:-1]
        elif step not in ("", "."):
            kept.append(step)
    path = "/" + "/".join(kept)
    for pattern in _SESSION_IN_PATH:
        if found := pattern.match(path):
            path = found[1] + found[3]
    return path


def _query(query: str) -> str:
    query = _escaped(query)
    for pattern in _SESSION_IN_QUERY:
        if found := pattern.match(query):
            query = found[1] + (found[2] or "") if found[2] else found[1]
    return "&".join(sorted(query.split("&"), key=lambda pair: pair.partition("=")[::2])) if query else ""


def _escaped(text: str) -> str:
    """Escapes undone however often they were made, and made once; in lower case."""
    data = text.encode("utf-8", "surrogatepass")
    while (undone := unquote_to_bytes(data)) != data:
        data = undone
    return quote(data, safe=_SAFE).lower()
