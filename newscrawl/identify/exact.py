"""Ids and hashes: the same thing has the same id in every process and every run."""

from __future__ import annotations

import hashlib
import re

from newscrawl.clean.urls import url_key

_NOT_WORD = re.compile(r"[\W_]+")


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def target_id(site: str, url: str) -> str:
    """Id of a canonical address in the frontier of a site: 24 hexadecimal digits."""
    return _digest(site, url_key(url))


def article_id(site: str, url: str) -> str:
    """Id of the article that a site serves at a canonical address: 24 hexadecimal digits."""
    return _digest("article", site, url_key(url))


def capture_id(target: str, milliseconds: int) -> str:
    """Id of what a target answered at a time (ms since 1970): 24 hexadecimal digits."""
    return _digest("capture", target, str(milliseconds))


def content_hash(title: str, text: str) -> str:
    """What two addresses of one article share: title and text in search form, letters and digits alone. "" for a text that has none."""
    letters = _NOT_WORD.sub("", text)
    return _digest(_NOT_WORD.sub("", title), letters) if letters else ""
