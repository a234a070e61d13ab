"""`newscrawl archive takedown`: nothing of the article is left in store or archive, and no crawl brings it back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.archive.verify import verify_folder
from newscrawl.archive.warc import read_exchange, read_record
from newscrawl.config import load_config
from newscrawl.demo.drawings import landscape
from newscrawl.demo.serving import serve_demo
from newscrawl.errors import ArchiveError
from newscrawl.jobs.takedown import Plan, planned, taken_down, told
from newscrawl.models import Article, Result, State
from newscrawl.store.protocol import Store
from tests.archive.test_removal import unpacked
from tests.archives import copy_of
from tests.crawl.crawls import Place, Ran
from tests.crawl.illustrated import ARTICLES, COPY, ELSEWHERE, FEED, MOVED, OLD, SHARED, SHOWN, illustrated
from tests.crawl.test_pictures import KNOBS
from tests.store.records import article as record
from tests.store.records import capture, target

WORD = "Gannet Quay"  # in one article of the English portal, and in headlines that lead to it


def taken(place: Place, *options: str) -> Ran:
    return place.run("archive", "takedown", *options)


def test_of_one_it_is_told_as_of_one() -> None:
    assert list(told(Plan(record(), 1, (capture(),), 0, (target(),))))[1] == "  1 former state, 1 capture, 1 address:"
    assert (
        list(told(Plan(record(), 0, (capture(),) * 2, 1, (target(),) * 2)))[1]
        == "  0 former states, 2 captures, 1 of them of pictures, 2 addresses:"
    )


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
    found = place.run("search", f'"{words[:30]}"')
    assert "Nothing found" in found.stderr


def test_a_site_that_is_being_crawled_is_left(place: Place, article: Article) -> None:
    until = article.last_seen.replace(year=2200)
    place.asked(lambda store: store.take_lease(article.site, "elsewhere:1/0/0", article.last_seen, until))
    assert taken(place, article.id, "--yes").code == 6
    assert len(unpacked(place.archive)) > 1000
    assert article.id in {one.id for one in place.holding().articles}


def test_its_words_have_gone_from_the_search_index(crawled_demo: Place, tmp_path: Path) -> None:
    place = copy_of(crawled_demo, tmp_path)
    article = next(one for one in place.holding().articles if WORD in one.title)
    taken(place, article.id, "--yes")
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db:
        assert db.execute("SELECT count(*) FROM search WHERE search MATCH '\"gannet quay\"'").fetchone() == (
            sum(WORD.lower() in one.text_search.lower() for one in place.holding().articles),
        )


def test_its_pictures_go_but_not_those_that_another_article_shows(place: Place, tmp_path: Path) -> None:
    with illustrated(tmp_path) as site:
        place.crawl("-a", "site=gazette", settings=site.settings, **KNOBS)
        home = site.home.rstrip("/")
        article = place.holding().article(home + ARTICLES[0])
        ran = taken(place, article.id, "--yes")
        assert ran.code == 0, ran.stderr
        left = place.holding()
        kept = {capture.url.removeprefix(home) for capture in left.captures}
        assert SHARED in kept
        assert not {*SHOWN, COPY, OLD, MOVED, site.server.origins[1] + ELSEWHERE} & kept
        assert place.verified() == len(left.captures)
        verified = verify_folder(place.archive)
        assert (verified.findings, [verified.capture_flaw(one) for one in left.captures if verified.capture_flaw(one)]) == ([], [])
        assert landscape(1) not in unpacked(place.archive)
        site.server.requests.clear()
        place.crawl("-a", "site=gazette", settings=site.settings, **KNOBS)
        assert not {*SHOWN, COPY, OLD, MOVED} & set(site.asked())
    assert place.frontier()[home + COPY].result is Result.TAKEN_DOWN


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A small site, crawled."""
    place = Place(tmp_path_factory.mktemp("small"))
    with illustrated(place.folder / "site", "") as site:
        place.crawl("-a", "site=gazette", settings=site.settings, **KNOBS)
    return place


@pytest.fixture
def article(small: Place, place: Place) -> Article:
    """The first article of a small site, of which the place holds a copy."""
    copy_of(small, place.folder)
    return next(article for article in place.holding().articles if article.url.endswith(ARTICLES[0]))


