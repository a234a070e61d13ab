"""Sending finished WARC files to where they belong, if that is elsewhere."""

from __future__ import annotations

import fcntl
import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive.elsewhere import WARCS, address_of
from newscrawl.archive.far import put

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending files."""

    files: int
    waiting: int = 0  # that are still here only
    why: str = ""


def send(folder: Path) -> Sent:
    """Send the finished WARC files that are here to where they belong; how many, and what was in the way. Raises ConfigError."""
    address, files, why = address_of(folder), 0, ""
    waiting = sorted(folder.glob(WARCS)) if address else []
    for path in waiting:
        try:
            files += send_file(address, path)
        except OSError as error:
            why = f"{error.strerror or error}"
            break
    return Sent(files, len(list(folder.glob(WARCS))) if why else 0, why)


class Sender:
    """Sends what is finished while others go on writing. Failing is no reason to stop: what could not be sent waits for the next time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder if address_of(folder) else None
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Send what there is, unless that is being done."""
        if self._folder is not None and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=send, args=(self._folder,), name="newscrawl-sender", daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Send the rest; what can't be sent is told once."""
        if self._folder is None:
            return
        if self._thread is not None:
            self._thread.join()
        if why := (sent := send(self._folder)).why:
            told = "%d WARC files wait in %s to be sent to %s (%s): the next crawl, or `newscrawl archive send`, tries again"
            log.warning(told, sent.waiting, self._folder, address_of(self._folder), why)


def send_file(address: str, path: Path) -> bool:
    """Send a file, then remove it here; False if somebody else is at it. Raises OSError, ConfigError."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if not path.exists():
            return False
        put(path, address)
        path.unlink()
    return True
