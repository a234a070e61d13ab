"""Whether the reader is as good as it was.

    SCORES | python -m benchmarks.floors CORPUS …

SCORES are lines of JSON, one a corpus: {"dataset", "F1", "title", "date", "authorF1"}, as a scorer of extractors prints them; a CORPUS is a
folder with gold.jsonl, named as the dataset. The exit code is 1 if anything is below its floor in floors.toml, or was measured with
other labels.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MEASURES = {"body": "F1", "title": "title", "date": "date", "authors": "authorF1"}  # name of a floor: name in a score


def digest(corpus: Path) -> str:
    """What changes when any label of a corpus does."""
    return hashlib.sha256((corpus / "gold.jsonl").read_bytes()).hexdigest()[:16]


def losses(score: Mapping[str, Any], floors: Mapping[str, Any], labels: str) -> Iterator[str]:
    """What of one corpus is below its floors, told for people. `labels` is the digest of the corpus."""
    if labels != floors["digest"]:
        yield f"the labels are others ({labels}) than those that the floors were set with ({floors['digest']})"
    for name, measure in MEASURES.items():
        if name in floors and (score[measure] or 0) < floors[name]:
            yield f"{name} {score[measure] or 0:.4f} is below {floors[name]}"


def main() -> None:
    """As the module's docstring tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    folders = {folder.name: folder for folder in parser.parse_args().corpora}
    floors = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))
    scores = {score["dataset"]: score for score in map(json.loads, sys.stdin)}
    if lacking := sorted(set(scores) - set(folders) | set(scores) - set(floors)):
        parser.error(f"no folder or no floors for {', '.join(lacking)}")
    lost = [f"{name}: {loss}" for name, score in scores.items() for loss in losses(score, floors[name], digest(folders[name]))]
    print("\n".join(lost) if lost else f"{len(scores)} corpora, none below its floors.")
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
