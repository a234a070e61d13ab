"""What fsspec addresses name: listed, read, fetched, put. All that goes wrong there is an OSError here; no other place knows fsspec."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from newscrawl.errors import ConfigError

FEW, MANY = 1 << 17, 1 << 22  # bytes that are asked for at a time: of single records, of whole files
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished WARC file of a folder."""

    size: int  # bytes
    changed: int  # nanoseconds since 1970; 0 if nobody tells


def listed(address: str) -> dict[str, Entry]:
    """The finished WARC files there, by name. Raises OSError, ConfigError, as all of these do."""
    files, root = _root(address)
    return _told(lambda: _listed(files, root))


def opened(address: str, name: str, block: int) -> io.BufferedReader:
    """A file there, asked for by blocks of so many bytes."""
    files, root = _root(address)
    return io.BufferedReader(_There(files, f"{root}/{name}", block), 1 << 16)


def removed(address: str, name: str) -> None:
    """Remove a file there."""
    files, root = _root(address)
    _told(lambda: files.rm_file(f"{root}/{name}"))
    files.invalidate_cache()


def fetched(address: str, name: str, out: io.BufferedRandom) -> None:
    """Write a file there into one here, synced."""
    with opened(address, name, MANY) as far:
        while piece := far.read(MANY):
            out.write(piece)
    out.flush()
    os.fsync(out.fileno())


def put(path: Path, address: str) -> None:
    """Send a file. Returns once it is there in its full size."""
    files, root = _root(address)
    place, size = f"{root}/{path.name}", path.stat().st_size
    _told(lambda: files.put_file(str(path), place))
    files.invalidate_cache()
    if (there := _told(lambda: files.size(place))) != size:
        raise OSError(errno.EIO, f"{place} has {there} bytes after {size} were sent")


def _root(address: str) -> tuple[Any, str]:
    """The file system behind an address, and the path in it. Made anew each time: fsspec keeps it, and knows when a process has forked."""
    advice = f"{address}: an address as archive.folder needs `pip install 'newscrawl[remote]'`"
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ConfigError(advice) from error
    try:
        files, root = _told(lambda: url_to_fs(address))
    except (ImportError, ValueError) as error:
        raise ConfigError(f"{advice}, and what else its kind needs ({error})") from error
    return files, str(root).rstrip("/")


def _told(action: Callable[[], T]) -> T:
    """What an action comes to. Whatever a file system raises becomes an OSError that has a reason; each of them has errors of its own."""
    try:
        return action()
    except (ImportError, ValueError):
        raise
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, "there is no such file") from error
    except OSError as error:
        raise OSError(error.errno or errno.EIO, error.strerror or str(error)) from error
    except Exception as error:
        raise OSError(errno.EIO, f"{type(error).__name__}: {error}") from error


def _listed(files: Any, root: str) -> dict[str, Entry]:
    files.invalidate_cache()
    try:
        found = files.ls(root, detail=True)
    except FileNotFoundError:
        files.makedirs(root, exist_ok=True)
        return {}
    named = ((str(entry["name"]).rpartition("/")[2], entry) for entry in found)
    return {name: Entry(int(entry["size"] or 0), _changed(entry)) for name, entry in named if name.endswith(".warc.gz")}


def _changed(entry: dict[str, Any]) -> int:
    when = next((entry[name] for name in ("LastModified", "mtime", "last_modified", "created") if entry.get(name)), 0)
    return int((when.timestamp() if isinstance(when, datetime) else float(when)) * 1_000_000) * 1_000


class _There(io.RawIOBase):
    """A file there, read in blocks of which the last two are kept: readers go back over the end of a record."""

    def __init__(self, files: Any, place: str, block: int) -> None:
        self._files, self._place, self._block = files, place, block
        self._size, self._at = int(_told(lambda: files.size(place))), 0
        self._blocks: dict[int, bytes] = {}

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As files do."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        """As files do. Raises OSError."""
        number, begin = divmod(self._at, self._block)
        piece = self._piece(number)[begin : begin + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _piece(self, number: int) -> bytes:
        if number not in self._blocks:
            start, end = number * self._block, min((number + 1) * self._block, self._size)
            if start >= end:
                return b""
            if len(self._blocks) > 1:
                del self._blocks[next(iter(self._blocks))]
            self._blocks[number] = _told(lambda: bytes(self._files.cat_file(self._place, start=start, end=end)))
        return self._blocks[number]
