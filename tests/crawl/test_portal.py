"""`scrapy crawl portal` on the demo's portals: what it stores is the truth about them, and how it behaves as their server saw it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from newscrawl.demo.pages import Expected, Page
from newscrawl.demo.server import Exchange
from newscrawl.demo.serving import Demo, serve_demo
from newscrawl.models import Article, Moment, Result, State
from tests.crawl.crawls import NEWSCRAWL, Holding, Place, Ran

CRAWL_DELAY = 0.1  # seconds that the Chinese portal asks for in its robots.txt
REVIEW = {"crawl_review_days": 3650}
CAPTION = "图为"  # how its captions begin; the first, plain reader takes them for text
IMPATIENT = """
from newscrawl.crawl.pace import Pace
Pace.obey = lambda *_: None
from scrapy.cmdline import execute
execute(["scrapy", "crawl", "portal", *__import__("sys").argv[1:]])
"""


@dataclass(frozen=True, slots=True)
class Crawl:
    """A crawl that is over, what came of it, and what the server saw of it."""

    ran: Ran
    place: Place
    holding: Holding
    requests: list[Exchange]

    def at(self, origin: str) -> list[Exchange]:
        return [exchange for exchange in self.requests if exchange.origin == origin]


def crawled(place: Place, demo: Demo, *arguments: str, **knobs: object) -> Crawl:
    demo.requests.clear()
    ran = place.crawl(*arguments, **knobs)
    return Crawl(ran, place, place.holding(), list(demo.requests))


def both(demo: Demo) -> list[str]:
    return ["-a", f"url={','.join(demo.homes)}"]


@pytest.fixture(scope="module")
def served() -> Iterator[Demo]:
    with serve_demo() as demo:
        yield demo


@pytest.fixture(scope="module")
def first(served: Demo, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """Both portals, by address."""
    return crawled(Place(tmp_path_factory.mktemp("first")), served, *both(served))


@pytest.fixture(scope="module")
def second(first: Crawl, served: Demo) -> Crawl:
    """The same again, into the same store."""
    return crawled(first.place, served, *both(served))


@pytest.fixture(scope="module")
def reviewed(served: Demo, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """Both portals in a place where articles are looked at again however old: those of the portals are dated once and for all."""
    return crawled(Place(tmp_path_factory.mktemp("reviewed")), served, *both(served), **REVIEW)


@pytest.fixture(scope="module")
def corrected(reviewed: Crawl, served: Demo) -> Iterator[Crawl]:
    """Again, after an article was edited, one came and one went."""
    served.publish(2)
    yield crawled(reviewed.place, served, *both(served), **REVIEW)
    served.publish(1)


# what is stored


def test_it_ends_well_and_shows_what_it_did(first: Crawl) -> None:
    assert first.ran.code == 0, first.ran.stderr
    assert [run.outcome for run in first.holding.runs] == ["finished", "finished"]
    assert [run.counters["new"] for run in first.holding.runs] == [11, 15]
    for run in first.holding.runs:
        row = next(line for line in first.ran.stdout.splitlines() if line.startswith(run.site))
        assert str(run.counters["new"]) in row.split()


def test_nothing_is_left_open(first: Crawl) -> None:
    assert "ResourceWarning" not in first.ran.stderr


def test_every_article_is_there_once_and_nothing_else(first: Crawl, served: Demo) -> None:
    assert len(first.holding.articles) == len(served.expected()) == 26
    assert [len(found(first, article)) for article in served.expected()] == [1] * 26


def found(crawl: Crawl, expected: Expected) -> list[Article]:
    return [article for article in crawl.holding.articles if expected.addresses & {article.url, *article.aliases}]


def test_articles_are_as_the_portals_have_them(first: Crawl, served: Demo) -> None:
    for expected in served.expected():
        (article,) = found(first, expected)
        assert article.title == expected.title
        assert without_captions(article.text) == list(expected.paragraphs), expected.url
        assert (article.authors, article.source, article.editor) == (expected.authors, expected.source, expected.editor), expected.url
        assert article.language == expected.language
        assert len(article.parts or [1]) == expected.pages
        assert article.capture in {capture.id for capture in first.holding.captures}


def without_captions(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n") if not paragraph.startswith(CAPTION)]


def test_what_was_published_is_kept_beside_the_repaired_text(first: Crawl, served: Demo) -> None:
    for expected in served.expected():
        (article,) = found(first, expected)
        *before, last = without_captions(article.text_published)
        assert before == list(expected.published_paragraphs[:-1])
        assert last.startswith(expected.published_paragraphs[-1])  # the author may have signed there
    spoilt = next(article for article in first.holding.articles if article.text != article.text_published and article.repairs)
    assert spoilt.repairs["pinyin"] > 50
    assert "(shū)" in spoilt.text_published
    assert "(shū)" not in spoilt.text


def test_dates_are_those_of_the_portals_clocks(first: Crawl, served: Demo) -> None:
    for expected in served.expected():
        (article,) = found(first, expected)
        assert article.published is not None
        if expected.precision == "hour":  # "3小时前": reckoned from when it was fetched
            assert abs(article.published.time - expected.published) < timedelta(hours=1)
        else:
            assert on_the_clock(article.published) == expected.published.replace(tzinfo=None), expected.url


def on_the_clock(moment: Moment) -> object:
    """What a clock on the wall showed where it was written; where the zone is not known, moments are kept as if it were UTC."""
    return moment.time.replace(tzinfo=None) + (timedelta(hours=int(moment.zone[:3])) if moment.zone else timedelta())


def test_of_all_addresses_of_an_article_one_is_the_article(first: Crawl, served: Demo) -> None:
    frontier = first.place.frontier()
    for expected in served.expected():
        results = Counter(frontier[address].result for address in expected.addresses & frontier.keys())
        assert results.pop(Result.ARTICLE) == 1, expected.url
        assert results.keys() <= {Result.SAME_CONTENT, Result.VARIANT, Result.REDIRECT, Result.TRAP}
    (copied,) = [article for article in first.holding.articles if article.aliases]
    assert {frontier[address].result for address in copied.aliases} == {Result.SAME_CONTENT}


def test_every_capture_is_in_the_archive(first: Crawl) -> None:
    assert first.place.verified() == len(first.requests)
    assert all(path.name.endswith(".warc.gz") for path in first.place.archive.iterdir())


# how it behaves


def test_robots_txt_is_asked_first_and_obeyed(first: Crawl, served: Demo) -> None:
    for portal in served.portals:
        paths = [exchange.path for exchange in first.at(portal.origin)]
        assert paths[0] == "/robots.txt"
        assert paths.count("/robots.txt") == 1
        assert not [path for path in paths if path.startswith(("/admin/", "/search", "/preview/"))]
        hidden = first.place.frontier()[portal.origin + portal.oddities["disallowed"]]
        assert (hidden.state, hidden.result) == (State.SKIPPED, Result.FORBIDDEN)


def test_it_says_who_it_is(first: Crawl) -> None:
    assert {exchange.user_agent.partition("/")[0] for exchange in first.requests} == {"newscrawl"}


def test_no_page_is_asked_for_twice(first: Crawl, served: Demo) -> None:
    asked = [exchange.origin + exchange.target for exchange in first.requests if exchange.status != 503]
    assert len(asked) == len(set(asked))
    assert [exchange.status for exchange in first.requests].count(503) == 1  # the portal's busy page, asked again


def test_the_endless_calendar_is_left_after_a_few_pages(first: Crawl) -> None:
    months = [exchange.path for exchange in first.requests if exchange.path.startswith("/calendar/")]
    assert len(months) <= 8
    assert Result.TRAP in {answered.result for url, answered in first.place.frontier().items() if "/calendar/" in url}


def pauses(requests: list[Exchange]) -> list[float]:
    """Seconds between an answer and the next request, below zero if they overlap."""
    return [after.arrived - before.answered for before, after in pairwise(requests)]


def gaps(requests: list[Exchange]) -> list[float]:
    """Seconds between a request and the next."""
    return [after.arrived - before.arrived for before, after in pairwise(requests)]


def test_the_crawl_delay_is_kept_as_the_server_sees_it(first: Crawl, served: Demo) -> None:
    chinese, english = (first.at(portal.origin) for portal in served.portals)
    assert min(gaps(chinese)) >= CRAWL_DELAY
    assert min(pauses(chinese)) > CRAWL_DELAY - 0.02  # the server may be late to note that it has answered
    assert min(gaps(english)) < CRAWL_DELAY  # it asks for none: what was measured is the rule, not a slow machine


def test_without_the_rule_the_crawl_delay_is_broken(served: Demo, tmp_path: Path) -> None:
    """The control of the test above."""
    ran = crawled(Place(tmp_path), served, "-a", f"url={served.homes[0]}", "-a", "limit=2", program=("-c", IMPATIENT))
    assert ran.ran.code == 0, ran.ran.stderr
    assert min(gaps(ran.requests)) < CRAWL_DELAY


@pytest.mark.parametrize(("concurrency", "overlap"), [(1, False), (4, True)])
def test_a_site_is_sent_one_request_at_a_time(served: Demo, tmp_path: Path, concurrency: int, *, overlap: bool) -> None:
    """Slow answers tempt to ask on; with four allowed at once, the control, requests do overlap."""
    tables = [portal.answer for portal in served.portals]
    served.server.publish(tables[0], lambda target: slowly(tables[1](target)))
    crawl = crawled(Place(tmp_path), served, "-a", f"url={served.homes[1]}", "-a", "limit=6", crawl_concurrency=concurrency)
    served.publish(1)
    assert (min(pauses(crawl.requests)) < 0) is overlap


def slowly(answer: object) -> Page:
    assert isinstance(answer, Page)
    return replace(answer, delay=0.08)


# again


def test_a_second_crawl_finds_nothing_new_and_says_so(first: Crawl, second: Crawl) -> None:
    assert second.ran.code == 0, second.ran.stderr
    assert "Nothing new." in second.ran.stdout
    assert "Nothing new." not in first.ran.stdout
    assert [run.counters.get("new", 0) for run in second.holding.runs[:2]] == [0, 0]
    assert texts(second) == texts(first)


def texts(crawl: Crawl) -> dict[str, str]:
    return {article.id: article.text for article in crawl.holding.articles}


def test_a_second_crawl_soon_after_looks_at_the_front_pages_and_at_what_is_fresh(second: Crawl, served: Demo) -> None:
    """And at the page that a script would have to fill: there may be a browser by now."""
    (fresh,) = (article.url for article in served.expected() if article.precision == "hour")
    scripted = served.portals[1].origin + served.portals[1].oddities["script-listing"]
    assert {exchange.origin + exchange.target for exchange in second.requests} == {*served.homes, fresh, scripted}


def test_a_new_article_is_found_and_the_one_that_went_is_kept(reviewed: Crawl, corrected: Crawl) -> None:
    assert corrected.ran.code == 0, corrected.ran.stderr
    (came,) = set(corrected.holding.urls) - set(reviewed.holding.urls)
    assert "1055" in came
    assert set(reviewed.holding.urls) < set(corrected.holding.urls)
    assert "Nothing new." not in corrected.ran.stdout


def test_the_one_that_went_is_marked_and_no_other(reviewed: Crawl, corrected: Crawl) -> None:
    (gone,) = (article for article in corrected.holding.articles if article.gone)
    assert "1054" in gone.url
    assert gone.text == reviewed.holding.article(gone.url).text


def test_an_edited_article_has_a_revision(reviewed: Crawl, corrected: Crawl, served: Demo) -> None:
    expected = next(article for article in served.expected() if "1053" in article.url)
    before, now = reviewed.holding.article(expected.url), corrected.holding.article(expected.url)
    (former,) = corrected.place.revisions(now)
    assert now.revision == 2
    assert now.title == expected.title != former.title == before.title
    assert now.text.split("\n") == list(expected.paragraphs)
    assert (former.text, former.capture) == (before.text, before.capture)
    assert {"title", "text"} <= set(former.changed)


# which sites


@pytest.fixture(scope="module")
def settings(served: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settings folder that knows both portals, and the zone of the Chinese one."""
    folder = tmp_path_factory.mktemp("settings")
    (folder / "sites").mkdir()
    chinese, english = served.homes
    (folder / "sites" / "luting.toml").write_text(f'url = "{chinese}"\ndate = {{ zone = "Asia/Shanghai" }}\n')
    (folder / "sites" / "pellbrook.toml").write_text(f'url = "{english}"\n')
    return folder


