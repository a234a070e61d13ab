"""Durable state: the Store protocol, SQLite and MongoDB."""

from newscrawl.store.open import open_store

__all__ = ["open_store"]
