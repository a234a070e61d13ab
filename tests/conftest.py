"""Fixtures for all tests."""

from mongod import mongodb_server, mongodb_uri
from portal import bad_server, demo
from shared import hostile

__all__ = ["bad_server", "demo", "hostile", "mongodb_server", "mongodb_uri"]
