"""From an answer to a visit, without a crawl around it."""

from dataclasses import replace

import pytest

from newscrawl.crawl.reading import SiteReader
from newscrawl.crawl.visit import Visit
from newscrawl.identify.exact import target_id
from newscrawl.models import Kind, Result, Target
from newscrawl.sites import site_for_url
from tests.exchanges import AT, exchange
from tests.knobs import crawl_knobs

FIRE = "https://gazette.example/news/fire"
BODY = "".join(
    f"<p>The fire brigade of the lower town was called to warehouse {number} at the old river port, where timber had caught fire.</p>"
    for number in range(1, 8)
)


def read(links: str) -> Visit:
    target = Target(id=target_id("gazette.example", FIRE), site="gazette.example", url=FIRE, kind=Kind.PAGE, due=AT)
    target = replace(target, link_text="Timber burns at the old river port")
    dated = "<meta property=article:published_time content=2026-08-01T06:00:00Z>"
    html = f"{dated}<title>Timber burns at the old river port</title><h1>Timber burns at the old river port</h1>{BODY}{links}"
    answer = exchange(html.encode(), url=FIRE, Content_Type="text/html")
    return SiteReader(site_for_url("https://gazette.example/"), crawl_knobs()).read(target, answer)


@pytest.mark.parametrize("text", ["2", "Next page", "下一页", "Page 2 of 3", "<img src=arrow.png>"])
def test_a_link_to_a_further_page_of_the_article(text):
    visit = read(f"<a href=/news/fire-2>{text}</a>")
    assert visit.result is Result.ARTICLE
    (part,) = (found for found in visit.found if found.kind is Kind.PART)
    assert (part.url, part.number, part.parent) == (f"{FIRE}-2", 2, FIRE)


def test_a_headline_leads_to_another_article_even_where_addresses_are_numbered():
    """Some systems number the addresses of articles whose headlines are alike."""
    visit = read("<a href=/news/fire-2>Second fire within a week at the old river port</a>")
    assert [(found.url, found.kind) for found in visit.found] == [(f"{FIRE}-2", Kind.PAGE)]
