"""Fixtures for all tests."""

from tests.mongod import mongodb_server, mongodb_uri
from tests.portal import bad_server, demo

__all__ = ["bad_server", "demo", "mongodb_server", "mongodb_uri"]
