"""What a portal tells robots: robots.txt, a feed, a sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from newscrawl.demo.pages import Page


def robots(disallowed: Sequence[str], *, delay: float = 0.0, sitemap: str = "") -> Page:
    """robots.txt for everybody; `delay` in seconds, 0 for none."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in disallowed)]
    lines += [f"Crawl-delay: {delay}"] if delay else []
    lines += ["", f"Sitemap: {sitemap}"] if sitemap else []
    return Page("\n".join([*lines, ""]).encode(), "text/plain")


def rss(name: str, home: str, items: Iterable[tuple[str, str, datetime]], *, encoding: str) -> Page:
    """An RSS 2.0 feed of titles, addresses and dates."""
    entries = "\n".join(
        f"<item><title>{escape(title)}</title><link>{escape(address)}</link><guid>{escape(address)}</guid>"
        f"<pubDate>{format_datetime(published)}</pubDate></item>"
        for title, address, published in items
    )
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0"><channel><title>{escape(name)}</title><link>{home}/</link>'
    text = f"{head}\n{entries}\n</channel></rss>\n"
    return Page(text.encode(encoding, "xmlcharrefreplace"), "application/rss+xml")


def sitemap(items: Iterable[tuple[str, datetime]]) -> Page:
    """A sitemap of addresses and when they last changed."""
    entries = "\n".join(f"<url><loc>{escape(address)}</loc><lastmod>{changed.isoformat()}</lastmod></url>" for address, changed in items)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}\n</urlset>\n'
    return Page(text.encode(), "application/xml")
