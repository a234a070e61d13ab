"""Both portals against their own truth, read as a plain reader would: with a parser and no cleverness."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import urldefrag, urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.demo.pages import Expected, Page, Portal
from newscrawl.demo.portals import build_portals

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
ORIGINS = ("http://127.0.0.1:1", "http://127.0.0.2:2")
LUTING, PELLBROOK = build_portals(ORIGINS, now=NOW)
ARTICLES = [(portal, article) for portal in (LUTING, PELLBROOK) for article in portal.expected]
by_article = pytest.mark.parametrize(("portal", "article"), ARTICLES, ids=[article.url.removeprefix("http://") for _, article in ARTICLES])


def served(portal: Portal, url: str) -> Page:
    """The page that an address of a portal ends at."""
    page = portal.answer(url.removeprefix(portal.origin))
    goal = dict(page.headers).get("Location")
    return served(portal, urljoin(url, goal)) if goal else page


def text_of(page: Page) -> str:
    encoding = "utf-8" if is_utf8(page.body) else "gbk"
    return page.body.decode(encoding)


def is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def links(page: Page, url: str) -> Iterator[str]:
    for node in LexborHTMLParser(text_of(page)).css("a[href]"):
        yield urldefrag(urljoin(url, node.attributes["href"] or "")).url


def walk(portal: Portal) -> set[str]:
    """Every address within a portal that links lead to, without the endless ones."""
    found, waiting = set(), [portal.home]
    while waiting:
        url = waiting.pop()
        if url in found or not url.startswith(portal.origin) or "/calendar/" in url:
            continue
        found.add(url)
        page = served(portal, url)
        waiting += links(page, url) if page.status == 200 and page.content_type.startswith("text/html") else []
    return found


def addresses(article: Expected) -> list[str]:
    return [article.url, *article.further]


def test_how_many_articles_there_are():
    assert (len(LUTING.expected), len(PELLBROOK.expected)) == (15, 14)
    assert [article.reach for article in PELLBROOK.expected].count("script") == 3
    assert {article.reach for article in LUTING.expected} == {"links"}


@by_article
def test_an_article_shows_its_title_and_all_its_paragraphs(portal, article):
    shown = "".join(LexborHTMLParser(text_of(served(portal, url))).body.text() for url in addresses(article))
    assert article.published_title in shown
    for paragraph in article.published_paragraphs:
        assert shown.count(paragraph) == 1, paragraph


@by_article
def test_other_addresses_show_the_same_article(portal, article):
    for alias in article.aliases:
        shown = LexborHTMLParser(text_of(served(portal, alias))).body.text()
        assert all(paragraph in shown for paragraph in article.published_paragraphs[:1]), alias


@by_article
def test_an_article_can_be_asked_for_conditionally(portal, article):
    assert {"ETag", "Last-Modified"} <= {name for name, _ in served(portal, article.url).headers}


@pytest.mark.parametrize("portal", [LUTING, PELLBROOK], ids=lambda portal: portal.slug)
def test_links_lead_to_every_article_but_the_script_s(portal):
    reached = walk(portal)
    for article in portal.expected:
        for address in (*addresses(article), *article.aliases):
            assert (address in reached) is (article.reach == "links"), address
    assert {portal.origin + path for name, path in portal.oddities.items() if name not in {"calendar", "feed", "sitemap"}} <= reached


@pytest.mark.parametrize("portal", [LUTING, PELLBROOK], ids=lambda portal: portal.slug)
def test_no_page_within_a_portal_is_missing_but_the_one_that_should_be(portal):
    lost = {url for url in walk(portal) if served(portal, url).status == 404}
    assert lost - {f"{portal.origin}/cdn-cgi/l/email-protection"} == {portal.origin + portal.oddities["missing"]}


@pytest.mark.parametrize("portal", [LUTING, PELLBROOK], ids=lambda portal: portal.slug)
def test_listings_have_second_pages_with_articles_that_home_lacks(portal):
    home = set(links(served(portal, portal.home), portal.home))
    assert [article for article in portal.expected if article.reach == "links" and article.url not in home]


def test_reprints_stand_on_both_portals_and_are_not_the_same():
    labels = {article.reprints for article in LUTING.expected if article.reprints}
    assert labels == {"letter", "kites"} == {article.reprints for article in PELLBROOK.expected if article.reprints}
    for label in labels:
        one, other = ({*article.paragraphs} for _, article in ARTICLES if article.reprints == label)
        assert one & other
        assert one != other


def test_the_copy_within_a_site_differs_only_in_its_frame():
    copied = next(article for article in LUTING.expected if LUTING.origin + LUTING.oddities["copy"] in article.aliases)
    own, copy = (LexborHTMLParser(text_of(served(LUTING, url))) for url in (copied.url, LUTING.origin + LUTING.oddities["copy"]))
    assert own.css_first("#content").html == copy.css_first("#content").html
    assert own.html != copy.html


def test_one_article_is_annotated_with_one_byte_shift():
    spoilt = next(article for article in LUTING.expected if article.published_paragraphs != article.paragraphs)
    shown = "".join(spoilt.published_paragraphs)
    assert shown.count("?") == 1
    assert "運輸到島上" in "".join(spoilt.paragraphs)
    assert "輸?shù)" in shown
    page = text_of(served(LUTING, spoilt.url))
    assert page.count('class="banner"') == 2
    assert "[email&#160;protected]" in page
    assert f"({spoilt.authors[0]})</p>" in page


def test_the_old_portal_lies_about_its_charset_in_every_way():
    def claims(name: str) -> tuple[bool, bool, str]:
        page = served(LUTING, LUTING.origin + LUTING.oddities[name])
        return is_utf8(page.body), b"charset=gb2312" in page.body, page.content_type

    assert claims("annotated") == (False, True, "text/html")
    assert claims("wrong-header") == (False, True, "text/html; charset=utf-8")
    assert claims("no-charset") == (False, False, "text/html")
    assert b"charset=" not in served(LUTING, LUTING.origin + LUTING.oddities["no-charset"]).body
    assert b"charset=iso-8859-1" in served(LUTING, LUTING.origin + LUTING.oddities["wrong-meta"]).body
    assert claims("utf-8") == (True, True, "text/html")


def test_articles_on_several_pages():
    counts = sorted(article.pages for _, article in ARTICLES if article.pages > 1)
    assert counts == [2, 3]
    assert served(LUTING, LUTING.origin + LUTING.oddities["many-pages"]) != LUTING.missing
    assert LUTING.oddities["many-pages"].replace(".html", "_2.html") in LUTING.pages


def test_the_calendar_goes_on_for_ever():
    page = text_of(PELLBROOK.answer("/calendar/2026/12/"))
    assert "December 2026" in page
    assert 'href="/calendar/2027/01/"' in page
    assert 'href="/calendar/2026/11/"' in page
    assert PELLBROOK.answer("/calendar/2026/13/").status == 404
    assert PELLBROOK.answer("/calendar/0000/01/").status == 200
    assert PELLBROOK.answer("/calendar/9999/12/").status == 200


def test_the_slow_and_the_busy_page():
    assert served(LUTING, LUTING.origin + LUTING.oddities["slow"]).delay == 0.3
    first = served(PELLBROOK, PELLBROOK.origin + PELLBROOK.oddities["busy"]).first
    assert first is not None
    assert (first.status, first.headers) == (503, (("Retry-After", "1"),))


def test_the_table_is_huge_and_its_gzip_small():
    page = served(PELLBROOK, PELLBROOK.origin + PELLBROOK.oddities["huge-table"])
    assert len(page.body) > 250_000 > 5 * len(page.zipped)


def test_only_the_script_knows_the_briefs():
    listing = served(PELLBROOK, PELLBROOK.origin + PELLBROOK.oddities["script-listing"])
    briefs = [article for article in PELLBROOK.expected if article.reach == "script"]
    slugs = [article.url.rstrip("/").rpartition("/")[2] for article in briefs]
    assert not any(slug.encode() in listing.body for slug in slugs)
    assert all(slug.encode() in PELLBROOK.pages["/api/briefs.json"].body for slug in slugs)
    assert not any(article.url.encode() in PELLBROOK.pages["/sitemap.xml"].body for article in briefs)


def test_the_banners_and_the_relative_date_follow_now():
    assert "今天是：2026年6月1日　星期一" in text_of(LUTING.pages["/"])
    assert "Monday 1 June 2026" in text_of(PELLBROOK.pages["/"])
    fog = next(article for article in LUTING.expected if article.precision == "hour")
    assert "发布时间：3小时前" in text_of(served(LUTING, fog.url))
    assert (NOW - fog.published).total_seconds() == 3 * 3600


def test_everything_else_is_the_same_whenever_it_is_built():
    later = build_portals(ORIGINS, now=datetime(2031, 1, 1, tzinfo=UTC))
    for portal, again in zip((LUTING, PELLBROOK), later, strict=True):
        fixed = [article for article in portal.expected if article.precision == "minute"]
        assert fixed == [article for article in again.expected if article.precision == "minute"]
        assert {article.url for article in portal.expected} == {article.url for article in again.expected}


def test_the_second_edition_at_its_addresses():
    first = {article.url: article for article in LUTING.expected}
    second = build_portals(ORIGINS, now=NOW, edition=2)[0]
    after = {article.url: article for article in second.expected}
    (gone,), (new,) = set(first) - set(after), set(after) - set(first)
    (edited,) = (url for url in set(first) & set(after) if first[url] != after[url])
    assert served(second, gone).status == 404
    assert served(LUTING, new).status == 404
    assert dict(served(LUTING, edited).headers)["ETag"] != dict(served(second, edited).headers)["ETag"]
    assert after[edited].title != first[edited].title
    assert after[edited].published == first[edited].published


def test_listings_are_in_order_of_time():
    for _, path in ((LUTING, "/bendi/"), (LUTING, "/wenhua/")):
        rows = LexborHTMLParser(text_of(LUTING.pages[path])).css("td.left li span")
        assert all(earlier.text() >= later.text() for earlier, later in pairwise(rows))
