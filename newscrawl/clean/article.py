"""A reading, cleaned: characters repaired, what is not the article left out, the author's signature read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from newscrawl.clean import boilerplate, pinyin
from newscrawl.clean.damage import damages
from newscrawl.clean.signature import editor_named, signature
from newscrawl.clean.text import AFTER_ANNOTATIONS, BEFORE_ANNOTATIONS, Repair, search_form
from newscrawl.models import Cleaned, Evidence, Reading
from newscrawl.remarks import Alarm, Dropped

_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_DROPPED, _LONGEST_DROPPED = 20, 120  # paragraphs that an article remembers, and characters of each
_SIGNED = Evidence("signature", 0.9)
_LINE_OF_ITS_OWN = Evidence("editor line", 0.9)


def clean(reading: Reading, *, annotated: bool = False, repeats: Callable[[str], bool] = lambda _: False) -> Cleaned:
    """The article of a reading.

    `annotated` says that its site is known to put pinyin behind characters, `repeats` of a line that the site's other pages show it too.
    """
    repaired, repairs = _repaired(reading, annotated=annotated)
    pairs = [pair for pair in zip(repaired.paragraphs, reading.paragraphs, strict=True) if pair[0]]
    repeated = {index for index, (_, shown) in enumerate(pairs) if repeats(shown)}
    kept = boilerplate.drop([mended for mended, _ in pairs], repaired.title, repeated)
    signed = signature(kept.paragraphs)
    editors = (editor_named(line) for line, reason in kept.dropped if reason is Dropped.EDITOR)
    repaired = _credited(replace(repaired, paragraphs=signed.paragraphs), signed.authors, signed.editor or next(editors, ""))
    text = "\n".join(signed.paragraphs)
    garbled = [(Alarm.DAMAGED.value, f"{kind}: {place}") for kind, place in damages(f"{repaired.title}\n{text}")]
    repaired = _told(repaired, [*garbled, *((reason.value, line[:_LONGEST_DROPPED]) for line, reason in kept.dropped[:_MOST_DROPPED])])
    published = "\n".join(_line(pairs[index][1]) for index in kept.indexes)
    return Cleaned(repaired, text, published, search_form(f"{repaired.title}\n{text}"), repairs, kept.dropped)


def _repaired(reading: Reading, *, annotated: bool) -> tuple[Reading, dict[str, int]]:
    """The reading with all its texts mended as one document, so that they vouch for each other's artefacts."""
    single = (reading.title, reading.source, reading.editor, reading.section, reading.summary)
    captions = [image.caption for image in reading.images]
    lines = [_line(text) for text in (*single, *reading.authors, *reading.tags, *captions, *reading.paragraphs)]
    text, repairs = _mended("\n".join(lines), annotated=annotated)
    mended = iter(text.split("\n"))
    title, source, editor, section, summary = islice(mended, len(single))
    changed = replace(
        reading,
        title=title,
        source=source,
        editor=editor,
        section=section,
        summary=summary,
        authors=tuple(islice(mended, len(reading.authors))),
        tags=tuple(islice(mended, len(reading.tags))),
        images=tuple(replace(image, caption=caption) for image, caption in zip(reading.images, islice(mended, len(captions)), strict=True)),
        paragraphs=tuple(mended),
    )
    return changed, repairs


def _mended(document: str, *, annotated: bool) -> tuple[str, dict[str, int]]:
    """The document after all repairs, and how often each was needed."""
    if _SURROGATE.search(document):  # halves of characters, which no encoding can write: what a cut through an emoji leaves
        document = document.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    document, before = _applied(document, BEFORE_ANNOTATIONS)
    bare = pinyin.repair(document, known=annotated)
    document, after = _applied(bare.text, AFTER_ANNOTATIONS)
    return document, {**before, **bare.counts, **after}


def _applied(document: str, steps: Iterable[tuple[str, Repair]]) -> tuple[str, dict[str, int]]:
    counts = {}
    for name, step in steps:
        document, counts[name] = step(document)
    return document, {name: count for name, count in counts.items() if count}


def _credited(reading: Reading, authors: tuple[str, ...], editor: str) -> Reading:
    """The reading with what its text says of author and editor, where nothing else told."""
    evidence = dict(reading.evidence)
    if authors and not reading.authors:
        reading, evidence["authors"] = replace(reading, authors=authors), _SIGNED
    if editor and not reading.editor:
        reading, evidence["editor"] = replace(reading, editor=editor), _LINE_OF_ITS_OWN
    return replace(reading, evidence=evidence)


def _told(reading: Reading, others: Sequence[tuple[str, str]]) -> Reading:
    """The reading whose evidence tells what is wrong with its text, which paragraphs are left out of it, and why."""
    if not others:
        return reading
    body = reading.evidence.get("body", Evidence("", 0.0))
    return replace(reading, evidence={**reading.evidence, "body": replace(body, others=(*body.others, *others))})


def _line(text: str) -> str:
    return text.replace("\n", " ")
