"""Fixtures for all tests."""

from hypothesis import HealthCheck, settings

from tests.archives import crawled_demo
from tests.mongod import mongodb_server, mongodb_uri
from tests.places import any_place
from tests.portal import bad_server, demo
from tests.redis_server import redis_server
from tests.shared import hostile

__all__ = ["any_place", "bad_server", "crawled_demo", "demo", "hostile", "mongodb_server", "mongodb_uri", "redis_server"]

# How busy the machine is, is not what is tested.
settings.register_profile("newscrawl", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newscrawl")
