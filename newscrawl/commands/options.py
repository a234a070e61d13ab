"""Options that several commands share, and what becomes of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Collection, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from newscrawl.config import Config, load_config
from newscrawl.errors import StoreError
from newscrawl.store.protocol import Store

T = TypeVar("T")

DEMO_STORE = "sqlite:///archive/demo/newscrawl.db"  # where `newscrawl demo` keeps its articles unless told otherwise

StoreUri = Annotated[
    str | None,
    typer.Option("--store", help="Where articles are kept: sqlite:///FILE or mongodb://HOST/DATABASE.", envvar="NEWSCRAWL_STORE"),
]
ArchiveFolder = Annotated[str | None, typer.Option("--archive", help="Folder of the WARC files.", envvar="NEWSCRAWL_ARCHIVE")]
Site = Annotated[str, typer.Option("--site", help="Only this site (its slug, as `newscrawl sites` shows it).")]
Since = Annotated[str, typer.Option("--since", help="Published then or later: 2026, 2026-08, 2026-08-31 or a time; UTC.")]
Until = Annotated[str, typer.Option("--until", help="Published then or earlier, the day or month itself included.")]

MetricsFile = Annotated[Path | None, typer.Option("--metrics", help="Write figures of runs and health to this file, for Prometheus.")]


def configured(store: str | None = None, archive: str | None = None) -> Config:
    """The configuration with what the command line says."""
    return load_config(overrides={"store.uri": store, "archive.folder": archive})


def output() -> Console:
    """Where results go. In a pipe nothing is coloured, and lines are as long as they are."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 200)


def counted(number: int, name: str) -> str:
    """Such as "1 capture" or "3 captures"."""
    return f"{number} {name}{'s' * (number != 1)}"


def asked(uri: str, question: Callable[[Store], Coroutine[Any, Any, T]]) -> T:
    """What `question` answers, given the store behind `uri`, which is open meanwhile. Asking never makes a store."""
    from newscrawl.store import open_store

    check_there(uri)

    async def ask() -> T:
        store = open_store(uri)
        try:
            await store.open()
            return await question(store)
        finally:
            await store.close()

    return asyncio.run(ask())


async def written_metrics(store: Store, path: Path | None, sites: Collection[str] = ()) -> None:
    """Write the figures of these sites, and of all that were crawled, if a file is named."""
    from newscrawl.query.metrics import metrics, write_metrics

    if path is not None:
        write_metrics(path, await metrics(store, {*sites, *await store.latest_runs()}))


def check_there(uri: str) -> None:
    """Raises StoreError if the store is a SQLite file that nobody made yet, and says where the demo's is if there is that."""
    if missing_file(uri):
        demo = "" if missing_file(DEMO_STORE) else f"; what the demo has crawled is in --store {DEMO_STORE}"
        raise StoreError(f"{uri}: there is no such file. Crawl something first, or name the right --store{demo}")


def missing_file(uri: str) -> bool:
    """Whether the store is a SQLite file that nobody made yet."""
    path = sqlite_file(uri)
    return path is not None and not path.exists()


def sqlite_file(uri: str) -> Path | None:
    """The file behind a sqlite:/// address; None for other stores."""
    return Path(uri.removeprefix("sqlite:///")) if uri.startswith("sqlite:///") else None
