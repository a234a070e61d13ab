"""An S3 server of our own on loopback: buckets are folders, objects are files in them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.daemons import Daemon, running

ADDRESS = "s3://archive/warc"


class Bucket(Daemon):
    """The bucket "archive" and its server."""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What tells a program where the server is."""
        names = {"FSSPEC_S3_ENDPOINT_URL": self.endpoint, "FSSPEC_S3_KEY": "key", "FSSPEC_S3_SECRET": "secret"}
        return {**names, "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true"}

    def files(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "archive" / "warc").glob("*"))

    def command(self) -> list[str | Path]:
        return [self.binary, "-m", "localbucket", self.folder, "--port", str(self.port)]


@contextmanager
def bucket(folder: Path) -> Iterator[Bucket]:
    (folder / "s3" / "archive").mkdir(parents=True)
    with running(Bucket(Path(sys.executable), folder / "s3")) as served:
        yield served


def front(folder: Path, address: str = ADDRESS) -> Path:
    """The folder below `folder` that stands before an address."""
    return folder / quote(address, safe="")
