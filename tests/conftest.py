"""Fixtures for all tests."""

from mongod import mongodb_server, mongodb_uri

__all__ = ["mongodb_server", "mongodb_uri"]
