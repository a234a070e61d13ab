"""Hostile files under a cap of time and memory: `python -m benchmarks.hostile FOLDER`, where FOLDER is unpacked or holds hostile.tar.xz.

Every group runs in a process of its own. Exit code 1 if a file crashed a stage or exceeded a cap.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.hostile_stages import GROUPS

SECONDS, MEGABYTES = 5.0, 250.0  # of one file at most: a page's share of patience, and of crawl.memory_mb
GROUP_SECONDS = 300
COLUMNS = ("group", "files", "crashed", "over a cap", "refused", "cut", "entries", "recovered", "slowest s", "peak MB", "process MB")


@dataclass(frozen=True, slots=True)
class Report:
    """What came of the files of one group."""

    group: str
    files: Sequence[dict[str, Any]]
    process: float  # megabytes that the process took at most, with what it had made the files of
    died: str = ""  # how the process ended, if not by itself

    @property
    def crashed(self) -> list[str]:
        """Files on which a stage raised, or died."""
        return [f"{one['name']}: {one['crashed']}" for one in self.files if one["crashed"]] + ([self.died] if self.died else [])

    @property
    def over(self) -> list[str]:
        """Files that took more than their share."""
        return [one["name"] for one in self.files if one["seconds"] > SECONDS or one["megabytes"] > MEGABYTES]

    def total(self, key: str) -> int:
        """Of all files."""
        return sum(one[key] for one in self.files)

    def reasons(self, key: str) -> str:
        """How often each reason was given: "defines entities 6"."""
        counted = Counter(one[key] for one in self.files if one[key])
        return ", ".join(f"{reason} {count}" for reason, count in counted.items()) or "0"

    @property
    def row(self) -> tuple[str, ...]:
        """As COLUMNS has it."""
        slowest, peak = (max((one[key] for one in self.files), default=0.0) for key in ("seconds", "megabytes"))
        counts = (len(self.files), len(self.crashed), len(self.over), self.reasons("refused"), self.reasons("cut"))
        entries = (self.total("standing"), self.total("recovered"))
        return tuple(map(str, (self.group, *counts, *entries, f"{slowest:.2f}", f"{peak:.0f}", f"{self.process:.0f}")))


def main() -> None:
    """Print the table, and what is wrong."""
    with unpacked(Path(sys.argv[1])) as folder:
        reports = list(run_all(folder))
    print(table([COLUMNS, *(report.row for report in reports)]))
    wrong = [f"{report.group}: {what}" for report in reports for what in (*report.crashed, *report.over)]
    print("\n".join(wrong))
    sys.exit(bool(wrong))


def run_all(folder: Path) -> Iterator[Report]:
    """The report of each group, one after the other."""
    for group in GROUPS:
        yield run_group(group, folder)


def run_group(group: str, folder: Path) -> Report:
    """One group, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.hostile_stages", group, str(folder)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=GROUP_SECONDS, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    files = [line for line in lines if "name" in line]
    process = next((line["process"] for line in lines if "process" in line), 0.0)
    died = "" if done.returncode == 0 else f"exit code {done.returncode} after {len(files)} files: {done.stderr[-300:]}"
    return Report(group, files, process, died)


@contextmanager
def unpacked(folder: Path) -> Iterator[Path]:
    """The folder itself, or what is packed in it."""
    packed = folder / "hostile.tar.xz"
    if not packed.is_file():
        yield folder
        return
    with tempfile.TemporaryDirectory() as place, tarfile.open(packed) as files:
        files.extractall(place, filter="data")
        yield Path(place)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


if __name__ == "__main__":
    main()
