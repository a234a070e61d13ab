"""All naughty strings and XSS payloads through all pages: `python -m benchmarks.payloads FOLDER [PART/PARTS]`.

FOLDER holds strings/ or hostile.tar.xz. Each string is title, author, section, text and address of an article that was edited, reprinted
and lost. Every page is looked at twice: for what could run or be loaded, and in Chromium without the policy it is served with, where what
waits for a mouse or keys is given that. The control is a page that takes each string for markup. Exit code 1 if anything ran, or if nothing
of the control did. All strings take a quarter of an hour; 1/8 is every eighth of them, from the first.
"""

from __future__ import annotations

import asyncio
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from newscrawl.crawl.browser import program
from tests.knobs import browser_knobs
from tests.web.conftest import Served, running
from tests.web.payloads import HOOK, addresses, fill, loads_and_runs, naive, ran_in, strings


def main(folder: Path, part: int = 1, parts: int = 1) -> int:
    """Measure, print, and the exit code."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as place:
        texts = strings(_unpacked(folder, Path(place)))[part - 1 :: parts]
        uri = f"sqlite:///{place}/store.db"
        articles = asyncio.run(fill(uri, texts))
        with running(uri, Path(place)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program(browser_knobs()), args=["--no-sandbox"])
            page = browser.new_page()
            page.add_init_script(HOOK)
            page.goto("about:blank")
            served, began = Served(address, articles[0]), time.monotonic()
            answers = {target: served.get(target).text for target in addresses(articles)}
            could = {target: found for target, text in answers.items() if (found := loads_and_runs(text))}
            ran = ran_in(page, list(answers.values()))
            control = ran_in(page, [naive(text) for text in texts])
            browser.close()
    print(f"{len(texts)} strings, {len(answers)} pages, {time.monotonic() - began:.0f} s")
    print(f"could run or load: {len(could)} pages; ran in Chromium: {len(ran)}; of the control pages {len(control)} ran")
    for target in [*could, *(list(answers)[at] for at in ran)][:20]:
        print(f"  {target} {could.get(target, '')}")
    return 1 if could or ran or not control else 0


def _unpacked(folder: Path, place: Path) -> Path:
    if (folder / "strings").is_dir():
        return folder / "strings"
    with tarfile.open(folder / "hostile.tar.xz") as packed:
        if hasattr(tarfile, "data_filter"):  # from Python 3.11.4 on
            packed.extraction_filter = tarfile.data_filter
        packed.extractall(place)
    return place / "strings"


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), *map(int, "".join(sys.argv[2:]).split("/") if sys.argv[2:] else ())))
