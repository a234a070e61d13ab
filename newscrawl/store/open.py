"""From an address to a store."""

from __future__ import annotations

from pathlib import Path

from newscrawl.errors import InputError
from newscrawl.store.protocol import Store

ALLOWED = "sqlite:///archive/newscrawl.db (four slashes for an absolute path), mongodb://HOST/DATABASE or mongodb+srv://HOST/DATABASE"


def open_store(uri: str) -> Store:
    """The store that `uri` names, not opened yet. An adapter is imported only when it is used: pymongo takes longer than a query."""
    scheme, _, rest = uri.partition("://")
    match scheme:
        case "sqlite" if len(rest) > 1 and rest.startswith("/") and not rest.endswith("/"):
            from newscrawl.store.sqlite.adapter import SqliteStore

            return SqliteStore(Path(rest.removeprefix("/")), uri)
        case "mongodb" | "mongodb+srv":
            from newscrawl.store.mongodb.adapter import MongodbStore

            return MongodbStore(uri)
        case _:
            # Not the whole of it: it may hold a password.
            raise InputError(f"no store can be opened from an address that begins with {uri.partition(':')[0][:12]!r}: use {ALLOWED}")
