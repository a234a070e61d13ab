"""`newscrawl reextract`: the archive read again. What an older reader left is simulated by changing what the store holds."""

import contextlib
import json
import random
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.clean.template import _key
from newscrawl.crawl.learned import read_learned, write_learned
from newscrawl.identify.article import READER
from newscrawl.jobs.journal import Journal
from newscrawl.jobs.reextract import base_of, digest_of, fingerprint
from newscrawl.models import Article
from newscrawl.sites import SiteDefinition
from tests.archives import copy_of
from tests.crawl.crawls import Place, Ran, ended, wait_for

REEXTRACT = ("-m", "newscrawl", "reextract")
ROLL = random.Random(11)


@pytest.fixture
def place(crawled_demo: Place, tmp_path: Path) -> Place:
    """A copy of a crawl of both demo portals; their server has gone."""
    return copy_of(crawled_demo, tmp_path / "copy")


def reextracted(place: Place, *options: str, **knobs: object) -> Ran:
    return place.run("reextract", *options, **knobs)


def as_an_older_reader_left_it(place: Place, change: str = "title = title || ' (old)', text = text || ' old'", where: str = "1") -> int:
    """How many articles were changed."""
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db, db:
        return db.execute(f"UPDATE articles SET {change} WHERE {where}").rowcount


def templates(place: Place) -> list[str]:
    """What crawls have learned of each site's."""
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db:
        return [read_learned(text).get("template", "") for (text,) in db.execute("SELECT learned FROM sites")]


def states(place: Place) -> dict[str, Article]:
    return {article.id: article for article in place.holding().articles}


def test_the_same_reader_finds_nothing_to_change(place: Place) -> None:
    before = place.holding()
    ran = reextracted(place, "--apply")
    assert (ran.code, f"{len(before.articles)} articles read again: 0 differ" in ran.stdout) == (0, True), ran.stderr
    assert place.holding() == before


def test_what_differs_is_shown_and_nothing_written(place: Place) -> None:
    count = as_an_older_reader_left_it(place)
    before = states(place)
    ran = reextracted(place, "--processes", "1")
    assert ran.code == 0
    assert f"{count} differ" in ran.stdout
    assert [line.split() for line in ran.stdout.splitlines() if line.startswith(("title", "text "))] == [
        ["title", str(count)], ["text", str(count)]
    ]  # fmt: skip
    assert "(old)" in ran.stdout
    assert states(place) == before


def test_what_differs_is_written_as_revisions_of_ours(place: Place, crawled_demo: Place) -> None:
    count, right = as_an_older_reader_left_it(place), states(crawled_demo)
    assert reextracted(place, "--apply").code == 0
    after = states(place)
    assert len(after) == count
    for identity, article in after.items():
        assert article == replace(right[identity], revision=right[identity].revision + 1, evidence=article.evidence)
        *_, former = place.revisions(article)
        assert (former.reader, set(former.changed)) == (READER, {"title", "text"})
        assert former.title.endswith(" (old)")
    assert reextracted(place, "--apply").stdout.splitlines()[0].endswith("0 differ, 0 could not be read")


def test_what_is_no_part_of_the_text_changes_without_a_revision(place: Place, crawled_demo: Place) -> None:
    as_an_older_reader_left_it(place, "section = 'old'")
    assert reextracted(place, "--apply").code == 0
    assert {one.section for one in states(place).values()} == {one.section for one in states(crawled_demo).values()}
    assert {one.revision for one in states(place).values()} == {1}


def test_the_next_search_finds_what_was_written(place: Place) -> None:
    as_an_older_reader_left_it(place)
    reextracted(place, "--apply")
    ran = place.run("search", "渡船")
    assert "(old)" not in ran.stdout
    assert "渡船" in ran.stdout


