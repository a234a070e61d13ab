"""Fixtures for all tests."""

from hypothesis import settings

from tests.mongod import mongodb_server, mongodb_uri
from tests.portal import bad_server, demo
from tests.shared import hostile

__all__ = ["bad_server", "demo", "hostile", "mongodb_server", "mongodb_uri"]

settings.register_profile("newscrawl", deadline=None)  # how busy the machine is, is not what is tested
settings.load_profile("newscrawl")
