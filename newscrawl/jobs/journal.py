"""What has been read again, one article a line, in a file: a run that was killed goes on from there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from newscrawl.errors import ArchiveError
from newscrawl.jobs.rereading import Reread


class Line(msgspec.Struct, frozen=True):
    """A line of the journal: an article that was read."""

    base: str  # digest of the article as it was
    reread: Reread


_DECODER = msgspec.json.Decoder(Line)


class Journal:
    """What has been read, one article a line. The last line may be half: it was being written when its writer was killed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, int] = {}  # by article: where its line begins

    def __enter__(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
        except OSError as error:
            raise ArchiveError(f"{self._path}: can't be written: {error.strerror or error}") from error

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def lines(self) -> dict[str, str]:
        """By article that was read: the digest of what it was."""
        done: dict[str, str] = {}
        if not self._path.exists():
            return done
        self._places, end = {}, 0
        with self._path.open("r+b") as file:
            for text in file:
                try:
                    line = _DECODER.decode(text)
                except (msgspec.DecodeError, UnicodeError):
                    break
                done[line.reread.before] = line.base
                self._places[line.reread.before] = end
                end += len(text)
            file.truncate(end)
        return done

    def reread(self, article: str) -> Reread:
        """What was made of an article that `lines` named."""
        with self._path.open("rb") as file:
            file.seek(self._places[article])
            return _DECODER.decode(file.readline()).reread

    def add(self, lines: Iterator[Line]) -> None:
        """Write down some that were read."""
        self._file.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        self._file.flush()

    def remove(self) -> None:
        """All of it is in the store."""
        self._path.unlink(missing_ok=True)