def test_a_site_or_a_time_can_be_chosen(place: Place) -> None:
    as_an_older_reader_left_it(place)
    site = min(article.site for article in states(place).values())
    assert reextracted(place, "--apply", "--site", site).code == 0
    assert {article.site for article in states(place).values() if "(old)" in article.title} == {
        article.site for article in states(place).values()
    } - {site}
    assert reextracted(place, "--since", "2999").stdout.startswith("0 articles")


def test_what_was_looked_at_is_not_read_again_to_be_written(place: Place) -> None:
    count = as_an_older_reader_left_it(place)
    reextracted(place)
    ran = reextracted(place, "--apply")
    assert f"{count} articles read again ({count} of them by an earlier run): {count} differ" in ran.stdout
    assert not [article for article in states(place).values() if "(old)" in article.title]
    assert not list((place.archive / "reextract").iterdir())


def test_what_a_crawl_changed_meanwhile_is_read_again(place: Place) -> None:
    count = as_an_older_reader_left_it(place)
    reextracted(place)
    one = next(iter(states(place)))
    as_an_older_reader_left_it(place, "title = 'changed meanwhile'", f"id = '{one}'")
    ran = reextracted(place, "--apply")
    assert f"({count - 1} of them by an earlier run)" in ran.stdout
    assert states(place)[one].title != "changed meanwhile"
    assert place.revisions(states(place)[one])[-1].title == "changed meanwhile"


def test_ten_kills_change_nothing_twice_and_miss_nothing(place: Place, crawled_demo: Place) -> None:
    as_an_older_reader_left_it(place)
    before = {identity: len(place.revisions(article)) for identity, article in states(place).items()}
    for part in sorted(ROLL.uniform(0, 1.7) for _ in range(10)):  # 1: all are read, 2: all are written
        process = place.start("--apply", program=REEXTRACT, alone=True, store_batch_size=1)
        while process.poll() is None and _done(place) < part * len(before):
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        assert ended(process).code == -signal.SIGKILL
    assert len(before) < _done(place) < 2 * len(before)
    wait_for(lambda: not _orphans(place))
    assert reextracted(place, "--apply").code == 0
    after, right = states(place), states(crawled_demo)
    assert {identity: article.title for identity, article in after.items()} == {one.id: one.title for one in right.values()}
    assert {identity: article.text for identity, article in after.items()} == {one.id: one.text for one in right.values()}
    assert {article.revision for article in after.values()} == {2}
    assert {identity: len(place.revisions(article)) - before[identity] for identity, article in after.items()} == dict.fromkeys(after, 1)


def _done(place: Place) -> int:
    """How many articles stand in the journal, and how many are written."""
    was_read = sum(path.read_bytes().count(b"\n") for path in (place.archive / "reextract").glob("*.jsonl"))
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db:
        return was_read + int(db.execute("SELECT count(*) FROM articles WHERE title NOT LIKE '% (old)'").fetchone()[0])


