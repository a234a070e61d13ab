"""The page of all sites."""

from pathlib import Path

from newscrawl.models import Run
from newscrawl.store import open_store
from newscrawl.web import pages
from tests.store.records import hours


async def test_a_site_is_listed_however_often_another_was_crawled_since(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    await store.open()
    await store.save_run(Run("seldom", "herald", hours(0), hours(1), "finished"))
    for number in range(1_001):
        await store.save_run(Run(str(number), "gazette", hours(2 + number)))
    text = bytes((await pages.sites(store)).body).decode()
    await store.close()
    assert 'href="/sites/herald"' in text
    assert "finished" in text
