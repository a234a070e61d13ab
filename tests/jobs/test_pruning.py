"""`newscrawl archive prune`: files of which nothing is needed go, and the archive stays sound."""

from datetime import timedelta
from pathlib import Path

import pytest

from newscrawl.archive.verify import verify_folder
from newscrawl.demo.serving import serve_demo
from newscrawl.jobs.pruning import prunable
from newscrawl.store.sqlite.adapter import SqliteStore
from tests.archive.folders import page, written
from tests.archives import copy_of
from tests.crawl.crawls import Place, Ran
from tests.exchanges import AT
from tests.store.records import article, holding, revision, visited


@pytest.fixture(scope="module")
def visited_thrice(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The English demo portal: the second time nothing is new."""
    crawled = Place(tmp_path_factory.mktemp("crawled"))
    with serve_demo() as demo:
        for _ in range(3):
            crawled.crawl("-a", f"url={demo.homes[1]}", crawl_review_days=3650)
    return crawled


@pytest.fixture
def place(visited_thrice: Place, tmp_path: Path) -> Place:
    """A copy."""
    return copy_of(visited_thrice, tmp_path)


def pruned(place: Place, *options: str) -> Ran:
    return place.run("archive", "prune", *options)


def files(place: Place) -> set[str]:
    return {path.name for path in place.archive.glob("*.warc.gz")}


def sound(place: Place) -> bool:
    verified, captures = verify_folder(place.archive), place.holding().captures
    return not verified.findings and not [one for one in captures if verified.capture_flaw(one)] and place.verified() == len(captures)


def test_files_that_hold_no_article_go_and_all_else_stays(place: Place) -> None:
    before, articles = files(place), place.holding().articles
    first = {capture.file for capture in place.holding().captures if capture.id in {article.capture for article in articles}}
    ran = pruned(place, "--before", "2999")
    assert ran.code == 0
    assert files(place) == before
    listed = {line.split("  ")[0] for line in ran.stdout.splitlines()}
    assert listed == before - first != set()
    assert pruned(place, "--before", "2999", "--apply").code == 0
    assert files(place) == first
    assert place.holding().articles == articles
    assert sound(place)
    assert pruned(place, "--before", "2999").stdout == ""


def test_newer_files_stay(place: Place) -> None:
    assert pruned(place, "--before", "2020", "--apply").stdout == ""
    assert pruned(place, "--before", "soon").code == 2


def test_while_a_site_is_crawled_nothing_goes(place: Place) -> None:
    one = place.holding().articles[0]
    place.asked(lambda store: store.take_lease(one.site, "elsewhere:1/0/0", one.last_seen, one.last_seen.replace(year=2200)))
    before = files(place)
    assert pruned(place, "--before", "2999", "--apply").code == 6
    assert files(place) == before


async def test_what_is_referred_to_stays_however_indirectly(tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    listing, lone, shared = page(1), page(2), page(3)
    (old,) = written(folder, [listing], first=1)
    (alone,) = written(folder, [lone], first=2)
    (again,) = written(folder, [listing], first=3, stored={old.digest: old})
    (former,) = written(folder, [shared], first=4)
    (kept,) = written(folder, [page(5)], first=5)
    (foreign,) = written(folder, [page(6)], first=6)
    assert again.refers_to == old.id
    store = SqliteStore(tmp_path / "store.db", "sqlite:///store.db")
    await store.open()
    await store.settle([visited(capture=one) for one in (old, alone, again, former, kept)])
    await store.settle(holding(article("a", capture=kept.id)))
    await store.settle([visited(revision=revision("a", capture=former.id))])
    later = AT + timedelta(days=1)
    assert set((await prunable(store, folder, later)).files) == {old.file, alone.file, again.file}
    await store.settle(holding(article("b", capture=again.id)))
    assert set((await prunable(store, folder, later)).files) == {alone.file}
    assert set((await prunable(store, folder, AT)).files) == set()
    assert (folder / foreign.file).exists()
    await store.close()
