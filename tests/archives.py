"""Archives that are crawled once, and copied for every test that wants one."""

import shutil
from pathlib import Path

import pytest

from newscrawl.demo.serving import serve_demo
from tests.crawl.crawls import Place


@pytest.fixture(scope="session")
def crawled_demo(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Both demo portals, crawled; their server has gone. To be read only: what changes it takes a copy."""
    place = Place(tmp_path_factory.mktemp("crawled"))
    with serve_demo() as demo:
        ran = place.crawl("-a", f"url={','.join(demo.homes)}", crawl_review_days=3650)
    assert ran.code == 0, ran.stderr
    return place


def copy_of(place: Place, folder: Path) -> Place:
    """The same store and archive, of its own, in a folder that may be there already."""
    shutil.copytree(place.folder, folder, dirs_exist_ok=True)
    return Place(folder)
