"""An S3 server of our own on loopback: buckets are folders, objects are files in them."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

ADDRESS = "s3://archive/warc"


@dataclass
class Bucket:
    """The bucket "archive" and its server, which can be ended and started again."""

    data: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What tells a program where the server is."""
        names = {"FSSPEC_S3_ENDPOINT_URL": self.endpoint, "FSSPEC_S3_KEY": "key", "FSSPEC_S3_SECRET": "secret"}
        return {**names, "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true"}

    def files(self) -> list[str]:
        return sorted(path.name for path in (self.data / "archive" / "warc").glob("*"))

    def start(self) -> None:
        command = [sys.executable, "-m", "localbucket", str(self.data), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with closing(socket.socket()) as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not begin to listen")

    def stop(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@contextmanager
def bucket(folder: Path) -> Iterator[Bucket]:
    (folder / "s3" / "archive").mkdir(parents=True)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        served = Bucket(folder / "s3", free.getsockname()[1])
    served.start()
    try:
        yield served
    finally:
        served.stop()


def front(folder: Path, address: str = ADDRESS) -> Path:
    """The folder below `folder` that stands before an address."""
    return folder / quote(address, safe="")
