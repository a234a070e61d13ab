"""`newscrawl archive import`: another crawler's files become the articles that our own crawl finds."""

import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from newscrawl.archive.exchange import Exchange
from newscrawl.archive.verify import verify_folder
from newscrawl.demo.serving import serve_demo
from newscrawl.models import Article
from tests.archive.folders import written
from tests.crawl.crawls import Place, Ran, ended, wait_for
from tests.exchanges import AT

IMPORT = ("-m", "newscrawl", "archive", "import")
# What depends on when a page was fetched and which link led there, or is compared below.
LEFT_OUT = {"first_seen", "last_seen", "capture", "aliases", "parts", "evidence"}


@dataclass(frozen=True, slots=True)
class Twice:
    """The demo portals as we crawl them, and as wget does."""

    own: Place
    files: list[Path]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    if not shutil.which("wget"):
        pytest.skip("wget is missing (Debian: apt install wget)")
    folder = tmp_path_factory.mktemp("twice")
    own, files = Place(folder), []
    with serve_demo() as demo:
        own.crawl("-a", f"url={','.join(demo.homes)}", crawl_review_days=3650)
        for number, home in enumerate(demo.homes):
            options = [
                "-q",
                "-r",
                "-l",
                "9",
                "--no-directories",
                "-P",
                str(folder / "pages"),
                "--warc-file",
                str(folder / f"wget-{number}"),
            ]
            subprocess.run(["wget", *options, home], cwd=folder, check=False, timeout=120)  # 8: some addresses are missing there
            files.append(folder / f"wget-{number}.warc.gz")
    return Twice(own, files)


def imported(place: Place, *files: Path, **knobs: object) -> Ran:
    return place.run("archive", "import", *map(str, files), **knobs)


def comparable(article: Article) -> dict[str, object]:
    kept = {field.name: getattr(article, field.name) for field in fields(article) if field.name not in LEFT_OUT}
    kept |= {"aliases": sorted(article.aliases), "parts": [(part.number, part.text) for part in article.parts]}
    if article.published and article.published.precision == "hour":  # "three hours ago", counted from when the page was fetched
        kept["published"] = replace(article.published, time=AT)
    return kept


def test_a_crawl_by_wget_becomes_the_same_articles(twice: Twice, place: Place) -> None:
    ran = imported(place, *twice.files)
    assert ran.code == 0, ran.stderr
    ours, theirs = twice.own.holding(), place.holding()
    assert len(ours.articles) == len(theirs.articles) > 20
    for article in ours.articles:
        assert comparable(theirs.article(article.url)) == comparable(article)
    assert f"{sum(one.site == ours.articles[0].site for one in ours.articles)} new articles" in ran.stdout
    assert place.verified() == len(theirs.captures) > 100
    verified = verify_folder(place.archive)
    assert [finding.detail for finding in verified.findings] == []
    assert [verified.capture_flaw(capture) for capture in theirs.captures if verified.capture_flaw(capture)] == []


def test_nothing_becomes_due(twice: Twice, place: Place) -> None:
    imported(place, *twice.files)
    assert {answered.state for answered in place.frontier().values()} == {"done"}


def test_importing_again_changes_nothing(twice: Twice, place: Place) -> None:
    imported(place, twice.files[0])
    before = place.holding()
    ran = imported(place, twice.files[0])
    assert (ran.code, " 0 new articles" in ran.stdout) == (0, True)
    assert place.holding() == before


def test_an_import_that_was_killed_is_continued(twice: Twice, place: Place) -> None:
    whole = Place(place.folder / "whole")
    whole.folder.mkdir()
    imported(whole, twice.files[0])
    place.prepare()
    for captures in (1, 10, 25):
        process = place.start(str(twice.files[0]), program=IMPORT, store_batch_size=1)
        wait_for(lambda: _captures(place) >= captures or process.poll() is not None, pause=0.002)  # noqa: B023 - at once
        process.send_signal(signal.SIGKILL)
        assert ended(process).code == -signal.SIGKILL
    assert _captures(place) < _captures(whole)
    assert imported(place, twice.files[0], store_batch_size=1).code == 0
    assert place.holding() == whole.holding()


def _captures(place: Place) -> int:
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db:
        return int(db.execute("SELECT count(*) FROM captures").fetchone()[0])