def test_a_configured_site_by_its_name(served: Demo, settings: Path, tmp_path: Path) -> None:
    crawl = crawled(Place(tmp_path), served, "-a", "site=luting", "-a", "limit=3", settings=settings)
    assert crawl.ran.code == 0, crawl.ran.stderr
    assert crawl.holding.run("luting").outcome == "limit"
    assert {article.site for article in crawl.holding.articles} == {"luting"}
    truth = {article.url: article.published for article in served.expected() if article.precision != "hour"}
    dated = [article for article in crawl.holding.articles if article.url in truth]
    assert dated
    assert all(article.published and article.published.time == truth[article.url] for article in dated)


def test_all_configured_sites_and_a_limit_for_each(served: Demo, settings: Path, tmp_path: Path) -> None:
    crawl = crawled(Place(tmp_path), served, "-a", "sites=all", "-a", "limit=4", settings=settings)
    assert crawl.ran.code == 0, crawl.ran.stderr
    counts = {run.site: (run.outcome, run.counters["new"]) for run in crawl.holding.runs}
    assert counts == {"luting": ("limit", 4), "pellbrook": ("limit", 4)}
    assert len(crawl.holding.articles) == 8


def test_what_a_limit_left_is_taken_up_by_the_next_run(served: Demo, settings: Path, tmp_path: Path) -> None:
    place = Place(tmp_path)
    limited = crawled(place, served, "pellbrook", "--limit", "2", program=NEWSCRAWL, settings=settings)
    assert (limited.ran.code, len(limited.holding.articles)) == (0, 2)
    whole = crawled(place, served, "pellbrook", program=NEWSCRAWL, settings=settings)
    assert whole.ran.code == 0, whole.ran.stderr
    assert whole.holding.urls == sorted(article.url for article in served.expected() if article.site == "pellbrook")
    assert whole.holding.run("pellbrook").counters["resumed"] > 0
    answered = [exchange for exchange in (*limited.requests, *whole.requests) if exchange.status == 200]
    asked = Counter(exchange.target for exchange in answered if exchange.path != "/robots.txt")
    assert {target: times for target, times in asked.items() if times > 1} == {}
