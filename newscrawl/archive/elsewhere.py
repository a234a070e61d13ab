"""WARC folders on other machines: what an fsspec address names (s3://bucket/folder, sftp://…), with a folder here in front of it.

The folder here is named after the address, so nothing has to be remembered. WARC files are written and synced in it as in any other; a file
that is finished is sent, and removed here once it is there in its full size. Who reads looks here first, then there. So nothing that was
acknowledged depends on the network, and until a file is sent it stands on this machine's disk alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from newscrawl.archive import far
from newscrawl.archive.far import Entry
from newscrawl.errors import ArchiveError

OPEN = ".open"  # behind the name of a file whose writer lives
WARCS = "*.warc.gz"


def address_of(folder: Path) -> str:
    """The address that a folder stands before, as its name tells (`Config.archive_folder`); "" for one that is all there is."""
    name = unquote(folder.name)
    return name if "%" in folder.name and "://" in name else ""


def check(folder: Path) -> None:
    """Make sure that a folder elsewhere can be reached. Raises ConfigError if a package for that is missing, ArchiveError."""
    if address := address_of(folder):
        try:
            far.listed(address)
        except OSError as error:
            raise ArchiveError(f"{address}: can't be reached: {error.strerror}") from error


def entries(folder: Path) -> dict[str, Entry]:
    """The finished WARC files of a folder by name, here and elsewhere. Raises OSError, ConfigError."""
    found: dict[str, Entry] = {}
    if address := address_of(folder):
        found = far.listed(address)
    for path in folder.glob(WARCS):
        with contextlib.suppress(FileNotFoundError):  # it may be sent just now
            stat = path.stat()
            found[path.name] = Entry(stat.st_size, stat.st_mtime_ns)
    return found


def opened(path: Path, *, whole: bool = False) -> io.BufferedIOBase:
    """A WARC file by its final name, wherever it is; it may not have that yet, or get it just now. Raises OSError, ConfigError.

    `whole`: all of it is going to be read.
    """
    for place in (path, path.with_name(path.name + OPEN)):
        with contextlib.suppress(FileNotFoundError):
            return place.open("rb")
    if address := address_of(path.parent):
        with contextlib.suppress(FileNotFoundError):
            return far.opened(address, path.name, far.MANY if whole else far.FEW)
    return path.open("rb")


def is_there(path: Path) -> bool:
    """Whether a WARC file is in its folder, finished or not."""
    try:
        with opened(path):
            return True
    except OSError:
        return False


def remove(path: Path) -> None:
    """Remove a finished WARC file, wherever it is. Raises OSError, ConfigError."""
    path.unlink(missing_ok=True)
    if address := address_of(path.parent):
        with contextlib.suppress(FileNotFoundError):
            far.removed(address, path.name)


@contextlib.contextmanager
def brought(folder: Path, name: str) -> Iterator[None]:
    """While a finished WARC file is changed it is here; then it is sent again. One that is nowhere is the caller's to find missing.

    Raises OSError, ConfigError. If all ends in between, the file stays here and is sent with the next ones.
    """
    address, path = address_of(folder), folder / name
    if not address or path.with_name(name + OPEN).exists():
        yield
        return
    with (folder / "changing.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)  # one at a time on this machine
        held = _held(address, path)
        if held is None:
            yield
            return
        with held:
            yield
            far.put(path, address)
            path.unlink()


def _held(address: str, path: Path) -> io.BufferedRandom | None:
    """The file here, locked against being sent; None if there is none, not elsewhere either."""
    with contextlib.suppress(FileNotFoundError):
        waiting = path.open("r+b")
        fcntl.flock(waiting, fcntl.LOCK_EX)
        if path.exists():
            return waiting
        waiting.close()  # it was being sent
    part = path.with_name(f"{path.name}.fetched")
    file = part.open("w+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        far.fetched(address, path.name, file)
        part.replace(path)
    except BaseException as error:
        file.close()
        part.unlink(missing_ok=True)
        if isinstance(error, FileNotFoundError):
            return None
        raise
    return file
