"""What each result means, told to whoever wonders where a page has gone."""

from __future__ import annotations

from collections.abc import Mapping

from newscrawl.models import Result

MEANINGS: Mapping[Result, str] = {
    Result.NONE: "not asked for yet",
    Result.ARTICLE: "an article",
    Result.PART: "a further page of an article, joined to its first",
    Result.SAME_CONTENT: "an article that the site also has under another address",
    Result.VARIANT: "names another address of the site as its proper one, which is read instead",
    Result.TWIN: "not asked for: by all that its site has shown, a known article once more",
    Result.UNCHANGED: "nothing new since the visit before",
    Result.LISTING: "a page that lists articles",
    Result.OTHER: "neither an article nor a list of them",
    Result.ROBOTS: "a robots.txt, read for its rules",
    Result.REDIRECT: "leads to another address, which is followed",
    Result.MISSING: "the server says that there is no such page",
    Result.REFUSED: "the server lets nobody in, or not us",
    Result.BUSY: "the server was overloaded or failed",
    Result.UNREACHABLE: "no connection, no answer in time, or a broken one",
    Result.TOO_LARGE: "larger than crawl.max_bytes, or a picture than crawl.image_bytes",
    Result.NOT_HTML: "no web page but a picture, a document or other data",
    Result.IMAGE: "a picture of an article, kept with it",
    Result.NOT_IMAGE: "no picture where an article shows one, a dot, or larger than crawl.image_pixels",
    Result.UNREADABLE: "the page is kept as it was served, but could not be read",
    Result.LEAKED: "asked for, but the answer was lost on our side: please report it",
    Result.FORBIDDEN: "robots.txt asks us to leave it alone",
    Result.OFF_SITE: "leads away from the site",
    Result.BAD_ADDRESS: "on a private network, or not on the web at all",
    Result.TOO_DEEP: "more than crawl.max_depth links from the front page",
    Result.TOO_MANY_HOPS: "redirected more than crawl.max_hops times",
    Result.SCRIPTED: "made by scripts, which were not run, or not to their end",
    Result.BLOCKED: "a captcha or challenge instead of the page, which is respected",
    Result.TAKEN_DOWN: "removed with `newscrawl archive takedown`",
    Result.OLD: "published before the time that the crawl was asked for with --since",
    Result.TRAP: "not asked for, because its like has led to nothing new",
}

# Results that need no explanation: the address has given what was hoped for, or is still to be asked.
EXPECTED = frozenset({Result.NONE, Result.ARTICLE, Result.PART, Result.UNCHANGED, Result.LISTING, Result.ROBOTS, Result.IMAGE})
