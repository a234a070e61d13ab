"""Which links of a front page lead to the site's sections, whatever the boxes around them are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from newscrawl.discover.links import Link
from newscrawl.discover.verdict import is_headline

SECTIONS = "sections: "  # how the places begin of links that are known as sections; `worth.is_menu` says yes to them
_FEW = 3  # links that make a menu, and headlines below an address that make it a section's


def sections(links: Sequence[Link]) -> frozenset[str]:
    """The addresses among the links of a front page, in page order, that lead to sections.

    Those are the links of a box that stands before all headlines, and addresses below which several of the page's headlines lie.
    """
    short = [link for link in links if not is_headline(link.text) and not link.turns]
    above = list(takewhile(lambda link: not is_headline(link.text), links))
    sizes = Counter(link.place for link in above if not link.turns)
    in_menu = {link.url for link in above if sizes[link.place] >= _FEW}
    below = Counter(folder for link in links if is_headline(link.text) for folder in _folders(link.url))
    return frozenset(link.url for link in short if link.url in in_menu or below[_folder(link.url)] >= _FEW)


def _folders(url: str) -> list[str]:
    """All folders that an address lies in, below its host: of "https://a/b/c/d.html" "https://a/b" and "https://a/b/c"."""
    scheme, mark, rest = url.partition("?")[0].partition("://")
    host, *segments = rest.rstrip("/").split("/")
    return [f"{scheme}{mark}{'/'.join((host, *segments[:number]))}" for number in range(1, len(segments))]


def _folder(url: str) -> str:
    """The folder that an address may stand for; "" for one with a query or the host alone."""
    return "" if "?" in url else url.rstrip("/")
