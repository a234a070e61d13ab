"""Durable state: the Store protocol, SQLite and MongoDB."""
