"""Why each field of a reading is what it is."""

from __future__ import annotations

from collections.abc import Mapping

from newscrawl.extract.authors import Credits
from newscrawl.extract.dates import Dates, confidence_in
from newscrawl.extract.title import Title
from newscrawl.models import Evidence, Image

_MOST_OTHERS = 4  # of one field
_LONGEST_OTHER = 160  # characters
_STATED_TOO, _LETTERS_ALONE, _STATED_ALONE = 0.97, 0.85, 0.6  # sureness of a language


def fields_evidence(title: Title, dates: Dates, names: Credits) -> dict[str, Evidence]:
    """Evidence of title, dates and credits, for those that were found."""
    found = {"title": _evidence(title.source, title.confidence, title.others)}
    if dates.published:
        found["published"] = _evidence(dates.published.source, dates.confidence, dates.others)
    if dates.modified:
        found["modified"] = _evidence(dates.modified.source, confidence_in(dates.modified.source), ())
    if names.authors or names.others:
        found["authors"] = _evidence(names.evidence, names.confidence, names.others)
    for name, value in (("source", names.source), ("editor", names.editor)):
        if value:
            found[name] = _evidence("byline", 0.85, ())
    return found


def language_evidence(language: str, stated: str) -> Mapping[str, Evidence]:
    """Evidence of a language; `stated` is what the page claims."""
    if not language:
        return {}
    claim = stated.strip().replace("_", "-").lower()
    if not claim:
        return {"language": Evidence("letters", _LETTERS_ALONE)}
    if claim.partition("-")[0] == language.lower().partition("-")[0]:
        return {"language": Evidence("letters", _STATED_TOO)}
    return {"language": _evidence("letters", _STATED_ALONE, (("lang", stated),))}


def images_evidence(images: tuple[Image, ...]) -> Mapping[str, Evidence]:
    """Evidence of pictures: those with a caption of their own are surely the article's."""
    if not images:
        return {}
    return {"images": Evidence("figures", 0.9) if any(image.caption for image in images) else Evidence("pictures", 0.7)}


def _evidence(source: str, confidence: float, others: tuple[tuple[str, str], ...]) -> Evidence:
    return Evidence(source, confidence, tuple((place, value[:_LONGEST_OTHER]) for place, value in others[:_MOST_OTHERS]))