def test_a_damaged_file_is_read_as_far_as_it_goes_and_the_exit_code_says_so(twice: Twice, place: Place) -> None:
    broken = place.folder / "broken.warc.gz"
    broken.write_bytes(twice.files[1].read_bytes()[:-20_000])
    ran = imported(place, broken)
    assert ran.code == 7
    assert "torn" in ran.stderr
    assert place.holding().articles
    assert imported(place, place.folder / "nowhere.warc.gz").code == 5


def test_our_own_newer_state_is_left(twice: Twice, tmp_path: Path) -> None:
    """A crawl that saw the articles later than wget did."""
    place = Place(tmp_path)
    shutil.copytree(twice.own.folder, tmp_path / "own")
    shutil.copy(tmp_path / "own" / "store.db", tmp_path / "store.db")
    before = place.holding().articles
    for path in (tmp_path / "own").glob("wget-*.warc.gz"):
        old = tmp_path / path.name.replace(".warc.gz", ".warc")
        unpacked = subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout
        year = str(AT.year).encode()
        old.write_bytes(unpacked.replace(b"WARC-Date: " + year, b"WARC-Date: 2019").replace("一".encode(), "二".encode()))
        assert imported(place, old).code == 0
    assert place.holding().articles == before
    assert len(place.holding().captures) > 2 * len(before)


# what CC-NEWS and others bring


STORY = """<html><head><title>Bridge reopens after repairs | Gazette</title>{head}</head><body><h1>Bridge reopens after repairs</h1>
<p class="date">1 August 2026</p>{body}</body></html>"""
BODY = "".join(
    f"<p>The {word} span of the bridge was closed for weeks, and the council says that it will now carry buses again.</p>"
    for word in ("northern", "southern", "eastern", "western", "central")
)


def story(url: str, *, head: str = "", hours: int = 0, body: str = BODY) -> Exchange:
    page = STORY.format(head=head, body=body).encode()
    return Exchange(url, AT + timedelta(hours=hours), 200, (("Content-Type", "text/html"),), page, reason="OK")


def brought(place: Place, *exchanges: Exchange) -> list[Article]:
    (one, *_) = written(place.folder / "theirs", exchanges)
    ran = imported(place, place.folder / "theirs" / one.file)
    assert ran.code == 0, ran.stderr
    return place.holding().articles


def test_pages_of_many_hosts_belong_to_the_sites_of_their_hosts(place: Place) -> None:
    urls = ["https://www.gazette.example/a.html", "https://sport.gazette.example/b.html", "https://herald.example/c.html"]
    articles = brought(place, *(story(url, body=BODY.replace("buses", f"{name} buses")) for url, name in zip(urls, "xyz", strict=True)))
    assert {article.url: article.site for article in articles} == {
        urls[0]: "gazette.example", urls[1]: "gazette.example", urls[2]: "herald.example"
    }  # fmt: skip


def test_an_article_whose_canonical_address_is_not_in_the_file_is_taken_as_it_is(place: Place) -> None:
    url = "https://gazette.example/a.html"
    head = '<link rel="canonical" href="https://gazette.example/2026/bridge-reopens.html">'
    assert [article.url for article in brought(place, story(url, head=head))] == [url]


def test_revisit_records_stand_for_what_they_refer_to(place: Place) -> None:
    url = "https://gazette.example/a.html"
    (article,) = brought(place, story(url), story(url, hours=5))
    assert article.last_seen == AT + timedelta(hours=5)
    assert [bool(capture.refers_to) for capture in place.holding().captures] == [False, True]
    assert place.verified() == 2


def test_a_site_that_is_being_crawled_is_left_and_the_exit_code_says_so(place: Place) -> None:
    (one, *_) = written(place.folder / "theirs", [story("https://gazette.example/a.html")])
    holder = "elsewhere:1/0/0"
    at = AT.replace(year=2200)
    place.prepare()
    place.asked(lambda store: store.take_lease("gazette.example", holder, AT, at))
    ran = imported(place, place.folder / "theirs" / one.file)
    assert ran.code == 7
    assert not place.holding().articles


def test_hostile_files_crash_nothing(hostile: Path, place: Place) -> None:
    for path in sorted((hostile / "warc").iterdir()):
        ran = imported(place, path)
        assert ran.code in (0, 5, 7), ran.stderr
        assert "Traceback" not in ran.stderr
