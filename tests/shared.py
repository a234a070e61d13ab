"""Other people's files, which stay out of the project: NEWSCRAWL_SHARED, or ../shared beside the checkout."""

import os
import tarfile
from pathlib import Path

import pytest


def shared_folder() -> Path:
    """The folder; the test that asks is skipped if there is none."""
    folder = Path(os.environ.get("NEWSCRAWL_SHARED") or Path(__file__).parents[2] / "shared")
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: NEWSCRAWL_SHARED names the folder of real pages and hostile files")
    return folder


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpacked: real robots.txt files, hostile addresses, broken WARC files."""
    folder = tmp_path_factory.mktemp("hostile")
    with tarfile.open(shared_folder() / "hostile" / "hostile.tar.xz") as packed:
        if hasattr(tarfile, "data_filter"):  # from Python 3.11.4 on
            packed.extraction_filter = tarfile.data_filter
        packed.extractall(folder)
    return folder
