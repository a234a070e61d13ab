"""Crawls as a user starts them: programs of their own, with a store and an archive of their own."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from typer.testing import CliRunner

from newscrawl.archive.warc import read_exchange
from newscrawl.cli import app
from newscrawl.models import Article, Capture, Result, Revision, Run, State
from newscrawl.store import open_store
from newscrawl.store.protocol import Backlog, Search, Store

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
SCRAPY = ("-m", "scrapy", "crawl", "portal")
NEWSCRAWL = ("-c", "from newscrawl.cli import main; main()", "crawl")
PATIENCE = 240.0  # seconds after which a crawl that does not end is taken for hung, on the busiest of machines


@dataclass(frozen=True, slots=True)
class Ran:
    """A crawl that is over."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    peak: int  # megabytes of memory at most; 0 where the system doesn't tell


@dataclass(frozen=True, slots=True)
class Holding:
    """What store and archive hold."""

    articles: list[Article]
    captures: list[Capture]
    runs: list[Run]  # latest first

    @property
    def urls(self) -> list[str]:
        return sorted(article.url for article in self.articles)

    def article(self, url: str) -> Article:
        (found,) = [article for article in self.articles if url in (article.url, *article.aliases)]
        return found

    def run(self, site: str) -> Run:
        return next(run for run in self.runs if run.site == site)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the frontier says of an address."""

    state: State
    result: Result
    detail: str


@dataclass
class Place:
    """A folder with a store and WARC files, unless these are told to be elsewhere."""

    folder: Path
    store: str = ""
    archive: Path = Path()

    def __post_init__(self) -> None:
        self.store = self.store or f"sqlite:///{self.folder}/store.db"
        self.archive = self.archive if self.archive.name else self.folder / "warc"

    def start(self, *arguments: str, program: tuple[str, ...] = SCRAPY, alone: object = False, **knobs: object) -> subprocess.Popen[str]:
        """A crawl that has just begun. `knobs` are set by its environment, under their names there: crawl_delay."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL_")}
        environment = {**kept, **self.settings(knobs)}
        command = [sys.executable, "-W", "always::ResourceWarning", *program, *arguments]
        piped: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=bool(alone), **piped)

    def settings(self, knobs: Mapping[str, object]) -> dict[str, str]:
        """The environment variables that tell a program of this place and the knobs."""
        set_here = {"crawl_delay": "0.01", "browser_programs": "none", "store": self.store, "archive": str(self.archive), **knobs}
        return {f"NEWSCRAWL_{name.upper()}": str(value) for name, value in set_here.items()}

    def run(self, *arguments: str, **knobs: object) -> Ran:
        """What `newscrawl ARGUMENTS` does, in this process: starting one takes longer than most commands. Not for crawls and kills."""
        outside = {name: None for name in os.environ if name.startswith("NEWSCRAWL_")}
        begun = time.monotonic()
        result = CliRunner().invoke(app, arguments, prog_name="newscrawl", env={**outside, **self.settings(knobs)})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr, time.monotonic() - begun, peak=0)

    def crawl(self, *arguments: str, program: tuple[str, ...] = SCRAPY, **knobs: object) -> Ran:
        """A crawl, once it has ended."""
        return ended(self.start(*arguments, program=program, **knobs))

    def prepare(self) -> None:
        """As `newscrawl db init`."""

        async def made() -> None:
            store = open_store(self.store)
            try:
                await store.prepare()
            finally:
                await store.close()

        asyncio.run(made())

    def holding(self) -> Holding:
        async def read(store: Store) -> Holding:
            articles = [article async for article in store.articles(Search())]
            return Holding(articles, [capture async for capture in store.captures()], await store.runs(limit=1_000))

        return self.asked(read)

    def revisions(self, article: Article) -> list[Revision]:
        return self.asked(lambda store: store.revisions(article.id))

    def backlog(self, site: str) -> Backlog:
        return self.asked(lambda store: store.backlog(site))

    def frontier(self) -> dict[str, Answered]:
        """What came of each address."""
        rows = self.rows("url, state, result, detail")
        return {url: Answered(State(state), Result(result), detail) for url, state, result, detail in rows}

    def rows(self, columns: str) -> list[tuple[Any, ...]]:
        """Columns of the frontier, of which the Store tells only what a crawl needs."""
        with closing(sqlite3.connect(self.store.removeprefix("sqlite:///"))) as db:
            return db.execute(f"SELECT {columns} FROM frontier").fetchall()

    def asked(self, question: Callable[[Store], Awaitable[T]]) -> T:
        """What `question` answers, given the open store."""

        async def ask() -> T:
            store = open_store(self.store)
            await store.open()
            try:
                return await question(store)
            finally:
                await store.close()

        return asyncio.run(ask())

    def verified(self) -> int:
        """How many captures there are; each is read back from its WARC file, its digest checked."""
        captures = self.holding().captures
        for capture in captures:
            read_exchange(self.archive, capture)
        return len(captures)


def ended(process: subprocess.Popen[str], patience: float = PATIENCE) -> Ran:
    """What the crawl said, once it has ended; one that hangs is killed."""
    begun, peak = time.monotonic(), 0
    while True:
        peak = max(peak, _peak(process.pid))
        with suppress(subprocess.TimeoutExpired):
            stdout, stderr = process.communicate(timeout=0.02)
            return Ran(process.returncode, stdout, stderr, time.monotonic() - begun, peak)
        if time.monotonic() - begun > patience:
            process.kill()


def wait_for(condition: Callable[[], object], *, pause: float = 0.05) -> None:
    """Returns once the condition holds, which is looked at every `pause` seconds."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < PATIENCE
        time.sleep(pause)


def _peak(pid: int) -> int:
    """Megabytes that a process has had at most. Its rusage would count what it had from us before it was itself."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) // 1000
    return 0
