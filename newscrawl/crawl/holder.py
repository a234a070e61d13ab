"""Who holds a lease: the name of a process, and whether the process behind a name has died."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import socket
from functools import cache
from pathlib import Path

_NAME = re.compile(r".*:(?P<pid>\d{1,9})/(?P<system>[0-9a-f]{8})[0-9a-f]{4}")


def holder_name() -> str:
    """A name for this process that no other has, such as "host:1234/5f0c2a91be07"."""
    return f"{socket.gethostname()}:{os.getpid()}/{_system()}{secrets.token_hex(2)}"


def has_died(holder: str) -> bool:
    """Whether the holder was a process of this system that is no more. Nothing is known of the processes of other systems."""
    name = _NAME.fullmatch(holder)
    return name is not None and name["system"] == _system() and not _is_alive(int(name["pid"]))


@cache
def _system() -> str:
    """Digest of what a process number is good for: this boot of this machine, and this container on it; "" where nothing tells."""
    try:
        boot, container = Path("/proc/sys/kernel/random/boot_id").read_text("ascii"), Path("/proc/self/ns/pid").readlink()
    except OSError:  # not Linux
        return ""
    return hashlib.sha256(f"{boot} {container}".encode()).hexdigest()[:8]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    import psutil  # hardly ever needed

    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return True
