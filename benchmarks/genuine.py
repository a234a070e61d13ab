"""How often repairs change texts that need none: `python -m benchmarks.genuine FILE…`, each a .tar.xz with a gold.jsonl, or a .jsonl.xz.

A line is an object with the text under "text", or under "gold" and there "text" or "body". Each is cleaned as one document, as pages are.
Exit code 1 if a repair that rewrites what a reader sees changed a text; white space, invisible and control characters and composed accents
are only counted.
"""

from __future__ import annotations

import json
import lzma
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from newscrawl.clean.article import clean
from newscrawl.clean.damage import damages
from newscrawl.models import Reading

UNSEEN = frozenset(("white-space", "unseen", "composed", "windows-controls"))  # repairs of what no reader sees
SHOWN = 5  # changed texts that are named for each repair


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each document in a file."""
    for number, line in enumerate(_lines(path)):
        record = json.loads(line)
        gold = record.get("gold") or record
        yield str(record.get("id", number)), gold.get("text") or gold.get("body") or ""


def _lines(path: Path) -> Iterator[bytes]:
    if path.name.endswith(".jsonl.xz"):
        with lzma.open(path) as lines:
            yield from lines
        return
    with tarfile.open(path) as archive:
        for member in archive:
            if member.name.endswith("gold.jsonl") and (file := archive.extractfile(member)):
                yield from file


def measured(path: Path) -> tuple[int, int, dict[str, list[str]], int]:
    """Of a file: texts, characters, names of texts by the repair that changed them, texts that raise an alarm."""
    count = characters = alarms = 0
    changed: dict[str, list[str]] = {}
    for name, text in texts(path):
        count, characters = count + 1, characters + len(text)
        alarms += bool(damages(text))
        for repair in clean(Reading(title="", paragraphs=tuple(text.split("\n")))).repairs:
            changed.setdefault(repair, []).append(name)
    return count, characters, changed, alarms


def main(arguments: Sequence[str]) -> int:
    """Print what each file came to."""
    if not arguments or not all(Path(argument).is_file() for argument in arguments):
        missing = [argument for argument in arguments if not Path(argument).is_file()]
        print(f"no such file: {', '.join(missing)}" if missing else __doc__, file=sys.stderr)
        return 2
    seen: Counter[str] = Counter()
    for path in map(Path, arguments):
        count, characters, changed, alarms = measured(path)
        print(f"{path.name}: {count} texts, {characters / 1e6:.1f} million characters, {alarms} raise an alarm")
        for repair, names in sorted(changed.items()):
            seen[repair] += len(names)
            told = "" if repair in UNSEEN else f": {', '.join(names[:SHOWN])}"
            print(f"  {repair} changes {len(names)}{told}")
    return 1 if set(seen) - UNSEEN else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