def test_a_page_of_another_site_with_the_same_content_keeps_it(place: Place, tmp_path: Path) -> None:
    """Its record only refers to the one that goes, so it is written anew before."""
    with illustrated(tmp_path, "") as site:
        place.crawl("-a", "site=gazette", settings=site.settings, **KNOBS)
        one = place.holding().article(site.home.rstrip("/") + ARTICLES[0])
        path = site.settings / "sites" / "gazette.toml"
        path.rename(path.with_name("herald.toml"))
        place.crawl("-a", "site=herald", settings=site.settings, **KNOBS)
    (twin,) = [article for article in place.holding().articles if article.url == one.url and article.site == "herald"]
    copy = next(capture for capture in place.holding().captures if capture.id == twin.capture)
    assert copy.refers_to == one.capture, "the test is worth nothing otherwise"
    page = read_exchange(place.archive, copy)
    assert taken(place, one.id, "--yes").code == 0
    left = {capture.id: capture for capture in place.holding().captures}
    assert left[copy.id].refers_to == ""
    assert read_exchange(place.archive, left[copy.id]) == page
    assert verify_folder(place.archive).findings == []
    assert {article.id for article in place.holding().articles if article.site == "herald"} >= {twin.id}


@pytest.mark.parametrize("harm", ["gone", "cut", "damaged"])
def test_of_a_lost_or_damaged_file_what_can_be_done_is_done_and_the_rest_is_told(place: Place, article: Article, harm: str) -> None:
    capture = next(one for one in place.holding().captures if one.id == article.capture)
    path = place.archive / capture.file
    data = bytearray(path.read_bytes())
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(data[: capture.offset + capture.length // 2])
    else:
        data[capture.offset + capture.length // 2] ^= 255
        path.write_bytes(data)
    ran = taken(place, article.id, "--yes", "--feeds")
    assert article.id not in {one.id for one in place.holding().articles}
    assert place.frontier()[article.url].result is Result.TAKEN_DOWN
    if harm == "damaged":  # its place is known, and nothing else is there
        assert ran.code == 0, ran.stderr
        assert article.text.split("\n")[1][:60].encode() not in unpacked(place.archive)
        assert verify_folder(place.archive).findings == []
    else:
        assert ran.code == 7
        assert capture.file in ran.stderr
        assert "could not be found where the store says" in ran.stderr


def test_what_else_is_where_a_record_was_stays(place: Place, article: Article) -> None:
    """A file with something put in before it: at the record's offset another one begins."""
    known = {one.id: one for one in place.holding().captures}
    other, mine = known[next(one.capture for one in place.holding().articles if one.id != article.id)], known[article.capture]
    path = place.archive / mine.file
    data = path.read_bytes()
    path.write_bytes(data[: mine.offset] + data[other.offset : other.offset + other.length] + data[mine.offset :])
    ran = taken(place, article.id, "--yes", "--feeds")
    assert ran.code == 7
    assert f"at {mine.offset}: another record is there" in ran.stderr
    assert read_record(place.archive, mine.file, mine.offset).url == other.url


def test_copies_of_the_store_are_named(place: Place, article: Article) -> None:
    store = Path(place.store.removeprefix("sqlite:///"))
    copy = store.with_name(f"{store.name}.before-0007-titles")
    copy.write_bytes(store.read_bytes())
    ran = taken(place, article.id, "--yes", "--feeds")
    assert ran.code == 7
    assert f"{copy} was made before a migration and may hold the article: delete it" in ran.stderr
    assert "may still stand in what is named above" in ran.stderr
    assert article.id not in {one.id for one in place.holding().articles}


def test_a_file_that_cannot_be_written_stops_it_before_the_store_forgets(
    place: Place, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_config({}, overrides={"archive.folder": str(place.archive)})

    def refuses(*_: object) -> None:
        raise ArchiveError("can't be written")

    monkeypatch.setattr("newscrawl.archive.removal._write_over", refuses)

    async def down(store: Store) -> None:
        await taken_down(store, config, await planned(store, article))

    with pytest.raises(ArchiveError, match="can't be written"):
        place.asked(down)
    assert article.id in {one.id for one in place.holding().articles}


def test_feeds_that_carried_it_are_named_and_go_if_that_is_wanted(place: Place, article: Article) -> None:
    feed = article.url.replace(ARTICLES[0], FEED)
    asked = taken(place, article.id)
    assert asked.code == 2
    assert f"its words stay in {feed} of" in asked.stdout
    assert "--feeds" in asked.stdout
    ran = taken(place, article.id, "--yes", "--feeds")
    assert ran.code == 0, ran.stderr
    assert feed not in {one.url for one in place.holding().captures}
    assert place.frontier()[feed].result is Result.LISTING, "it is asked for again, and may hold other articles"
    assert b"fire brigade" not in unpacked(place.archive)
    assert verify_folder(place.archive).findings == []
