"""Fixtures for all tests."""

from tests.mongod import mongodb_server, mongodb_uri
from tests.portal import bad_server, demo
from tests.shared import hostile

__all__ = ["bad_server", "demo", "hostile", "mongodb_server", "mongodb_uri"]
