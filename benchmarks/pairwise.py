"""Two extractors on the same pages, page by page.

    python -m benchmarks.pairwise CORPUS OURS.jsonl THEIRS.jsonl

The two files hold a line {"id", "text"} a page. Printed is on how many pages OURS is better and worse, by more than .01 and by more
than .1 of a page's F1 over runs of four tokens.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.labels import runs, tokens

STEPS = (0.01, 0.1)


def page_f1(gold: str, text: str) -> float:
    """2 × common runs / all runs of both; 1 for two empty texts."""
    wanted, found = Counter(runs(tokens(gold))), Counter(runs(tokens(text)))
    total = wanted.total() + found.total()
    return 2 * (wanted & found).total() / total if total else 1.0


def compared(gold: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, int]:
    """On how many pages ours is better and worse, by step."""
    gains = [page_f1(text, ours.get(page, "")) - page_f1(text, theirs.get(page, "")) for page, text in gold.items()]
    counts = {"pages": len(gains)}
    for step in STEPS:
        counts[f"better by {step}"] = sum(gain > step for gain in gains)
        counts[f"worse by {step}"] = sum(gain < -step for gain in gains)
    return counts


def _texts(path: Path) -> dict[str, str]:
    return {row["id"]: row.get("text") or "" for row in _rows(path)}


def _rows(path: Path) -> Sequence[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").rstrip("\n").split("\n")]


def main() -> None:
    """As the module's docstring tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("files", nargs=2, type=Path, metavar="FILE")
    options = parser.parse_args()
    ours, theirs = map(_texts, options.files)
    gold = {row["id"]: row["gold"]["text"] for row in map(dict, _rows(options.corpus / "gold.jsonl")) if row["id"] in ours}  # type: ignore[index]
    print(json.dumps(compared(gold, ours, theirs)))


if __name__ == "__main__":
    main()
