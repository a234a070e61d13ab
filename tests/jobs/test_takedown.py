"""`newscrawl archive takedown`: nothing of the article is left in store or archive, and no crawl brings it back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.archive.verify import verify_folder
from newscrawl.demo.serving import serve_demo
from newscrawl.models import Result, State
from tests.archive.test_removal import unpacked
from tests.crawl.crawls import Place, Ran

TAKEDOWN = ("-m", "newscrawl", "archive", "takedown")
WORD = "Gannet Quay"  # in one article of the English portal, and in headlines that lead to it


def taken(place: Place, *options: str) -> Ran:
    return place.crawl(*options, program=TAKEDOWN)


@pytest.mark.parametrize("kind", ["plain", "of several pages and addresses"])
def test_all_of_an_article_goes_and_no_crawl_brings_it_back(place: Place, kind: str) -> None:
    with serve_demo() as demo:
        place.crawl("-a", f"url={demo.homes[1]}", crawl_review_days=3650)
        articles = place.holding().articles
        several = [article for article in articles if article.parts and article.aliases] or [one for one in articles if one.parts]
        article = several[0] if kind != "plain" else next(one for one in articles if not one.parts and not one.aliases)
        words = article.text.split("\n")[1][:60]
        assert taken(place, article.id).code == 2, "nobody said yes"
        assert len(place.holding().articles) == len(articles)
        ran = taken(place, article.id[:10], "--yes")
        assert ran.code == 0, ran.stderr
        assert article.url in ran.stdout
        left = place.holding()
        assert {one.id for one in left.articles} == {one.id for one in articles} - {article.id}
        assert place.verified() == len(left.captures)
        verified = verify_folder(place.archive)
        assert (verified.findings, [verified.capture_flaw(one) for one in left.captures if verified.capture_flaw(one)]) == ([], [])
        assert words.encode() not in unpacked(place.archive)
        assert words.encode() not in Path(place.store.removeprefix("sqlite:///")).read_bytes()
        demo.requests.clear()
        place.crawl("-a", f"url={demo.homes[1]}", crawl_review_days=3650)
        path = article.url.removeprefix(demo.homes[1].rstrip("/"))
        assert path not in {asked.target for asked in demo.requests}
        assert article.id not in {one.id for one in place.holding().articles}
        assert place.frontier()[article.url].result is Result.TAKEN_DOWN
        assert place.frontier()[article.url].state is State.SKIPPED
    assert taken(place, article.id, "--yes").code == 2
    found = place.crawl("search", f'"{words[:30]}"', program=("-m", "newscrawl"))
    assert "Nothing found" in found.stderr


def test_a_site_that_is_being_crawled_is_left(place: Place) -> None:
    with serve_demo() as demo:
        place.crawl("-a", f"url={demo.homes[1]}")
    article = place.holding().articles[0]
    until = article.last_seen.replace(year=2200)
    place.asked(lambda store: store.take_lease(article.site, "elsewhere:1/0/0", article.last_seen, until))
    assert taken(place, article.id, "--yes").code == 6
    assert len(unpacked(place.archive)) > 1000
    assert article.id in {one.id for one in place.holding().articles}


def test_its_words_have_gone_from_the_search_index(place: Place) -> None:
    with serve_demo() as demo:
        place.crawl("-a", f"url={demo.homes[1]}")
    article = next(one for one in place.holding().articles if WORD in one.title)
    taken(place, article.id, "--yes")
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db:
        assert db.execute("SELECT count(*) FROM search WHERE search MATCH '\"gannet quay\"'").fetchone() == (
            sum(WORD.lower() in one.text_search.lower() for one in place.holding().articles),
        )
