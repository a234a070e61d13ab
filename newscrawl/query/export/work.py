"""What all exports have in common: articles go to a writer, which keeps how far it has come."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from newscrawl import __version__
from newscrawl.errors import InputError
from newscrawl.models import Article, Result
from newscrawl.query.names import looked_up
from newscrawl.store.protocol import Search, Store

SPOOL_ID = 0x6E637870  # "ncxp": the application id of our SQLite files, by which nobody else's is taken for one of them
_HEAD = 72  # bytes of a SQLite file, to the end of its application id (sqlite.org/fileformat2.html, 1.3)
EVERY = 500  # articles between two times that the work is saved


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an export has come."""

    count: int = 0  # articles
    seen: datetime | None = None  # when the last of them was first seen
    id: str = ""  # of the last of them
    whole: bool = False  # there is none behind it

    @property
    def after(self) -> tuple[datetime, str] | None:
        """Behind which article the store is asked to go on."""
        return (self.seen, self.id) if self.seen else None


class Writer(Protocol):
    """A format. Errors of the file system are OSError or sqlite3.Error; what was saved stays."""

    mark: Mark  # of what was saved, also by an earlier process

    async def add(self, articles: Sequence[Article]) -> None:
        """Take in some more articles."""

    def save(self, mark: Mark) -> None:
        """Make durable what was added: up to this mark."""

    def finish(self, heard: Callable[[int], None]) -> None:
        """Put the export under its name, whole. `heard` is told how many articles are done, where that is work of its own."""

    def close(self) -> None:
        """Let go of files. What was saved is taken up by the next writer of the same export."""


async def export(store: Store, query: Search, writer: Writer, heard: Callable[[int], None]) -> Mark:
    """Give the writer all articles that the query finds, those first seen earliest first.

    `heard` is told how many are done: of some formats each twice, as they are gathered first and then written. The writer is closed in
    any case.
    """
    try:
        mark, some = writer.mark, []
        if not mark.whole:
            async for article in store.articles(await looked_up(store, query), mark.after):
                some.append(article)
                if len(some) == EVERY:
                    mark, some = await _saved(writer, mark, some), []
                    heard(mark.count)
            mark = replace(await _saved(writer, mark, some), whole=True)
            writer.save(mark)
        writer.finish(lambda done: heard(mark.count + done))
    finally:
        writer.close()
    return mark


async def _saved(writer: Writer, mark: Mark, articles: Sequence[Article]) -> Mark:
    if not articles:
        return mark
    await writer.add(articles)
    mark = Mark(mark.count + len(articles), articles[-1].first_seen, articles[-1].id)
    writer.save(mark)
    return mark


def asked_as(uri: str, query: Search, *form: str, taken_down: int = 0) -> str:
    """What an export is of, so that only the same one is gone on with: another version of newscrawl may write another form.

    `taken_down`: how many addresses of the store are, for what was written before a takedown may hold what has gone since.
    """
    store = f"sqlite:///{Path(uri.removeprefix('sqlite:///')).resolve()}" if uri.startswith("sqlite:///") else uri
    return "\n".join((__version__, store, repr(query), *form, str(taken_down)))


async def addresses_taken_down(store: Store) -> int:
    """How many addresses are never to be asked for again, as what was there was taken down."""
    return sum(one.count for one in await store.tally() if one.result is Result.TAKEN_DOWN)


def begun(out: Path) -> Path:
    """Where an export is written before it is whole."""
    return out.with_name(out.name + ".part")


def new_file(out: Path) -> Path:
    """The file to write to before `out` is whole. Raises InputError if `out` is a folder, or there is something else than a file."""
    if out.is_dir():
        raise InputError(f"{out} is a folder: name a file")
    if begun(out).exists() and not begun(out).is_file():
        raise in_the_way(begun(out))
    return begun(out)


def in_the_way(path: Path) -> InputError:
    """What is said of a file or folder that the export would have to write, and that is no export of ours."""
    return InputError(f"{path} is there, and is no export that was begun: move it away, or name another --out")


def spooled(out: Path) -> Path:
    """Where the articles of a folder lie before its files are made."""
    return out.with_name(out.name + ".part.db")


def new_folder(out: Path) -> Path:
    """The folder to write to before `out` is whole. Raises InputError if `out` is there: a folder is never written over.

    Nor is one that lies where ours would.
    """
    ours = is_spool(spooled(out))
    if out.exists():
        if ours and not begun(out).exists():
            spooled(out).unlink()  # of a process that was killed at its very end
        raise InputError(f"{out} is there already: name another folder, or remove it first")
    if begun(out).exists() and not ours:
        raise in_the_way(begun(out))
    return begun(out)


def is_spool(path: Path) -> bool:
    """Whether this is a SQLite file that an export made to gather articles in: its head has our application id."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return head.startswith(b"SQLite format 3\0") and head[-4:] == SPOOL_ID.to_bytes(4)


def put_in_place(path: Path, write: Callable[[Path], object]) -> None:
    """Have a file written and synced, and put it under its name; if it is there, it is whole, and stays."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write(begun(path))
    with begun(path).open("rb") as file:
        os.fsync(file.fileno())
    begun(path).replace(path)
