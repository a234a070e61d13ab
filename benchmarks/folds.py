"""Which pages a network was not shown: five folds by host."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl.extract.network import Network, read_network

FOLDS = 5


def domain_of(url: str, html: bytes) -> str:
    """The last two labels of a page's host, or its IP address. A page of no known host is a domain of its own."""
    host = urlsplit(url).hostname or ""
    if not host or host.endswith(".invalid"):
        return hashlib.sha256(html).hexdigest()
    return host if host.replace(".", "").isdigit() else ".".join(host.split(".")[-2:])


def fold_of(url: str, html: bytes) -> int:
    """The fold that a page is left out of, with all others of its domain."""
    return int(hashlib.sha256(domain_of(url, html).encode()).hexdigest(), 16) % FOLDS


def unseen(url: str, html: bytes) -> Network | None:
    """The network in $NEWSCRAWL_FOLDS (fold0.npz to fold4.npz) that was trained without this page's host; None if that names no folder."""
    folder = os.environ.get("NEWSCRAWL_FOLDS")
    return _network(Path(folder) / f"fold{fold_of(url, html)}.npz") if folder else None


@cache
def _network(path: Path) -> Network:
    with path.open("rb") as file:
        return read_network(file)
