"""Machines that are none: network namespaces on a bridge of their own, which a benchmark may kill and cut off. Linux, as root.

The bridge lies in a namespace of the benchmark's own and leads nowhere else. Each machine has its own processes and host name as well, so
what runs on one knows nothing of the others' processes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_NET = "10.77.0"
_INSIDE = "NEWSCRAWL_BENCHMARK_INSIDE"  # set once we are in the bridge's namespace


def inside() -> None:
    """Begin this program once more in a network namespace of its own; returns there."""
    if os.environ.get(_INSIDE):
        return
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("ip"):
        sys.exit("this needs root, and the programs unshare and ip (util-linux, iproute2)")
    environment = {**os.environ, _INSIDE: "1"}
    os.execvpe("unshare", ["unshare", "--net", sys.executable, "-m", *_module(), *sys.argv[1:]], environment)


def _module() -> list[str]:
    spec = sys.modules["__main__"].__spec__
    return [spec.name if spec else ""]


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@dataclass(slots=True)
class Machine:
    """One of them: a name, an address on the bridge, and what it runs."""

    name: str
    address: str
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def space(self) -> str:
        """Name of its network namespace, which no other benchmark has."""
        return f"nc{os.getpid()}-{self.name}"

    def run(self, command: list[str], *, log: Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a program there; it is the first process of its own process namespace, so when it dies all that it started dies."""
        apart = ["unshare", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc"]
        named = ["sh", "-c", f'hostname {self.name}; exec "$@"', "sh"]
        with log.open("ab") as out:
            process = subprocess.Popen(
                ["ip", "netns", "exec", self.space, *apart, *named, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(environment or os.environ),
            )
        self.running.append(process)
        return process

    def kill(self) -> None:
        """Pull its plug: kill -9 of everything that runs there."""
        for process in self.running:
            process.send_signal(signal.SIGKILL)  # of unshare, whose --kill-child kills the rest
            process.wait()
        self.running.clear()

    def terminate(self) -> None:
        """Have the programs there end in good order, and wait for that."""
        for process in self.running:
            for child in _children(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGTERM)
        for process in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
        self.kill()

    def cut(self, *, off: bool = True) -> None:
        """Take its cable out, or put it back."""
        _ip("link", "set", f"v-{self.name}", "down" if off else "up")


def _children(pid: int) -> list[int]:
    """The processes that a process started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


@contextlib.contextmanager
def machines(names: list[str]) -> Iterator[dict[str, Machine]]:
    """Machines with these names (8 letters at most), which see each other and us; gone afterwards, also after SIGTERM. Only `inside`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    _ip("link", "set", "lo", "up")
    _ip("link", "add", "bridge", "type", "bridge")
    _ip("address", "add", f"{_NET}.1/24", "dev", "bridge")
    _ip("link", "set", "bridge", "up")
    made: dict[str, Machine] = {}
    try:
        for number, name in enumerate(names, start=11):
            made[name] = machine = Machine(name, f"{_NET}.{number}")
            _ip("netns", "add", machine.space)
            _ip("link", "add", f"v-{name}", "type", "veth", "peer", "name", "eth0", "netns", machine.space)
            _ip("link", "set", f"v-{name}", "master", "bridge", "up")
            for words in (
                ("address", "add", f"{machine.address}/24", "dev", "eth0"),
                ("link", "set", "eth0", "up"),
                ("link", "set", "lo", "up"),
            ):
                _ip("-n", machine.space, *words)
        yield made
    finally:
        for machine in made.values():
            machine.kill()
            _ip("netns", "delete", machine.space)
