"""Fixtures for all tests."""

from mongod import mongodb_server, mongodb_uri
from portal import bad_server, demo

__all__ = ["bad_server", "demo", "mongodb_server", "mongodb_uri"]
