"""What MongoDB's errors mean to whoever runs the crawler."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pymongo
from bson.errors import BSONError
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError, ServerSelectionTimeoutError

from newscrawl.errors import InputError, StoreError
from newscrawl.store import deadline

# By MongoDB's error code.
_REASONS = {
    13: "the user may not do this: give it the role readWrite (and dbAdmin for `newscrawl db init`)",
    18: "user or password are wrong, or the user is kept in another database: name it with ?authSource=",
    121: "a document is not what the collection's validator allows: run `newscrawl db init`",
    10334: "an article is larger than the 16 MB that MongoDB allows: lower the limit of a page's size",
    14031: "the server's disk is full: make room, then run the same command again",
}


@contextmanager
def naming(uri: str) -> Iterator[None]:
    """Turns what pymongo raises into StoreErrors that name the store; `uri` is without credentials."""
    end = deadline.end()
    try:
        with nullcontext() if end is None else pymongo.timeout(max(end - time.monotonic(), 0.001)):
            yield
    except (PyMongoError, BSONError, OverflowError, TimeoutError) as error:
        if end is not None and time.monotonic() >= end:
            raise deadline.over() from error
        raise StoreError(f"{uri}: {_reason(error)}") from error
    except UnicodeEncodeError as error:
        raise InputError("half a surrogate pair is no text, so nothing can be stored under it or looked for with it") from error


def _reason(error: Exception) -> str:
    match error:
        case BulkWriteError(details={"writeErrors": [{"code": int(code), "errmsg": str(message)}, *_]}):
            return _REASONS.get(code, f"the server says: {message}")
        case ServerSelectionTimeoutError() | TimeoutError():
            return "no answer: check that it is running and reachable, then run again"
        case PyMongoError(timeout=True):
            return "no answer in time: check that a majority of its servers is running, then run again"
        case ConnectionFailure():
            return "the connection broke off: check that it is running, then run again"
        case OperationFailure(code=int(code), details={"errmsg": str(message)}):
            return _REASONS.get(code, f"the server says: {message}")
        case _:
            return f"the driver says: {error}"
