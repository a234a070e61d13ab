"""A site that has every story a second time for small screens: how much of that is asked for. By real crawls of a small site."""

from collections import Counter

import pytest

from newscrawl.demo.pages import Page
from newscrawl.demo.server import Server
from newscrawl.identify.twins import ENOUGH
from newscrawl.models import Result
from tests.crawl.crawls import Place
from tests.crawl.pages import headline, listing, publish, story
from tests.crawl.test_visits import time_passes

FIRST = [f"{letter}ton" for letter in "ABCD"]
SECOND = [f"{letter}bury" for letter in "ABCDEF"]
THIRD = [f"{letter}ham" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX"]
CHECKED = 2  # of those: the first and the fourth
OTHER = "".join(
    f"<p>{text} Nobody at the town hall would say why, and the mill stood still until noon.</p>" for text in ("Rain.", "Wind.", "Hail.")
)


def site(names: list[str], mobile: dict[str, Page]) -> dict[str, Page]:
    """Stories on two lists: at their addresses and, for small screens, once more."""
    stories = {f"/news/{name}": story(name) for name in names}
    twins = {f"/m/news/{name}": mobile.get(name) or story(name) for name in names}
    text = "Harbour news that nobody had expected: {}"
    return {
        "/robots.txt": Page(b"User-agent: *\nDisallow:\n", "text/plain"),
        "/": listing(*stories, "/m/", text=text),
        "/m/": listing(*twins, text=text),
        **stories,
        **twins,
    }


def another(name: str) -> Page:
    """Not what stands at the story's address."""
    body = f"<article><h1>Storm over {name} breaks its wheel</h1>{OTHER.replace('mill', f'mill of {name}')}</article>"
    date = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-08-01T06:00:00Z"}</script>'
    return Page(f"<html><head><title>Storm over {name}</title>{date}</head><body>{body}</body></html>".encode())


def crawl(place: Place, server: Server, pages: dict[str, Page]) -> list[str]:
    """What was asked for of the pages for small screens."""
    server.requests.clear()
    publish(server, pages)
    ran = place.crawl("-a", f"url={server.origins[0]}", crawl_concurrency=1, store_batch_size=1)
    assert ran.code == 0, ran.stderr
    return [exchange.target for exchange in server.requests if exchange.target.startswith("/m/news/")]


def results(place: Place) -> Counter[Result]:
    return Counter(answered.result for url, answered in place.frontier().items() if "/m/news/" in url)


@pytest.fixture
def server():
    with Server() as served:
        yield served


def stories(place: Place) -> list[str]:
    return sorted(article.title for article in place.holding().articles)


def test_what_was_proved_in_one_visit_spares_requests_in_the_next_and_a_wrong_rule_loses_nothing(server, tmp_path):
    place = Place(tmp_path)
    assert len(crawl(place, server, site(FIRST, {}))) >= ENOUGH
    time_passes(place, 2)
    assert len(crawl(place, server, site([*FIRST, *SECOND], {}))) <= CHECKED
    assert results(place)[Result.TWIN] >= len(SECOND) - CHECKED
    assert stories(place) == sorted(map(headline, [*FIRST, *SECOND]))

    # A day when the pages for small screens show stories of their own.
    time_passes(place, 2)
    asked = crawl(place, server, site([*FIRST, *SECOND, *THIRD], {name: another(name) for name in THIRD}))
    assert len(asked) == len(set(asked)) >= len(SECOND) + len(THIRD) - CHECKED
    assert results(place)[Result.TWIN] == 0
    assert stories(place) == sorted([*map(headline, [*FIRST, *SECOND, *THIRD]), *(f"Storm over {name} breaks its wheel" for name in THIRD)])


def test_what_names_its_story_as_canonical_proves_it_as_well(server, tmp_path):
    place, every = Place(tmp_path), [*FIRST, *SECOND]
    canonical = {name: story(name, head=f'<link rel="canonical" href="/news/{name}">') for name in every}
    assert len(crawl(place, server, site(FIRST, canonical))) >= ENOUGH
    time_passes(place, 2)
    assert len(crawl(place, server, site(every, canonical))) <= CHECKED
    details = {answered.detail for answered in place.frontier().values() if answered.result is Result.TWIN}
    assert len({f"as {server.origins[0]}/news/{name}" for name in SECOND} & details) >= len(SECOND) - CHECKED
    assert stories(place) == sorted(map(headline, every))
