"""A client of MongoDB that waits for a majority's journals, and not for ever."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from newscrawl.errors import InputError
from newscrawl.store.mongodb.address import shown
from newscrawl.store.mongodb.documents import Document

# Unless the address sets them. A primary that dies is replaced within about 12 s: shorter than that, and each election fails a batch.
DEFAULTS = {"serverSelectionTimeoutMS": 15_000, "socketTimeoutMS": 60_000}


def client(address: str) -> AsyncMongoClient[Document]:
    """A client for an address, not connected yet. Raises InputError if the driver can't read it."""
    options: dict[str, Any] = {name: value for name, value in DEFAULTS.items() if name.lower() not in address.lower()}
    try:
        return AsyncMongoClient(
            address, tz_aware=True, tzinfo=UTC, w="majority", journal=True, retryWrites=True, appname="newscrawl", **options
        )
    except (PyMongoError, ValueError):  # its message may quote the password
        raise InputError(f"{shown(address)} has options or a host that MongoDB's driver can't read") from None
