"""Whatever is wrong, `scrapy crawl portal` and `newscrawl crawl` say it in one line on stderr and end with the code of the cause."""

import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl import errors
from newscrawl.demo.serving import Demo
from tests.crawl.crashes import brisk_demo, looked_through
from tests.crawl.crawls import NEWSCRAWL, ROOT, SCRAPY, Place, Ran
from tests.daemons import free_port

BOTH = pytest.mark.parametrize("program", [SCRAPY, NEWSCRAWL], ids=["scrapy", "newscrawl"])
NOBODY_HOME = f"http://127.0.0.1:{free_port()}/"


def crawl(place: Place, program: tuple[str, ...], *named: str, **knobs: object) -> Ran:
    """A crawl by either program; `named` are its arguments for Scrapy: "site=x", "url=y"."""
    if program is SCRAPY:
        return place.crawl(*(part for name in named for part in ("-a", name)), program=SCRAPY, **knobs)
    return place.crawl(*("--all" if name == "sites=all" else name.partition("=")[2] for name in named), program=NEWSCRAWL, **knobs)


def told(ran: Ran) -> str:
    """The one line on stderr."""
    (line,) = ran.stderr.splitlines()
    return line


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings folder with a site that has a mistyped key."""
    (tmp_path / "settings" / "sites").mkdir(parents=True)
    (tmp_path / "settings" / "sites" / "gazette.toml").write_text(f'url = "{NOBODY_HOME}"\nlistings = ["/city/"]\n')
    return tmp_path / "settings"


@BOTH
def test_a_site_that_is_not_there(place: Place, settings: Path, program: tuple[str, ...]) -> None:
    ran = crawl(place, program, "site=gazete", settings=settings)
    assert ran.code == 3
    assert told(ran) == (
        f"newscrawl: no site is named gazete: give an address such as https://gazete.example/, or write {settings}/sites/gazete.toml."
        " Did you mean 'gazette'? Known: gazette"
    )


@BOTH
@pytest.mark.parametrize("url", ["ht!tp://", "file:///etc/hostname"])
def test_an_address_that_is_none(place: Place, program: tuple[str, ...], url: str) -> None:
    ran = crawl(place, program, f"url={url}")
    assert ran.code == 2
    assert told(ran).startswith(f"newscrawl: {url}: not the address of a web site")


def test_a_name_is_no_address(place: Place) -> None:
    ran = crawl(place, SCRAPY, "url=gazette")
    assert ran.code == 2
    assert "write it like https://example.org/" in told(ran)


@BOTH
@pytest.mark.parametrize("since", ["2026-13", "yesterday"])
def test_a_since_that_is_no_date(place: Place, program: tuple[str, ...], since: str) -> None:
    options = ("-a", f"url={NOBODY_HOME}", "-a", f"since={since}") if program is SCRAPY else (NOBODY_HOME, "--since", since)
    ran = place.crawl(*options, program=program)
    assert (ran.code, told(ran)) == (2, f"newscrawl: since {since}: write a year, month or day such as 2026, 2026-08 or 2026-08-31")


@BOTH
@pytest.mark.parametrize("named", ["site=gazette", "sites=all"])
def test_an_unknown_key_in_a_site_file(place: Place, settings: Path, program: tuple[str, ...], named: str) -> None:
    ran = crawl(place, program, named, settings=settings)
    assert ran.code == 3
    assert told(ran).startswith(f"newscrawl: {settings}/sites/gazette.toml: unknown key listings. Did you mean 'listing'?")


@BOTH
def test_an_unknown_knob(place: Place, settings: Path, program: tuple[str, ...]) -> None:
    """Scrapy reads its settings before any command of ours runs."""
    (settings / "newscrawl.toml").write_text("[crawl]\ndelai = 2\n")
    in_file = crawl(place, program, f"url={NOBODY_HOME}", settings=settings)
    in_environment = crawl(place, program, f"url={NOBODY_HOME}", crawl_delai=2)
    assert (in_file.code, in_environment.code) == (3, 3)
    assert told(in_file).startswith(f"newscrawl: {settings}/newscrawl.toml: unknown key crawl.delai. Did you mean 'delay'?")
    assert told(in_environment).startswith("newscrawl: environment: unknown variable NEWSCRAWL_CRAWL_DELAI")


@BOTH
def test_a_store_that_does_not_answer(tmp_path: Path, program: tuple[str, ...]) -> None:
    place = Place(tmp_path, f"mongodb://127.0.0.1:{free_port()}/news")
    ran = crawl(place, program, f"url={NOBODY_HOME}")
    assert ran.code == 4
    assert told(ran) == f"newscrawl: {place.store}: no answer: check that it is running and reachable, then run again"
    assert ran.seconds < 10


@BOTH
def test_a_store_of_a_kind_that_is_not_known(tmp_path: Path, program: tuple[str, ...]) -> None:
    ran = crawl(Place(tmp_path, "redis://127.0.0.1/0"), program, f"url={NOBODY_HOME}")
    assert ran.code == 2
    assert "use sqlite:///" in told(ran)


@BOTH
def test_a_store_that_a_newer_newscrawl_wrote(place: Place, program: tuple[str, ...]) -> None:
    place.prepare()
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db, db:
        db.execute("INSERT INTO migrations VALUES ('9999-from-the-future', 1)")
    ran = crawl(place, program, f"url={NOBODY_HOME}")
    assert ran.code == 4
    assert "was written by a newer newscrawl" in told(ran)
    assert "upgrade newscrawl" in told(ran)


@BOTH
def test_an_archive_folder_that_cannot_be_written(demo: Demo, place: Place, program: tuple[str, ...]) -> None:
    (place.folder / "file").write_text("no folder")
    ran = crawl(place, program, f"url={demo.homes[1]}", archive=place.folder / "file" / "warc")
    assert ran.code == 5
    assert told(ran).startswith(f"newscrawl: {place.folder}/file/warc: can't write WARC files: Not a directory")
    assert place.holding().articles == []
    assert [run.outcome for run in place.holding().runs] == ["failed"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("-a", "limit=0"), "limit 0: give a number of articles, 1 or more"),
        (("-a", "limit=some"), "limit some: give a number of articles, 1 or more"),
        (("-a", "urll=x"), "-a urll: unknown argument; allowed: url, site, sites, limit, since"),
    ],
)
def test_arguments_of_scrapy_that_make_no_sense(place: Place, arguments: tuple[str, ...], complaint: str) -> None:
    ran = place.crawl("-a", f"url={NOBODY_HOME}", *arguments)
    assert (ran.code, told(ran)) == (2, f"newscrawl: {complaint}")


def test_nothing_to_crawl(place: Place) -> None:
    assert told(place.crawl()) == "newscrawl: nothing to crawl: give -a url=ADDRESS, -a site=SLUG or -a sites=all"
    assert told(place.crawl(program=NEWSCRAWL)) == "newscrawl: name sites or addresses to crawl, or use --all"


@pytest.mark.parametrize("arguments", [("--limit", "0"), ("--limits", "3")])
def test_options_that_make_no_sense(place: Place, arguments: tuple[str, ...]) -> None:
    ran = place.crawl(NOBODY_HOME, *arguments, program=NEWSCRAWL)
    assert ran.code == 2
    assert "Traceback" not in ran.stderr
    assert arguments[0] in ran.stderr


@BOTH
def test_a_site_that_nobody_serves(place: Place, program: tuple[str, ...]) -> None:
    ran = crawl(place, program, f"url={NOBODY_HOME}", crawl_retry_seconds=0.05)
    assert ran.code == 7
    assert re.match(r"newscrawl: not whole: 127\.0\.0\.1-\d+: deferred until .* UTC: addresses that wait: 1, the first http://", told(ran))
    assert {answered.detail for answered in place.frontier().values()} >= {"its robots.txt can't be read"}


# a disk that is full


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of its own with room for a few pages."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(mount(folder, "100k"), capture_output=True, check=False).returncode == 0
    if not mounted:
        pytest.skip("only root may mount a small disk, and not in every container")
    yield folder
    subprocess.run(["umount", folder], check=True)


def mount(folder: Path, size: str, *more: str) -> list[str | Path]:
    return ["mount", "-t", "tmpfs", "-o", ",".join([*more, f"size={size}"]), "tmpfs", folder]


def test_a_full_disk_loses_nothing(place: Place, small_disk: Path) -> None:
    with brisk_demo() as demo:
        arguments, archive = ("-a", f"url={','.join(demo.homes)}"), {"archive": small_disk / "warc"}
        full = place.crawl(*arguments, **archive)
        assert full.code == 5
        assert told(full).startswith(f"newscrawl: {small_disk}/warc: can't write WARC files: No space left on device")
        subprocess.run(mount(small_disk, "10m", "remount"), check=True)
        again = place.crawl(*arguments, **archive)
        assert again.code == 0, again.stderr
        found = looked_through(Place(place.folder, place.store, archive=small_disk / "warc"), demo.expected())
        assert found.sound, found
        assert list(small_disk.rglob("*.open")) == []


# codes


def test_the_table_of_codes_is_that_of_the_errors() -> None:
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "commands.md").read_text("utf-8"), re.MULTILINE)
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.NewscrawlError)]
    assert {int(row) for row in rows} == {0, *(kind.exit_code for kind in kinds)}