def _orphans(place: Place) -> list[str]:
    """Processes that work on the place after those who started them have died."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if str(place.folder).encode() in environment.read_bytes():
                found.append(environment.parent.name)
    return found


def test_a_capture_that_cannot_be_read_is_told_and_its_article_left(place: Place) -> None:
    as_an_older_reader_left_it(place)
    one = next(iter(states(place).values()))
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db, db:
        db.execute("UPDATE captures SET digest = 'sha1:A' WHERE id = ?", (one.capture,))
    ran = reextracted(place, "--apply")
    assert ran.code == 7
    assert "its digest differs" in ran.stderr
    left = [article.id for article in states(place).values() if "(old)" in article.title]
    assert left == [one.id]


def test_a_site_that_is_being_crawled_is_left(place: Place) -> None:
    as_an_older_reader_left_it(place)
    site = next(iter(states(place).values())).site
    at = states(place)[next(iter(states(place)))].last_seen
    place.asked(lambda store: store.take_lease(site, "elsewhere:1/0/0", at, at.replace(year=2200)))
    ran = reextracted(place, "--apply")
    assert ran.code == 7
    assert {article.site for article in states(place).values() if "(old)" in article.title} == {site}
    place.asked(lambda store: store.free_lease(site, "elsewhere:1/0/0"))
    assert reextracted(place, "--apply").code == 0
    assert not [article for article in states(place).values() if "(old)" in article.title]


def test_the_frontier_is_left_as_it_was(place: Place) -> None:
    before = place.frontier()
    as_an_older_reader_left_it(place)
    reextracted(place, "--apply")
    assert place.frontier() == before


def known_as_the_sites(place: Place, article: Article, line: str) -> None:
    """As if the crawls of an article's site had found a line to be the site's."""
    with closing(sqlite3.connect(place.store.removeprefix("sqlite:///"))) as db, db:
        (text,) = db.execute("SELECT learned FROM sites WHERE site = ?", (article.site,)).fetchone()
        sections = read_learned(text)
        template = json.loads(sections["template"])
        template["known"].append(_key(line))
        learned = write_learned({**sections, "template": json.dumps(template)})
        db.execute("UPDATE sites SET learned = ? WHERE site = ?", (learned, article.site))


def test_a_changed_template_touches_the_articles_that_hold_what_it_learned(place: Place) -> None:
    before = states(place)
    chosen = max(before.values(), key=lambda article: len(article.text_published.split("\n")))
    line = chosen.text_published.split("\n")[1]
    others = [one.id for one in before.values() if line in one.text_published.split("\n") and one.site == chosen.site]
    assert reextracted(place, "--changed-template").stdout.startswith("0 articles read again: 0 differ")
    known_as_the_sites(place, chosen, line)
    ran = reextracted(place, "--changed-template", "--apply")
    assert f"{len(others)} article" in ran.stdout.splitlines()[0], ran.stdout
    after = states(place)
    assert {id_ for id_, article in after.items() if article != before[id_]} == set(others)
    assert line not in after[chosen.id].text.split("\n")
    again = reextracted(place, "--changed-template", "--apply")
    assert again.stdout.startswith("0 articles read again: 0 differ"), again.stdout


def test_without_a_store_the_advice_is_named(tmp_path: Path) -> None:
    assert reextracted(Place(tmp_path)).code == 4


def test_another_definition_of_a_site_begins_another_journal() -> None:
    plain = SiteDefinition(slug="gazette", url="https://gazette.example/")
    assert (
        fingerprint((plain,))
        == fingerprint((plain,))
        != fingerprint((SiteDefinition(slug="gazette", url="https://gazette.example/", article="x"),))
    )


def test_half_a_line_at_the_end_of_the_journal_is_dropped(tmp_path: Path, place: Place) -> None:
    as_an_older_reader_left_it(place)
    reextracted(place)
    (path,) = (place.archive / "reextract").glob("*.jsonl")
    data = path.read_bytes()
    for cut in (1, 50, len(data) - 3):
        path.write_bytes(data[:cut])
        done = Journal(path).lines()
        assert len(done) == data[:cut].count(b"\n")
        assert path.read_bytes() == data[: data.rfind(b"\n", 0, cut) + 1]
        bases = {article.id: {base_of(article, digest_of(template)) for template in templates(place)} for article in states(place).values()}
        assert all(base in bases[article] for article, base in done.items())


def test_old_captures_keep_the_layout_of_their_day(place: Place) -> None:
    home = next(article.url for article in place.holding().articles)
    settings = place.folder / "settings"
    (settings / "sites").mkdir(parents=True)
    slug = next(run.site for run in place.holding().runs if run.site.replace("-", ":") in home)
    counts = []
    for day in ("2020-01-01", "2100-01-01"):
        (settings / "sites" / f"{slug}.toml").write_text(f'url = "{home}"\n[[layout]]\nvalid_from = {day}\nbody = {{ css = "h1" }}\n')
        counts.append(int(reextracted(place, settings=settings).stdout.split(" read again: ")[1].split()[0]))
    assert counts[0] > 0
    assert counts[1] == 0
