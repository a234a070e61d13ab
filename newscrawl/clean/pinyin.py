"""Machine-made pinyin annotations such as 網(wǎng): taken out, and the byte shifts that putting them in caused repaired.

Some sites annotate traditional characters byte-wise in GBK. Where the bytes of an annotated character stand across the border of
two others, everything behind is shifted by one byte; `newscrawl.clean.byteshift` knows that damage.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

from newscrawl.clean import byteshift
from newscrawl.clean.hanzi import HAN
from newscrawl.clean.readings import LETTERS, Syllable, readings, syllable

_BRACKETED = f"[(（][{LETTERS}]{{1,9}}[0-5]?[)）]"
_INSIDE = re.compile(f"[(（]([{LETTERS}]{{1,9}}[0-5]?)[)）]")
_CHAIN = re.compile(f"(?<=[{HAN}])(?:{_BRACKETED})+")
_CUT_OFF = re.compile(rf"(?<=[{HAN}])[(（]([{LETTERS}]{{0,8}})(?=\s*(?:\.\.|…|$))", re.MULTILINE)

# A document has the artefact from so many annotations, on so many characters, that make such a share of all their occurrences.
_MIN_HITS = 3
_MIN_CHARACTERS = 2
_MIN_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after repair, and how often each kind was needed: "pinyin", "byte-shift"."""

    text: str
    counts: Mapping[str, int] = field(default_factory=dict)


def repair(text: str, *, known: bool = False) -> Repaired:
    """The whole document without annotations; `known` says that its site has the artefact, else the document must show it."""
    if not known and text.count("(") + text.count("（") < _MIN_HITS:
        return Repaired(text)
    chains = [(text[chain.start() - 1], said) for chain in _CHAIN.finditer(text) for said in _INSIDE.findall(chain[0])]
    if not known and len(chains) < _MIN_HITS:
        return Repaired(text)
    annotated = _annotated(chains)
    if not known and not _shows_artefact(text, annotated):
        return Repaired(text)
    text, shifts, taken = byteshift.repair(text, frozenset(annotated))
    toned = {character for character, _ in annotated}
    text, removed = _without_annotations(text, toned | _toneless(text, chains) if toned else toned)
    counts = {"pinyin": removed + taken, "byte-shift": shifts}
    return Repaired(text, {kind: count for kind, count in counts.items() if count})


def _annotated(chains: Collection[tuple[str, str]]) -> Counter[tuple[str, Syllable]]:
    """How often each character carries one of its readings with its tone."""
    said = Counter((character, syllable(raw)) for character, raw in chains)
    return Counter({(char, sound): n for (char, sound), n in said.items() if sound.tone and sound in readings(char)})


def _toneless(text: str, chains: Collection[tuple[str, str]]) -> set[str]:
    """Characters that may be read without a tone, as 們(men), and nearly always carry that reading."""
    said = Counter(character for character, raw in chains if not syllable(raw).tone and syllable(raw) in readings(character))
    return {character for character, hits in said.items() if hits >= _MIN_SHARE * text.count(character)}


def _shows_artefact(text: str, annotated: Counter[tuple[str, Syllable]]) -> bool:
    hits = annotated.total()
    characters = {character for character, _ in annotated}
    if hits < _MIN_HITS or len(characters) < _MIN_CHARACTERS:
        return False
    return hits >= _MIN_SHARE * sum(map(text.count, characters))


def _without_annotations(text: str, toned: set[str]) -> tuple[str, int]:
    removed = 0

    def judge(match: re.Match[str], *, cut_off: bool) -> str:
        nonlocal removed
        character = match.string[match.start() - 1]
        if cut_off:
            keep = "" if _is_beginning(match[1], character, toned) else match[0]
            removed += not keep
            return keep
        kept = [part[0] for part in _INSIDE.finditer(match[0]) if not _is_reading(syllable(part[1]), character, toned)]
        removed += len(_INSIDE.findall(match[0])) - len(kept)
        return "".join(kept)

    text = _CHAIN.sub(partial(judge, cut_off=False), text)
    return _CUT_OFF.sub(partial(judge, cut_off=True), text), removed


def _is_reading(sound: Syllable, character: str, toned: set[str]) -> bool:
    """Whether this is a reading of the character; without a tone only for characters that carry one elsewhere, as in 李(Li)."""
    if sound.tone:
        return sound in readings(character)
    return character in toned and any(sound.letters == known.letters for known in readings(character))


def _is_beginning(raw: str, character: str, toned: set[str]) -> bool:
    """Whether a reading of the character, cut off by the end of a headline, begins so."""
    begun = syllable(raw)
    if not begun.tone and character not in toned:
        return False
    return any(known.letters.startswith(begun.letters) and begun.tone in {0, known.tone} for known in readings(character))
