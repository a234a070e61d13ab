"""Fixtures for all tests."""

from tests.mongod import mongodb_server, mongodb_uri

__all__ = ["mongodb_server", "mongodb_uri"]
