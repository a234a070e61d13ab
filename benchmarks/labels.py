"""Which blocks of a page its gold text holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

_WIDE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # written without spaces: one token a character
_TOKEN = re.compile(f"[{_WIDE}]|[^\\W{_WIDE}]+")
_RUN = 4  # tokens that have to follow each other in the gold text
_FEW = 8  # runs; a block with fewer is in the gold text whole or counts half


def tokens(text: str) -> list[str]:
    """Words, and single characters where words are not spaced."""
    return _TOKEN.findall(text)


def labels(blocks: Sequence[str], gold: str) -> tuple[np.ndarray, np.ndarray]:
    """For each block the share of its runs of four tokens that the gold text holds, and how many tokens it has.

    A block too short for a run has to be a line of the gold text.
    """
    wanted = set(runs(tokens(gold)))
    lines = {tuple(tokens(line)) for line in gold.split("\n")}
    shares = np.zeros(len(blocks), np.float32)
    sizes = np.zeros(len(blocks), np.float32)
    for index, block in enumerate(blocks):
        words = tokens(block)
        own = runs(words)
        sizes[index] = len(words)
        if not own:
            shares[index] = bool(words) and tuple(words) in lines
            continue
        share = sum(run in wanted for run in own) / len(own)
        shares[index] = share if share == 1 or len(own) >= _FEW else share / 2
    return shares, sizes


def runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """All runs of four tokens, in order."""
    return [tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)]
