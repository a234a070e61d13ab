"""Where a site's feeds and sitemaps are: what robots.txt and pages name, and where to look when nothing does."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from newscrawl.clean.urls import join

# Most common first, by what publishes news: WordPress and its sitemap plug-ins, then Drupal, Joomla, Blogger, Hugo, and by hand.
SITEMAP_PATHS = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/news-sitemap.xml",
    "/wp-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap-index.xml",
    "/sitemap_news.xml",
    "/sitemap.xml.gz",
    "/sitemap.txt",
)
FEED_PATHS = (
    "/feed/",
    "/rss.xml",
    "/rss",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/rss/index.xml",
    "/feeds/posts/default",
    "/feed.json",
    "/index.rdf",
)
_SITEMAP_LINE = re.compile(r"^[ \t\ufeff]*site-?maps?[ \t]*:[ \t]*([^\s#]+)", re.IGNORECASE | re.MULTILINE)
_FEED_TYPES = frozenset(
    "application/rss+xml application/atom+xml application/rdf+xml application/feed+json application/xml text/xml text/rss+xml".split()
)
_FEED_ADDRESS = re.compile(
    r"/(?:feeds?|rss|rss2|atom)/?(?:\?|$)|[/._-](?:rss|atom|feed)2?\.(?:xml|php|aspx?|jsp|json)(?:\?|$)|\.(?:rss|rdf|atom)(?:\?|$)"
    r"|[?&](?:feed|format|type)=(?:rss2?|atom|rdf|feed)(?:&|$)|/feeds/posts/default|//feeds\d?\.feedburner\.com/",
    re.IGNORECASE,
)
_OF_COMMENTS = re.compile(r"/comments?/|[?&]feed=comments|/comments/default", re.IGNORECASE)


def guessed_sitemaps(front: str) -> tuple[str, ...]:
    """Where the sitemaps of the site with this front page may be, likeliest first."""
    return tuple(join(front, path) for path in SITEMAP_PATHS)


def guessed_feeds(front: str) -> tuple[str, ...]:
    """Where the feeds of the site with this front page may be, likeliest first."""
    return tuple(join(front, path) for path in FEED_PATHS)


def named_sitemaps(robots: str, url: str) -> tuple[str, ...]:
    """The sitemaps that the robots.txt at `url` names, on whatever host, in its order."""
    lines = robots.replace("\r", "\n")
    found = (join(url, written) for written in _SITEMAP_LINE.findall(lines))
    return tuple(dict.fromkeys(address for address in found if address))


def named_feeds(tree: LexborHTMLParser, url: str) -> tuple[str, ...]:
    """The feeds that the page at `url` names: those in its head, then links that look like feeds; none of comments."""
    base_node = tree.css_first("base[href]")
    base = (base_node and join(url, base_node.attributes.get("href") or "")) or url
    found = []
    for node in tree.css("link[rel][href]"):
        rel = (node.attributes.get("rel") or "").lower().split()
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        if "feed" in rel or ("alternate" in rel and kind in _FEED_TYPES):
            found.append(join(base, node.attributes.get("href") or ""))
    linked = (join(base, node.attributes.get("href") or "") for node in tree.css("a[href]"))
    found += [address for address in linked if _FEED_ADDRESS.search(address)]
    return tuple(dict.fromkeys(address for address in found if address and not _OF_COMMENTS.search(address)))
